"""The first settings of an athlete, written into `.env` and an athlete file for their owner alone.

What is asked, and how, is in `cli.commands.init`. Each file appears whole or not at all; a file
that is replaced is kept next to the new one, and lines of a `.env` that are not ours to set stay
in it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from weekly_plan_assets.common.whole_file import write_whole
from weekly_plan_assets.settings import SettingsError, SourceName
from weekly_plan_assets.settings.env_file import FILE_NAME, PATH_VARIABLES
from weekly_plan_assets.settings.intervals_credential import (
    ACCESS_TOKEN_VARIABLE,
    API_KEY_VARIABLE,
)

ATHLETE_FILE_NAME = "athlete.yaml"

_HEAD = "# Settings of weekly-plan; `weekly-plan init` writes them, and you may change them.\n"
_ATHLETE_HEAD = """\
# About you. Every line is optional: leave out what you do not know.
# Heart rates in beats a minute: at rest, at lactate threshold, and the highest you ever reached.
"""
_ATHLETE_EXAMPLES = """
# More that plans respect; remove the # in front of a line to use it:
# races:
#   - date: 2027-05-09
#     priority: A
#     name: Spring half marathon
#     sport: run
#     distance_km: 21.1
# availability:        # minutes at most; 0 is a day of rest
#   monday: 0
#   tuesday: 60
# strength_days: [tuesday, thursday]
# long_run_day: sunday
# sports: [run, ride]
# language: en         # or es
"""


@dataclass(frozen=True, slots=True)
class FirstSettings:
    """What an athlete answered.

    Attributes:
        access_token: In place of an API key.
        heart_rates_bpm: By the keys of the athlete file, those that are known.
        own_id: Id of an athlete of files, which name nobody; None if one athlete uses the machine.
    """

    source: SourceName
    timezone: str
    folder: Path | None = None
    api_key: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)
    intervals_athlete_id: str = "0"
    heart_rates_bpm: Mapping[str, int] = field(default_factory=dict)
    own_id: str | None = None

    def variables(self, athlete_file: Path | None) -> dict[str, str]:
        """The settings for `.env`, by their variables."""
        chosen = {"WEEKLY_PLAN_SOURCE": self.source.value, "WEEKLY_PLAN_TIMEZONE": self.timezone}
        if self.source is SourceName.FOLDER:
            chosen["WEEKLY_PLAN_EXPORT_DIR"] = str(self.folder)
            if self.own_id is not None:
                chosen["WEEKLY_PLAN_ATHLETE_ID"] = self.own_id
        if self.source is SourceName.INTERVALS:
            if self.access_token is None:
                chosen[API_KEY_VARIABLE] = self.api_key or ""
            else:
                chosen[ACCESS_TOKEN_VARIABLE] = self.access_token
            chosen["INTERVALS_ATHLETE_ID"] = self.intervals_athlete_id
        if athlete_file is not None:
            chosen["WEEKLY_PLAN_ATHLETE"] = str(athlete_file)
        return chosen

    def athlete_text(self) -> str:
        """The text of the athlete file."""
        known = "".join(f"{key}: {bpm}\n" for key, bpm in self.heart_rates_bpm.items())
        return f"{_ATHLETE_HEAD}{known}{_ATHLETE_EXAMPLES}"


def present_settings(folder: Path) -> dict[str, str]:
    """What the `.env` file in a folder sets already, paths made absolute.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is no text.
    """
    file = folder / FILE_NAME
    found = dotenv_values(file) if file.is_file() else {}
    return {
        name: str(folder / Path(value).expanduser()) if name in PATH_VARIABLES else value
        for name, value in found.items()
        if value
    }


def merged(text: str, variables: Mapping[str, str]) -> str:
    """The text of a `.env` file in which these variables have these values.

    Lines that set something else stay as they are.

    Args:
        text: The present text; empty for a new file.
        variables: Values by variable.

    Raises:
        SettingsError: A value would not be read back as it is.
    """
    missing = dict(variables)
    lines = []
    for line in (text or _HEAD).splitlines():
        name = _variable_of(line)
        if name not in variables:
            lines.append(line)
        elif name in missing:
            lines.append(_assignment(name, missing.pop(name)))
    lines += [_assignment(name, value) for name, value in missing.items()]
    merged_text = "\n".join(lines) + "\n"
    read = dotenv_values(stream=StringIO(merged_text))
    wrong = [name for name, value in variables.items() if read.get(name) != value]
    if wrong:  # a line before leaves a quotation mark open, or a value holds ${...}
        raise SettingsError(
            f"{', '.join(wrong)} cannot be written into a .env file: the value contains ${{...}}, "
            "or the present file has a quotation mark that is not closed"
        )
    return merged_text


def _variable_of(line: str) -> str | None:
    found = re.match(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=", line)
    return found.group(1) if found else None


def _assignment(name: str, value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_./:+@-]*", value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{escaped}'"


def write_private(path: Path, text: str, *, keep_previous: bool) -> Path | None:
    """Write a file for this user alone, whole or not at all.

    Args:
        path: The file; missing folders are made, for this user alone.
        text: What it will hold.
        keep_previous: Whether a file that was there is kept, under a name that ends in `.previous`.

    Returns:
        Where the previous file is kept; None if there was none, or it was not to be kept.

    Raises:
        OSError: It cannot be written; then the file is as it was.
    """
    path = path.resolve()  # a link stays one
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = None
    if keep_previous and path.exists():
        kept = path.with_name(f"{path.name}.previous")
        kept.unlink(missing_ok=True)
        os.link(path, kept)
    write_whole(path, text)
    return kept
