"""The load envelope: what the coming week may hold, decided before any planner is asked.

The record and how it is put together. `phase` says where the week stands, `load_bounds` how much
load it holds, `session_bounds` how long and hard sessions may be, `week_capacity` what its days can
hold; `guardrails` hold a plan to all of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pydantic import Field

from weekly_plan_assets.domain.athlete.athlete import AbsenceKind, Athlete, Halves
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.envelope.aftermath import aftermath, rest_within
from weekly_plan_assets.domain.envelope.bound_reasons import (
    of_races,
    of_rest,
    of_room,
    of_scales,
    too_little_measured,
)
from weekly_plan_assets.domain.envelope.comeback import Comeback, WaysBack, comeback
from weekly_plan_assets.domain.envelope.hard_bounds import HardLimit, hard_limits
from weekly_plan_assets.domain.envelope.load_bounds import (
    WITHOUT_MINIMUM,
    load_bounds,
    race_load,
    shares_for,
    usual_load,
    with_time,
    without_minimum,
)
from weekly_plan_assets.domain.envelope.long_session import long_session
from weekly_plan_assets.domain.envelope.phase import season_phase
from weekly_plan_assets.domain.envelope.season import races_in
from weekly_plan_assets.domain.envelope.session_bounds import (
    KnownRuns,
    SportLimit,
    hard_sessions,
    longest_others_s,
    longest_run_s,
)
from weekly_plan_assets.domain.envelope.time_bounds import (
    TimeBounds,
    share_left,
    time_bounds,
    weekly_times_s,
    without_lost_days,
)
from weekly_plan_assets.domain.envelope.unfinished_week import NOTHING_TO_COME, RestOfWeek
from weekly_plan_assets.domain.envelope.week_capacity import WeekRoom, room_for_time_s, week_room
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.readiness import Readiness, readiness_of
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAY_NAMES, DAYS_PER_WEEK, TrainingWeek

__all__ = [
    "MAX_HARD_SHARE",
    "RECENT_WEEKS",
    "DayRoom",
    "LoadEnvelope",
    "load_envelope",
]

RECENT_WEEKS = 4
"""Weeks, the observed one included, that say what is usual.

28 days, the longest run of whole weeks inside the 30 days of Frandsen 2025.
"""

MAX_HARD_SHARE = 0.23
"""Of endurance time, in zone 3 and above: 77 % in zones 1 and 2 is the lower end of what 92 plans
hold (Knopp 2024, 10.1186/s40798-024-00717-5, cohort)."""

SHARE_FOR_TWO_HARD = 0.75
"""With fewer of the usual days left there is one hard session at most. Project convention."""

_AWAY = {
    AbsenceKind.SICK: "Ill on this day.",
    AbsenceKind.INJURED: "Injured on this day.",
    AbsenceKind.HOLIDAY: "On holiday on this day.",
}


class DayRoom(Document):
    """What one day of the planned week has room for.

    Attributes:
        available_s: Seconds that can be trained; None if any number can, 0 where none.
        reason: Why it is limited; None if it is not.
        halves_s: Seconds of its two halves, the longer first; None where it has none.
        sports: The sports that can be done; None if any of the athlete's can.
    """

    date: date
    available_s: int | None = Field(default=None, ge=0)
    reason: str | None = None
    halves_s: Halves | None = None
    sports: tuple[Sport, ...] | None = None


class LoadEnvelope(Document):
    """Bounds for the planned week, in training load a week and seconds.

    Attributes:
        usual_time_s: Endurance time of a usual week; None if too little is known, and in
            envelopes of before it was kept.
        target_time_s: Endurance time to aim at, races left out.
        max_time_s: The most endurance time, races left out.
        comeback: The way back that the week is on; None if it is on none, and in envelopes of
            before it was kept.
        long_sport: The sport of the long session; None where nothing is known of it, and in
            envelopes of before it was kept.
        long_s: How long it should be.
        effort_on: The day of the race, or of what cost as much, that the week comes after; None if
            there is none, and in envelopes of before it was kept.
        jog_from: The first of these days on which a short easy run does no harm.
        no_run_until: The last day without running after a race; None if there is none.
        no_hard_until: The last day without a hard session after a race.
        longest_others: The longest that rides and swims may be; empty in envelopes of before
            they were kept.
        hard_limits: The most hard work of one session, of sports whose zone times are known;
            empty in envelopes of before they were kept.
        max_hard_share: Largest share of endurance time in zone 3 and above.
        days: The seven days; empty in envelopes of before they were kept.
        readiness: What was found of the observed week.
    """

    phase: Phase
    min_load: int = Field(ge=0)
    target_load: int = Field(ge=0)
    max_load: int = Field(ge=0)
    usual_time_s: int | None = Field(default=None, ge=0)
    target_time_s: int | None = Field(default=None, ge=0)
    max_time_s: int | None = Field(default=None, ge=0)
    comeback: Comeback | None = None
    long_sport: Sport | None = None
    long_s: int | None = Field(default=None, gt=0)
    effort_on: date | None = None
    jog_from: date | None = None
    no_run_until: date | None = None
    no_hard_until: date | None = None
    longest_run_s: int = Field(gt=0, description="No run may be longer than this.")
    longest_others: tuple[SportLimit, ...] = ()
    hard_limits: tuple[HardLimit, ...] = ()
    hard_sessions: int = Field(ge=0, le=2, description="Hard sessions allowed.")
    max_hard_share: float = Field(default=MAX_HARD_SHARE, ge=0, le=1)
    days: tuple[DayRoom, ...] = ()
    readiness: Readiness = Readiness()
    reasons: tuple[str, ...] = Field(description="Why the bounds are where they are.")

    def hard_limit(self, sport: Sport) -> HardLimit | None:
        """The most hard work of one session of a sport; None if nothing is known of it."""
        return next((one for one in self.hard_limits if one.sport is sport), None)

    def longest_s(self, sport: Sport) -> int | None:
        """Seconds that a session of a sport takes at most; None if nothing bounds it."""
        if sport is Sport.RUN:
            return self.longest_run_s
        return next((one.longest_s for one in self.longest_others if one.sport is sport), None)


def load_envelope(
    metrics: WeeklyMetrics,
    history: Sequence[WeeklyMetrics],
    athlete: Athlete | None = None,
    readiness: Readiness | None = None,
    sessions: Sequence[CountedSession] = (),
    rest: RestOfWeek = NOTHING_TO_COME,
) -> LoadEnvelope:
    """The envelope for the week after `metrics`.

    Args:
        metrics: The observed week.
        history: Up to four earlier weeks, oldest first; empty where nothing is known.
        athlete: With their races, their cycle and the days on which they can train.
        readiness: The signals of the observed week; None: as far as weekly figures tell.
        sessions: Those of these weeks, for the longest run; weekly figures stand in.
        rest: What the observed week is still expected to bring, where it is not over.
    """
    athlete = athlete or Athlete(athlete_id=metrics.athlete_id)
    readiness = readiness or readiness_of(metrics, history)
    observed = TrainingWeek(metrics.week_start)
    week = observed.next()
    metrics = rest.added_to(metrics)
    recent = _recent(metrics, history)
    times_s = weekly_times_s(sessions, athlete, observed, rest.time_s)
    phase, why_phase = season_phase(metrics, history, athlete, readiness, times_s)
    back = comeback(athlete, observed, times_s) if phase is Phase.RETURN else None
    shares, why_shares = shares_for(phase, athlete, week, readiness)
    usual, why_usual = usual_load(phase, metrics, recent, history)
    run_s, why_run = longest_run_s(
        phase,
        athlete,
        observed,
        KnownRuns((*history, metrics), sessions),
        None if back is None else back.share,
    )
    if back is not None and back.longest_run_s is not None:
        run_s = min(run_s, back.longest_run_s)
    hard, why_hard = hard_sessions(phase, athlete, week, readiness)
    after = aftermath(athlete, observed, sessions)
    if after is not None and after.no_hard_until >= week.end:
        hard, why_hard = 0, "No hard session so soon after a race."
    if usual is None:
        hard, why_hard = 0, "No hard session before the first known week of training."
    if hard > 1 and share_left(athlete, week) < SHARE_FOR_TWO_HARD:
        hard, why_hard = 1, "At most 1 hard session in a week with days of absence."
    ways_back = WaysBack(back, comeback(athlete, observed.shift(-1), times_s))
    most = ways_back.most_hard_sessions
    if most is not None and hard > most:
        hard, why_hard = most, f"In the first week after a return, hard sessions: at most {most}."
    days = tuple(_day_room(athlete, day) for day in week.days)
    room = _room(athlete, week, days, run_s)
    races = race_load(athlete, week)
    time, why_time = time_bounds(
        phase,
        times_s,
        athlete,
        observed,
        readiness,
        None if after is None else after.share,
        ways_back,
    )
    bounds = load_bounds(shares, usual, metrics.ctl_end, room, races)
    long = None
    if time is not None:
        whole = _within(time, days, athlete, week)
        long = long_session(phase, athlete, observed, sessions, whole, times_s, run_s)
        time = _within(without_lost_days(time, athlete, week), days, athlete, week)
        bounds = with_time(bounds, time, races, athlete.easy_load_per_hour)
    # Where a habit bounds the sessions and nobody knows their time, no load can be asked for.
    by_habit_alone = time is None and athlete.known_habit is not None
    if after is not None or by_habit_alone or phase in WITHOUT_MINIMUM:
        bounds = without_minimum(bounds, races)
    return LoadEnvelope(
        phase=phase,
        min_load=bounds.min,
        target_load=bounds.target,
        max_load=bounds.max,
        effort_on=after and after.effort_on,
        jog_from=after and after.jog_from,
        no_run_until=after and after.no_run_until,
        no_hard_until=after and after.no_hard_until,
        usual_time_s=time and time.usual_s,
        target_time_s=time and time.target_s,
        max_time_s=time and time.max_s,
        comeback=back,
        long_sport=long and long.sport,
        long_s=long and long.duration_s,
        longest_run_s=run_s,
        longest_others=longest_others_s(observed, sessions),
        hard_limits=hard_limits(observed, sessions),
        hard_sessions=hard,
        days=days,
        readiness=readiness,
        reasons=(
            why_phase.text,
            *of_rest(rest),
            *((why_usual,) if usual is None else (why_usual, why_shares)),
            why_time,
            *of_scales(athlete),
            *(() if after is None else (after.text,)),
            *of_races(races),
            *of_room(sum(day.available_s is not None for day in days), room),
            *((why_run,) if Sport.RUN in athlete.endurance_sports else ()),
            *(() if long is None else (long.text,)),
            why_hard,
            *too_little_measured(recent, readiness),
        ),
    )


def _rooms_s(athlete: Athlete, week: TrainingWeek, days: Sequence[DayRoom]) -> list[int | None]:
    """Seconds available on each day without a race; None if any number is."""
    race_days = {race.date for race in races_in(athlete, week)}
    return [day.available_s for day in days if day.date not in race_days]


def _within(
    time: TimeBounds, days: Sequence[DayRoom], athlete: Athlete, week: TrainingWeek
) -> TimeBounds:
    """The time of the week as far as its days have room for it; one of them is for rest."""
    room_s = room_for_time_s(_rooms_s(athlete, week, days))
    return time if room_s is None else replace(time, target_s=min(time.target_s, room_s))


def _recent(metrics: WeeklyMetrics, history: Sequence[WeeklyMetrics]) -> list[WeeklyMetrics]:
    """The observed week and those of the `RECENT_WEEKS` that are known."""
    earliest = metrics.week_start - timedelta(weeks=RECENT_WEEKS - 1)
    return [week for week in (*history, metrics) if week.week_start >= earliest]


def _day_room(athlete: Athlete, day: date) -> DayRoom:
    available_s = athlete.available_s(day)
    sports = tuple(one for one in athlete.endurance_sports if athlete.may_do(one, day))
    limited = len(sports) < len(athlete.endurance_sports)
    return DayRoom(
        date=day,
        available_s=available_s,
        reason=" ".join(_why_limited(athlete, day, sports if limited else None)) or None,
        halves_s=athlete.halves_s(day),
        sports=sports if limited else None,
    )


def _why_limited(athlete: Athlete, day: date, sports: Sequence[Sport] | None) -> Iterator[str]:
    """Why a day is limited, in sentences; none where it is not."""
    available_s, name = athlete.available_s(day), DAY_NAMES[day.weekday()]
    away = next((absence.kind for absence in athlete.absences if absence.covers(day)), None)
    if available_s is not None:
        minutes = available_s // SECONDS_PER_MINUTE
        room = f"room for {minutes} min" if minutes else "no time for training"
        limits = (limit for limit in athlete.day_limits if limit.date == day)
        if away is not None:
            yield _AWAY[away]
        elif any(limit.available_min is not None for limit in limits):
            yield f"This one day has {room}."
        else:
            yield f"{name}s have {room}."
    if sports is not None:
        yield f"On it: {', '.join(sports) or 'none of the sports'}."


def _room(
    athlete: Athlete, week: TrainingWeek, days: Sequence[DayRoom], longest_s: int
) -> WeekRoom:
    """What the days without a race can hold."""
    rooms_s = _rooms_s(athlete, week, days)
    races = {race.date for race in races_in(athlete, week)}
    habit = athlete.known_habit
    return week_room(
        rooms_s,
        # The days after a race demand nothing.
        sure_rooms=[]
        if rest_within(athlete, week).without_running
        else [_sure_room_s(day) for day in days if day.date not in races],
        most_sessions=DAYS_PER_WEEK if habit is None else habit.most_sessions,
        race_days=len(days) - len(rooms_s),
        longest_run_s=longest_s,
        max_hard_share=MAX_HARD_SHARE,
        rates=[athlete.load_rates(sport) for sport in athlete.endurance_sports],
    )


def _sure_room_s(day: DayRoom) -> int | None:
    """Seconds for a session in one half of the day; 0 where no sport can be done on it."""
    if day.sports == ():
        return 0
    if day.halves_s is None or day.available_s is None:
        return day.available_s
    return min(day.available_s, day.halves_s[0])
