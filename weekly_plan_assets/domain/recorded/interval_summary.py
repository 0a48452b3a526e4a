"""What a session's intervals say of its intensity: their texts, turned into time in zones.

Intervals.icu sums the intervals of a session up in texts such as `5x 3m 172bpm`. What the time in
zones makes of a session belongs to `session_kind`.
"""

import numpy as np
import pandas as pd

from weekly_plan_assets.domain.recorded.value_limits import HEART_RATE_BPM

_INTERVALS = (
    r"^(?P<repeats>\d+)x (?:(?P<h>\d{1,2})h)?(?:(?P<min>\d{1,2})m)?(?:(?P<s>\d{1,3})s)?\b"
    r"(?: (?P<bpm>\d+)bpm$)?"
)
"""Repeats, duration, and mean heart rate where there is one; three digits and `m` are metres."""

ZONE_LOWER_SHARES = (0.0, 0.85, 0.90, 0.95, 1.00, 1.03, 1.06)
"""Where zones 1 to 4, 5a, 5b and 5c begin, as shares of lactate-threshold heart rate.

Friel's zones for running; in his cycling zones the second begins at 81 % and the fourth at 94 %.
"""

_ZONES = range(1, len(ZONE_LOWER_SHARES) + 1)

HEART_RATE_KNOWN_SHARE = 0.5
"""Part of the intervals' time whose heart rate must be known. Project convention: less than half
would let a cool-down speak for the session."""


def zone_times_of_intervals(summaries: pd.Series, threshold_bpm: pd.Series) -> pd.Series:
    """Seconds in each of Friel's seven zones, by the mean heart rate of the intervals.

    A mean hides the peaks, so hard time is more likely under- than overstated.

    Args:
        summaries: For each session the list of its intervals' texts; missing where not known. A
            text of another form, as of power or distance, gives no heart rate.
        threshold_bpm: For each session the athlete's lactate-threshold heart rate, in bpm.

    Returns:
        A tuple a session, lowest zone first. Sessions of which the intervals say too little are
        left out.
    """
    texts = summaries.dropna().explode().dropna().astype("str")
    parsed = texts.str.extract(_INTERVALS).astype("float64").fillna(0.0)
    time_s = parsed["repeats"] * (parsed["h"] * 3600 + parsed["min"] * 60 + parsed["s"])
    share = _plausible(parsed["bpm"]) / _plausible(threshold_bpm)[parsed.index]
    # An unknown share sorts into the last zone, and brings no time with it.
    known = pd.DataFrame(
        {
            "session": parsed.index,
            "zone": np.searchsorted(ZONE_LOWER_SHARES, share, side="right"),
            "time_s": time_s.where(share.notna(), 0.0),
        }
    )
    by_zone = known.pivot_table("time_s", "session", "zone", aggfunc="sum", fill_value=0.0)
    by_zone = by_zone.reindex(columns=_ZONES, fill_value=0.0)
    known_s, total_s = by_zone.sum(axis=1), time_s.groupby(level=0).sum()
    by_zone = by_zone[(known_s > 0) & (known_s >= HEART_RATE_KNOWN_SHARE * total_s)]
    times_s = list(by_zone.itertuples(index=False, name=None))
    return pd.Series(times_s, index=by_zone.index, dtype="object")


def _plausible(bpm: pd.Series) -> pd.Series:
    return bpm.where(bpm.between(HEART_RATE_BPM.least, HEART_RATE_BPM.greatest))
