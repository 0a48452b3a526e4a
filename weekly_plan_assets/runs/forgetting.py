"""Everything that is stored of one athlete: found, and deleted.

Where the store, Dagster's history and the state folder meet. What leads to the rest is deleted
last, so that a deletion that was killed is finished by the next one. Not looked at are files
outside the state folder: backups, exported runs, OpenLineage events and the athlete's own files.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dagster import DagsterInstance, RunsFilter
from pymongo.database import Database

from weekly_plan_assets.runs.deleting import delete_dagster_run
from weekly_plan_assets.runs.set_aside import SetAsideEvents
from weekly_plan_assets.runs.tags import ATHLETE_TAG, ATHLETES_TAG
from weekly_plan_assets.settings import SAMPLE_DATABASE
from weekly_plan_assets.settings.first_week import forget_first_day
from weekly_plan_assets.storage.athlete_documents import (
    Queries,
    athletes_of,
    counts_of,
    dagster_runs_named,
    dagster_runs_of_others,
    databases_beside,
    delete_documents,
    queries_of,
)
from weekly_plan_assets.storage.codec import BsonDocument


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is stored of one athlete.

    Attributes:
        others: The other athletes in the database.
        documents: How many documents, by collection; collections without any are left out.
        dagster_runs: Ids of the Dagster runs that were about the athlete.
        other_runs: How many runs stay in Dagster's history: of others, or of nobody known.
        shared_runs: How many of these planned for the athlete, and for others too.
        tagged_runs: Ids of runs for several athletes whose tag names the athlete.
        caches: Files that remember what was read of training files. All of them: they do not say
            whose they are, and reading the files again makes them again.
    """

    athlete_id: str
    others: tuple[str, ...]
    documents: Mapping[str, int]
    dagster_runs: tuple[str, ...]
    caches: tuple[Path, ...]
    other_runs: int
    shared_runs: int
    tagged_runs: tuple[str, ...] = ()
    _queries: Queries = field(repr=False, default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to delete."""
        return not (self.documents or self.dagster_runs or self.tagged_runs)


def belongings_of(
    database: Database[BsonDocument],
    instance: DagsterInstance,
    athlete_id: str,
    *,
    imports_dir: Path,
    owns_history: bool,
) -> Belongings:
    """What is stored of an athlete.

    Documents that name nobody belong to the only athlete of a database, if there is one; so do runs
    that name nobody, if no other database uses the same history.

    Args:
        database: The store.
        instance: Dagster's history.
        athlete_id: Whose.
        imports_dir: Folder of the caches of training files.
        owns_history: Whether the history is the one in the state folder.
    """
    known = athletes_of(database)
    others = tuple(one for one in known if one != athlete_id)
    queries = queries_of(database, athlete_id, is_alone=not others)
    about = _runs_of(database, instance, queries, athlete_id)
    shared = about & dagster_runs_of_others(database, athlete_id) if others else set()
    runs = about - shared
    every = set(instance.get_run_ids())
    if owns_history and known == [athlete_id] and not _other_databases(database):
        runs = every
    return Belongings(
        athlete_id=athlete_id,
        others=others,
        documents=counts_of(database, queries),
        dagster_runs=tuple(sorted(runs)),
        caches=tuple(sorted(imports_dir.glob("*.sqlite*"))) if athlete_id in known else (),
        other_runs=len(every - runs),
        shared_runs=len(shared),
        tagged_runs=tuple(sorted(_runs_for_several(instance, athlete_id) - runs)),
        _queries=queries,
    )


def _runs_of(
    database: Database[BsonDocument],
    instance: DagsterInstance,
    queries: Queries,
    athlete_id: str,
) -> set[str]:
    """The Dagster runs that the documents name, or that are tagged with the athlete."""
    named = dagster_runs_named(database, queries)
    tagged = {
        run_id
        for tag in (ATHLETE_TAG, ATHLETES_TAG)
        for run_id in instance.get_run_ids(RunsFilter(tags={tag: athlete_id}))
    }
    return named.intersection(instance.get_run_ids()) | tagged


def _runs_for_several(instance: DagsterInstance, athlete_id: str) -> set[str]:
    """The runs whose tag names the athlete and others."""
    values = {value for _, named in instance.get_run_tags([ATHLETES_TAG]) for value in named}
    with_others = [one for one in values if athlete_id in one.split() and one != athlete_id]
    return {
        run_id
        for value in with_others
        for run_id in instance.get_run_ids(RunsFilter(tags={ATHLETES_TAG: value}))
    }


def _take_out_of_tag(instance: DagsterInstance, run_id: str, athlete_id: str) -> None:
    """Let the tag of a run for several athletes name the others alone."""
    run = instance.get_run_by_id(run_id)
    named = [] if run is None else run.tags.get(ATHLETES_TAG, "").split()
    others = [one for one in named if one != athlete_id]
    if others and others != named:  # an empty tag would mean everybody
        instance.add_run_tags(run_id, {ATHLETES_TAG: " ".join(others)})


def _other_databases(database: Database[BsonDocument]) -> list[str]:
    """Databases of the same server that share the history; the sample shares it with nobody."""
    if database.name == SAMPLE_DATABASE:
        return []
    return databases_beside(database, SAMPLE_DATABASE)


def forget(
    database: Database[BsonDocument],
    instance: DagsterInstance,
    found: Belongings,
    history: Path,
) -> Iterator[str]:
    """Delete what was found, step by step. Safe to repeat, and to be killed at any moment.

    Args:
        database: The store.
        instance: Dagster's history.
        found: What to delete.
        history: The folder of the history, where runs leave files too.

    Yields:
        What is deleted next.
    """
    set_aside = SetAsideEvents(instance)
    for number, run_id in enumerate(found.dagster_runs, start=1):
        yield f"run {number} of {len(found.dagster_runs)}"
        delete_dagster_run(instance, set_aside, run_id, history)
    for run_id in found.tagged_runs:
        yield f"the id in the tag of run {run_id}"
        _take_out_of_tag(instance, run_id, found.athlete_id)
    for cache in found.caches:
        cache.unlink(missing_ok=True)
    for name, query in found._queries.items():
        yield name
        delete_documents(database, name, query)
    forget_first_day(history, found.athlete_id)
