from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.habit import Habit
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.envelope.comeback import Comeback
from weekly_plan_assets.domain.envelope.hard_bounds import HardLimit
from weekly_plan_assets.domain.envelope.session_bounds import SportLimit
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    CoverageNeed,
    Guardrail,
    PlanContext,
    RuleOutcome,
    Severity,
    judge_plan,
    registry_version,
    violations,
    warnings_of,
)
from weekly_plan_assets.domain.metrics.coverage import Coverage, Measured
from weekly_plan_assets.domain.plan.session_parts import Target, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import (
    Evidence,
    Intensity,
    Phase,
    Reason,
    SessionKind,
    Sport,
    WeeklyPlan,
)
from weekly_plan_assets_tests.support.valid_week import (
    ATHLETE,
    CONTEXT,
    EASY,
    ENVELOPE,
    HARD,
    RACE,
    SAT,
    STRENGTH,
    TUE,
    WEEK,
    broken,
    days,
    judged,
    of_athlete,
    of_zones_of,
    part,
    plan_of,
    session,
    steady,
    steered,
    with_day,
    with_days,
    with_saturday,
    with_week,
)
from weekly_plan_assets_tests.support.week_rows import week

UNMEASURED_HRV = Reason(text="HRV is low.", evidence=(Evidence(metric="hrvMean", value=41.0),))


def a_week_late() -> WeeklyPlan:
    plan = plan_of(days())
    late = [day.model_copy(update={"date": day.date + timedelta(weeks=1)}) for day in plan.days]
    return plan.model_copy(update={"days": tuple(late)})


def coverage(load: tuple[int, int] = (5, 5), run_time: tuple[int, int] = (5, 5)) -> Coverage:
    """A week of which so many activities have a load, and so many runs a time, of so many."""
    counts = {"trainingLoad": load, "longestRunTime": run_time}
    return Coverage(
        days=7,
        wellness_last_day=None,
        metrics={
            metric: Measured(measured=measured, of=of, sources=())
            for metric, (measured, of) in counts.items()
        },
        twins=(),
        stubs=0,
        implausible=(),
    )


def of_envelope(**changed: Any) -> PlanContext:
    """The context whose envelope says something else."""
    return replace(CONTEXT, envelope=ENVELOPE.model_copy(update=changed))


def covered(context: PlanContext, *weeks: Coverage) -> PlanContext:
    """The context after weeks of this coverage, the observed one last."""
    before = {context.planned_week.shift(i - len(weeks)): one for i, one in enumerate(weeks)}
    return replace(context, coverage=before)


THIN = covered(CONTEXT, coverage((0, 5), (0, 5)))
A_RACE_ON_MONDAY = Race(date=WEEK.end + timedelta(days=1), priority=RacePriority.A)
C_RACE_ON_SATURDAY = Race(date=WEEK.days[SAT], priority=RacePriority.C)
RIDE_120 = steady(SessionKind.EASY, 2, 120, Sport.RIDE)
RIDE_300 = steady(SessionKind.EASY, 2, 300, Sport.RIDE)
RUN_20 = steady(SessionKind.EASY, 2, 20)
RUN_30 = steady(SessionKind.EASY, 2, 30)
STRIDE_OUT = steady(SessionKind.RECOVERY, 1, 10)
LONG_STRENGTH = STRENGTH.model_copy(update={"duration_s": 7260, "planned_load": 60})
TEMPO = steady(SessionKind.TEMPO, 3)
NEARLY_ZONE_3 = session(SessionKind.LONG, part(29, 2), part(31, 3), zone=3)

MUTATIONS: Mapping[str, Callable[[], tuple[WeeklyPlan, PlanContext]]] = {
    "week.dates": lambda: (a_week_late(), CONTEXT),
    "week.bounds": lambda: (with_week(week_start=WEEK.start + timedelta(days=1)), CONTEXT),
    "week.phase": lambda: (with_week(phase=Phase.RECOVERY), CONTEXT),
    "day.name": lambda: (with_day(TUE, day_name="Monday"), CONTEXT),
    "hard.count": lambda: (with_days(Thursday=[HARD], Saturday=[HARD]), CONTEXT),
    "hard.spacing": lambda: (with_days(Monday=[HARD], Thursday=[]), CONTEXT),
    "rest.day": lambda: (
        with_days(
            Monday=[steady(SessionKind.RECOVERY, 1, 30)],
            Friday=[steady(SessionKind.RECOVERY, 1, 20)],
        ),
        CONTEXT,
    ),
    "long_run.single": lambda: (with_days(Sunday=[EASY]), CONTEXT),
    "long_run.easy": lambda: (with_days(Sunday=[NEARLY_ZONE_3]), CONTEXT),
    "day.available": lambda: (
        plan_of(days()),
        of_athlete(available_min=(None, None, None, None, None, 59, None)),
    ),
    "anchored.kept": lambda: (with_days(Wednesday=[]), CONTEXT),
    "sport.known": lambda: (
        with_days(Saturday=[steady(SessionKind.EASY, 2, sport=Sport.SWIM)]),
        CONTEXT,
    ),
    "day.sports": lambda: (
        plan_of(days()),
        of_athlete(sports_by_day=(None, (Sport.RIDE,), None, None, None, None, None)),
    ),
    "day.halves": lambda: (
        plan_of(days()),
        of_athlete(halves_min=(None, None, None, None, None, (59, 30), None)),
    ),
    "race.placed": lambda: (plan_of(days()), of_athlete(races=(C_RACE_ON_SATURDAY,))),
    "race.fresh": lambda: (with_days(Saturday=[HARD]), of_athlete(races=(A_RACE_ON_MONDAY,))),
    "strength.days": lambda: (with_days(Tuesday=[HARD], Wednesday=[EASY, STRENGTH]), CONTEXT),
    "steps.sum": lambda: (with_saturday(duration_s=3660), CONTEXT),
    "steps.zone": lambda: (with_saturday(intensity=ATHLETE.hr_bounds(1)), CONTEXT),
    "steps.load": lambda: (with_saturday(planned_load=51), CONTEXT),
    "target.present": lambda: (with_days(Saturday=[steered(EASY)]), CONTEXT),
    "target.fits": lambda: (
        with_days(Saturday=[steered(EASY, Target(kind=TargetKind.RPE, low=2, high=6))]),
        CONTEXT,
    ),
    "hard.progress": lambda: (
        plan_of(days()),
        of_envelope(hard_limits=(HardLimit(sport=Sport.RUN, most_s=(3600, 2700, 899)),)),
    ),
    "day.sessions": lambda: (with_days(Saturday=[STRIDE_OUT] * 5), CONTEXT),
    "session.duration": lambda: (
        with_days(Tuesday=[HARD, LONG_STRENGTH], Saturday=[STRIDE_OUT]),
        CONTEXT,
    ),
    "session.distance": lambda: (with_saturday(distance_m=42_195), CONTEXT),
    "strength.load": lambda: (
        with_days(Tuesday=[HARD, STRENGTH.model_copy(update={"planned_load": 15})]),
        CONTEXT,
    ),
    "race.estimate": lambda: (
        with_days(Saturday=[RACE.model_copy(update={"planned_load": 60})]),
        of_athlete(races=(C_RACE_ON_SATURDAY,)),
    ),
    "zone.stated": lambda: (with_saturday(intensity=None), CONTEXT),
    "zone.bpm": lambda: (
        with_saturday(intensity=Intensity(zone=2, bpm_low=120, bpm_high=150)),
        CONTEXT,
    ),
    "habit.sessions": lambda: (
        with_days(Saturday=[RUN_30, RUN_30]),
        of_athlete(habit=Habit(weeks=12, sessions_per_week=5, days_per_week=5)),
    ),
    "return.running": lambda: (
        plan_of(days()),
        of_envelope(comeback=Comeback(week=1, weeks=4, share=0.5, run_every_days=2)),
    ),
    "easy.ceiling": lambda: (
        with_days(
            Saturday=[session(SessionKind.EASY, part(45, 2), part(5, 3), part(10, 2), zone=2)]
        ),
        CONTEXT,
    ),
    "session.spike": lambda: (
        with_days(Saturday=[RIDE_120]),
        of_envelope(longest_others=(SportLimit(sport=Sport.RIDE, longest_s=7199),)),
    ),
    "load.day_sum": lambda: (with_day(TUE, planned_load=HARD.planned_load), CONTEXT),
    "load.week_sum": lambda: (
        with_week(planned_load=plan_of(days()).next_week.planned_load + 5),
        CONTEXT,
    ),
    "time.envelope": lambda: (
        plan_of(days()),
        of_envelope(max_time_s=2 * 3600),
    ),
    "race.aftermath": lambda: (
        plan_of(days()),
        of_envelope(no_run_until=WEEK.days[TUE], no_hard_until=WEEK.days[TUE]),
    ),
    "load.envelope": lambda: (with_days(Saturday=[EASY, RIDE_120]), CONTEXT),
    "load.ceiling": lambda: (with_days(Thursday=[RIDE_300, RIDE_300], Saturday=[RIDE_300]), THIN),
    "load.monotony": lambda: (with_days(Tuesday=[HARD], Friday=[EASY]), CONTEXT),
    "long_run.spike": lambda: (
        with_days(Sunday=[steady(SessionKind.LONG, 2, 90 + 1 / 60)]),
        CONTEXT,
    ),
    "long_run.weekly_share": lambda: (
        with_days(Thursday=[RUN_20], Saturday=[RUN_20], Sunday=[steady(SessionKind.LONG, 2, 180)]),
        of_envelope(longest_run_s=3 * 3600),
    ),
    "zone.share": lambda: (
        with_days(
            Tuesday=[TEMPO, STRENGTH],
            Thursday=[session(SessionKind.TEMPO, part(40, 2), part(20, 3), zone=3)],
        ),
        CONTEXT,
    ),
    "text.plain": lambda: (with_saturday(description="Go.\nAnd on."), CONTEXT),
    "text.safe": lambda: (with_saturday(goal="Ignore the pain."), CONTEXT),
    "text.language": lambda: (
        with_saturday(goal="Laufe locker und komme gut erholt nach Hause."),
        CONTEXT,
    ),
    "text.matches": lambda: (with_saturday(description="Run for 3 hours."), CONTEXT),
    "reason.unverified": lambda: (
        plan_of(days(), justification=(UNMEASURED_HRV,)),
        CONTEXT,
    ),
}


def test_a_valid_plan_breaks_no_rule() -> None:
    verdicts = judged(plan_of(days()), CONTEXT)
    assert [verdict.rule_id for verdict in verdicts] == [rule.id for rule in GUARDRAILS]
    assert {verdict.outcome for verdict in verdicts} == {RuleOutcome.PASS}


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_a_plan_broken_in_one_way_breaks_exactly_that_rule(rule: Guardrail) -> None:
    assert broken(*MUTATIONS[rule.id]()) == [rule.id]


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_every_rule_says_what_why_and_how_sure(rule: Guardrail) -> None:
    assert rule.statement.endswith(".")
    assert rule.threshold
    assert rule.source
    assert rule.grade in {"definition", "trial", "cohort", "model", "practice"}
    assert rule.version >= 1


def test_rule_ids_are_unique() -> None:
    assert len({rule.id for rule in GUARDRAILS}) == len(GUARDRAILS)


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_a_broken_rule_stops_the_plan_or_is_told_with_it(rule: Guardrail) -> None:
    verdicts = judged(*MUTATIONS[rule.id]())
    stopping = [verdict.rule_id for verdict in violations(verdicts)]
    told = [verdict.rule_id for verdict in warnings_of(verdicts)]
    warns = rule.severity is Severity.WARNING
    assert (stopping, told) == (([], [rule.id]) if warns else ([rule.id], []))


def test_the_warnings_are_those_whose_thresholds_are_habit() -> None:
    warnings = {rule.id for rule in GUARDRAILS if rule.severity is Severity.WARNING}
    assert warnings == {"load.monotony", "long_run.weekly_share"}


def test_a_verdict_names_what_was_found() -> None:
    [verdict] = violations(judged(with_day(TUE, day_name="Monday"), CONTEXT))
    assert verdict.observed == "2024-05-14 is a Tuesday, not 'Monday'"
    assert verdict.statement == (
        "Each day's name is the weekday of its date, in the athlete's language."
    )
    assert verdict.threshold
    assert verdict.version == 2


def test_a_weekly_load_off_by_five_is_told_with_both_loads() -> None:
    [verdict] = violations(judged(*MUTATIONS["load.week_sum"]()))
    assert verdict.observed == "the week states 269, its sessions hold 264"


def test_a_cited_hrv_that_was_not_measured_is_told_with_its_key() -> None:
    [verdict] = violations(judged(*MUTATIONS["reason.unverified"]()))
    assert verdict.observed == "hrvMean is cited as 41, stored is null, not measured"


def test_only_the_rules_given_are_judged() -> None:
    rules = [rule for rule in GUARDRAILS if rule.id == "rest.day"]
    assert [verdict.rule_id for verdict in judge_plan(plan_of(days()), CONTEXT, rules)] == [
        "rest.day"
    ]


def test_the_version_of_the_registry_tells_its_rules_and_their_versions_in_any_order() -> None:
    first, *others = GUARDRAILS
    assert registry_version(GUARDRAILS) == registry_version([*others, first])
    changed = {
        registry_version(GUARDRAILS),
        registry_version(others),
        registry_version([replace(first, version=first.version + 1), *others]),
    }
    assert {len(version) for version in changed} == {12}
    assert len(changed) == 3


def test_a_rule_that_only_says_more_leaves_the_version_of_the_registry() -> None:
    first, *others = GUARDRAILS
    assert registry_version([replace(first, source="Another."), *others]) == registry_version(
        GUARDRAILS
    )


def not_evaluated(context: PlanContext) -> dict[str, str]:
    """What the rules that cannot judge say, by their id."""
    verdicts = judged(plan_of(days()), context)
    return {v.rule_id: v.observed for v in verdicts if v.outcome is RuleOutcome.NOT_EVALUATED}


def test_the_context_after_a_week_is_that_of_the_week_to_plan() -> None:
    blocks = (coverage(), None, coverage((1, 2)))
    *history, observed = (week(2 - i, 250, coverage=block) for i, block in enumerate(blocks))
    told = PlanContext.after(observed, history, ATHLETE, ENVELOPE)
    assert told.planned_week == WEEK
    assert (told.metrics, told.history) == (observed, tuple(history))
    assert {str(week): block for week, block in told.coverage.items()} == {
        "2024-04-22": coverage(),
        "2024-05-06": coverage((1, 2)),
    }


def test_thin_coverage_leaves_exactly_the_two_rules_that_rest_on_it_unjudged() -> None:
    context = covered(CONTEXT, coverage((1, 2), (0, 1)), coverage((2, 5), (1, 2)))
    assert not_evaluated(context) == {
        "load.envelope": "trainingLoad was measured for 3 of 7 activities of the weeks "
        "2024-04-29 to 2024-05-06; at least 80 % are needed",
        "long_run.spike": "longestRunTime was measured for 1 of 3 activities of the weeks "
        "2024-04-29 to 2024-05-06; at least 80 % are needed",
    }


@pytest.mark.parametrize("rule", GUARDRAILS, ids=lambda rule: rule.id)
def test_however_little_was_measured_the_rules_without_needs_hold(rule: Guardrail) -> None:
    plan, context = MUTATIONS[rule.id]()
    thin = replace(context, coverage=THIN.coverage)
    assert broken(plan, thin) == ([] if rule.needs else [rule.id])


@pytest.mark.parametrize(
    "weeks",
    [
        (coverage(),),
        (coverage((4, 5), (4, 5)),),
        (coverage((3, 5), (3, 5)), coverage()),
        (coverage((0, 0), (0, 0)),),
        (),
    ],
)
def test_enough_measured_nothing_to_measure_and_rows_without_coverage_are_judged(
    weeks: tuple[Coverage, ...],
) -> None:
    assert not_evaluated(covered(CONTEXT, *weeks)) == {}


def test_each_rule_looks_at_the_weeks_that_its_bound_rests_on() -> None:
    full = (coverage(),) * 3
    five_weeks_ago = covered(CONTEXT, coverage((0, 90), (0, 90)), *full, coverage())
    assert list(not_evaluated(five_weeks_ago)) == ["load.envelope"]
    four_weeks_ago = covered(CONTEXT, coverage((0, 90), (0, 90)), *full)
    assert list(not_evaluated(four_weeks_ago)) == ["load.envelope", "long_run.spike"]


def test_after_a_break_all_known_weeks_are_looked_at() -> None:
    before, empty = coverage((5, 5), (0, 5)), coverage((0, 0), (0, 0))
    weeks = (before, empty, empty, empty, empty)
    back = replace(CONTEXT, envelope=ENVELOPE.model_copy(update={"phase": Phase.RETURN}))
    assert "long_run.spike" in not_evaluated(covered(back, *weeks))
    assert "long_run.spike" not in not_evaluated(covered(CONTEXT, *weeks))


def test_a_rule_with_several_needs_tells_every_one_that_is_not_met() -> None:
    needs = tuple(CoverageNeed(metric, 0.5, 1) for metric in ("trainingLoad", "longestRunTime"))
    rule = replace(GUARDRAILS[0], needs=needs)
    (verdict,) = judge_plan(plan_of(days()), THIN, [rule])
    assert verdict.outcome is RuleOutcome.NOT_EVALUATED
    assert "trainingLoad" in verdict.observed
    assert "longestRunTime" in verdict.observed


def test_bounds_are_not_evaluated_where_no_zones_are_known() -> None:
    unknown = Athlete(athlete_id="i1")
    bare = {
        weekday: [of_zones_of(one, unknown) for one in listed] for weekday, listed in days().items()
    }
    verdicts = judged(plan_of(bare), replace(CONTEXT, athlete=unknown))
    outcomes = {verdict.rule_id: verdict.outcome for verdict in verdicts}
    assert outcomes["zone.bpm"] is RuleOutcome.NOT_EVALUATED
    assert violations(verdicts) == ()


def test_invented_bounds_fail_where_no_zones_are_known() -> None:
    context = replace(CONTEXT, athlete=Athlete(athlete_id="i1"))
    assert broken(plan_of(days()), context) == ["zone.bpm", "target.fits"]
