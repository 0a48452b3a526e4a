"""Reads the overview of a roster from the store: the same few queries for one athlete or hundreds.

A document that cannot be read costs only its own athlete the row, and is a reason to take a look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pymongo.database import Database

from weekly_plan_assets.athletes.due_delivery import (
    NOT_DUE,
    DueDelivery,
    ReceiptSeen,
    due_delivery,
)
from weekly_plan_assets.athletes.each_athlete import Outcomes
from weekly_plan_assets.athletes.overview import (
    AthleteWeek,
    LastWeek,
    WeekStatus,
    most_urgent_first,
)
from weekly_plan_assets.athletes.overview_documents import (
    AdherenceSeen,
    CohortRunSeen,
    FailureSeen,
    InputsSeen,
    PlanSeen,
)
from weekly_plan_assets.domain.adherence import SessionOutcome
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.settings.roster import RosterAthlete, athlete_in_force, zone_of
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.roster_queries import (
    cohort_runs_of,
    deliveries_of_athletes,
    inputs_of_runs,
    newest_planned_week,
    week_documents,
)

Seen = TypeVar("Seen", bound=Document)


@dataclass(frozen=True, slots=True)
class WatchedAthlete:
    """An athlete of an overview, and the planned week that is looked at.

    Attributes:
        due: Where the plan of that week should be.
    """

    athlete_id: str
    name: str | None
    week: TrainingWeek
    due: DueDelivery = NOT_DUE


def overview_of(
    settings: Settings, database: Database[BsonDocument], week: TrainingWeek | None = None
) -> tuple[AthleteWeek, ...]:
    """The overview of the roster; without a roster, of the athlete whose plans these are.

    Args:
        settings: The settings in force.
        database: The store.
        week: The planned week. Default: the present week of each athlete's zone; if nobody has a
            plan or a failure in it, the newest planned week.

    Raises:
        SettingsError: The roster is wrong.
    """
    watched = _watched(settings, database, week)
    rows = overview_rows(database, watched)
    if week is None and all(one.status is WeekStatus.NOT_PLANNED for one in rows):
        newest = newest_planned_week(database, [one.athlete_id for one in watched])
        if newest is not None:
            return overview_rows(database, _watched(settings, database, newest))
    return rows


def cohort_overview(
    database: Database[BsonDocument], outcomes: Outcomes[Any], week: TrainingWeek
) -> tuple[AthleteWeek, ...]:
    """The overview of athletes whose planning has just ended, before its events are written.

    Args:
        database: The store.
        outcomes: For whom there is a plan, and why there is none for others; by their ids.
        week: The planned week.
    """
    ids = {*outcomes.done, *outcomes.errors}
    watched = [WatchedAthlete(one, None, week) for one in ids]
    return overview_rows(database, watched, outcomes.errors)


def overview_rows(
    database: Database[BsonDocument],
    watched: Sequence[WatchedAthlete],
    errors: Mapping[str, str] | None = None,
) -> tuple[AthleteWeek, ...]:
    """A row for each athlete, the most urgent first.

    Args:
        database: The store.
        watched: The athletes, each with a week.
        errors: Reasons of failures that no run event says yet, by athlete.
    """
    if not watched:
        return ()
    reading = _Reading.of(database, watched)
    known = errors or {}
    rows = (reading.row(one, known.get(one.athlete_id)).with_look() for one in watched)
    return most_urgent_first(rows)


def _watched(
    settings: Settings, database: Database[BsonDocument], week: TrainingWeek | None
) -> list[WatchedAthlete]:
    roster = settings.roster
    if roster is None:
        present = week or TrainingWeek.containing(settings.today())
        ids = _without_roster(settings, database)
        is_over = present.end < settings.today()
        due = due_delivery(settings.delivery_targets, settings.deliver_dir)
        sole = athlete_in_force()
        names = {} if sole is None else {sole.id: sole.name}
        return [
            WatchedAthlete(one, names.get(one), present, NOT_DUE if is_over else due) for one in ids
        ]
    return [_watched_in_roster(settings, one, week) for one in roster.athletes]


def _watched_in_roster(
    settings: Settings, athlete: RosterAthlete, week: TrainingWeek | None
) -> WatchedAthlete:
    there = settings.model_copy(update={"timezone": zone_of(settings, athlete)})
    today = there.today()
    watched = week or TrainingWeek.containing(today)
    due = due_delivery((athlete.deliver or "").split(), athlete.deliver_dir, athlete.id)
    return WatchedAthlete(
        athlete.id, athlete.name, watched, NOT_DUE if watched.end < today else due
    )


def _without_roster(settings: Settings, database: Database[BsonDocument]) -> list[str]:
    """The only athlete of the database, else the source's; all, where the source does not say."""
    known = Lineage(database).athletes()
    if len(known) == 1:
        return known
    try:
        return [open_source(settings, settings.today(), patient=False).athlete_id]
    except SourceError:
        return known


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was found of the athletes, by athlete and by run; of several documents the newest."""

    plans: Mapping[tuple[str, str], BsonDocument]
    failures: Mapping[tuple[str, str], BsonDocument]
    adherence: Mapping[tuple[str, str], BsonDocument]
    inputs: Mapping[str, BsonDocument]
    deliveries: Mapping[tuple[str, str], Sequence[BsonDocument]]
    cohort_runs: Mapping[tuple[str, str], BsonDocument]
    standing: Mapping[tuple[str, str], BsonDocument]

    @classmethod
    def of(cls, database: Database[BsonDocument], watched: Sequence[WatchedAthlete]) -> "_Reading":
        """Ask the store once for all athletes."""
        ids = [one.athlete_id for one in watched]
        found = week_documents(database, ids, {one.week for one in watched})
        plans, failures = _by_week(found.plans), _by_week(found.failures)
        run_ids = {one["runId"] for one in (*failures.values(), *plans.values())}
        weeks = {one.week for one in watched}
        deliveries: dict[tuple[str, str], list[BsonDocument]] = {}
        for one in deliveries_of_athletes(database, ids, weeks):
            deliveries.setdefault((one["athleteId"], one["weekStart"]), []).append(one)
        noted = cohort_runs_of(database, ids, {week.shift(-1) for week in weeks})
        standing = [one for one in noted if one.get("stands") is not None]
        return cls(
            plans,
            failures,
            _by_week(found.adherence),
            {one["runId"]: one for one in inputs_of_runs(database, run_ids)},
            deliveries,
            _by_week(noted, "observedWeekStart"),
            _by_week(standing, "observedWeekStart"),
        )

    def row(self, athlete: WatchedAthlete, error: str | None) -> AthleteWeek:
        """The row of one athlete, without the reasons to look."""
        who = AthleteWeek(
            athlete_id=athlete.athlete_id,
            name=athlete.name,
            week_start=athlete.week.start,
            status=WeekStatus.NOT_PLANNED,
        )
        try:
            found = self._found(athlete, error)
        except ValidationError as unreadable:
            run_id = self._run_id(athlete)
            found = {
                "status": WeekStatus.FAILED,
                "run_id": run_id,
                "error": f"what is stored of run {run_id} cannot be read ({unreadable.title})",
            }
        return who.model_copy(update=found)

    def _found(self, athlete: WatchedAthlete, error: str | None) -> dict[str, object]:
        of_week = (athlete.athlete_id, athlete.week.key)
        plan = _seen(PlanSeen, self.plans.get(of_week))
        error = error or self._later_failure(athlete, plan)
        run_id = self._run_id(athlete)
        inputs = _seen(InputsSeen, self.inputs.get(run_id or ""))
        done = _seen(
            AdherenceSeen, self.adherence.get((athlete.athlete_id, athlete.week.shift(-1).key))
        )
        return {
            "status": _status(plan, error),
            "run_id": run_id,
            "error": error,
            **({} if plan is None else self._arrival(athlete, run_id or "")),
            "last_week": None if done is None else _last_week(done),
            **({} if plan is None else _figures(plan)),
            **({} if inputs is None else _known(inputs, athlete.week)),
        }

    def _later_failure(self, athlete: WatchedAthlete, plan: PlanSeen | None) -> str | None:
        """Why the newest run failed; None where it made a plan, or found that one stands."""
        failure = _seen(FailureSeen, self.failures.get((athlete.athlete_id, athlete.week.key)))
        if failure is None:
            return None
        if plan is not None:
            stood = _seen(CohortRunSeen, self.standing.get(_observed(athlete)))
            fine_at = max(plan.created_at, plan.created_at if stood is None else stood.updated_at)
            if failure.ended_at <= fine_at:
                return None
        return "; ".join(failure.errors) or "for a reason that was not recorded"

    def _arrival(self, athlete: WatchedAthlete, run_id: str) -> dict[str, object]:
        """Where the plan of a run did not arrive, and why it is nowhere in one of the targets."""
        documents = self.deliveries.get((athlete.athlete_id, athlete.week.key), ())
        receipts = [ReceiptSeen.model_validate(one) for one in documents]
        missing = tuple(athlete.due.missing(receipts, run_id))
        partly = tuple(one.target for one in receipts if one.run_id == run_id and one.is_partial)
        if not missing:
            return {"undelivered": partly}
        noted = _seen(CohortRunSeen, self.cohort_runs.get(_observed(athlete)))
        known = None if noted is None else noted.delivery_problem
        return {
            "undelivered": (*partly, *missing),
            "delivery_problem": known or athlete.due.way_out(missing),
        }

    def _run_id(self, athlete: WatchedAthlete) -> str | None:
        """The run of the plan, else the one that failed."""
        of_week = (athlete.athlete_id, athlete.week.key)
        found = self.plans.get(of_week) or self.failures.get(of_week)
        return None if found is None else str(found["runId"])


def _observed(athlete: WatchedAthlete) -> tuple[str, str]:
    return athlete.athlete_id, athlete.week.shift(-1).key


def _by_week(
    documents: Iterable[BsonDocument], week: str = "weekStart"
) -> dict[tuple[str, str], BsonDocument]:
    """By athlete and week; of several documents the last."""
    return {(one["athleteId"], one[week]): one for one in documents}


def _seen(model: type[Seen], document: BsonDocument | None) -> Seen | None:
    return None if document is None else model.model_validate(document)


def _status(plan: PlanSeen | None, error: str | None) -> WeekStatus:
    if plan is not None:
        return WeekStatus.PLANNED
    return WeekStatus.NOT_PLANNED if error is None else WeekStatus.FAILED


def _figures(plan: PlanSeen) -> dict[str, object]:
    sessions = [one for day in plan.activity_plan.days for one in day.sessions]
    return {
        "phase": plan.activity_plan.next_week.phase,
        "load": plan.activity_plan.next_week.planned_load,
        "hours": round(sum(one.duration_s for one in sessions) / SECONDS_PER_HOUR, 1),
        "sessions": len(sessions),
    }


def _known(inputs: InputsSeen, week: TrainingWeek) -> dict[str, object]:
    """What the run planned from: races, readiness, illness and the way back."""
    signals = inputs.envelope.readiness.signals
    return {
        "races": tuple(
            race.priority if race.name is None else f"{race.priority}: {race.name}"
            for race in inputs.athlete.races
            if race.date in week
        ),
        "red": tuple(one.name for one in signals if one.light is Light.RED),
        "amber": tuple(one.name for one in signals if one.light is Light.AMBER),
        "state": next(inputs.states(week), None),
    }


def _last_week(done: AdherenceSeen) -> LastWeek:
    planned_s = sum(one.planned_duration_s for one in done.sessions)
    kept = [one for one in done.sessions if one.outcome is not SessionOutcome.MISSED]
    done_s = sum(one.done_duration_s or 0 for one in kept)
    return LastWeek(
        sessions_done=len(kept),
        sessions_planned=len(done.sessions),
        time_share=round(done_s / planned_s, 3) if planned_s else None,
    )
