"""Planning for some athletes of a cohort together: read and written at once, planned one by one.

An athlete for whom a step fails is taken no further, and is nobody else's affair. What is done
together and fails is done again one by one, which shows whose it is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import local
from time import monotonic
from typing import TypeAlias, TypeVar

from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.athletes.stored_knowledge import StoredKnowledge, with_sessions
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.domain.run_id import mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.planning import (
    ExecutionInfo,
    FrozenInputs,
    KnownWeeks,
    frozen_inputs,
)
from weekly_plan_assets.lineage.records.provenance import RunOrigin
from weekly_plan_assets.lineage.records.records import PlanningOutcome, PlanSnapshot, Status
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument, encode
from weekly_plan_assets.storage.collections import CollectionName

T = TypeVar("T")

Answered: TypeAlias = tuple[PlanningOutcome, PlanSnapshot | None]
"""What came of asking, and the plan that it publishes if it is valid."""

_KEPT_BACK_S = 1.0
"""How old an answer may get before it is written: a model may take half a minute for each."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What became of an athlete's week.

    Attributes:
        run_id: The execution; of a plan that stands, the one that made it.
        errors: Why there is no valid plan; empty where there is one.
        stands: Whether the plan was made before, by the same code from the same inputs.
    """

    run_id: str
    errors: tuple[str, ...] = ()
    stands: bool = False


@dataclass(frozen=True, slots=True)
class CohortPlanning:
    """What a run is to plan.

    Attributes:
        week: The observed week.
        planner: Who is asked.
        origin: The run.
        again: Whether athletes are planned for whose plan stands.
    """

    week: TrainingWeek
    planner: PlannerSetup
    origin: RunOrigin
    again: bool = False

    def freeze(self, known: KnownWeeks) -> FrozenInputs:
        """What is about to be asked for an athlete."""
        run_id = mint_run_id(self.origin.dagster_run_id, self.week, known.athlete_id)
        info = ExecutionInfo(self.origin, datetime.now(UTC), self.planner.recorded)
        return frozen_inputs(run_id, known, self.planner.planner, info)

    def ask(self, frozen: FrozenInputs) -> Answered:
        """What came of asking, and the plan to publish if it is valid."""
        inputs = frozen.inputs
        attempts = self.planner.ask(frozen.request, inputs.prompt)
        made = inputs.provenance and inputs.provenance.ended(datetime.now(UTC), self.origin)
        outcome = PlanningOutcome.of(inputs, attempts, made)
        if outcome.status is not Status.SUCCESS:
            return outcome, None
        return outcome, PlanSnapshot.of(outcome, made)


@dataclass(frozen=True, slots=True)
class ChunkPlanning:
    """The planning of a chunk.

    Attributes:
        errors: Why it failed, by the ids of those for whom it did so far.
    """

    roster: OpenedRoster
    planning: CohortPlanning
    errors: dict[str, str] = field(default_factory=dict)

    def plan(self, athletes: Sequence[RosterAthlete]) -> Outcomes[Planned]:
        """Plan the next week of each, unless that was done before; publish what is valid."""
        ids = [one.id for one in athletes]
        stored = StoredKnowledge.read(self.roster.database, ids, self.planning.week)
        read = self.roster.read_each(athletes, lambda steps: stored.known(steps.athlete))
        self.errors.update(read.errors)
        known = with_sessions(read.done)
        frozen = self._each(
            _those(athletes, known), lambda steps: self.planning.freeze(known[steps.athlete_id])
        )
        stands = {} if self.planning.again else self._standing(athletes, stored, frozen)
        due = {id_: one for id_, one in frozen.items() if id_ not in stands}
        written = self._write(
            CollectionName.RUN_ARTIFACTS,
            athletes,
            {id_: one.document for id_, one in due.items()},
        )
        outcomes = self._asked(_those(athletes, written), due)
        planned = {id_: Planned(one.run_id, one.errors) for id_, one in outcomes.items()}
        return Outcomes(stands | planned, self.errors)

    def _standing(
        self,
        athletes: Sequence[RosterAthlete],
        stored: StoredKnowledge,
        frozen: Mapping[str, FrozenInputs],
    ) -> dict[str, Planned]:
        found = self._each(
            _those(athletes, frozen), lambda steps: stored.standing(frozen[steps.athlete_id].inputs)
        )
        return {id_: Planned(run_id, stands=True) for id_, run_id in found.items() if run_id}

    def _asked(
        self, athletes: Sequence[RosterAthlete], due: Mapping[str, FrozenInputs]
    ) -> dict[str, PlanningOutcome]:
        """Ask for each athlete; answers are stored together, but none is held back for long."""
        published: dict[str, PlanningOutcome] = {}
        kept_back: dict[str, Answered] = {}
        written_s = monotonic()
        try:
            for answer in self._answers(athletes, due):
                kept_back |= answer
                if monotonic() - written_s > _KEPT_BACK_S:
                    published |= self._publish(athletes, kept_back)
                    kept_back, written_s = {}, monotonic()
        finally:  # of use where the run is terminated: an answer may have been paid for
            published |= self._publish(athletes, kept_back)
        return published

    def _answers(
        self, athletes: Sequence[RosterAthlete], due: Mapping[str, FrozenInputs]
    ) -> Iterator[dict[str, Answered]]:
        """The answer for each athlete by the id, as they come; nothing for whom asking failed."""
        planner = self.planning.planner
        if planner.at_once == 1:
            for athlete in athletes:
                yield self._each([athlete], lambda steps: self.planning.ask(due[steps.athlete_id]))
            return
        of_thread = local()

        def ask(steps: StoredSteps) -> Answered:
            if not hasattr(of_thread, "planning"):
                of_thread.planning = replace(self.planning, planner=planner.reopened())
            answered: Answered = of_thread.planning.ask(due[steps.athlete_id])
            return answered

        pool = ThreadPoolExecutor(planner.at_once)
        asked = [pool.submit(self._each, [athlete], ask) for athlete in athletes]
        try:
            yield from (one.result() for one in as_completed(asked))
        finally:  # nobody else is asked for where the store is away, or the run is terminated
            pool.shutdown(wait=False, cancel_futures=True)

    def _publish(
        self, athletes: Sequence[RosterAthlete], answers: Mapping[str, Answered]
    ) -> dict[str, PlanningOutcome]:
        """Store outcomes, then the plans that are valid; what was stored."""
        outcomes = {id_: encode(outcome) for id_, (outcome, _) in answers.items()}
        written = self._write(CollectionName.RUN_ARTIFACTS, athletes, outcomes)
        plans = {
            id_: encode(snapshot)
            for id_, (_, snapshot) in answers.items()
            if snapshot is not None and id_ in written
        }
        unpublished = plans.keys() - self._write(CollectionName.PLAN_SNAPSHOTS, athletes, plans)
        return {id_: answers[id_][0] for id_ in written if id_ not in unpublished}

    def _write(
        self,
        collection: str,
        athletes: Sequence[RosterAthlete],
        documents: Mapping[str, BsonDocument],
    ) -> Collection[str]:
        """Write a document for each athlete, by their ids; for whom it is stored now."""
        written = self.roster.write_each(
            collection, athletes, {id_: [document] for id_, document in documents.items()}
        )
        self.errors.update(written.errors)
        return written.done.keys()

    def _each(
        self, athletes: Sequence[RosterAthlete], step: Callable[[StoredSteps], T]
    ) -> dict[str, T]:
        """What a step gave for each athlete; for whom it fails, the planning ends."""
        outcomes = self.roster.for_each(athletes, step)
        self.errors.update(outcomes.errors)
        return outcomes.done


def _those(athletes: Iterable[RosterAthlete], among: Collection[str]) -> list[RosterAthlete]:
    return [one for one in athletes if one.id in among]
