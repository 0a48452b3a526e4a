"""How long the longest run of the coming week may be, and how many of its sessions hard.

How much load the week holds belongs to `load_bounds`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete import Athlete, Experience
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.season import last_day_of_illness, races_in
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.recorded.activity import RUN_TYPES
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.recorded.sport_types import SPORTS_BY_ACTIVITY_TYPE
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek

RUN_DAYS = 30
"""Days whose longest run bounds the next (Frandsen 2025)."""

LONGEST_GROWTH, LONGEST_GROWTH_S = 1.1, 5 * SECONDS_PER_MINUTE
"""A session may be this much of the longest recent one (Frandsen 2025, cohort of runners: hazard
1.64 above), or five minutes longer: a tenth of a short run is less than the step in which runs are
planned, so that it would never grow."""

RETURN_RUN_SHARE = 0.5
"""After a break or an illness, this much of the longest known run. Project convention."""

RETURN_GROWTH = 1.25
"""In later weeks on the way back a run may be so much longer than those since, up to the share of
what was usual that the week has (coaching practice: a step back to what the body knows)."""

AFTER_RETURN_SHARE = 0.7
"""In the 30 days after an illness, this much of the longest run of before. Project convention."""

LONGEST_RUN_FLOOR_S = 30 * 60
"""A run this long is always allowed (Daniels: long runs take 30-150 min; practice)."""

LONGEST_RUN_CEILING_S = 6 * 60 * 60
"""No run in training is longer, whatever was done: those who train for a day and a night on foot
run five to six hours at a time (coaching practice); longer ones are races, and entered as such."""

OTHERS_GROWTH = 1.2
OTHERS_GROWTH_S = {Sport.RIDE: 30 * SECONDS_PER_MINUTE, Sport.SWIM: 10 * SECONDS_PER_MINUTE}
OTHERS_FLOOR_S = {Sport.RIDE: 60 * SECONDS_PER_MINUTE, Sport.SWIM: 30 * SECONDS_PER_MINUTE}
"""A ride or swim may be a fifth longer than the longest of 30 days, or half an hour and ten minutes
longer; an hour ridden and half an hour swum are always allowed. Nothing strikes the ground in them,
so that they may grow by more than a run (coaching practice)."""

DURATION_KNOWN_SHARE = 0.8
"""Part of a sport's sessions whose duration must be known, or the longest may be one that is not.
Project convention, as for runs."""

MOST_HARD_SESSIONS = 2
HARD_SESSIONS = {Phase.BASE: 1, Phase.BUILD: 2, Phase.SPECIFIC: 2, Phase.TAPER: 2}
"""Hard sessions by phase, none elsewhere (Seiler 2010: two to three hard days in a full week; a
taper keeps intensity and frequency, Bosquet 2007). A race week has its races."""

SHARPENING_FROM_WEEKDAY = 5
"""A race on Saturday or Sunday leaves room for one hard session days before it, and none to hold
after it (coaching practice)."""

HEART_SIGNALS = ("hrv", "resting_hr")
"""What decides on hard sessions: one only while HRV is inside its band (Vesterinen 2016, trial),
and none with a resting heart rate clearly raised (practice)."""


@dataclass(frozen=True, slots=True)
class KnownRuns:
    """Where the length of past runs is known from: sessions, else weekly figures."""

    weeks: Sequence[WeeklyMetrics]
    sessions: Sequence[CountedSession]

    def longest_s(self, first: date, last: date) -> float:
        """Seconds of the longest run of these days, 0 where none is known.

        Weekly figures count where the whole week is inside.
        """
        runs_s = [
            one.duration_s
            for one in self.sessions
            if one.activity.type in RUN_TYPES and first <= one.activity.day <= last
        ]
        known_s = [run_s for run_s in runs_s if run_s is not None]
        if known_s:
            return max(known_s)
        inside = (week for week in self.weeks if first <= week.week_start and week.week_end <= last)
        return max((week.longest_run_time_s or 0.0 for week in inside), default=0.0)


def grown_s(longest_s: float) -> float:
    """Seconds that a session may take after a longest recent one of so many; 0 after none."""
    return max(LONGEST_GROWTH * longest_s, longest_s + LONGEST_GROWTH_S) if longest_s else 0.0


def longest_run_s(
    phase: Phase,
    athlete: Athlete,
    observed: TrainingWeek,
    known: KnownRuns,
    back_share: float | None = None,
) -> tuple[int, str]:
    """The longest that a run may be, in seconds, and why.

    After an illness of the last 30 days, runs of before it count in part. It is never longer than
    `LONGEST_RUN_CEILING_S`, nor shorter than `LONGEST_RUN_FLOOR_S`.

    Args:
        phase: Phase of the coming week.
        athlete: With their absences.
        observed: The observed week; nothing after it is looked at.
        known: The runs.
        back_share: The share of usual that a week on the way back has; None where that is not
            known.
    """
    first = observed.end - timedelta(days=RUN_DAYS - 1)
    if phase is Phase.RETURN:
        longest_s = known.longest_s(observed.shift(1 - HABIT_WEEKS).start, observed.end)
        since_s = known.longest_s(observed.start, observed.end)
        again_s = min((back_share or 0.0) * longest_s, RETURN_GROWTH * since_s)
        bound_s, of = max(RETURN_RUN_SHARE * longest_s, again_s), "before"
    else:
        longest_s = known.longest_s(first, observed.end)
        bound_s, of = grown_s(longest_s), f"of {RUN_DAYS} days"
        ill_until = last_day_of_illness(athlete, observed.end)
        if ill_until is not None and ill_until >= first:
            since_s = known.longest_s(ill_until + timedelta(days=1), observed.end)
            bound_s = max(AFTER_RETURN_SHARE * longest_s, grown_s(since_s))
            of += f", {since_s / SECONDS_PER_MINUTE:.0f} min since the illness,"
    allowed_s = min(max(LONGEST_RUN_FLOOR_S, int(bound_s)), LONGEST_RUN_CEILING_S)
    so = f"so none is longer than {allowed_s // SECONDS_PER_MINUTE} min."
    if not longest_s:
        return allowed_s, f"No recent run is known, {so}"
    return allowed_s, f"The longest run {of} took {longest_s / SECONDS_PER_MINUTE:.0f} min, {so}"


class SportLimit(Document):
    """The longest that a session of a sport may be."""

    sport: Sport
    longest_s: int = Field(gt=0)


def longest_others_s(
    observed: TrainingWeek, sessions: Sequence[CountedSession]
) -> tuple[SportLimit, ...]:
    """The longest that rides and swims may be, of sports whose durations are known.

    Those of the last 30 days decide; after more than that without the sport, half of the longest
    before. Without any session recorded nothing is known, and nothing bounded.

    Args:
        observed: The observed week; nothing after it is looked at.
        sessions: Those that count.
    """
    first = observed.end - timedelta(days=RUN_DAYS - 1)
    limits = []
    for sport, floor_s in OTHERS_FLOOR_S.items():
        of_sport = [
            one
            for one in sessions
            if SPORTS_BY_ACTIVITY_TYPE.get(one.activity.type or "") is sport
            and one.activity.day <= observed.end
        ]
        known = [one for one in of_sport if one.duration_s is not None]
        if not sessions or len(known) < DURATION_KNOWN_SHARE * len(of_sport):
            continue
        recent_s = max(
            (one.duration_s or 0 for one in known if one.activity.day >= first), default=0
        )
        if recent_s:
            bound_s = max(OTHERS_GROWTH * recent_s, recent_s + OTHERS_GROWTH_S[sport])
        else:
            bound_s = RETURN_RUN_SHARE * max((one.duration_s or 0 for one in known), default=0)
        limits.append(SportLimit(sport=sport, longest_s=max(floor_s, int(bound_s))))
    return tuple(limits)


def hard_sessions(
    phase: Phase, athlete: Athlete, week: TrainingWeek, readiness: Readiness
) -> tuple[int, str]:
    """Hard sessions allowed, races among them in a race week, and why.

    Races are entered, whatever the signals say; what is taken away is training.
    """
    races = races_in(athlete, week)
    raced = min(MOST_HARD_SESSIONS, len(races)) if phase is Phase.RACE_WEEK else 0
    allowed = HARD_SESSIONS.get(phase, raced)
    if raced == 1 and races[0].date.weekday() >= SHARPENING_FROM_WEEKDAY:
        allowed += 1
    why = f"Hard sessions in a {phase.value} week: at most {allowed}."
    if athlete.experience is Experience.NOVICE and allowed > max(1, raced):
        allowed, why = max(1, raced), f"At most {max(1, raced)} hard session for a novice."
    lights = {name: readiness.light(name) for name in HEART_SIGNALS}
    for light, fewer in ((Light.RED, raced), (Light.AMBER, max(1, raced))):
        names = [name for name in HEART_SIGNALS if lights[name] is light]
        if names and allowed > fewer:
            found = [signal.text for signal in readiness.signals if signal.name in names]
            return fewer, f"{' '.join(found)} So hard sessions: at most {fewer}."
    return allowed, why
