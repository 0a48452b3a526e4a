"""The load envelope: what the coming week may hold, decided before any planner is asked.

Bounds only; `phase` says where the week stands, `guardrails` hold a plan to the bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from pydantic import Field

from weekly_plan_assets.domain.athlete import Athlete
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.fitness import max_weekly_load_for_ramp
from weekly_plan_assets.domain.phase import season_phase, trained_weeks, weekly_load
from weekly_plan_assets.domain.readiness import Readiness
from weekly_plan_assets.domain.session_load import zone_load
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.domain.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.weekly_plan import Phase

RECENT_WEEKS = 4
"""Weeks, the observed one included, that say what is usual.

28 days, the longest run of whole weeks inside the 30 days of Frandsen 2025.
"""

RAMP_PER_WEEK = 5.0
"""Rise of CTL in a week that a plan aims at, at most (Friel: 5-8 is hard building; practice)."""

MAX_RAMP_PER_WEEK = 8.0
"""Rise of CTL in a week that a plan may not exceed (Friel: 5-8 is hard building; practice)."""

RUN_GROWTH = 1.1
"""A run may be this much of the longest recent one (Frandsen 2025, cohort: hazard 1.64 above)."""

LONGEST_RUN_FLOOR_S = 30 * 60
"""A run this long is always allowed (Daniels: long runs take 30-150 min; practice)."""

STARTER_TARGET_LOAD = 80
"""Three easy half hours of endurance and one of strength. Project convention."""

STARTER_MAX_LOAD = 110
"""A good third over the starter target. Project convention."""

SMALLEST_TARGET_LOAD = 60
"""No week aims lower: a share of very little is not a week of training. Project convention."""

TARGET_SHARE_OF_MAX = 0.95
"""A target stays this far from the bounds, so that whole five minutes can meet it. Convention."""

ALWAYS_POSSIBLE_RUNS = 6
ALWAYS_POSSIBLE_RUN_MIN = 75
"""The minimum never asks for more than six easy runs, each as long as allowed, up to 75 min.

Otherwise an athlete whose load came from another sport than the planned one, or whose run times
are not known, could be asked for a week that the bound on runs forbids. Project convention.
"""

EASY_ZONE = 2

RESTING_HR_AMBER_BPM = 3.0
RESTING_HR_RED_BPM = 5.0
"""Resting heart rate over its baseline: amber from 3 bpm, red from 5 (coaching practice)."""

MAX_HARD_SHARE = 0.23
"""Of endurance time, in zone 3 and above: 77 % in zones 1 and 2 is the lower end of what 92 plans
hold (Knopp 2024, 10.1186/s40798-024-00717-5, cohort)."""

HARD_SESSIONS = {Phase.BUILD: 2, Phase.BASE: 1}
"""Hard sessions by phase, none elsewhere (Seiler 2010: two to three hard days in a full week)."""


@dataclass(frozen=True, slots=True)
class LoadShares:
    """Weekly load as shares of the recent mean."""

    min: float
    target: float
    max: float


LOAD_SHARES = {
    # Growth of 5 %. No more than 30 %: above, injuries in novices rose (Nielsen 2014, cohort).
    Phase.BASE: LoadShares(0.8, 1.05, 1.3),
    Phase.BUILD: LoadShares(0.8, 1.05, 1.3),
    # A recovery week holds 60-70 % of load (coaching practice).
    Phase.RECOVERY: LoadShares(0.6, 0.65, 0.7),
    # Half of what was usual before the break. Project convention.
    Phase.RETURN: LoadShares(0.0, 0.5, 0.6),
}
"""Every phase that `season_phase` decides on."""


class DayRoom(Document):
    """What one day of the planned week has room for.

    Attributes:
        available_s: Seconds that can be trained; None where any number can, 0 where none.
        reason: Why it is limited; None where it is not.
    """

    date: date
    available_s: int | None = Field(default=None, ge=0)
    reason: str | None = None


class LoadEnvelope(Document):
    """Bounds for the planned week, in training load a week and seconds.

    Attributes:
        max_hard_share: Largest share of endurance time in zone 3 and above.
        days: The seven days; empty in envelopes of before they were kept.
        readiness: What was found of the observed week.
    """

    phase: Phase
    min_load: int = Field(ge=0)
    target_load: int = Field(ge=0)
    max_load: int = Field(ge=0)
    longest_run_s: int = Field(gt=0, description="No run may be longer than this.")
    hard_sessions: int = Field(ge=0, le=2, description="Hard sessions allowed.")
    max_hard_share: float = Field(default=MAX_HARD_SHARE, ge=0, le=1)
    days: tuple[DayRoom, ...] = ()
    readiness: Readiness = Readiness()
    reasons: tuple[str, ...] = Field(description="Why the bounds are where they are.")


def load_envelope(
    metrics: WeeklyMetrics,
    history: Sequence[WeeklyMetrics],
    athlete: Athlete | None = None,
    readiness: Readiness | None = None,
) -> LoadEnvelope:
    """The envelope for the week after `metrics`.

    Args:
        metrics: The observed week.
        history: Up to four earlier weeks, oldest first; empty where nothing is known.
        athlete: With their races, their cycle and the days on which they can train.
        readiness: The signals of the observed week.
    """
    phase, why_phase = season_phase(metrics, history)
    usual_load, why_load = _usual_load(phase, metrics, history)
    longest_run_s, why_run = _longest_run_s(phase, metrics, history)
    hard_sessions, why_hard = _hard_sessions(phase, metrics, history)
    if usual_load is None:
        hard_sessions, why_hard = 0, "No hard session before the first known week of training."
    min_load, target_load, max_load = _load_bounds(
        phase, usual_load, metrics.ctl_end, longest_run_s
    )
    return LoadEnvelope(
        phase=phase,
        min_load=min_load,
        target_load=target_load,
        max_load=max_load,
        longest_run_s=longest_run_s,
        hard_sessions=hard_sessions,
        days=_days(metrics, athlete),
        readiness=readiness or Readiness(),
        reasons=(why_phase, why_load, why_run, why_hard),
    )


def _days(metrics: WeeklyMetrics, athlete: Athlete | None) -> tuple[DayRoom, ...]:
    days = TrainingWeek(metrics.week_start).next().days
    return tuple(
        DayRoom(date=day, available_s=athlete.available_s(day) if athlete else None) for day in days
    )


def _recent(metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]) -> list[WeeklyMetrics]:
    """The observed week and those of the `RECENT_WEEKS` that are known."""
    earliest = metrics.week_start - timedelta(weeks=RECENT_WEEKS - 1)
    return [week for week in (*history, metrics) if week.week_start >= earliest]


def _usual_load(
    phase: Phase, metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]
) -> tuple[float | None, str]:
    """What a week usually held, None where nothing tells; after a break, before the break."""
    weeks: Sequence[WeeklyMetrics] = _recent(metrics, history)
    if phase is Phase.RETURN:
        weeks = trained_weeks((*history, metrics))
    loads = [load for week in weeks if (load := weekly_load(week)) is not None]
    if any(loads):
        usual = fmean(loads)
        when = "before the break" if phase is Phase.RETURN else "recently"
        return usual, f"A week held a load of {usual:.0f} {when}, mean of {len(loads)} weeks."
    if metrics.ctl_end:
        usual = max_weekly_load_for_ramp(metrics.ctl_end, 0.0)
        return usual, f"No week with load is known; {usual:.0f} a week would hold CTL where it is."
    return None, "No training load is known, so the week is a small one to start with."


def _load_bounds(
    phase: Phase, usual_load: float | None, ctl: float | None, longest_run_s: int
) -> tuple[int, int, int]:
    """Minimum, target and maximum weekly load; never one above the next."""
    if usual_load is None:
        return 0, STARTER_TARGET_LOAD, STARTER_MAX_LOAD
    shares = LOAD_SHARES[phase]
    highest, aim = shares.max * usual_load, shares.target * usual_load
    if ctl is not None:
        highest = min(highest, max_weekly_load_for_ramp(ctl, MAX_RAMP_PER_WEEK))
        aim = min(aim, max_weekly_load_for_ramp(ctl, RAMP_PER_WEEK))
    highest = max(highest, SMALLEST_TARGET_LOAD / TARGET_SHARE_OF_MAX)
    aim = max(SMALLEST_TARGET_LOAD, min(aim, TARGET_SHARE_OF_MAX * highest))
    possible_run_min = min(longest_run_s / 60, ALWAYS_POSSIBLE_RUN_MIN)
    lowest = min(
        shares.min * usual_load,
        TARGET_SHARE_OF_MAX * aim,
        ALWAYS_POSSIBLE_RUNS * zone_load(possible_run_min, EASY_ZONE),
    )
    return int(lowest), round(aim), round(highest)


def _longest_run_s(
    phase: Phase, metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]
) -> tuple[int, str]:
    weeks: Sequence[WeeklyMetrics] = _recent(metrics, history)
    share = RUN_GROWTH
    if phase is Phase.RETURN:
        weeks, share = (*history, metrics), LOAD_SHARES[phase].target
    longest_s = max((week.longest_run_time_s or 0.0 for week in weeks), default=0.0)
    bound_s = max(LONGEST_RUN_FLOOR_S, int(share * longest_s))
    if not longest_s:
        return bound_s, f"No recent run is known, so none is longer than {bound_s // 60} min."
    return bound_s, (
        f"The longest run known of these weeks took {longest_s / 60:.0f} min, "
        f"so none is longer than {bound_s // 60} min."
    )


def _hard_sessions(
    phase: Phase, metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]
) -> tuple[int, str]:
    """Hard sessions allowed: by phase, fewer while resting heart rate is raised."""
    allowed = HARD_SESSIONS.get(phase, 0)
    rise_bpm = _resting_hr_rise_bpm(metrics, history)
    if rise_bpm is None or rise_bpm < RESTING_HR_AMBER_BPM or not allowed:
        return allowed, f"Hard sessions in a {phase.value} week: at most {allowed}."
    allowed = 0 if rise_bpm >= RESTING_HR_RED_BPM else min(allowed, 1)
    return allowed, (
        f"Resting heart rate was {rise_bpm:.1f} bpm over its mean of the weeks before, "
        f"so hard sessions: at most {allowed}."
    )


def _resting_hr_rise_bpm(metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]) -> float | None:
    known = [week.rest_hr_mean_bpm for week in history if week.rest_hr_mean_bpm is not None]
    if metrics.rest_hr_mean_bpm is None or not known:
        return None
    return metrics.rest_hr_mean_bpm - fmean(known)
