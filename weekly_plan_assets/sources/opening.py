"""Which source a name stands for. Each is imported only where it is the one that is asked for."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets.sources.base import SourceError, TrainingSource

if TYPE_CHECKING:
    from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
    from weekly_plan_assets.sources.files.importing import Progress


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source and what it needs to be opened; the fields are the settings of the same names."""

    name: SourceName
    timezone: str = "UTC"
    export_dir: Path | None = None
    imports_dir: Path | None = None
    athlete_file: Path | None = None
    athlete_id: str | None = None
    intervals_api_key: SecretStr | None = None
    intervals_athlete_id: str = "0"
    intervals_base_url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The source in force."""
        return cls(
            name=settings.source,
            timezone=settings.timezone,
            export_dir=settings.export_dir,
            imports_dir=settings.imports_dir,
            athlete_file=settings.athlete_file,
            athlete_id=settings.athlete_id,
            intervals_api_key=settings.intervals_api_key,
            intervals_athlete_id=settings.intervals_athlete_id,
            intervals_base_url=settings.intervals_base_url,
        )


def open_source(
    choice: SourceChoice,
    today: date,
    *,
    progress: "Progress | None" = None,
    patient: bool = True,
) -> TrainingSource:
    """The source of the choice.

    Args:
        choice: Which one.
        today: The athlete's local day; nothing after it is read.
        progress: Called with how many files of the folder are read.
        patient: Whether a server in trouble is asked again.

    Raises:
        SourceError: The choice lacks what the source needs, or the athlete's own file is wrong.
    """
    if choice.name is SourceName.SAMPLE:
        from weekly_plan_assets.sources.sample import SampleSource

        return SampleSource(today)
    if choice.name is SourceName.INTERVALS:
        from weekly_plan_assets.common.http_retries import IMPATIENT_S, Patience, shared_patience
        from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
        from weekly_plan_assets.sources.intervals_icu.source import IntervalsSource

        if choice.intervals_api_key is None:
            raise SourceError("the intervals source needs a key; set INTERVALS_API_KEY")
        client = IntervalsClient(
            choice.intervals_base_url,
            choice.intervals_api_key,
            # Every source of a command shares it, so that a server in trouble is waited for once.
            patience=shared_patience(choice.intervals_base_url)
            if patient
            else Patience(IMPATIENT_S),
        )
        own_id = _own_id(choice, own_file(choice))
        return IntervalsSource(client, today, choice.intervals_athlete_id, own_id)

    from weekly_plan_assets.sources.export_folder import ExportFolderSource

    if choice.export_dir is None:
        raise SourceError("the folder source needs its folder; set WEEKLY_PLAN_EXPORT_DIR")
    file = own_file(choice)
    return ExportFolderSource(
        choice.export_dir,
        timezone=choice.timezone,
        own_id=_own_id(choice, file),
        athlete=file,
        cache_dir=choice.imports_dir,
        progress=progress,
    )


def given_id(choice: SourceChoice) -> str | None:
    """The id that the athlete gave, in a setting or in their own file; None where in neither.

    Raises:
        SourceError: Both have one, and they differ; or the file is wrong.
    """
    return _own_id(choice, own_file(choice))


def own_file(choice: SourceChoice) -> "AthleteFile":
    """What the athlete's own file says; an empty one where the choice names none.

    Raises:
        SourceError: The file is wrong.
    """
    from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
    from weekly_plan_assets.sources.athlete_yaml import read_athlete_file

    path = choice.athlete_file
    return AthleteFile() if path is None else read_athlete_file(path)


def _own_id(choice: SourceChoice, file: "AthleteFile") -> str | None:
    """The id of the setting, or of the athlete's own file; None where neither has one."""
    in_file = file.id
    if choice.athlete_id is None or in_file is None or choice.athlete_id == in_file:
        return choice.athlete_id or in_file
    raise SourceError(
        f"WEEKLY_PLAN_ATHLETE_ID is {choice.athlete_id}, but {choice.athlete_file} is the file of "
        f"athlete {in_file}; set WEEKLY_PLAN_ATHLETE to the file of the same athlete"
    )
