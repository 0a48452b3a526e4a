"""The project's own tags on Dagster runs.

Those that mean something to the reader of a run list are visible. Those that only show whether the
process of a run is still there begin with a dot, which the UI hides.
"""

from collections.abc import Mapping

from weekly_plan_assets.common.process_identity import ProcessIdentity, this_boot, this_machine

ATHLETE_TAG = "athlete"
"""Whose training the run is about. A run has it once it has opened the source."""

ATHLETES_TAG = "athletes"
"""The only athletes of a cohort whom a run is about, separated by blanks; without it: all."""

READ_AGAIN_TAG = "read_again"
"""On runs that read weeks again that the source said have changed: the cohort, or `one athlete`."""

WEEKS_TAG = "weeks"
"""First and last week of a range; a run of one week has Dagster's own tag for its partition."""

COMMAND_LINE_TAG = "started_by"
"""On every run of the command line, where somebody may be waiting for the end."""

COMMAND_LINE = "command line"
"""The value of that tag."""

_HIDDEN = ".dagster/"
"""Dagster shows no tag that begins like this."""

MACHINE_TAG = f"{_HIDDEN}weekly_plan/machine"
"""Where the process of a run is; its number means nothing elsewhere."""

BOOT_TAG = f"{_HIDDEN}weekly_plan/boot"
"""Since which start of that machine; no process outlives it."""

PROCESS_TAG = f"{_HIDDEN}weekly_plan/process"
"""The process that executes a run, as a tag."""

DATABASE_TAG = f"{_HIDDEN}weekly_plan/database"
"""The database that a run writes to: several may share one history of Dagster."""

PROCESS_METADATA = "weekly_plan/process"
"""The same in the metadata of an engine event."""


def tags_of_this_process(dagster_run_id: str) -> dict[str, str]:
    """What a run that this process executes is tagged with."""
    # A repetition of the run takes over its tags, so this one names the run that it is about.
    process = f"{dagster_run_id} {ProcessIdentity.current().text()}"
    return {MACHINE_TAG: this_machine(), BOOT_TAG: this_boot(), PROCESS_TAG: process}


def process_in_tags(dagster_run_id: str, tags: Mapping[str, str]) -> ProcessIdentity | None:
    """The process that a run is tagged with; None if it has no such tag of its own."""
    named, _, process = (hidden_tag(tags, PROCESS_TAG) or "").partition(" ")
    return ProcessIdentity.parse(process) if named == dagster_run_id else None


def hidden_tag(tags: Mapping[str, str], tag: str) -> str | None:
    """The value of a hidden tag, also where an earlier version wrote it without the dot."""
    return tags.get(tag, tags.get(tag.removeprefix(_HIDDEN)))


def writes_to(tags: Mapping[str, str], database: str) -> bool:
    """Whether a run with these tags is one of this database, or may be; most runs say which."""
    return tags.get(DATABASE_TAG, database) == database


def is_attended(tags: Mapping[str, str]) -> bool:
    """Whether somebody may be waiting for a run with these tags."""
    return COMMAND_LINE_TAG in tags
