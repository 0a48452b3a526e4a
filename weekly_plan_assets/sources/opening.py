"""Which source a name stands for."""

from datetime import date
from pathlib import Path

from weekly_plan_assets.settings import SourceName, load_settings
from weekly_plan_assets.sources.base import SourceError, TrainingSource
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.files.importing import Progress
from weekly_plan_assets.sources.files.progress_bar import ImportBar
from weekly_plan_assets.sources.sample import SampleSource


def open_source(
    name: SourceName, export_dir: Path | None, today: date, *, progress: Progress | None = None
) -> TrainingSource:
    """The source called `name`.

    Args:
        name: Which one.
        export_dir: The folder of the folder source.
        today: The athlete's local day; the sample ends here.
        progress: Told how many files of the folder are read; by default a bar on stderr.

    Raises:
        SourceError: The folder source has no folder.
    """
    if name is SourceName.SAMPLE:
        return SampleSource(today)
    if export_dir is None:
        raise SourceError("the folder source needs its folder; set WEEKLY_PLAN_EXPORT_DIR")
    settings = load_settings()
    return ExportFolderSource(
        export_dir,
        timezone=settings.timezone,
        cache_dir=settings.state_dir / "imports",
        progress=progress or ImportBar(),
    )
