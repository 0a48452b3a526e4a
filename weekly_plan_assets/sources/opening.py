"""Which source a name stands for. Each is imported only where it is the one that is asked for."""

from datetime import date
from typing import TYPE_CHECKING

from weekly_plan_assets.domain.extensions import Seam, make_part
from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets.sources.base import SourceError, TrainingSource

if TYPE_CHECKING:
    from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
    from weekly_plan_assets.sources.files.importing import Progress


def open_source(
    settings: Settings,
    today: date,
    *,
    progress: "Progress | None" = None,
    patient: bool = True,
) -> TrainingSource:
    """Open the source that the settings name.

    Args:
        settings: Its name, and what it needs to be opened.
        today: The athlete's local day; nothing after it is read.
        progress: Called with how many files of the folder are read.
        patient: Whether a server in trouble is asked again.

    Raises:
        SourceError: A setting that the source needs is missing, or the athlete's own file is wrong.
        ExtensionError: The source of another package cannot be loaded.
    """
    if settings.source is SourceName.SAMPLE:
        from weekly_plan_assets.sources.sample import SampleSource

        return SampleSource(today)
    if settings.source is SourceName.SIMULATED:
        from weekly_plan_assets.sources.personas.source import PersonaSource

        return PersonaSource(settings.athlete_id or SourceName.SIMULATED, today)
    if settings.source is SourceName.INTERVALS:
        from weekly_plan_assets.common.http_retries import IMPATIENT_S, Patience, shared_patience
        from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
        from weekly_plan_assets.sources.intervals_icu.request_limits import digest_of
        from weekly_plan_assets.sources.intervals_icu.source import IntervalsSource

        if settings.intervals_credential is None:
            raise SourceError(
                "the intervals source needs a key or a token; set INTERVALS_API_KEY or "
                "INTERVALS_ACCESS_TOKEN"
            )
        account = digest_of(settings.intervals_credential), settings.intervals_athlete_id
        client = IntervalsClient(
            settings.intervals_base_url,
            settings.intervals_credential,
            # Every source of a command shares it, so that a server in trouble is waited for once.
            patience=shared_patience(settings.intervals_base_url, account)
            if patient
            else Patience(IMPATIENT_S),
        )
        own_id = _own_id(settings, own_file(settings))
        return IntervalsSource(client, today, settings.intervals_athlete_id, own_id)

    if settings.source is not SourceName.FOLDER:
        added: TrainingSource = make_part(
            Seam.SOURCE, settings.source, TrainingSource, settings, today
        )
        return added

    from weekly_plan_assets.sources.export_folder import ExportFolderSource

    if settings.export_dir is None:
        raise SourceError("the folder source needs its folder; set WEEKLY_PLAN_EXPORT_DIR")
    file = own_file(settings)
    return ExportFolderSource(
        settings.export_dir,
        timezone=settings.timezone,
        own_id=_own_id(settings, file),
        athlete=file,
        cache_dir=settings.imports_dir,
        progress=progress,
    )


def given_id(settings: Settings) -> str | None:
    """The id that the athlete gave, in a setting or in their own file; None if in neither.

    Raises:
        SourceError: Both have one, and they differ; or the file is wrong.
    """
    return _own_id(settings, own_file(settings))


def own_file(settings: Settings) -> "AthleteFile":
    """What the athlete's own file says; an empty one where the settings name none.

    Raises:
        SourceError: The file is wrong.
    """
    from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
    from weekly_plan_assets.sources.athlete_yaml import read_athlete_file

    path = settings.athlete_file
    return AthleteFile() if path is None else read_athlete_file(path)


def _own_id(settings: Settings, file: "AthleteFile") -> str | None:
    """The id of the setting, or of the athlete's own file; None if neither has one."""
    in_file = file.id
    if settings.athlete_id is None or in_file is None or settings.athlete_id == in_file:
        return settings.athlete_id or in_file
    raise SourceError(
        f"WEEKLY_PLAN_ATHLETE_ID is {settings.athlete_id}, but {settings.athlete_file} is the file "
        f"of athlete {in_file}; set WEEKLY_PLAN_ATHLETE to the file of the same athlete"
    )
