"""The IO manager of all assets: between Dagster's contexts and the store.

An asset says in its metadata where it is kept, through `week_rows_in` or `run_document_in`. Nothing
here knows an asset by name. Rows and documents are written by `week_rows` and
`run_documents`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, get_args, get_origin

import pandas as pd
from dagster import (
    ConfigurableIOManager,
    ConfigurableResource,
    InputContext,
    MetadataValue,
    OutputContext,
    ResourceDependency,
)
from pydantic import BaseModel
from pymongo.database import Database

from weekly_plan_assets.defs.io_contexts import (
    asset_named,
    describe,
    input_named,
    requested_type,
    set_version,
    set_versions,
    step_of,
    week_of,
    weeks_of_io,
)
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.domain.recorded.left_out import RowsRead
from weekly_plan_assets.domain.run_id import dagster_run_id_of, mint_run_id
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import (
    BsonDocument,
    content_hash,
    each_encoded,
    encode,
    encode_rows,
)
from weekly_plan_assets.storage.left_out_rows import left_out_by_week
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import (
    MAX_REMOVED_SHARE,
    RowKind,
    WeekRows,
)
from weekly_plan_assets.ui.stored_metadata import (
    PREVIEW_ROWS,
    RUN_ID_METADATA,
    Metadata,
    document_counts,
    left_out,
    location,
    preview,
    row_counts,
)

# Dagster stores no enums, so that names of collections are plain strings in metadata.
COLLECTION = "mongo_collection"
KEY = "mongo_key"
DAY_FIELD = "mongo_day_field"
WEEK_FIELD = "mongo_week_field"
CONTENT = "mongo_content_fields"
COUNTED_IF = "mongo_counted_if"
EARLIER_WEEKS = "mongo_earlier_weeks"


def week_rows_in(kind: RowKind) -> dict[str, str]:
    """Asset metadata: rows of training weeks, replaced a window at a time."""
    return {COLLECTION: str(kind.collection), KEY: kind.key, DAY_FIELD: kind.day_field}


def run_document_in(collection: str, *, content: Sequence[str] = ("runId",)) -> dict[str, Any]:
    """Asset metadata: one document a planning execution, upserted by athlete and runId.

    Args:
        collection: Where it is kept.
        content: The fields whose changes Dagster is shown; the others describe run and
            time only.
    """
    return {COLLECTION: str(collection), KEY: "runId", CONTENT: list(content)}


def run_documents_by_week_in(collection: str, *, counted_if: str) -> dict[str, str]:
    """Asset metadata: any number of documents of planning executions, found by the planned week.

    Args:
        collection: Where they are kept.
        counted_if: A field that is true in the documents that other assets use. Only these count
            towards the data version: where another one is added, nothing downstream is stale.
    """
    return {
        COLLECTION: str(collection),
        KEY: "runId",
        WEEK_FIELD: "weekStart",
        COUNTED_IF: counted_if,
    }


def with_earlier_weeks(weeks: int) -> dict[str, int]:
    """Input metadata: load `weeks` weeks before the asset's own too, as far as they are stored.

    Said to the IO manager rather than as a partition mapping: through a mapping, a backfill of one
    week would materialize all the later weeks that look back on it.
    """
    return {EARLIER_WEEKS: weeks}


class AthleteScope(ConfigurableResource[Any], ABC):
    """A resource that knows whose data this is."""

    @abstractmethod
    def athlete_id(self) -> str:
        """The one athlete whose rows are written and read."""

    def require_same_athlete(self, database: Database[BsonDocument]) -> None:
        """Refuse to write where what was read is not the training of the athlete stored there.

        Raises:
            OtherAthleteError: It is somebody else's.
        """

    def may_remove_most(self) -> bool:
        """Whether the source may remove most rows of a window."""
        return False


class MongoIOManager(ConfigurableIOManager):
    """Keeps every asset in MongoDB.

    Outputs: a DataFrame, a list of models or mappings, or `RowsRead`, for week rows; one model for
    a run document. Inputs are given as their annotation says: DataFrame, `list[Model]`,
    `list[dict]` or a model; without one, as the asset itself returns them, or as a DataFrame.
    """

    mongo: ResourceDependency[MongoResource]
    source: ResourceDependency[AthleteScope]

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Upsert `obj` where the asset's metadata says, and attach what was done.

        Raises:
            TypeError: `obj` is not of a kind that the asset's metadata calls for.
        """
        metadata = context.definition_metadata
        _require_place(context, metadata)
        if DAY_FIELD in metadata:
            self._store_rows(context, obj)
        elif WEEK_FIELD in metadata:
            self._store_run_documents(context, obj)
        elif isinstance(obj, BaseModel):
            self._store_run_document(context, obj)
        else:
            raise TypeError(
                f"asset {asset_named(context)} is kept as one document a run and must return a "
                f"pydantic model, not {type(obj).__name__}"
            )

    def load_input(self, context: InputContext) -> Any:
        """Load what the upstream asset stored for the partitions that this input needs.

        Raises:
            MissingWeekError: A week that is needed was never stored.
            TypeError: The input is annotated with a type that nothing stored can become.
            ValueError: No week is named, or one that begins on no Monday.
        """
        upstream = context.upstream_output
        if upstream is None:
            raise TypeError(
                f"{input_named(context)} comes from no asset, so nothing is stored for it"
            )
        metadata = upstream.definition_metadata
        _require_place(context, metadata)
        if DAY_FIELD in metadata:
            return _as_requested(self._load_rows(context, metadata), context)
        if WEEK_FIELD in metadata:
            return _as_requested(self._load_run_documents(context, metadata), context)
        return self._load_run_document(context, metadata)

    def _store_rows(self, context: OutputContext, obj: object) -> None:
        weeks = weeks_of_io(context)
        unusable = obj.left_out if isinstance(obj, RowsRead) else ()
        if isinstance(obj, RowsRead):
            self.source.require_same_athlete(self.mongo.database())
        rows = each_encoded(obj.rows if isinstance(obj, RowsRead) else obj)
        kind = _row_kind(context.definition_metadata)
        shown: dict[TrainingWeek, list[BsonDocument]] = {}
        noted = _noting_first(rows, kind.day_field, shown)
        counts = self._week_rows(kind).replace(weeks, noted, unusable)
        set_versions(context, {week: one.content_hash for week, one in counts.by_week.items()})
        by_week = left_out_by_week(unusable, weeks)
        # Nobody knows of which week they are, so each week of the range says so.
        undated = [one for one in unusable if one.day is None and len(weeks) > 1]
        place = self._place(kind.collection)
        describe(
            context,
            {
                week: {
                    **place,
                    **row_counts(one),
                    **preview(shown.get(week, [])),
                    **left_out([*by_week.get(week, []), *undated]),
                }
                for week, one in counts.by_week.items()
            },
        )

    def _load_rows(self, context: InputContext, metadata: Mapping[str, Any]) -> list[BsonDocument]:
        required = weeks_of_io(context)
        weeks = _with_earlier(context, required)
        return self._week_rows(_row_kind(metadata)).load(weeks, required=required)

    def _week_rows(self, kind: RowKind) -> WeekRows:
        return WeekRows(
            database=self.mongo.database(),
            kind=kind,
            athlete_id=self.source.athlete_id(),
            max_removed_share=1.0 if self.source.may_remove_most() else MAX_REMOVED_SHARE,
        )

    def _place(self, collection: str) -> Metadata:
        return {
            "athlete": self.source.athlete_id(),
            **location(self.mongo.database(), collection),
        }

    def _store_run_document(self, context: OutputContext, obj: BaseModel) -> None:
        collection = context.definition_metadata[COLLECTION]
        document: BsonDocument = encode(obj)
        is_new = RunDocuments(self.mongo.database(), collection).merge(document)
        content = {name: document[name] for name in context.definition_metadata[CONTENT]}
        set_version(context, content_hash(content))
        context.add_output_metadata(
            {
                **self._place(collection),
                **document_counts(inserted=int(is_new), updated=int(not is_new)),
                RUN_ID_METADATA: document["runId"],
                "dagster_run": MetadataValue.dagster_run(dagster_run_id_of(document["runId"])),
            }
        )

    def _store_run_documents(self, context: OutputContext, obj: object) -> None:
        metadata = context.definition_metadata
        collection = metadata[COLLECTION]
        weeks = weeks_of_io(context)
        of_week = _by_week(encode_rows(obj), metadata[WEEK_FIELD])
        documents = RunDocuments(self.mongo.database(), collection)
        place = self._place(collection)
        shown, versions = {}, {}
        for week in weeks:
            rows = of_week.get(week, [])
            inserted = sum(documents.merge(row) for row in rows)
            counted = [row for row in rows if row[metadata[COUNTED_IF]]]
            versions[week] = content_hash({"rows": counted})
            shown[week] = {
                **place,
                **document_counts(inserted=inserted, updated=len(rows) - inserted),
                **preview(rows),
            }
        set_versions(context, versions)
        describe(context, shown)

    def _load_run_documents(
        self, context: InputContext, metadata: Mapping[str, Any]
    ) -> list[BsonDocument]:
        documents = RunDocuments(self.mongo.database(), metadata[COLLECTION])
        athlete_id = self.source.athlete_id()
        found = (
            documents.newest_for(week, metadata[WEEK_FIELD], athlete_id)
            for week in _with_earlier(context, weeks_of_io(context))
        )
        return [document for document in found if document is not None]

    def _load_run_document(self, context: InputContext, metadata: Mapping[str, Any]) -> BaseModel:
        model = requested_type(context)
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise TypeError(
                f"{input_named(context)} is kept as one document a run; ask for it as its "
                f"pydantic model, not as {_name(model)}"
            )
        documents = RunDocuments(self.mongo.database(), metadata[COLLECTION])
        week = week_of(context)
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        holding = [name for name, field in fields.items() if field.is_required()]
        for dagster_run_id in _own_runs(context):
            run_id = mint_run_id(dagster_run_id, week)
            document = documents.find(run_id, holding=holding, only=fields)
            if document is not None:
                return model.model_validate(document)
        athlete_id = self.source.athlete_id()
        return model.model_validate(
            documents.latest(week, athlete_id=athlete_id, holding=holding, only=fields)
        )


def _with_earlier(context: InputContext, weeks: Sequence[TrainingWeek]) -> list[TrainingWeek]:
    """The weeks that an input needs, and before them as many as it asks for."""
    earlier = range(context.definition_metadata.get(EARLIER_WEEKS, 0), 0, -1)
    return [*(weeks[0].shift(-back) for back in earlier), *weeks]


def _require_place(context: InputContext | OutputContext, metadata: Mapping[str, Any]) -> None:
    """Refuse an asset whose metadata does not say where it is kept."""
    if COLLECTION not in metadata:
        raise TypeError(
            f"asset {asset_named(context)} does not say where it is kept: give it "
            "metadata=week_rows_in(...) for rows of training weeks or "
            "metadata=run_document_in(...) for one document a run, or another io_manager_key"
        )


def _row_kind(metadata: Mapping[str, Any]) -> RowKind:
    return RowKind(metadata[COLLECTION], metadata[KEY], metadata[DAY_FIELD])


def _by_week(
    rows: Sequence[BsonDocument], day_field: str
) -> dict[TrainingWeek, list[BsonDocument]]:
    by_week: dict[TrainingWeek, list[BsonDocument]] = {}
    for row in rows:
        by_week.setdefault(_week_of_day(row[day_field][:10]), []).append(row)
    return by_week


def _noting_first(
    rows: Iterable[BsonDocument], day_field: str, first: dict[TrainingWeek, list[BsonDocument]]
) -> Iterator[BsonDocument]:
    """The `rows`; as they pass, the first of each week are put into `first`, for its preview."""
    week_of_day = cache(_week_of_day)
    for row in rows:
        of_week = first.setdefault(week_of_day(row[day_field][:10]), [])
        if len(of_week) < PREVIEW_ROWS:
            of_week.append(row)
        yield row


def _week_of_day(day: str) -> TrainingWeek:
    return TrainingWeek.containing(date.fromisoformat(day))


def _own_runs(context: InputContext) -> list[str]:
    """The loading run and the runs that it re-executes: theirs comes before anybody else's."""
    step = step_of(context)
    if step is None:
        return []
    run = step.dagster_run
    chain = (run.run_id, run.parent_run_id, run.root_run_id)
    return [dagster_run_id for dagster_run_id in chain if dagster_run_id is not None]


def _as_requested(rows: list[BsonDocument], context: InputContext) -> Any:
    wanted = requested_type(context)
    if wanted in (Any, RowsRead, pd.DataFrame):
        return pd.DataFrame(rows)
    if get_origin(wanted) is list:
        (item,) = get_args(wanted)
        if item is dict or get_origin(item) is dict:
            return rows
        if isinstance(item, type) and issubclass(item, BaseModel):
            return as_models(rows, item)
    raise TypeError(
        f"{input_named(context)} is annotated {_name(wanted)}; stored rows load as a pandas "
        "DataFrame, as a list of a pydantic model or as a list of dicts"
    )


def _name(type_: object) -> str:
    """A type as one writes it."""
    return type_.__name__ if type(type_) is type else str(type_)
