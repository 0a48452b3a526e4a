"""Why a week is of its phase, which races lead it, what comes after it.

What was trained and what changes belongs to `plan_reasons`.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.phase import season_phase
from weekly_plan_assets.domain.envelope.phase_reason import PhaseReason, Why
from weekly_plan_assets.domain.envelope.race_effort import is_trained_through
from weekly_plan_assets.domain.envelope.season import (
    goal_race,
    is_away,
    period,
    races_in,
    weeks_away,
)
from weekly_plan_assets.domain.envelope.time_bounds import (
    is_eased,
    weekly_times_s,
)
from weekly_plan_assets.domain.envelope.unfinished_week import RestOfWeek, rest_of_week
from weekly_plan_assets.domain.guardrails.rule import PlanContext
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    Reason,
)
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE, TrainingWeek
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.evidence import METRICS_OF_SIGNAL, cited
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.wording import date_in_words, race_name
from weekly_plan_assets.planners.words import HARD_PHASES, Words
from weekly_plan_assets.planners.workouts import endurance_s

RACES_SHOWN_DAYS = {RacePriority.A: 26 * 7, RacePriority.B: 8 * 7, RacePriority.C: 4 * 7}
"""A race further away shapes no week yet. Project convention."""

_METRICS_OF_PHASE = {
    Why.BREAK: ("activity_count",),
    Why.CYCLE: ("training_load",),
    Why.NO_RACE: ("training_load",),
}
"""The metrics that decide a phase; a race or an illness shows in none."""

CLEARLY_BELOW = 0.95
"""Less than this share of the usual time needs a reason. Project convention."""

BUILDING_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})


def is_short(request: PlanningRequest, week: SolvedWeek) -> bool:
    """Whether the week is clearly shorter than usual."""
    usual_s = request.context.envelope.usual_time_s
    return usual_s is not None and endurance_s(week.sessions) < CLEARLY_BELOW * usual_s


def after_effort(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    """That a race, or an effort as long as one, is still being recovered from."""
    context = request.context
    until = context.envelope.no_hard_until
    if until is None or until < context.planned_week.start:
        return
    next_day, effort = until + timedelta(days=1), effort_in_words(request, words)
    if next_day in context.planned_week:
        name = DAY_NAMES_BY_LANGUAGE[context.athlete.language][next_day.weekday()]
        yield Reason(text=words.after_effort.format(effort=effort, day=name))
    elif context.envelope.phase is not Phase.RECOVERY:  # whose own reason names the race
        yield Reason(text=words.after_effort_all_week.format(effort=effort))


def effort_in_words(request: PlanningRequest, words: Words) -> str:
    """The race, or the effort like one, that the week comes after; empty if there is none."""
    day = request.context.envelope.effort_on
    if day is None:
        return ""
    raced = (race for race in request.context.athlete.races if race.date == day)
    race = next(raced, None)
    if race is None:
        return words.long_effort.format(date=date_in_words(day, words))
    return phase_race(race, words)


def why_of_phase(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    """What decided the phase; the envelope keeps it in English only, so it is decided once more.

    A week that holds nothing is explained by what keeps the athlete from training.
    """
    context = request.context
    if not week.sessions:
        kinds = {one.kind for one in context.athlete.absences if _touches(one, context)}
        yield from (Reason(text=words.absence_reasons[one]) for one in AbsenceKind if one in kinds)
        return
    athlete, readiness = context.athlete, context.envelope.readiness
    observed, rest = TrainingWeek(request.metrics.week_start), to_come(request)
    times_s = weekly_times_s(request.sessions, athlete, observed, rest.time_s)
    metrics = rest.added_to(request.metrics)
    phase, reason = season_phase(metrics, request.history, athlete, readiness, times_s)
    if phase is not context.envelope.phase:  # of an envelope that was made by hand
        return
    names = [name for signal in reason.signals for name in METRICS_OF_SIGNAL.get(signal, ())]
    yield Reason(
        text=_why(reason, request, week, words),
        evidence=cited(request, *names, *_METRICS_OF_PHASE.get(reason.why, ())),
    )


def to_come(request: PlanningRequest) -> RestOfWeek:
    """What is still expected of an observed week that is not over."""
    athlete = request.context.athlete
    return rest_of_week(request.metrics, request.sessions, athlete, request.planned_of_late)


def _touches(absence: Absence, context: PlanContext) -> bool:
    return any(absence.covers(day) for day in context.planned_week.days)


def _why(reason: PhaseReason, request: PlanningRequest, week: SolvedWeek, words: Words) -> str:
    race, context = reason.race, request.context
    count = reason.weeks or 0
    # So many weeks are known, and no more are looked at.
    known = count > HISTORY_WEEKS and reason.why in {Why.BREAK, Why.CYCLE}
    weeks = words.weeks_or_more.format(count=count) if known else _weeks(count, words)
    text = words.phase_reasons[reason.why]
    if reason.why is Why.NO_RACE and is_short(request, week):
        text = words.no_race_short
    elif reason.why is Why.TAPER and not week.is_hard:
        text = words.taper_easy
    elif reason.why is Why.PERIOD and context.envelope.phase in HARD_PHASES and not week.is_hard:
        text = words.period_easy
    text = text.format(
        phase=words.phases[context.envelope.phase],
        week=reason.weeks,
        weeks=weeks if race is None else _weeks_to(race, context.planned_week.start, words),
        of=reason.of,
        signals=", ".join(words.signals.get(name, name) for name in reason.signals),
        race=None if race is None else phase_race(race, words),
    )
    return text if race is None else begun(text, race, words)


def phase_race(race: Race, words: Words) -> str:
    """A race with its priority and date."""
    return words.phase_race.format(
        name=shown_name(race.name) or words.race_unnamed,
        priority=race.priority.value,
        date=date_in_words(race.date, words),
    )


def begun(text: str, race: Race, words: Words) -> str:
    """The text with a capital letter, but for the name that somebody gave a race."""
    is_name = shown_name(race.name) is not None and not text.startswith(words.race_unnamed)
    return text if is_name else text[0].upper() + text[1:]


def is_shown(race: Race, monday: date) -> bool:
    """Whether a race lies ahead of a week, so near that plans speak of it."""
    return 0 <= (race.date - monday).days <= RACES_SHOWN_DAYS[race.priority]


def race_reasons(request: PlanningRequest, words: Words, said: str) -> Iterator[Reason]:
    """The races that the athlete trains for, the next one first, but for those of `said`."""
    monday = request.context.planned_week.start
    language = request.context.athlete.language

    for race in sorted(request.context.athlete.races, key=lambda race: (race.date, race.priority)):
        if not is_shown(race, monday):
            continue
        if is_away(request.context.athlete, race.date):  # A warning says so.
            continue
        is_near = race.date in request.context.planned_week
        if phase_race(race, words) in said and not is_near:
            continue
        weeks = _weeks_to(race, monday, words)
        day = DAY_NAMES_BY_LANGUAGE[language][race.date.weekday()]
        text = (words.race_today if is_near else words.race_reason).format(
            name=race_name(race, words),
            priority=race.priority.value,
            day=day if language is Language.ENGLISH else day.lower(),
            date=date_in_words(race.date, words),
            when=words.in_time.format(time=weeks),
        )
        yield Reason(text=begun(text, race, words))


def what_comes(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    """What follows this week, and what would change it."""
    envelope = request.context.envelope
    eased = is_eased(envelope.readiness) and envelope.phase in BUILDING_PHASES | {Phase.RECOVERY}
    goal = goal_race(request.context.athlete, request.context.planned_week)
    following = request.context.planned_week.next()
    is_like_others = envelope.phase is Phase.SPECIFIC and not week.practises_race
    usual = words.next[Phase.BUILD if is_like_others else envelope.phase]
    text = words.next_tired if eased else usual
    if not week.sessions:
        text = words.next_rest
    elif envelope.phase in BUILDING_PHASES and goal and period(goal, following) is Phase.TAPER:
        text = words.next_taper
    elif (raced := _next_race(request, following)) is not None and not eased:
        text = begun(words.next_race_week.format(race=race_name(raced, words)), raced, words)
    yield Reason(text=text)
    has_key = any(one.chosen is not None and one.chosen.is_key for one in week.sessions)
    if eased or has_key:
        yield Reason(text=words.condition if has_key else words.condition_easy)


def _next_race(request: PlanningRequest, following: TrainingWeek) -> Race | None:
    """The race of the week after, if it is tapered for."""
    athlete = request.context.athlete
    raced = (one for one in races_in(athlete, following) if not is_trained_through(one, athlete))
    return next(raced, None)


def _weeks_to(race: Race, monday: date, words: Words) -> str:
    """How far a race is away, in whole weeks."""
    return _weeks(weeks_away(race, TrainingWeek(monday)), words)


def _weeks(count: int, words: Words) -> str:
    return words.weeks_one if count == 1 else words.weeks_many.format(count=count)
