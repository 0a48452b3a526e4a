"""Whether the data of training weeks can be relied on: findings, each with what to look at.

Judges only what the coverage block of weekly_metrics says. Nothing here stops a plan.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from weekly_plan_assets.domain.metrics.coverage import Coverage
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import TrainingWeek

LOAD_KNOWN_SHARE = 0.8
"""Part of a week's activities whose load should be known. Project convention: one in five missing
is an easy session, more would shift the load that the next week is built on."""

MEASURED_DAYS = 3
"""Days a week with HRV or resting heart rate that a weekly mean needs (Plews 2014)."""

STALE_DAYS = 3
"""So many days at the end of a week without anything from a device mean that it stopped
synchronising. Project convention: a weekend without a watch is common."""

_NAMES_SHOWN = 10
_REASONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What an assertion about the data came to.

    Attributes:
        passed: It holds in every week.
        description: What was found, and what to look at where it does not hold.
        counts: Numbers behind it, by name.
    """

    passed: bool
    description: str
    counts: Mapping[str, int] = field(default_factory=dict)


Weeks = Mapping[str, Coverage]
"""Coverage by the Monday of the week."""


def judge_data_quality(metrics: Sequence[WeeklyMetrics]) -> dict[str, Finding]:
    """Every assertion of `ASSERTIONS` about these weeks together, by its name.

    Weeks that were stored without coverage are not judged; the description says how many.
    """
    weeks = {str(row.week_start): row.coverage for row in metrics if row.coverage is not None}
    old = len(metrics) - len(weeks)
    uncovered = (
        f"; {counted(old, 'week')} without coverage: materialize weekly_metrics for them again"
    )
    findings = {name: judge_one(weeks) for name, (judge_one, _) in ASSERTIONS.items()}
    return {
        name: replace(found, description=found.description + (uncovered if old else ""))
        for name, found in findings.items()
    }


def _load_is_known(weeks: Weeks) -> Finding:
    loads = {week: coverage.metrics["trainingLoad"] for week, coverage in weeks.items()}
    thin = [week for week, load in loads.items() if load.measured < LOAD_KNOWN_SHARE * load.of]
    stubs = sum(coverage.stubs for coverage in weeks.values())
    known, activities = (sum(getattr(m, n) for m in loads.values()) for n in ("measured", "of"))
    sentence = f"the load of {known} of {activities} activities is known, stubs: {stubs}"
    advice = "upload these sessions to the source itself, or enter their load there"
    counts = {"activities": activities, "load_known": known, "stubs": stubs}
    return _finding(sentence, advice, thin, counts)


def _heart_was_measured(weeks: Weeks) -> Finding:
    thin = [
        week
        for week, coverage in weeks.items()
        for sentence in (coverage.metrics["hrvMean"], coverage.metrics["restHrMean"])
        if sentence.measured < min(MEASURED_DAYS, sentence.of)
    ]
    hrv, rest_hr, sdnn = (
        sum(coverage.metrics[metric].measured for coverage in weeks.values())
        for metric in ("hrvMean", "restHrMean", "hrvSDNN")
    )
    days = sum(coverage.days for coverage in weeks.values())
    sentence = f"of {counted(days, 'day')} HRV (rMSSD) was measured on {hrv}, "
    sentence += f"resting heart rate on {rest_hr}"
    if sdnn:
        sentence += f" (SDNN, another measure that is not mixed in, on {sdnn})"
    advice = "wear the watch at night, and look whether the source receives both"
    counts = {"days": days, "hrv_days": hrv, "resting_hr_days": rest_hr, "sdnn_days": sdnn}
    return _finding(sentence, advice, list(dict.fromkeys(thin)), counts)


def _counted_once(weeks: Weeks) -> Finding:
    twins = {week: coverage.twins for week, coverage in weeks.items() if coverage.twins}
    pairs = [f"{twin.id} of {twin.twin_of}" for found in twins.values() for twin in found]
    sentence = f"left out of the metrics: {counted(len(pairs), 'twin')}"
    if pairs:
        sentence += f": {_some(pairs)}"
    advice = "look whether each pair is one session, and delete the spare one at the source"
    return _finding(sentence, advice, list(twins), {"twins": len(pairs)})


def _wellness_is_fresh(weeks: Weeks) -> Finding:
    stale = []
    for week, coverage in weeks.items():
        known = TrainingWeek.parse(week).days[: coverage.days]
        last = coverage.wellness_last_day
        if len(known) >= STALE_DAYS and (
            last is None or last <= known[-1] - timedelta(days=STALE_DAYS)
        ):
            stale.append(week)
    fresh = len(weeks) - len(stale)
    sentence = f"of {counted(len(weeks), 'week')}, {fresh} with wellness in the last {STALE_DAYS} "
    sentence += "days known"
    advice = "look whether the watch still synchronises its wellness with the source"
    return _finding(sentence, advice, stale, {"weeks": len(weeks), "stale_weeks": len(stale)})


def _values_are_plausible(weeks: Weeks) -> Finding:
    wrong = {week: coverage.implausible for week, coverage in weeks.items() if coverage.implausible}
    rows = [row for of_week in wrong.values() for row in of_week]
    found = f"values of {counted(len(rows), 'row')} were taken as not measured"
    if rows:
        named = [f"{row.collection} {row.id} ({', '.join(row.keys)})" for row in rows]
        found += f": {_some(named)}"
    missing = {week: coverage.left_out for week, coverage in weeks.items() if coverage.left_out}
    left_out = [one for of_week in missing.values() for one in of_week]
    if left_out:
        reasons = _some([one.reason for one in left_out], shown=_REASONS_SHOWN)
        found += f"; rows or values that could not be used ({len(left_out)}): {reasons}"
    advice = "look at these rows at the source and correct them there"
    values = sum(len(row.keys) for row in rows)
    counts = {"rows": len(rows), "values": values, "left_out": len(left_out)}
    return _finding(found, advice, sorted(wrong.keys() | missing.keys()), counts)


ASSERTIONS: Mapping[str, tuple[Callable[[Weeks], Finding], str]] = {
    "load_is_known_for_most_activities": (
        _load_is_known,
        f"At least {LOAD_KNOWN_SHARE:.0%} of a week's activities have a training load.",
    ),
    "hrv_and_resting_hr_were_measured_on_three_days": (
        _heart_was_measured,
        f"HRV (rMSSD) and resting heart rate were each measured on {MEASURED_DAYS} days of a week.",
    ),
    "no_session_is_counted_twice": (
        _counted_once,
        "No session came from two devices; where one did, it was counted once.",
    ),
    "wellness_reaches_the_end_of_the_week": (
        _wellness_is_fresh,
        f"A device recorded at least one of the last {STALE_DAYS} days of a week.",
    ),
    "values_are_plausible": (
        _values_are_plausible,
        "No device sent a value that no athlete has, and no row or value was left out.",
    ),
}
"""By its name each assertion: how it is judged, and what it says."""


def _finding(
    sentence: str, advice: str, weeks: Sequence[str], counts: Mapping[str, int]
) -> Finding:
    if not weeks:
        return Finding(passed=True, description=sentence, counts=counts)
    where = f"week{'' if len(weeks) == 1 else 's'} {_some(weeks)}"
    return Finding(passed=False, description=f"{where}: {sentence}; {advice}", counts=counts)


def _some(names: Sequence[str], *, shown: int = _NAMES_SHOWN) -> str:
    """The first names, and how many more there are."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
