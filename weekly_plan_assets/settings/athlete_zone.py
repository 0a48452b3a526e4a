"""The time zone in the athlete's own file, which is needed before any source is opened.

The rest of that file, and what is wrong with it, belongs to `sources.athlete_yaml`.
"""

from pathlib import Path

import yaml

from weekly_plan_assets.settings.setting_values import known_zone

LARGEST_ATHLETE_FILE_BYTES = 1024**2
"""The example, with every key and a comment on each, has 4 KiB."""


def zone_stated_in(path: Path) -> str | None:
    """The zone in the file's key `timezone`; None if it has none that can be read.

    A broken file, or a zone that there is not, gives None here; reading all of it refuses it with a
    sentence.
    """
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_ATHLETE_FILE_BYTES:
            return None
        loaded = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return None
    zone = loaded.get("timezone") if isinstance(loaded, dict) else None
    try:
        return known_zone(zone) if isinstance(zone, str) else None
    except ValueError:
        return None
