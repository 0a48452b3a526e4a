"""Why a planned week looks as it does: what was, what changes, the key sessions, what comes next.

A reason cites only metrics that were measured, with the value as it is stored, and shows no bounds.
The sentences lie in `words`, single sessions belong to `wording`, warnings to `plan_warnings`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from math import exp

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.commitments import is_away
from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.phase import form, season_phase
from weekly_plan_assets.domain.envelope.phase_reason import PhaseReason, Why
from weekly_plan_assets.domain.envelope.season import goal_race, period
from weekly_plan_assets.domain.envelope.time_bounds import (
    RED_SIGNALS,
    is_eased,
    weekly_times_s,
)
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, mean_over
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    Evidence,
    Phase,
    Reason,
    SessionKind,
    Sport,
    is_strength,
)
from weekly_plan_assets.domain.readiness import RAISED, Light, Signal
from weekly_plan_assets.domain.recorded.sport_types import ACTIVITY_TYPES_BY_SPORT
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE, DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.solver import SolvedWeek, endurance_s
from weekly_plan_assets.planners.wording import date_in_words, race_name, time_in_words
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workout_choice import ChosenWorkout

RACES_SHOWN_DAYS = {RacePriority.A: 26 * 7, RacePriority.B: 8 * 7, RacePriority.C: 4 * 7}
"""A race further away shapes no week yet. Project convention."""

FORM_BANDS = (-30.0, -10.0, 5.0)
"""Upper ends of very tired, loaded and balanced (Intervals.icu form zones; practice)."""

TIRED, LOADED, BALANCED, FRESH = range(4)
"""The bands that they divide form into."""

SAME_LENGTH = 0.05
"""A long session that differs by less is as long as the last. Project convention."""

LONG_MEMORY = timedelta(weeks=4)
"""The long session is compared with the longest of so many weeks. Project convention."""

_METRICS_OF_PHASE = {
    Why.BREAK: ("activity_count",),
    Why.CYCLE: ("training_load",),
    Why.NO_RACE: ("training_load",),
}
"""The metrics that decide a phase; a race or an illness shows in none."""

METRICS_OF_SIGNAL = {
    "hrv": ("hrv_mean_ms",),
    "resting_hr": ("rest_hr_mean_bpm",),
    "sleep": ("sleep_score_mean",),
    "form": ("ctl_end", "atl_end"),
    "ramp": ("ramp_rate_mean",),
}
"""The metrics that a signal of readiness shows in; monotony and adherence show in the load."""


CLEARLY_BELOW = 0.95
"""Less than this share of the usual time needs a reason. Project convention."""

BUILDING_PHASES = frozenset({Phase.BASE, Phase.BUILD, Phase.SPECIFIC})


def justification(request: PlanningRequest, week: SolvedWeek) -> tuple[Reason, ...]:
    """Why the week looks as it does. What was not measured gives no reason."""
    words = WORDS[request.context.athlete.language]
    phase = tuple(_phase_reason(request, words, is_short=_is_short(request, week)))
    return (
        _past_and_now(request, week, words),
        *phase,
        *_after_effort(request, words),
        *_readiness_reasons(request, week, words),
        *_form_reason(request, words),
        *_long_reason(request, week, words),
        *_key_sessions(request, week, words),
        *_race_reasons(request, words, " ".join(reason.text for reason in phase)),
        *_what_comes(request, week, words),
    )


def _past_and_now(request: PlanningRequest, week: SolvedWeek, words: Words) -> Reason:
    """What the last week was, and what this one is."""
    observed = TrainingWeek(request.metrics.week_start)
    times_s = weekly_times_s(request.sessions, request.context.athlete, observed)
    last_s, usual_s = times_s.get(observed.start), request.context.envelope.usual_time_s
    said = {
        "last": _hours(last_s or 0, words),
        "usual": _hours(usual_s or 0, words),
        "now": _hours(endurance_s(week.sessions), words),
    }
    text = words.past if usual_s is None else words.past_usual
    if _comes_back(request.context.envelope):
        text = words.past_below
    if not last_s:
        text = words.past_nothing
    elif not endurance_s(week.sessions):
        text = words.past_rest
    text = text.format(**said)
    if any(is_strength(one.sport, one.kind) for one in week.sessions):
        text = words.strength_apart.format(text=text)
    return Reason(
        text=text,
        # The number of sessions is always known, also where no load is.
        evidence=cited(request, "training_load", "ctl_end") or cited(request, "activity_count"),
    )


def _comes_back(envelope: LoadEnvelope) -> bool:
    """Whether an ordinary week aims at less than usual, because of short weeks among the last."""
    target_s, usual_s = envelope.target_time_s, envelope.usual_time_s
    if target_s is None or not usual_s or envelope.phase not in BUILDING_PHASES:
        return False
    return target_s < CLEARLY_BELOW * usual_s and not envelope.readiness.with_light(*RAISED)


def _is_short(request: PlanningRequest, week: SolvedWeek) -> bool:
    """Whether the week is clearly shorter than usual."""
    usual_s = request.context.envelope.usual_time_s
    return usual_s is not None and endurance_s(week.sessions) < CLEARLY_BELOW * usual_s


def _after_effort(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    """That a race, or an effort as long as one, is still being recovered from."""
    context = request.context
    until = context.envelope.no_hard_until
    if until is None or until < context.planned_week.start:
        return
    next_day = until + timedelta(days=1)
    if next_day in context.planned_week:
        name = DAY_NAMES_BY_LANGUAGE[context.athlete.language][next_day.weekday()]
        yield Reason(text=words.after_effort.format(day=name))


def _phase_reason(request: PlanningRequest, words: Words, *, is_short: bool) -> Iterator[Reason]:
    """What decided the phase; the envelope keeps it in English only, so it is decided once more."""
    context = request.context
    athlete, readiness = context.athlete, context.envelope.readiness
    observed = TrainingWeek(request.metrics.week_start)
    times_s = weekly_times_s(request.sessions, athlete, observed)
    phase, reason = season_phase(request.metrics, request.history, athlete, readiness, times_s)
    if phase is not context.envelope.phase:  # of an envelope that was made by hand
        return
    names = [name for signal in reason.signals for name in METRICS_OF_SIGNAL.get(signal, ())]
    yield Reason(
        text=_why(reason, phase, context.planned_week.start, words, is_short=is_short),
        evidence=cited(request, *names, *_METRICS_OF_PHASE.get(reason.why, ())),
    )


def _why(reason: PhaseReason, phase: Phase, monday: date, words: Words, *, is_short: bool) -> str:
    race = reason.race
    weeks = _weeks(reason.weeks or 0, words)
    text = words.phase_reasons[reason.why]
    if reason.why is Why.NO_RACE and is_short:
        text = words.no_race_short
    text = text.format(
        phase=words.phases[phase],
        week=reason.weeks,
        weeks=weeks if race is None else _weeks_to(race, monday, words),
        of=reason.of,
        signals=", ".join(words.signals.get(name, name) for name in reason.signals),
        race=None if race is None else _named(race, words),
    )
    return text if race is None else _begun(text, race, words)


def _named(race: Race, words: Words) -> str:
    return words.phase_race.format(
        name=shown_name(race.name) or words.race_unnamed,
        priority=race.priority.value,
        date=date_in_words(race.date, words),
    )


def _begun(text: str, race: Race, words: Words) -> str:
    """The text with a capital letter, but for the name that somebody gave a race."""
    is_name = shown_name(race.name) is not None and not text.startswith(words.race_unnamed)
    return text if is_name else text[0].upper() + text[1:]


def _form_reason(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    observed = form(request.metrics)
    if observed is None:
        return
    band = sum(observed > upper for upper in FORM_BANDS)
    envelope = request.context.envelope
    tired = envelope.readiness.with_light(Light.RED) or [*_after_effort(request, words)]
    is_eased_week = envelope.phase in {Phase.RECOVERY, Phase.RETURN}
    # In balance says nothing; fresh would contradict what the body or an easier week says.
    if band == BALANCED or (band > BALANCED and (tired or is_eased_week)):
        return
    meanings = dict(zip((TIRED, LOADED, FRESH), words.forms, strict=True))
    yield Reason(
        text=words.form_reason.format(form=f"{round(observed)}", meaning=meanings[band]),
        evidence=cited(request, "ctl_end", "atl_end"),
    )


def _readiness_reasons(
    request: PlanningRequest, week: SolvedWeek, words: Words
) -> Iterator[Reason]:
    """The signals that ask for care; form has a reason of its own."""
    has_hard = any(session.kind in HARD_KINDS for session in week.sessions)
    for signal in request.context.envelope.readiness.with_light(Light.AMBER, Light.RED):
        # A week that is all easy has no mix of hard and easy days to offer.
        if signal.value is None or (signal.name == "monotony" and not has_hard):
            continue
        is_low = signal.low is not None and signal.value < signal.low
        text = words.signal_reasons.get(f"{signal.name}_{'low' if is_low else 'high'}")
        if text is None:
            continue
        baseline = signal.value if signal.baseline is None else signal.baseline
        reason = text.format(
            value=_shown(signal.value, signal, words), baseline=_shown(baseline, signal, words)
        )
        eases = signal.light is Light.RED and signal.name in RED_SIGNALS
        yield Reason(
            text=words.signal_red.format(reason=reason) if eases else reason,
            evidence=cited(request, *METRICS_OF_SIGNAL.get(signal.name, ())),
        )


def _shown(value: float, signal: Signal, words: Words) -> str:
    """The value as an athlete knows it: HRV is judged by its logarithm, and shown in ms."""
    known = exp(value) if signal.unit.startswith("ln ") else value
    shown = words.signal_values.get(signal.name, "{value:.3g}").format(value=known)
    return shown.replace(".", words.decimal)


def _long_reason(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    """How the long session compares with the longest of the last weeks."""
    long = next(
        (
            one
            for one in week.sessions
            if one.kind is SessionKind.LONG and one.sport is not Sport.STRENGTH
        ),
        None,
    )
    if long is None:
        return
    monday = request.context.planned_week.start
    types = ACTIVITY_TYPES_BY_SPORT[long.sport]
    last_s = max(
        (
            one.duration_s or 0
            for one in request.sessions
            if one.activity.type in types and monday - LONG_MEMORY <= one.activity.day < monday
        ),
        default=0,
    )
    text = words.long_first
    if last_s:
        by = long.duration_s / last_s - 1
        shorter = words.long_eased if _is_short(request, week) else words.long_shorter
        longer = words.long_longer if by > 0 else shorter
        text = words.long_same if abs(by) <= SAME_LENGTH else longer
    is_run = long.sport is Sport.RUN
    yield Reason(
        text=text.format(
            sport=words.sports[long.sport],
            now=time_in_words(long.duration_s, words),
            last=time_in_words(round(last_s / 60) * 60, words),
        ),
        evidence=cited(request, "longest_run_time_s") if is_run else (),
    )


def _key_sessions(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    """How each hard session follows the last of its kind; that there is none, where so it is."""
    names = DAY_NAMES_BY_LANGUAGE[request.context.athlete.language]
    key = [
        (weekday, session.chosen)
        for weekday, sessions in enumerate(week.days)
        for session in sessions
        if session.chosen is not None and session.chosen.is_key
    ]
    evidence = cited(request, "vo2_sessions", "tempo_sessions")
    if week.sessions and not any(session.kind in HARD_KINDS for session in week.sessions):
        yield Reason(text=words.no_hard, evidence=evidence)
    for weekday, chosen in key:
        text = _follows(chosen, request, words)
        name = chosen.family.name.in_language(request.context.athlete.language.value)
        yield Reason(text=text.format(name=name, day=names[weekday]), evidence=evidence)


def _follows(chosen: ChosenWorkout, request: PlanningRequest, words: Words) -> str:
    """How a workout follows the last one of its family."""
    family = chosen.family.family
    last = next((one for one in reversed(request.workouts) if one.family == family), None)
    if last is None:
        return words.key_new if chosen.level else words.key_first
    level = chosen.level + 1
    if level > last.level:
        return words.key_up
    if level < last.level:
        return words.key_down
    if last.is_done:
        return words.key_top
    return words.key_missed if last.work_share is None else words.key_again


def _race_reasons(request: PlanningRequest, words: Words, said: str) -> Iterator[Reason]:
    """The races that the athlete trains for, the next one first, but for those of `said`."""
    monday = request.context.planned_week.start
    language = request.context.athlete.language

    def days_to(race: Race) -> int:
        return (race.date - monday).days

    for race in sorted(request.context.athlete.races, key=lambda race: (race.date, race.priority)):
        if not 0 <= days_to(race) <= RACES_SHOWN_DAYS[race.priority]:
            continue
        if is_away(request.context.athlete, race.date):  # A warning says so.
            continue
        is_near = days_to(race) < DAYS_PER_WEEK
        if _named(race, words) in said and not is_near:
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
        yield Reason(text=_begun(text, race, words))


def _what_comes(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    """What follows this week, and what would change it."""
    envelope = request.context.envelope
    eased = is_eased(envelope.readiness) and envelope.phase in BUILDING_PHASES | {Phase.RECOVERY}
    goal = goal_race(request.context.athlete, request.context.planned_week)
    following = request.context.planned_week.next()
    text = words.next_tired if eased else words.next[envelope.phase]
    if not week.sessions:
        text = words.next_rest
    elif envelope.phase in BUILDING_PHASES and goal and period(goal, following) is Phase.TAPER:
        text = words.next_taper
    yield Reason(text=text)
    if eased or any(one.chosen is not None and one.chosen.is_key for one in week.sessions):
        yield Reason(text=words.condition)


def _weeks_to(race: Race, monday: date, words: Words) -> str:
    """How far a race is away, in whole weeks: that of a Sunday in so many as the athlete counts."""
    return _weeks(round((race.date - monday).days / DAYS_PER_WEEK), words)


def _weeks(count: int, words: Words) -> str:
    return words.weeks_one if count == 1 else words.weeks_many.format(count=count)


def _hours(duration_s: float, words: Words) -> str:
    hours = f"{duration_s / SECONDS_PER_HOUR:.1f}".replace(".", words.decimal)
    return words.hours.format(hours=hours)


def cited(request: PlanningRequest, *names: str) -> tuple[Evidence, ...]:
    """Evidence for those of the metrics that were measured; the baseline is the history's mean."""
    evidence = []
    for name in names:
        value = getattr(request.metrics, name)
        if value is None:
            continue
        evidence.append(
            Evidence(
                metric=WeeklyMetrics.model_fields[name].alias or name,
                value=value,
                baseline=mean_over(request.history, name),
            )
        )
    return tuple(evidence)
