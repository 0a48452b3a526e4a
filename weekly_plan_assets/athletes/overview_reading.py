"""Reads the overview of a roster from the store: the same few queries for one athlete or hundreds.

A document that cannot be read costs only its own athlete the row, and is a reason to take a look.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pymongo.database import Database

from weekly_plan_assets.athletes.each_athlete import Outcomes
from weekly_plan_assets.athletes.overview import (
    AthleteWeek,
    LastWeek,
    WeekStatus,
    most_urgent_first,
)
from weekly_plan_assets.athletes.overview_documents import (
    AdherenceSeen,
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
from weekly_plan_assets.settings.roster import RosterAthlete, zone_of
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.roster_queries import (
    inputs_of_runs,
    newest_planned_week,
    unfinished_deliveries,
    week_documents,
)

Seen = TypeVar("Seen", bound=Document)


@dataclass(frozen=True, slots=True)
class WatchedAthlete:
    """An athlete of an overview, and the planned week that is looked at."""

    athlete_id: str
    name: str | None
    week: TrainingWeek


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
            elsewhere = [WatchedAthlete(one.athlete_id, one.name, newest) for one in watched]
            return overview_rows(database, elsewhere)
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
        return [WatchedAthlete(one, None, present) for one in ids]
    return [
        WatchedAthlete(one.id, one.name, week or _present_week(settings, one))
        for one in roster.athletes
    ]


def _present_week(settings: Settings, athlete: RosterAthlete) -> TrainingWeek:
    there = settings.model_copy(update={"timezone": zone_of(settings, athlete)})
    return TrainingWeek.containing(there.today())


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
    undelivered: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, database: Database[BsonDocument], watched: Sequence[WatchedAthlete]) -> "_Reading":
        """Ask the store once for all athletes."""
        ids = [one.athlete_id for one in watched]
        found = week_documents(database, ids, {one.week for one in watched})
        plans, failures = _by_week(found.plans), _by_week(found.failures)
        run_ids = {one["runId"] for one in (*failures.values(), *plans.values())}
        undelivered: dict[str, tuple[str, ...]] = {}
        for one in unfinished_deliveries(database, run_ids):
            undelivered[one["runId"]] = (*undelivered.get(one["runId"], ()), str(one["target"]))
        return cls(
            plans,
            failures,
            _by_week(found.adherence),
            {one["runId"]: one for one in inputs_of_runs(database, run_ids)},
            undelivered,
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
        failure = _seen(FailureSeen, self.failures.get(of_week))
        is_newer = plan is None or (failure is not None and failure.ended_at > plan.created_at)
        if error is None and failure is not None and is_newer:
            error = "; ".join(failure.errors) or "for a reason that was not recorded"
        run_id = self._run_id(athlete)
        inputs = _seen(InputsSeen, self.inputs.get(run_id or ""))
        done = _seen(
            AdherenceSeen, self.adherence.get((athlete.athlete_id, athlete.week.shift(-1).key))
        )
        return {
            "status": _status(plan, error),
            "run_id": run_id,
            "error": error,
            "undelivered": self.undelivered.get(run_id or "", ()),
            "last_week": None if done is None else _last_week(done),
            **({} if plan is None else _figures(plan)),
            **({} if inputs is None else _known(inputs, athlete.week)),
        }

    def _run_id(self, athlete: WatchedAthlete) -> str | None:
        """The run of the plan, else the one that failed."""
        of_week = (athlete.athlete_id, athlete.week.key)
        found = self.plans.get(of_week) or self.failures.get(of_week)
        return None if found is None else str(found["runId"])


def _by_week(documents: Iterable[BsonDocument]) -> dict[tuple[str, str], BsonDocument]:
    """By athlete and week; of several documents the last."""
    return {(one["athleteId"], one["weekStart"]): one for one in documents}


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
