"""What an athlete should know before a planned week: what could not be met, and is not known.

Why the week looks as it does belongs to `plan_reasons`; the sentences lie in `words`.
"""

from collections.abc import Iterator
from datetime import timedelta

from weekly_plan_assets.domain.athlete.injury import Tissue
from weekly_plan_assets.domain.athlete.race_time import supported_time_s
from weekly_plan_assets.domain.athlete.targets import own_target
from weekly_plan_assets.domain.envelope.long_session import STEP_UP, needed_s
from weekly_plan_assets.domain.envelope.race_effort import RaceEffort, race_effort
from weekly_plan_assets.domain.envelope.season import is_away
from weekly_plan_assets.domain.envelope.unfinished_week import is_unfinished
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import DAY_NAMES_BY_LANGUAGE, DAYS_PER_WEEK
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.durations import TOLERANCE
from weekly_plan_assets.planners.evidence import longest_of_late_s
from weekly_plan_assets.planners.season_reasons import begun, is_shown, phase_race
from weekly_plan_assets.planners.solver import SolvedWeek
from weekly_plan_assets.planners.week_constraints import Demands
from weekly_plan_assets.planners.wording import (
    about_in_words,
    clock_in_words,
    date_in_words,
    target_in_words,
)
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workouts import endurance_s

OUT_OF_REACH = 0.03
"""A target so much faster than present fitness supports is more than months of training bring to
most (practice)."""

HEALING = timedelta(weeks=12)
"""Bone and tendon need so long after running has begun again (practice)."""

NEAR_DAYS = 2 * DAYS_PER_WEEK
"""So near a race nothing can be trained for it any more (Bosquet 2007: a taper takes two weeks)."""

GROWING_SHARE = 0.7
"""Of the weeks to a race, so many let the long session climb: the others are easier weeks and the
taper. Project convention."""

LONG_FOR_AN_ULTRA = 0.15
"""The same of races so long that nobody trains for 40 % of them (coaching practice)."""

LONG_FOR_A_RACE, LONG_ENOUGH_S = 0.4, 2 * SECONDS_PER_HOUR
"""Who has done no session of 40 % of a race's time, nor one of two hours, is not trained for it
(coaching practice: marathons are prepared for with runs of 60 % and more)."""

FAR_BEYOND = 2.0
"""A race that takes so many times the longest session is far beyond it, though weeks are left to
grow towards it. Project convention."""

RACE_MEMORY = timedelta(weeks=8)
"""What was done longer ago prepares for no race. Project convention."""

MEANT_TO_BE_SHORT = frozenset({Phase.RECOVERY, Phase.RETURN, Phase.TAPER, Phase.RACE_WEEK})
"""Phases whose weeks are short on purpose, so that nothing is missing from them."""


def warnings(request: PlanningRequest, week: SolvedWeek) -> tuple[str, ...]:
    """What the athlete should know before starting; empty where all is known and well."""
    words = WORDS[request.context.athlete.language]
    return (*_not_met(request, week, words), *not_known(request, words))


def _not_met(request: PlanningRequest, week: SolvedWeek, words: Words) -> Iterator[str]:
    """What was wanted and does not go together."""
    context, demands = request.context, week.demands
    if is_unfinished(request.metrics):
        days = words.days_one if request.metrics.days_passed == 1 else words.days_many
        yield words.under_way.format(days=days.format(count=request.metrics.days_passed))
    elif request.metrics.is_empty:
        yield words.nothing_recorded
    if context.envelope.phase is Phase.RETURN and week.sessions:
        yield from _of_return(demands, words)
    yield from _of_healed(request, words)
    day_names = DAY_NAMES_BY_LANGUAGE[context.athlete.language]
    for anchored in demands.given_way:
        yield words.given_way.format(
            kind=words.kinds[anchored.kind],
            sport=words.sports[anchored.sport],
            minutes=anchored.duration_min,
            day=day_names[anchored.weekday],
        )
    yield from _of_shortened(demands, words)
    for race in context.athlete.races:
        if race.date in context.planned_week and is_away(context.athlete, race.date):
            yield words.race_while_away.format(date=date_in_words(race.date, words))
    yield from _of_races(request, demands, words)
    if not any(day.shortest_s or day.is_fixed for day in demands.days):
        yield words.no_room
    elif week.wants_long and not any(one.kind is SessionKind.LONG for one in week.sessions):
        yield words.no_long
    yield from _out_of_reach(request, words)
    yield from _load_not_met(week, words)
    if week.over_s:
        yield words.too_hard


def _out_of_reach(request: PlanningRequest, words: Words) -> Iterator[str]:
    """The targets of races ahead that present fitness does not support."""
    athlete, monday = request.context.athlete, request.context.planned_week.start
    for race in athlete.races:
        supported_s = supported_time_s(race, athlete)
        if race.target_time_s is None or supported_s is None or not is_shown(race, monday):
            continue
        if race.target_time_s < (1 - OUT_OF_REACH) * supported_s:
            yield words.out_of_reach.format(
                name=shown_name(race.name) or words.race_unnamed,
                target=clock_in_words(race.target_time_s),
                supported=clock_in_words(supported_s),
            )


def _load_not_met(week: SolvedWeek, words: Words) -> Iterator[str]:
    envelope = week.demands.envelope
    if week.load > envelope.max_load:
        yield words.above_max
    elif week.load < envelope.min_load:
        yield words.below_min
    elif envelope.phase in MEANT_TO_BE_SHORT or envelope.effort_on is not None:
        return
    elif week.load < (1 - TOLERANCE) * envelope.target_load and not _is_long_enough(week):
        yield words.below_target


def _is_long_enough(week: SolvedWeek) -> bool:
    """Whether the time that was aimed at is there, whatever load it brings."""
    target_s = week.demands.envelope.target_time_s
    return target_s is not None and endurance_s(week.sessions) >= (1 - TOLERANCE) * target_s


def _of_healed(request: PlanningRequest, words: Words) -> Iterator[str]:
    """What to watch for in the months after an injury of bone or tendon."""
    monday, athlete = request.context.planned_week.start, request.context.athlete
    is_back = request.context.envelope.comeback is None and Sport.RUN in athlete.endurance_sports
    recent = (
        one
        for one in athlete.absences
        if one.hurt in {Tissue.BONE, Tissue.TENDON} and one.last < monday <= one.last + HEALING
    )
    if is_back and any(recent):
        yield words.healed


def _of_shortened(demands: Demands, words: Words) -> Iterator[str]:
    """The anchored sessions that are longer than one should be this week."""
    athlete = demands.athlete
    for one in (one for day in demands.days for one in day.anchored):
        wanted_min = next(
            anchored.duration_min
            for anchored in athlete.anchored
            if (anchored.weekday, anchored.sport, anchored.kind)
            == (one.date.weekday(), one.sport, one.kind)
        )
        if one.duration_s < wanted_min * SECONDS_PER_MINUTE:
            yield words.anchored_shortened.format(
                kind=words.kinds[one.kind],
                sport=words.sports[one.sport],
                day=DAY_NAMES_BY_LANGUAGE[athlete.language][one.date.weekday()],
                minutes=wanted_min,
                now=one.duration_s // SECONDS_PER_MINUTE,
            )


def _of_races(request: PlanningRequest, demands: Demands, words: Words) -> Iterator[str]:
    """The races ahead for which the athlete is not well, or not trained in time."""
    context, monday = request.context, request.context.planned_week.start
    for race in context.athlete.races:
        if not is_shown(race, monday) or is_away(context.athlete, race.date):
            continue
        days = (race.date - monday).days
        is_near = days < NEAR_DAYS
        if is_near and context.envelope.phase is Phase.RETURN and not demands.begins:
            text = words.race_too_soon.format(race=phase_race(race, words))
            yield begun(text, race, words)
        effort = race_effort(race, context.athlete)
        longest_s = longest_of_late_s(request, effort.sport, RACE_MEMORY)
        least_s = min(
            LONG_FOR_A_RACE * effort.duration_s,
            max(LONG_ENOUGH_S, LONG_FOR_AN_ULTRA * effort.duration_s),
        )
        is_far = not is_near and _is_far_beyond(effort, longest_s)
        reach_s = longest_s * STEP_UP ** (GROWING_SHARE * (days // DAYS_PER_WEEK))
        within_reach = max(longest_s, reach_s) >= least_s
        if (within_reach and not is_far) or (not longest_s and not is_near):
            continue
        near = words.race_untrained if longest_s else words.race_unprepared
        ahead = words.race_far if within_reach else words.race_ambitious
        text = (near if is_near else ahead).format(
            race=phase_race(race, words),
            time=about_in_words(effort.duration_s, words),
            sport=words.sports[effort.sport],
            longest=about_in_words(longest_s, words),
            reach=about_in_words(reach_s, words),
        )
        yield begun(text, race, words)


def _is_far_beyond(effort: RaceEffort, longest_s: float) -> bool:
    """Whether a race is far beyond the longest session, and that too short to prepare for it."""
    prepares_s = needed_s(effort.sport, effort.duration_s)
    return FAR_BEYOND * longest_s <= effort.duration_s and longest_s < prepares_s


def _of_return(demands: Demands, words: Words) -> Iterator[str]:
    """What holds on the way back, and when to stop."""
    back = demands.envelope.comeback
    if back is None:
        yield words.first_week if demands.begins else words.return_week
        return
    yield words.way_back.format(week=back.week, weeks=back.weeks)
    if back.hurt is not None:
        yield words.stop_rule


def not_known(request: PlanningRequest, words: Words) -> Iterator[str]:
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
        if threshold.as_of is None or not threshold.is_stale(today):
            continue
        if threshold.sport in athlete.endurance_sports:
            value = target_in_words(own_target(threshold), threshold.sport, words)
            yield words.stale_threshold.format(
                what=words.thresholds[threshold.sport].format(value=value),
                date=date_in_words(threshold.as_of, words),
            )
