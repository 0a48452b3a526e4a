"""Rules about the athlete's own life: days, sports, anchored sessions, races, strength days."""

from collections.abc import Sequence
from datetime import date
from itertools import product

from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.envelope.commitments import (
    FRESH_DAYS,
    Commitment,
    halves_s,
    is_before_a_race,
    kept_sessions,
    may_do,
    room_s,
)
from weekly_plan_assets.domain.envelope.season import races_in
from weekly_plan_assets.domain.guardrails.rule import (
    Guardrail,
    PlanContext,
    RuleOutcome,
    free_sessions,
    passes_if,
    place,
    sessions_by_day,
)
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    PlannedSession,
    Sport,
    WeeklyPlan,
    is_strength,
)
from weekly_plan_assets.domain.texts.counts import counted
from weekly_plan_assets.domain.week import DAY_NAMES

CROSS_TRAINING = frozenset({Sport.RIDE, Sport.SWIM})
CROSS_TRAINING_PHASES = frozenset({Phase.RECOVERY, Phase.RETURN})
"""What spares legs that run, and the weeks in which that is the point (coaching practice)."""

MOST_IN_HALVES = 8
"""More sessions than these fit into no day. Project convention."""

ANCHORED_SHARE = 0.1
"""An anchored session may be planned this much shorter or longer. Project convention."""


def _day_available(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = []
    for day in plan.days:
        planned_s = sum(s.duration_s for s in day.sessions if not s.is_race)
        room = room_s(context.athlete, context.envelope, day.date)
        if planned_s > room:
            wrong.append(f"{day.date} holds {planned_s} s of training, but has room for {room} s")
    return passes_if(not wrong, "; ".join(wrong) or "every day has room for its sessions")


def _anchored_kept(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    demanded = kept_sessions(context.athlete, context.envelope, context.planned_week)
    # The shortest first on both sides, so that no session is taken that a longer one needs.
    free = {day.date.weekday(): sorted(day.sessions, key=_duration_s) for day in plan.days}
    missing = []
    for commitment in sorted(demanded, key=_duration_s):
        weekday = commitment.date.weekday()
        match = next((s for s in free.get(weekday, []) if _keeps(s, commitment)), None)
        if match is None:
            missing.append(
                f"{commitment.date} lacks {commitment.sport.value} {commitment.kind.value} of "
                f"{commitment.duration_s} s, 10 % more or less"
            )
        else:
            free[weekday].remove(match)
    return passes_if(
        not missing, "; ".join(missing) or f"{len(demanded)} anchored sessions are in their place"
    )


def _duration_s(session: PlannedSession | Commitment) -> int:
    return session.duration_s


def _keeps(session: PlannedSession, commitment: Commitment) -> bool:
    return (
        session.sport is commitment.sport
        and session.kind is commitment.kind
        and abs(session.duration_s - commitment.duration_s)
        <= ANCHORED_SHARE * commitment.duration_s
    )


def _sport_known(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    athlete = context.athlete
    own = {
        *athlete.endurance_sports,
        *(anchored.sport for anchored in athlete.anchored),
        *(race.sport for race in athlete.races if race.sport is not None),
        Sport.STRENGTH,
    }
    spares = context.envelope.phase in CROSS_TRAINING_PHASES
    wrong = [
        place(day, s)
        for day, s in sessions_by_day(plan)
        if s.sport not in own and not (spares and s.sport in CROSS_TRAINING and not s.is_hard)
    ]
    found = f"other sports: {'; '.join(wrong)}" if wrong else "no other sport"
    known = ", ".join(sorted(sport.value for sport in own))
    return passes_if(not wrong, f"{found}; the athlete's are {known}")


def _day_sports(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    athlete, envelope = context.athlete, context.envelope
    wrong = [
        place(day, session)
        for day, session in free_sessions(plan, context)
        if not session.is_strength and not may_do(athlete, envelope, session.sport, day.date)
    ]
    return passes_if(not wrong, "; ".join(wrong) or "every sport is on a day that allows it")


def _day_halves(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    athlete, envelope = context.athlete, context.envelope
    anchored = {one.date for one in kept_sessions(athlete, envelope, context.planned_week)}
    wrong = []
    for day in plan.days:
        halves = halves_s(athlete, envelope, day.date)
        lengths_s = sorted((s.duration_s for s in day.sessions if not s.is_race), reverse=True)
        if halves is None or day.date in anchored or not lengths_s:
            continue
        if not _fit(lengths_s, halves):
            wrong.append(
                f"{day.date} holds sessions of {' and '.join(map(str, lengths_s))} s, its halves "
                f"{halves[0]} and {halves[1]} s"
            )
    return passes_if(not wrong, "; ".join(wrong) or "sessions fit into the halves of their days")


def _fit(lengths_s: Sequence[int], halves: tuple[int, int]) -> bool:
    """Whether sessions can be done in two halves of a day, none of them in both."""
    return any(
        sum(length for length, first in zip(lengths_s, chosen, strict=True) if first) <= halves[0]
        and sum(length for length, first in zip(lengths_s, chosen, strict=True) if not first)
        <= halves[1]
        for chosen in product((True, False), repeat=min(len(lengths_s), MOST_IN_HALVES))
        if len(lengths_s) <= MOST_IN_HALVES
    )


def _race_placed(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    races = races_in(context.athlete, context.planned_week)
    placed = [(day.date, s.sport) for day, s in sessions_by_day(plan) if s.is_race]
    wrong = []
    # Races of a known sport choose first: the others can be any.
    for race in sorted(races, key=lambda race: race.sport is None):
        match = next((one for one in placed if one in _places(race)), None)
        if match is None:
            wrong.append(f"{race.date} lacks its race{f' as a {race.sport}' if race.sport else ''}")
        else:
            placed.remove(match)
    wrong += [f"{day} holds a race that the athlete has not entered" for day, _ in placed]
    return passes_if(
        not wrong, "; ".join(wrong) or f"{counted(len(races), 'race')} this week, each on its date"
    )


def _places(race: Race) -> set[tuple[date, Sport]]:
    """Where a race may stand: its date, and the sports that it may be done as."""
    return {(race.date, sport) for sport in ([race.sport] if race.sport else Sport)}


def _race_fresh(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    wrong = [
        place(day, session)
        for day, session in sessions_by_day(plan)
        if session.is_hard and not session.is_race and is_before_a_race(context.athlete, day.date)
    ]
    found = f"hard just before an A race: {'; '.join(wrong)}" if wrong else "none too close"
    return passes_if(not wrong, f"{found}; {FRESH_DAYS} days before it are kept free of hard ones")


def _strength_days(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    allowed = context.athlete.strength_weekdays | {
        anchored.weekday
        for anchored in context.athlete.anchored
        if is_strength(anchored.sport, anchored.kind)
    }
    wrong = [
        f"{day.date}, a {DAY_NAMES[day.date.weekday()]}"
        for day in plan.days
        if day.date.weekday() not in allowed and any(s.is_strength for s in day.sessions)
    ]
    names = ", ".join(DAY_NAMES[weekday] for weekday in sorted(allowed))
    found = f"strength on {'; '.join(wrong)}" if wrong else "no strength on other days"
    return passes_if(not wrong, f"{found}; the athlete's days are {names or 'none'}")


COMMITMENT_RULES = (
    Guardrail(
        id="day.available",
        version=2,
        statement=(
            "The sessions of a day fit into the time that the athlete has on it, and into 12 h; a "
            "day of absence has none. A race needs no such time."
        ),
        threshold="the seconds available on that day, 43200 s at most",
        source="The athlete's profile",
        grade="definition",
        check=_day_available,
    ),
    Guardrail(
        id="anchored.kept",
        version=1,
        statement=(
            "Each anchored session stands on its weekday, except where it gives way: in a week of "
            "return or with a race, on a day without room for it, where it is hard and no hard "
            "session is due, and where other rules leave no place for it."
        ),
        threshold=(
            "the same sport and kind, the duration within 10 %; a run no longer than the longest "
            "allowed"
        ),
        source="The athlete's profile",
        grade="definition",
        check=_anchored_kept,
    ),
    Guardrail(
        id="sport.known",
        version=2,
        statement=(
            "Every session is strength or one of the athlete's sports; in a week of recovery or "
            "return anybody may ride or swim easily."
        ),
        threshold="0 sessions of another sport",
        source="The athlete's profile",
        grade="definition",
        check=_sport_known,
    ),
    Guardrail(
        id="day.sports",
        version=1,
        statement=(
            "A session is in a sport that its day allows, by the athlete's file or calendar; races "
            "and anchored sessions stay where they are."
        ),
        threshold="0 sessions in a sport that the day does not allow",
        source="The athlete's profile",
        grade="definition",
        check=_day_sports,
    ),
    Guardrail(
        id="day.halves",
        version=1,
        statement=(
            "Where a day has time before and after noon, each session fits into one of them, and "
            "all of them together into both; days with an anchored session are left out."
        ),
        threshold="the seconds available before and after noon",
        source="The athlete's profile",
        grade="definition",
        check=_day_halves,
    ),
    Guardrail(
        id="race.placed",
        version=1,
        statement=(
            "Each race of the week stands on its date, in its sport, as a session of kind race; no "
            "other session is a race. On a day of absence there is none."
        ),
        threshold="one session of kind race for each race, on its date",
        source="The athlete's races",
        grade="definition",
        check=_race_placed,
    ),
    Guardrail(
        id="race.fresh",
        version=1,
        statement="There is no hard session on the two days before an A race.",
        threshold="0 hard sessions on the 2 days before; other races are not counted",
        source="Stanley 2013: 48 h after a hard session; coaching convention before races",
        grade="practice",
        check=_race_fresh,
    ),
    Guardrail(
        id="strength.days",
        version=2,
        statement="Strength lies only on the athlete's strength weekdays and where it is anchored.",
        threshold="0 days with strength beside those",
        source="The athlete's profile",
        grade="definition",
        check=_strength_days,
    ),
)
