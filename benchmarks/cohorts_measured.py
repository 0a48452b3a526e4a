"""The figures of `benchmarks.cohorts`, on simulated athletes in the state folder in force."""

import resource
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import Any

import psutil

from benchmarks.clocks import clocked
from benchmarks.figures import Figure
from weekly_plan_assets.athletes import cohort_metrics
from weekly_plan_assets.athletes.chunk_planning import CohortPlanning
from weekly_plan_assets.athletes.cohort_metrics import summarised_for
from weekly_plan_assets.athletes.cohort_planning import planned_for
from weekly_plan_assets.athletes.cohorts import Cohort
from weekly_plan_assets.athletes.each_athlete import OpenedRoster
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.defs.cohorts import cohort_assets
from weekly_plan_assets.domain.athlete.habit import HABIT_WEEKS
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.headless import runs_here
from weekly_plan_assets.headless.cohort_runner import CohortRunner
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.runs.facts import COHORT_PUBLISHING_STEP
from weekly_plan_assets.runs.instance import open_instance
from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.cohort_documents import note_athletes
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WELLNESS

MS_A_S = 1000
KIB_A_MIB = 1024
BYTES_A_MIB = 1024 * 1024

PLANNING, EVENTS, METRICS = "planning: three documents", "run events", "metrics"
READING, ADHERENCE, OVERVIEW = "reading the simulation", "adherence", "the table of the overview"

STEPS: dict[str, tuple[object, str]] = {
    PLANNING: (cohort_assets, "planned_for"),
    EVENTS: (runs_here, "record_run_events"),
    METRICS: (cohort_assets, "summarised_for"),
    READING: (StoredSteps, "read"),
    ADHERENCE: (cohort_assets, "compared_for"),
    OVERVIEW: (cohort_assets, "cohort_overview"),
}
"""What a run does for its athletes; the rest is Dagster's share."""

CALCULATED = "metrics, the calculation alone"
INSIDE: dict[str, tuple[object, str]] = {CALCULATED: (cohort_metrics, "summarise_athletes")}


def measure(many: int) -> tuple[list[Figure], dict[str, Any]]:
    """What the parts of a run of a cohort take of an athlete's week.

    Args:
        many: So many weeks are planned beside it, for everybody in the roster; 0: none.
    """
    settings = load_settings()
    with open_instance() as instance:
        runner = CohortRunner.of(settings, instance)
        cohort, *others_of_roster = runner.cohorts()
        observed = TrainingWeek.latest_whole(settings.today())
        roster = OpenedRoster(settings, runner.database)
        weeks = [observed.shift(-back) for back in range(HABIT_WEEKS, -1, -1)]
        store_weeks(roster, cohort.athletes, weeks)
        runner.plan(cohort, observed.shift(-1))  # all is imported, and a plan is to compare with
        taken = one_run(runner, cohort, observed)
        figures = [
            Figure("planning and run events: four documents", taken.of(PLANNING, EVENTS), 0.010, 1),
            Figure(METRICS, taken.of(METRICS), 0.0012, 1),
            Figure(CALCULATED, taken.of(CALCULATED)),
            Figure("Dagster's share", taken.rest(), 0.0012, 1),
            *(Figure(name, taken.of(name)) for name in (PLANNING, EVENTS)),
            *(Figure(name, taken.of(name)) for name in (READING, ADHERENCE, OVERVIEW)),
            Figure("all of the run", taken.whole_s),
            Figure("mongod beside it", taken.mongod_s),
        ]
        others = {"athletes": len(cohort.athletes), "wallSeconds": round(taken.wall_s, 1)}
        if many:
            cohorts = (cohort, *others_of_roster)
            everybody = [one for of_cohort in cohorts for one in of_cohort.athletes]
            others |= many_weeks(roster, everybody, many)
    return figures, others


def store_weeks(
    roster: OpenedRoster, athletes: Sequence[RosterAthlete], weeks: list[TrainingWeek]
) -> None:
    """Store what the athletes did in these weeks, and the metrics of them."""
    read = roster.for_each(
        athletes, lambda steps: (steps.read(ACTIVITIES, weeks), steps.read(WELLNESS, weeks))
    )
    summarised = summarised_for(athletes, roster, weeks)
    require_none(read.errors | summarised.errors)


def require_none(errors: Mapping[str, object]) -> None:
    """Raise where something failed: what is measured would be less work.

    Raises:
        RuntimeError: It did.
    """
    if errors:
        raise RuntimeError(f"it failed for {errors}")


class Taken:
    """What a run took, in seconds of the processor an athlete."""

    def __init__(self, athletes: int) -> None:
        self._athletes = athletes
        self._whole_s = self._mongod_s = self.wall_s = 0.0
        self.parts_s: dict[str, float] = {}

    @contextmanager
    def measured(self, mongod: psutil.Process) -> Iterator[None]:
        """Measure what is done inside the `with`."""
        began_s, wall_s, served_s = process_time(), perf_counter(), cpu_s(mongod)
        with clocked({**STEPS, **INSIDE}, process_time) as self.parts_s:
            yield
        self._whole_s = process_time() - began_s
        self.wall_s = perf_counter() - wall_s
        self._mongod_s = cpu_s(mongod) - served_s

    def of(self, *names: str) -> float:
        """What parts of it took together."""
        return sum(self.parts_s[name] for name in names) / self._athletes

    def rest(self) -> float:
        """What is in no part."""
        return self.whole_s - self.of(*STEPS)

    @property
    def whole_s(self) -> float:
        """All of it."""
        return self._whole_s / self._athletes

    @property
    def mongod_s(self) -> float:
        """What the server took meanwhile, which works for all of it."""
        return self._mongod_s / self._athletes


def one_run(runner: CohortRunner, cohort: Cohort, observed: TrainingWeek) -> Taken:
    """Plan a week of a cohort, as the command does."""
    taken = Taken(len(cohort.athletes))
    with taken.measured(own_mongod()):
        events = runner.plan(cohort, observed)
    require_none({event.athlete_id: event.errors for event in events if event.errors})
    if len(events) != len(cohort.athletes):
        raise RuntimeError(f"{len(events)} athletes of {len(cohort.athletes)} have an event")
    return taken


def own_mongod() -> psutil.Process:
    """The embedded server of this process."""
    children = psutil.Process().children(recursive=True)
    servers = [one for one in children if one.name().startswith("mongod")]
    if not servers:  # the embedded server outlives the process that started it
        folder = str(load_settings().embedded_dir)
        servers = [
            one
            for one in psutil.process_iter(["name", "cmdline"])
            if one.info["name"] == "mongod" and any(folder in part for part in one.info["cmdline"])
        ]
    (server,) = servers
    return server


def cpu_s(process: psutil.Process) -> float:
    """Seconds of the processor that it has taken so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def many_weeks(
    roster: OpenedRoster, athletes: Sequence[RosterAthlete], count: int
) -> dict[str, Any]:
    """Plan week after week for the athletes, one process on one core."""
    last = TrainingWeek.latest_whole(roster.settings.today())
    weeks = [last.shift(-back) for back in range(count - 1, -1, -1)]
    store_weeks(roster, athletes, [*(weeks[0].shift(-back) for back in range(8, 0, -1)), *weeks])
    before = stored_bytes(roster)
    began_s, wall_s, mongod = process_time(), perf_counter(), own_mongod()
    served_s = cpu_s(mongod)
    first_days = roster.for_each(athletes, lambda steps: steps.athlete.first_day).done
    planned, invalid = 0, 0
    for week in weeks:
        # Some begin to train later than others.
        training = [one for one in athletes if (day := first_days[one.id]) and day <= week.start]
        invalid += plan_again(roster, training, week)
        planned += len(training)
    taken_s = process_time() - began_s
    after = stored_bytes(roster)
    return {
        "many athlete-weeks": [
            {"what": what, "value": value}
            for what, value in {
                "athlete-weeks planned": planned,
                "of them without a valid plan": invalid,
                "wall minutes": round((perf_counter() - wall_s) / 60, 1),
                "processor ms an athlete-week": round(taken_s / planned * MS_A_S, 2),
                "mongod ms an athlete-week": round(
                    (cpu_s(mongod) - served_s) / planned * MS_A_S, 2
                ),
                "peak MiB of this process": round(
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB
                ),
                "peak MiB of mongod": round(mongod.memory_info().rss / BYTES_A_MIB),
                **{
                    f"{name}: bytes an athlete-week, plain and on disk": " and ".join(
                        str(round((after[name][at] - before[name][at]) / planned)) for at in (0, 1)
                    )
                    for name in after
                },
            }.items()
        ]
    }


def plan_again(roster: OpenedRoster, athletes: Sequence[RosterAthlete], week: TrainingWeek) -> int:
    """Plan a week without Dagster, so without run events; how many athletes have no plan."""
    run_id = f"of-{week}"
    origin = RunOrigin(
        dagster_run_id=run_id, root_run_id=run_id, retry_number=0, partition=week.key
    )
    note_athletes(roster.database, run_id, week, [one.id for one in athletes])
    setup = PlannerSetup(RulesPlanner(), 1, {})
    planning = CohortPlanning(week, setup, origin, again=True)
    return len(planned_for(athletes, roster, planning, COHORT_PUBLISHING_STEP).errors)


def stored_bytes(roster: OpenedRoster) -> dict[str, tuple[int, int]]:
    """By collection, the bytes of the documents, and those on disk with indexes."""
    roster.database.client.admin.command("fsync")
    found = {}
    for name in ("run_artifacts", "plan_snapshots"):
        stats = roster.database.command("collStats", name)
        found[name] = (stats["size"], stats["storageSize"] + stats["totalIndexSize"])
    return found
