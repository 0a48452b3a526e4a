"""Which source a name stands for. Each is imported only where it is the one that is asked for."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from weekly_plan_assets.settings import Settings, SourceName
from weekly_plan_assets.sources.base import SourceError, TrainingSource

if TYPE_CHECKING:
    from weekly_plan_assets.sources.files.importing import Progress


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source and what it needs to be opened; the fields are the settings of the same names."""

    name: SourceName
    timezone: str = "UTC"
    export_dir: Path | None = None
    imports_dir: Path | None = None
    athlete_file: Path | None = None
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
            intervals_api_key=settings.intervals_api_key,
            intervals_athlete_id=settings.intervals_athlete_id,
            intervals_base_url=settings.intervals_base_url,
        )


def open_source(
    choice: SourceChoice, today: date, *, progress: "Progress | None" = None
) -> TrainingSource:
    """The source of the choice.

    Args:
        choice: Which one.
        today: The athlete's local day; nothing after it is read.
        progress: Told how many files of the folder are read.

    Raises:
        SourceError: The choice lacks what the source needs, or the athlete's own file is wrong.
    """
    if choice.name is SourceName.SAMPLE:
        from weekly_plan_assets.sources.sample import SampleSource

        return SampleSource(today)
    if choice.name is SourceName.INTERVALS:
        from weekly_plan_assets.sources.intervals_icu.client import IntervalsClient
        from weekly_plan_assets.sources.intervals_icu.source import IntervalsSource

        if choice.intervals_api_key is None:
            raise SourceError("the intervals source needs a key; set INTERVALS_API_KEY")
        client = IntervalsClient(choice.intervals_base_url, choice.intervals_api_key)
        return IntervalsSource(client, today, choice.intervals_athlete_id)

    from weekly_plan_assets.sources.athlete_file import read_athlete_file
    from weekly_plan_assets.sources.export_folder import ExportFolderSource

    if choice.export_dir is None:
        raise SourceError("the folder source needs its folder; set WEEKLY_PLAN_EXPORT_DIR")
    return ExportFolderSource(
        choice.export_dir,
        timezone=choice.timezone,
        athlete=read_athlete_file(choice.athlete_file) if choice.athlete_file else None,
        cache_dir=choice.imports_dir,
        progress=progress,
    )
