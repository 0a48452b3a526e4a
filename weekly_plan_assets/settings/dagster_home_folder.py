"""The folder that Dagster's own settings are read from."""

import os
from pathlib import Path

from weekly_plan_assets.settings.installation import dagster_files
from weekly_plan_assets.settings.refused_settings import SettingsError


def dagster_home() -> Path:
    """The folder whose `dagster.yaml` holds: that of DAGSTER_HOME, else the project's own.

    Raises:
        SettingsError: DAGSTER_HOME names no folder.
    """
    named = os.environ.get("DAGSTER_HOME") or str(dagster_files())
    if not os.path.isdir(named):  # noqa: PTH112 - pathlib raises for names that are too long
        raise SettingsError(
            f"DAGSTER_HOME is {named!r}, which is not a folder; unset it, or set it to the folder "
            "that holds dagster.yaml"
        )
    return Path(named)
