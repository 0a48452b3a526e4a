"""The time zone in the athlete's own file, which is needed before any source is opened.

The rest of that file, and what is wrong with it, belongs to `sources.athlete_yaml`.
"""

from pathlib import Path

import yaml

from weekly_plan_assets.settings import LARGEST_ATHLETE_FILE_BYTES


def zone_stated_in(path: Path) -> str | None:
    """The value of the file's key `timezone`; None if it has none that can be read.

    A broken file gives None here; reading all of it refuses it with a sentence.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_ATHLETE_FILE_BYTES:
            return None
        loaded = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None
    zone = loaded.get("timezone") if isinstance(loaded, dict) else None
    return zone if isinstance(zone, str) else None
