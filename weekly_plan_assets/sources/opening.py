"""Which source a name stands for."""

from datetime import date
from pathlib import Path

from weekly_plan_assets.settings import SourceName
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.sample import SampleSource


def open_source(name: SourceName, export_dir: Path | None, today: date) -> TrainingSource:
    """The source called `name`.

    Args:
        name: Which one.
        export_dir: The folder of the folder source.
        today: The athlete's local day; the sample ends here.
    """
    if name is SourceName.FOLDER and export_dir is not None:
        return ExportFolderSource(export_dir)
    return SampleSource(today)
