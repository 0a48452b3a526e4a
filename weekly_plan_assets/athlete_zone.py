"""The time zone in the athlete's own file, which is needed before any source is opened.

What else stands there, and what is wrong with it, is told by `sources.athlete_file`.
"""

from pathlib import Path

import yaml


def zone_told_in(path: Path) -> str | None:
    """The value of the file's key `timezone`; None where it has none that can be read.

    A file that is wrong tells nothing here: whoever reads all of it refuses it with a sentence.
    """
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None
    zone = told.get("timezone") if isinstance(told, dict) else None
    return zone if isinstance(zone, str) else None
