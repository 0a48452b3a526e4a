"""Why a planned week looks as it does: what was, what changes, the key sessions, what comes next.

A reason cites only metrics that were measured, with the value as it is stored, and shows no bounds.
The sentences lie in `words`, single sessions belong to `wording`, warnings to `plan_warnings`.
"""

from collections.abc import Iterator
from datetime import timedelta
from math import exp
from statistics import fmean

from weekly_plan_assets.domain.envelope.envelope import LoadEnvelope
from weekly_plan_assets.domain.envelope.phase import form
from weekly_plan_assets.domain.envelope.season import is_away
from weekly_plan_assets.domain.envelope.time_bounds import (
    MEAN_WEEKS,
    RED_SIGNALS,
    weekly_times_s,
)
from weekly_plan_assets.domain.envelope.unfinished_week import is_unfinished
from weekly_plan_assets.domain.envelope.week_capacity import room_for_time_s
from weekly_plan_assets.domain.plan.weekly_plan import (
    Phase,
    Reason,
    SessionKind,
    Sport,
    is_strength,
)
from weekly_plan_assets.domain.readiness import RAISED, Light, Signal
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE, TrainingWeek
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.evidence import METRICS_OF_SIGNAL, cited, longest_of_late_s
from weekly_plan_assets.planners.season_reasons import (
    BUILDING_PHASES,
    CLEARLY_BELOW,
    after_effort,
    effort_in_words,
    is_short,
    race_reasons,
    to_come,
    what_comes,
    why_of_phase,
)
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.wording import about_in_words, time_in_words
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workout_choice import MEMORY, ChosenWorkout
from weekly_plan_assets.planners.workouts import endurance_s

FORM_BANDS = (-30.0, -10.0, 5.0)
"""Upper ends of very tired, loaded and balanced (Intervals.icu form zones; practice)."""

TIRED, LOADED, BALANCED, FRESH = range(4)
"""The bands that they divide form into."""

MUCH_LONGER = 1.5
"""A week that grows by more than after a recovery week of 70 % says so: it follows a short one, and
above 30 % a week injuries in novices rose (Nielsen 2014, cohort)."""

SAME_LENGTH = 0.05
"""A long session that differs by less is as long as the last. Project convention."""

LONG_MEMORY = timedelta(weeks=4)
"""The long session is compared with the longest of so many weeks. Project convention."""


def justification(request: PlanningRequest, week: SolvedWeek) -> tuple[Reason, ...]:
    """Why the week looks as it does. What was not measured gives no reason."""
    words = WORDS[request.context.athlete.language]
    phase = tuple(why_of_phase(request, week, words))
    return (
        _past_and_now(request, week, words),
        *phase,
        *after_effort(request, words),
        *_readiness_reasons(request, week, words),
        *_form_reason(request, words),
        *_long_reason(request, week, words),
        *_key_sessions(request, week, words),
        *race_reasons(request, words, " ".join(reason.text for reason in phase)),
        *what_comes(request, week, words),
    )


def _past_and_now(request: PlanningRequest, week: SolvedWeek, words: Words) -> Reason:
    """What the last week was, and what this one is."""
    observed = TrainingWeek(request.metrics.week_start)
    times_s = weekly_times_s(request.sessions, request.context.athlete, observed)
    last_s, usual_s = times_s.get(observed.start, 0.0), request.context.envelope.usual_time_s
    is_over, now_s = not is_unfinished(request.metrics), endurance_s(week.sessions)
    four_s = [times_s.get(observed.shift(-back).start, 0.0) for back in range(MEAN_WEEKS)]
    said = {
        "past": _past(last_s, request, words),
        "usual": _hours(usual_s or 0, words),
        "mean": _hours(fmean(four_s), words),
        "now": _hours(now_s, words),
        "effort": effort_in_words(request, words),
    }
    text = words.past if usual_s is None else words.past_usual
    if _comes_back(request.context.envelope):
        text = _below_usual(request, words)
    if not last_s and is_over:
        text = words.past_nothing
    elif not now_s:
        text = words.past_race if _raced_s(week) else words.past_rest
    text = text.format(**said)
    is_building = request.context.envelope.phase in BUILDING_PHASES
    if is_over and is_building and last_s and now_s > MUCH_LONGER * last_s:
        share = f"{now_s / last_s - 1:.0%}"
        text = words.past_jump.format(text=text, share=share)
    return Reason(
        text=_with_what_is_apart(text, week, words),
        # The number of sessions is always known, also where no load is.
        evidence=cited(request, "training_load", "ctl_end") or cited(request, "activity_count"),
    )


def _raced_s(week: SolvedWeek) -> int:
    return sum(one.duration_s for one in week.sessions if one.kind is SessionKind.RACE)


def _with_what_is_apart(text: str, week: SolvedWeek, words: Words) -> str:
    """The text with what its hours leave out: strength and races."""
    if any(is_strength(one.sport, one.kind) for one in week.sessions):
        text = words.strength_apart.format(text=text)
    if _raced_s(week) and endurance_s(week.sessions):
        text = words.race_apart.format(text=text, time=about_in_words(_raced_s(week), words))
    return text


def _past(last_s: float, request: PlanningRequest, words: Words) -> str:
    """What was trained in the observed week, and what of it is still to come."""
    last = _hours(last_s, words)
    if not is_unfinished(request.metrics):
        return words.past_week.format(last=last)
    text, rest_s = words.past_so_far.format(last=last), to_come(request).time_s
    return words.past_to_come.format(past=text, rest=_hours(rest_s, words)) if rest_s else text


def _below_usual(request: PlanningRequest, words: Words) -> str:
    """The words for a week with less than usual, by what takes it away."""
    context = request.context
    if context.envelope.effort_on is not None:  # said by itself where it rules days
        is_said = any(after_effort(request, words))
        return words.past_usual if is_said else words.past_after_effort
    if any(is_away(context.athlete, day) for day in context.planned_week.days):
        return words.past_away
    room_s = room_for_time_s([day.available_s for day in context.envelope.days])
    is_full = room_s is not None and context.envelope.target_time_s == room_s
    return words.past_room if is_full else words.past_below


def _comes_back(envelope: LoadEnvelope) -> bool:
    """Whether an ordinary week aims at less than usual, because of short weeks among the last."""
    target_s, usual_s = envelope.target_time_s, envelope.usual_time_s
    if target_s is None or not usual_s or envelope.phase not in BUILDING_PHASES:
        return False
    return target_s < CLEARLY_BELOW * usual_s and not envelope.readiness.with_light(*RAISED)


def _form_reason(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    observed = form(request.metrics)
    if observed is None:
        return
    band = sum(observed > upper for upper in FORM_BANDS)
    envelope = request.context.envelope
    tired = envelope.readiness.with_light(Light.RED) or [*after_effort(request, words)]
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
    for signal in request.context.envelope.readiness.with_light(Light.AMBER, Light.RED):
        # A week that is all easy has no mix of hard and easy days to offer.
        if signal.value is None or (signal.name == "monotony" and not week.is_hard):
            continue
        is_low = signal.low is not None and signal.value < signal.low
        side = f"{signal.name}_{'low' if is_low else 'high'}"
        by_light = words.signal_reasons.get(f"{side}_{signal.light.value}")
        text = by_light or words.signal_reasons.get(side)
        if text is None:
            continue
        baseline = signal.value if signal.baseline is None else signal.baseline
        reason = text.format(
            value=signal_value_in_words(signal.value, signal, words),
            baseline=signal_value_in_words(baseline, signal, words),
        )
        eases = signal.light is Light.RED and signal.name in RED_SIGNALS
        yield Reason(
            text=words.signal_red.format(reason=reason) if eases else reason,
            evidence=cited(request, *METRICS_OF_SIGNAL.get(signal.name, ())),
        )


def signal_value_in_words(value: float, signal: Signal, words: Words) -> str:
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
    last_s = longest_of_late_s(request, long.sport, LONG_MEMORY)
    text = words.long_first
    if last_s:
        by = long.duration_s / last_s - 1
        shorter = words.long_eased if is_short(request, week) else words.long_shorter
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
    """How each hard session follows the last of its kind; that there is none, where so it is.

    That one is the first of its kind is said once, and those that begin with little are named
    together.
    """
    language = request.context.athlete.language
    key = [
        (DAY_NAMES_BY_LANGUAGE[language][weekday], session.chosen)
        for weekday, sessions in enumerate(week.days)
        for session in sessions
        if session.chosen is not None and session.chosen.is_key
    ]
    evidence = cited(request, "vo2_sessions", "tempo_sessions")
    if week.sessions and not week.is_hard:
        yield Reason(text=words.no_hard, evidence=evidence)
    small, is_said = [], False
    for day, chosen in key:
        text = _follows(chosen, request, words)
        name = chosen.family.name.in_language(language.value)
        if text is words.key_first and (is_said or not _is_first(chosen, week)):
            small.append(words.key_of_day.format(day=day, name=name))
            continue
        is_said = is_said or text is words.key_first
        yield Reason(text=text.format(name=name, day=day), evidence=evidence)
    if small:
        text = words.key_small.format(sessions=", ".join(small))
        yield Reason(text=text, evidence=evidence)


def _is_first(chosen: ChosenWorkout, week: SolvedWeek) -> bool:
    """Whether no work of the kind was done of late, as far as recordings could have shown it."""
    family, monday = chosen.family, week.demands.week.start
    done = (
        one
        for one in week.demands.hard_work
        if one.sport is family.sport
        and one.zone >= chosen.zone
        and monday - MEMORY <= one.day < monday
    )
    return week.demands.envelope.hard_limit(family.sport) is not None and not any(done)


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


def _hours(duration_s: float, words: Words) -> str:
    hours = f"{duration_s / SECONDS_PER_HOUR:.1f}".replace(".", words.decimal)
    return words.hours.format(hours=hours)
