"""The project's own tags on Dagster runs."""

import platform

HEADLESS_TAG = "weekly_plan/headless"
"""On every run of the command line, where somebody may be waiting for the end."""

MACHINE_TAG = "weekly_plan/machine"
"""Where the process of a run lives; its number means nothing elsewhere."""


def this_machine() -> str:
    """The name of this machine, or of this container, which has processes of its own."""
    return platform.node()
