"""The words around a planned week: its warnings, and its reasons with their numbers.

A reason cites only metrics that were measured, with the value as it is stored. The sentences lie
in `words`, single sessions belong to `wording`.
"""

from collections.abc import Iterator

from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.targets import own_target
from weekly_plan_assets.domain.envelope.comeback import Comeback
from weekly_plan_assets.domain.envelope.commitments import is_away
from weekly_plan_assets.domain.envelope.phase import form, season_phase
from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.envelope.time_bounds import weekly_times_s
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, mean_over
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_FROM_ZONE,
    HARD_KINDS,
    Evidence,
    Phase,
    Reason,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.readiness import Light, Signal
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE, DAYS_PER_WEEK, TrainingWeek
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.durations import TOLERANCE
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.wording import race_name, target_in_words
from weekly_plan_assets.planners.words import WORDS, Words

RACES_SHOWN_DAYS = 26 * 7
"""A race further away than half a year shapes no week yet. Project convention."""

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


def warnings(request: PlanningRequest, week: SolvedWeek) -> tuple[str, ...]:
    """What the athlete should know before starting; empty where all is known and well."""
    words = WORDS[request.context.athlete.language]
    return (*_not_met(request, week, words), *_not_known(request, words))


def _not_met(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[str]:
    """What was wanted and does not go together."""
    context, demands = request.context, week.demands
    if request.metrics.is_empty:
        yield words.nothing_recorded
    if request.metrics.days_passed < DAYS_PER_WEEK:
        yield words.under_way.format(days=request.metrics.days_passed)
    if context.envelope.phase is Phase.RETURN and week.sessions:
        yield from _of_return(context.envelope.comeback, words)
    day_names = DAY_NAMES_BY_LANGUAGE[context.athlete.language]
    for anchored in demands.given_way:
        yield words.given_way.format(
            kind=words.kinds[anchored.kind],
            sport=words.sports[anchored.sport],
            minutes=anchored.duration_min,
            day=day_names[anchored.weekday],
        )
    for race in context.athlete.races:
        if race.date in context.planned_week and is_away(context.athlete, race.date):
            yield words.race_while_away.format(date=race.date)
    if not any(day.shortest_s or day.is_fixed for day in demands.days):
        yield words.no_room
    elif week.wants_long and not any(one.kind is SessionKind.LONG for one in week.sessions):
        yield words.no_long
    yield from _load_not_met(week, words)
    if week.over_s:
        yield words.too_hard.format(minutes=-(-int(week.over_s) // SECONDS_PER_MINUTE))


def _load_not_met(week: SolvedWeek, words: Words) -> Iterator[str]:
    envelope = week.demands.envelope
    if week.load > envelope.max_load:
        yield words.above_max.format(load=week.load, bound=envelope.max_load)
    elif week.load < envelope.min_load:
        yield words.below_min.format(load=week.load, bound=envelope.min_load)
    elif week.load < (1 - TOLERANCE) * envelope.target_load:
        yield words.below_target.format(load=week.load, bound=envelope.target_load)


def _of_return(back: Comeback | None, words: Words) -> Iterator[str]:
    """What holds on the way back, and when to stop."""
    if back is None:
        yield words.return_week
        return
    yield words.way_back.format(week=back.week, weeks=back.weeks)
    if back.hurt is not None:
        yield words.stop_rule


def _not_known(request: PlanningRequest, words: Words) -> Iterator[str]:
    """What was not measured."""
    context, metrics = request.context, request.metrics
    if context.athlete.hr_bounds(1).bpm_high is None and not context.athlete.thresholds:
        yield words.by_effort_only
    yield from _stale(request, words)
    if metrics.hrv_mean_ms is None:
        yield words.hrv_not_measured
    if metrics.rest_hr_mean_bpm is None:
        yield words.rest_hr_not_measured
    if metrics.ctl_end is None or metrics.atl_end is None:
        yield words.fitness_not_known
    if metrics.unknown_load_count:
        yield words.loads_not_known.format(count=metrics.unknown_load_count)


def _stale(request: PlanningRequest, words: Words) -> Iterator[str]:
    """The thresholds that were set long ago."""
    athlete, today = request.context.athlete, request.context.planned_week.start
    for threshold in athlete.thresholds:
        if threshold.is_stale(today) and threshold.sport in athlete.endurance_sports:
            value = target_in_words(own_target(threshold), threshold.sport, words)
            yield words.stale_threshold.format(
                what=words.thresholds[threshold.sport].format(value=value), date=threshold.as_of
            )


def justification(request: PlanningRequest, week: SolvedWeek) -> tuple[Reason, ...]:
    """Why the week looks as it does. What was not measured gives no reason."""
    words = WORDS[request.context.athlete.language]
    return (
        *_phase_reason(request, words),
        _load_reason(request, week, words),
        *_form_reason(request, words),
        *_readiness_reasons(request, words),
        *_race_reasons(request, words),
        *_long_run_reason(request, week, words),
        _hard_reason(request, week, words),
    )


def _phase_reason(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    """What decided the phase; the envelope keeps it in English only, so it is decided once more."""
    context = request.context
    athlete, readiness = context.athlete, context.envelope.readiness
    observed = TrainingWeek(request.metrics.week_start)
    times_s = weekly_times_s(request.sessions, athlete, observed)
    phase, reason = season_phase(request.metrics, request.history, athlete, readiness, times_s)
    if phase is not context.envelope.phase:  # of an envelope that was made by hand
        return
    race = reason.race
    why = words.phase_reasons[reason.why].format(
        weeks=reason.weeks,
        of=reason.of,
        signals=", ".join(words.signals.get(name, name) for name in reason.signals),
        race=None
        if race is None
        else words.phase_race.format(
            name=shown_name(race.name) or words.race_unnamed, priority=race.priority.value
        ),
    )
    cited = [name for signal in reason.signals for name in METRICS_OF_SIGNAL.get(signal, ())]
    yield Reason(
        text=words.phase_reason.format(phase=words.phases[phase], why=why),
        evidence=_cite(request, *cited, *_METRICS_OF_PHASE.get(reason.why, ())),
    )


def _load_reason(request: PlanningRequest, week: SolvedWeek, words: Words) -> Reason:
    envelope = request.context.envelope
    return Reason(
        text=words.load_reason.format(
            load=week.load,
            target=envelope.target_load,
            low=envelope.min_load,
            high=envelope.max_load,
        ),
        # The number of sessions is always known, also where no load is.
        evidence=_cite(request, "training_load", "ctl_end") or _cite(request, "activity_count"),
    )


def _form_reason(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    observed = form(request.metrics)
    if observed is not None:
        yield Reason(
            text=words.form_reason.format(form=f"{observed:.1f}"),
            evidence=_cite(request, "ctl_end", "atl_end"),
        )


def _readiness_reasons(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    """The signals that ask for care."""
    for signal in request.context.envelope.readiness.signals:
        if signal.light in {Light.AMBER, Light.RED} and signal.value is not None:
            yield Reason(
                text=words.signal_reason.format(
                    signal=words.signals.get(signal.name, signal.name),
                    light=words.lights[signal.light],
                    value=_shown(signal.value, signal),
                    baseline=""
                    if signal.baseline is None
                    else words.signal_baseline.format(baseline=_shown(signal.baseline, signal)),
                ),
                evidence=_cite(request, *METRICS_OF_SIGNAL.get(signal.name, ())),
            )


def _shown(value: float, signal: Signal) -> str:
    return f"{value:.3g} {signal.unit}".strip()


def _race_reasons(request: PlanningRequest, words: Words) -> Iterator[Reason]:
    """The races that the athlete trains for, the next one first."""
    monday = request.context.planned_week.start

    def days_to(race: Race) -> int:
        return (race.date - monday).days

    for race in sorted(request.context.athlete.races, key=lambda race: (race.date, race.priority)):
        if 0 <= days_to(race) <= RACES_SHOWN_DAYS:
            yield Reason(
                text=words.race_reason.format(
                    name=race_name(race, words),
                    priority=race.priority.value,
                    date=race.date,
                    days=days_to(race),
                ),
            )


def _long_run_reason(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[Reason]:
    runs_s = [
        session.duration_s
        for session in week.sessions
        if session.sport is Sport.RUN and session.kind is not SessionKind.RACE
    ]
    evidence = _cite(request, "longest_run_time_s")
    if runs_s and evidence:
        yield Reason(
            text=words.long_run_reason.format(
                longest=max(runs_s) // SECONDS_PER_MINUTE,
                allowed=request.context.envelope.longest_run_s // SECONDS_PER_MINUTE,
            ),
            evidence=evidence,
        )


def _hard_reason(request: PlanningRequest, week: SolvedWeek, words: Words) -> Reason:
    count = sum(
        session.kind in HARD_KINDS or (session.zone or 0) >= HARD_FROM_ZONE
        for session in week.sessions
    )
    return Reason(
        text=words.hard_reason.format(count=count, allowed=request.context.envelope.hard_sessions),
        evidence=_cite(request, "vo2_sessions", "tempo_sessions"),
    )


def _cite(request: PlanningRequest, *names: str) -> tuple[Evidence, ...]:
    """Evidence for those of the metrics that were measured; the baseline is the history's mean."""
    cited = []
    for name in names:
        value = getattr(request.metrics, name)
        if value is None:
            continue
        cited.append(
            Evidence(
                metric=WeeklyMetrics.model_fields[name].alias or name,
                value=value,
                baseline=mean_over(request.history, name),
            )
        )
    return tuple(cited)
