"""What a recorded session was: its family of sports, and how hard it was.

Hardness is judged by what happened, and by the name only as a last resort. How many of a kind a
week holds belongs to `weekly_metrics`.
"""

import re
from collections.abc import Sized

import numpy as np
import pandas as pd

from weekly_plan_assets.domain.recorded.activity import RIDE_TYPES, RUN_TYPES, STRENGTH_TYPES

SWIM_TYPES = frozenset({"Swim", "OpenWaterSwim"})

RUN = "run"
RIDE = "ride"
SWIM = "swim"
STRENGTH = "strength"

FAMILY_OF_TYPE = {
    **dict.fromkeys(RUN_TYPES, RUN),
    **dict.fromkeys(RIDE_TYPES, RIDE),
    **dict.fromkeys(SWIM_TYPES, SWIM),
    **dict.fromkeys(STRENGTH_TYPES, STRENGTH),
}

VO2 = "vo2"
TEMPO = "tempo"
OTHER = "other"

VO2_MIN_S = 5 * 60
"""Time at VO2 intensity that makes a VO2 session: Z5 and up for 5 min (training practice)."""

TEMPO_Z3_MIN_S = 30 * 60
"""Time in Z3 and up that makes a tempo session (training practice: a hard day)."""

TEMPO_Z4_MIN_S = 10 * 60
"""Time in Z4 and up that makes a tempo session (training practice: a hard day)."""

_FIVE_ZONES = 5
_VO2_FROM_ZONE_OF_SEVEN = 6
"""In seven zones (5a, 5b, 5c) the fifth is just over threshold; VO2 work starts at 5b (Friel)."""

_VO2_NAME = re.compile(r"(?i)\bvo2(?:[ -]?max)?\b")
_TEMPO_NAME = re.compile(r"(?i)\b(?:tempo|threshold)\b")


def sport_family(types: pd.Series) -> pd.Series:
    """`run`, `ride`, `swim` or `strength` for each type; another type stands for itself.

    Args:
        types: Types as the Intervals.icu API names them; missing stays missing.
    """
    families = [FAMILY_OF_TYPE.get(kind, kind) for kind in types.tolist()]
    return pd.Series(families, index=types.index, dtype="object")


def known_zone_times(zone_times_s: pd.Series) -> pd.Series:
    """Whether each session's heart-rate zone times say what it was: five zones at least."""
    return _zone_count(zone_times_s) >= _FIVE_ZONES


def intensity_kind(zone_times_s: pd.Series, names: pd.Series) -> pd.Series:
    """`vo2`, `tempo` or `other` for each session.

    Args:
        zone_times_s: For each session the seconds in each heart-rate zone, lowest first, as a
            list; missing, or shorter than five zones, where it is not known. Seven are Friel's.
        names: The sessions' names, looked at where the zone times are not known. Whole words
            count: "along" is not "long".
    """
    zone_count = _zone_count(zone_times_s)
    from_z3, from_z4, vo2 = (np.zeros(len(zone_times_s)) for _ in range(3))
    for count in zone_count[zone_count >= _FIVE_ZONES].unique():
        of_count = (zone_count == count).to_numpy()
        times = np.array(zone_times_s[of_count].tolist(), dtype="float64")
        vo2_zone = _FIVE_ZONES if count == _FIVE_ZONES else _VO2_FROM_ZONE_OF_SEVEN
        from_z3[of_count] = times[:, 2:].sum(axis=1)
        from_z4[of_count] = times[:, 3:].sum(axis=1)
        vo2[of_count] = times[:, vo2_zone - 1 :].sum(axis=1)
    known = (zone_count >= _FIVE_ZONES).to_numpy()
    texts = [
        "" if missing else str(name) for name, missing in zip(names, names.isna(), strict=True)
    ]
    named_vo2 = np.array([_VO2_NAME.search(text) is not None for text in texts], dtype=bool)
    named_tempo = np.array([_TEMPO_NAME.search(text) is not None for text in texts], dtype=bool)
    is_vo2 = np.where(known, vo2 >= VO2_MIN_S, named_vo2)
    is_tempo = np.where(
        known, (from_z3 >= TEMPO_Z3_MIN_S) | (from_z4 >= TEMPO_Z4_MIN_S), named_tempo
    )
    kinds = np.select([is_vo2, is_tempo], [VO2, TEMPO], OTHER)
    return pd.Series(kinds, index=zone_times_s.index)


def _zone_count(zone_times_s: pd.Series) -> pd.Series:
    counts = [len(times) if isinstance(times, Sized) else 0 for times in zone_times_s.tolist()]
    return pd.Series(counts, index=zone_times_s.index, dtype="int64")
