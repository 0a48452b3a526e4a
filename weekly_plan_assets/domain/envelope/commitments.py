"""What an athlete is bound to in the planned week: races, and sessions that have their place.

Both planners and guardrails ask here, so that what is planned is what is demanded. How well a plan
keeps them is judged by `guardrails`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from weekly_plan_assets.domain.athlete.athlete import AnchoredSession, Athlete
from weekly_plan_assets.domain.athlete.race import RacePriority
from weekly_plan_assets.domain.envelope.aftermath import RaceRest, rest_within
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.season import is_away, races_in
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.plan_limits import LONGEST_TRAINING_DAY_S
from weekly_plan_assets.domain.plan.session_load import STRENGTH_LOAD_PER_HOUR
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    HARD_KINDS,
    Phase,
    SessionKind,
    Sport,
    is_strength,
)
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAYS_PER_WEEK, TrainingWeek

HARD_SPACING_DAYS = 2
"""Days from one hard session to the next: 48 h (Seiler 2010, Stanley 2013)."""

FRESH_DAYS = 2
"""Days before an A race without a hard session: the 48 h after which its fatigue has passed
(Stanley 2013), as coaches keep them before a race (practice)."""

TIME_TOLERANCE_S = 10 * 60
"""Sessions are planned in whole five minutes, and are no shorter than they can be. Convention."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A session that the plan must hold: its day and, at most 10 % off, its duration."""

    date: date
    sport: Sport
    kind: SessionKind
    duration_s: int

    @property
    def is_hard(self) -> bool:
        """Whether its kind makes it a hard session."""
        return self.kind in HARD_KINDS


def room_s(athlete: Athlete, envelope: LoadEnvelope, day: date) -> int:
    """Seconds that can be trained on `day`, 0 on days of absence, never more than anybody can.

    The athlete's own days and those of the envelope, whichever leave less. Races do not need room.
    """
    limits_s = [LONGEST_TRAINING_DAY_S, athlete.available_s(day)]
    limits_s += [room.available_s for room in envelope.days if room.date == day]
    return min(seconds for seconds in limits_s if seconds is not None)


def may_do(athlete: Athlete, envelope: LoadEnvelope, sport: Sport, day: date) -> bool:
    """Whether a sport can be done on `day`: by the athlete's own days and those of the envelope."""
    rooms = (room.sports for room in envelope.days if room.date == day)
    return athlete.may_do(sport, day) and all(
        sports is None or sport in sports or sport not in athlete.endurance_sports
        for sports in rooms
    )


def halves_s(athlete: Athlete, envelope: LoadEnvelope, day: date) -> tuple[int, int] | None:
    """Seconds of the two halves of `day`, the longer first; None where it has none."""
    stated = next((room.halves_s for room in envelope.days if room.date == day), None)
    return athlete.halves_s(day) if stated is None else (stated[0], stated[1])


def rests_from_running(envelope: LoadEnvelope, day: date) -> bool:
    """Whether a race before the week leaves a day without running."""
    return envelope.no_run_until is not None and day <= envelope.no_run_until


def rests_from_hard_work(envelope: LoadEnvelope, day: date) -> bool:
    """Whether a race before the week leaves a day without a hard session."""
    return envelope.no_hard_until is not None and day <= envelope.no_hard_until


def race_rest(athlete: Athlete, envelope: LoadEnvelope, week: TrainingWeek) -> RaceRest:
    """The days of the week that races leave for rest, those in it and those before it."""
    within = rest_within(athlete, week)
    tired = frozenset(day for day in week.days if rests_from_hard_work(envelope, day))
    without = frozenset(day for day in week.days if rests_from_running(envelope, day))
    early = frozenset(
        day for day in without if envelope.jog_from is None or day < envelope.jog_from
    )
    return RaceRest(
        without_running=within.without_running | without,
        without_jogging=within.without_jogging | early,
        without_hard_work=within.without_hard_work | tired,
    )


def is_before_a_race(athlete: Athlete, day: date) -> bool:
    """Whether an A race lies so close after `day` that it is no day for a hard session."""
    return any(
        race.priority is RacePriority.A
        and timedelta() < race.date - day <= timedelta(days=FRESH_DAYS)
        and not is_away(athlete, race.date)
        for race in athlete.races
    )


def kept_sessions(
    athlete: Athlete, envelope: LoadEnvelope, week: TrainingWeek
) -> tuple[Commitment, ...]:
    """The anchored sessions that the week must hold, in order. What is left out gives way.

    Habit gives way to the body. None is demanded in a week with a race or one of return. A single
    one is not where its day has no room for all that is anchored there; where it is hard and the
    envelope, the spacing of hard sessions or an A race forbids it; where it is the second long
    run; where it is a run on a day without running after a race; where it would fill the last free
    day of the week; or where the load of the week cannot hold it. A run is no longer than the
    longest that the envelope allows.
    """
    if envelope.phase in {Phase.RETURN, Phase.RACE_WEEK} or races_in(athlete, week):
        return ()
    kept: list[Commitment] = []
    for session in _with_room(athlete, envelope, week):
        if _may_join(session, kept, athlete, envelope):
            kept.append(session)
    return tuple(kept)


def most_time_s(athlete: Athlete, envelope: LoadEnvelope, week: TrainingWeek) -> int | None:
    """The most seconds of endurance that a plan may hold, races left out; None if not known.

    Anchored sessions may fill more than the envelope allows.
    """
    if envelope.max_time_s is None:
        return None
    kept_s = sum(
        one.duration_s
        for one in kept_sessions(athlete, envelope, week)
        if not is_strength(one.sport, one.kind)
    )
    return max(envelope.max_time_s, kept_s) + TIME_TOLERANCE_S


def _with_room(
    athlete: Athlete, envelope: LoadEnvelope, week: TrainingWeek
) -> Iterator[Commitment]:
    """The anchored sessions of the days that have room for all of theirs."""
    for day in week.days:
        sessions = [
            _on(day, anchored, envelope)
            for anchored in athlete.anchored
            if anchored.weekday == day.weekday() and anchored.kind is not SessionKind.RACE
        ]
        if sum(session.duration_s for session in sessions) <= room_s(athlete, envelope, day):
            yield from sessions


def _on(day: date, anchored: AnchoredSession, envelope: LoadEnvelope) -> Commitment:
    duration_s = anchored.duration_min * SECONDS_PER_MINUTE
    if anchored.sport is Sport.RUN:
        longest_s = envelope.longest_run_s // STEP_S * STEP_S
        duration_s = min(duration_s, max(longest_s, STEP_S))
    return Commitment(day, anchored.sport, anchored.kind, duration_s)


def _may_join(
    session: Commitment, kept: list[Commitment], athlete: Athlete, envelope: LoadEnvelope
) -> bool:
    days = {other.date for other in (*kept, session)}
    load = sum(_estimated_load(other, athlete) for other in (*kept, session))
    return (
        len(days) < DAYS_PER_WEEK
        and load <= envelope.max_load
        and not (session.sport is Sport.RUN and rests_from_running(envelope, session.date))
        and not (_is_long_run(session) and any(_is_long_run(other) for other in kept))
        and (not session.is_hard or _may_be_hard(session, kept, athlete, envelope))
    )


def _may_be_hard(
    session: Commitment, kept: list[Commitment], athlete: Athlete, envelope: LoadEnvelope
) -> bool:
    hard = [other.date for other in kept if other.is_hard]
    return (
        len(hard) < envelope.hard_sessions
        and not is_before_a_race(athlete, session.date)
        and not rests_from_hard_work(envelope, session.date)
        and all((session.date - day).days >= HARD_SPACING_DAYS for day in hard)
    )


def _is_long_run(session: Commitment) -> bool:
    return session.sport is Sport.RUN and session.kind is SessionKind.LONG


def _estimated_load(session: Commitment, athlete: Athlete) -> float:
    """Load before its steps are known: zone 2 throughout, zone 3 for a hard one. Convention."""
    zone = HARD_FROM_ZONE if session.is_hard else EASY_ZONE
    per_hour = athlete.load_rates(session.sport).per_hour(zone)
    if is_strength(session.sport, session.kind):
        per_hour = STRENGTH_LOAD_PER_HOUR
    return per_hour * session.duration_s / SECONDS_PER_MINUTE / MINUTES_PER_HOUR
