"""The IO manager of all assets: between Dagster's contexts and the store.

An asset says in its metadata where it is kept, through `week_rows_in` or `run_document_in`. Nothing
here knows an asset by name. How rows and documents are written lies in `week_rows` and
`run_documents`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args, get_origin

import pandas as pd
from dagster import (
    ConfigurableIOManager,
    ConfigurableResource,
    DataVersion,
    InputContext,
    MetadataValue,
    OutputContext,
    ResourceDependency,
)
from pydantic import BaseModel, Field

from weekly_plan_assets.domain.run_id import mint_run_id, run_of
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument, content_hash, encode, encode_rows
from weekly_plan_assets.storage.mongo import MongoResource
from weekly_plan_assets.storage.run_documents import RunDocuments
from weekly_plan_assets.storage.week_models import as_models
from weekly_plan_assets.storage.week_rows import MAX_REMOVED_SHARE, RowKind, WeekRows

COLLECTION = "mongo_collection"
KEY = "mongo_key"
DAY_FIELD = "mongo_day_field"
WEEK_FIELD = "mongo_week_field"
CONTENT = "mongo_content_fields"
EARLIER_WEEKS = "mongo_earlier_weeks"
_PREVIEW_ROWS = 5
_PREVIEW_COLUMNS = 8


def week_rows_in(kind: RowKind) -> dict[str, str]:
    """Asset metadata: rows of training weeks, replaced a window at a time."""
    return {COLLECTION: kind.collection, KEY: kind.key, DAY_FIELD: kind.day_field}


def run_document_in(collection: str, *, content: Sequence[str] = ("runId",)) -> dict[str, Any]:
    """Asset metadata: one document a planning execution, upserted by its runId.

    Args:
        collection: Where it is kept.
        content: The fields of which Dagster is told when they change; the others tell of run and
            time only.
    """
    return {COLLECTION: collection, KEY: "runId", CONTENT: list(content)}


def run_documents_by_week_in(collection: str) -> dict[str, str]:
    """Asset metadata: any number of documents of planning executions, found by the planned week."""
    return {COLLECTION: collection, KEY: "runId", WEEK_FIELD: "weekStart"}


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


class MongoIOManager(ConfigurableIOManager):
    """Keeps every asset in MongoDB.

    Outputs: a DataFrame, or a list of models or mappings, for week rows; one model for a run
    document. Inputs are given as their annotation says: DataFrame, `list[Model]` or a model.
    """

    mongo: ResourceDependency[MongoResource]
    source: ResourceDependency[AthleteScope]
    allow_removal: bool = Field(
        default=False, description="Let a source remove most rows of a window."
    )

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Upsert `obj` where the asset's metadata says, and attach what was done.

        Raises:
            TypeError: `obj` is not of a kind that the asset's metadata calls for.
        """
        metadata = context.definition_metadata
        if DAY_FIELD in metadata:
            self._store_rows(context, obj)
        elif WEEK_FIELD in metadata:
            self._store_run_documents(context, obj)
        elif isinstance(obj, BaseModel):
            self._store_run_document(context, obj)
        else:
            raise TypeError(
                f"asset {context.asset_key.to_user_string()} is kept as one document a run and "
                f"must return a pydantic model, not {type(obj).__name__}"
            )

    def load_input(self, context: InputContext) -> Any:
        """Load what the upstream asset stored for the partitions that this input needs.

        Raises:
            MissingWeekError: A week that is needed was never stored.
            TypeError: The input is annotated with a type that nothing stored can become.
        """
        upstream = context.upstream_output
        if upstream is None:
            raise TypeError(
                f"input {context.name} comes from no asset, so nothing is stored for it"
            )
        metadata = upstream.definition_metadata
        if DAY_FIELD in metadata:
            return _as_annotated(self._load_rows(context, metadata), context)
        if WEEK_FIELD in metadata:
            return _as_annotated(self._load_run_documents(context, metadata), context)
        return self._load_run_document(context, upstream)

    def _store_rows(self, context: OutputContext, obj: object) -> None:
        weeks = [TrainingWeek.parse(key) for key in sorted(context.asset_partition_keys)]
        rows = encode_rows(obj)
        counts = self._week_rows(context.definition_metadata).replace(weeks, rows)
        _set_data_version(context, counts.content_hash)
        # Each week of a range tells this again; the rows of another week would be no preview of it.
        preview = {"preview": MetadataValue.md(_preview(rows))} if len(weeks) == 1 else {}
        context.add_output_metadata(
            {
                "collection": context.definition_metadata[COLLECTION],
                "weeks": len(weeks),
                "rows": len(rows),
                **asdict(counts),
                **preview,
            }
        )

    def _load_rows(self, context: InputContext, metadata: Mapping[str, Any]) -> list[BsonDocument]:
        required = [TrainingWeek.parse(key) for key in sorted(context.asset_partition_keys)]
        earlier = range(context.definition_metadata.get(EARLIER_WEEKS, 0), 0, -1)
        weeks = [*(required[0].shift(-back) for back in earlier), *required]
        return self._week_rows(metadata).load(weeks, required=required)

    def _week_rows(self, metadata: Mapping[str, Any]) -> WeekRows:
        return WeekRows(
            database=self.mongo.database(),
            kind=RowKind(metadata[COLLECTION], metadata[KEY], metadata[DAY_FIELD]),
            athlete_id=self.source.athlete_id(),
            max_removed_share=1.0 if self.allow_removal else MAX_REMOVED_SHARE,
        )

    def _store_run_document(self, context: OutputContext, obj: BaseModel) -> None:
        collection = context.definition_metadata[COLLECTION]
        document: BsonDocument = encode(obj)
        is_new = RunDocuments(self.mongo.database(), collection).merge(document)
        content = {name: document[name] for name in context.definition_metadata[CONTENT]}
        _set_data_version(context, content_hash(content))
        context.add_output_metadata(
            {
                "collection": collection,
                "dagsterRun": MetadataValue.dagster_run(run_of(document["runId"])),
                "runId": document["runId"],
                "inserted": int(is_new),
                "changed": int(not is_new),
            }
        )

    def _store_run_documents(self, context: OutputContext, obj: object) -> None:
        collection = context.definition_metadata[COLLECTION]
        rows = encode_rows(obj)
        documents = RunDocuments(self.mongo.database(), collection)
        inserted = sum(documents.merge(row) for row in rows)
        _set_data_version(context, content_hash({"rows": rows}))
        context.add_output_metadata(
            {
                "collection": collection,
                "rows": len(rows),
                "inserted": inserted,
                "changed": len(rows) - inserted,
                "preview": MetadataValue.md(_preview(rows)),
            }
        )

    def _load_run_documents(
        self, context: InputContext, metadata: Mapping[str, Any]
    ) -> list[BsonDocument]:
        documents = RunDocuments(self.mongo.database(), metadata[COLLECTION])
        athlete_id = self.source.athlete_id()
        found = (
            documents.newest_for(TrainingWeek.parse(key), metadata[WEEK_FIELD], athlete_id)
            for key in sorted(context.asset_partition_keys)
        )
        return [document for document in found if document is not None]

    def _load_run_document(self, context: InputContext, upstream: OutputContext) -> BaseModel:
        model = context.dagster_type.typing_type
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise TypeError(
                f"input {context.name} is kept as one document a run; annotate it with its "
                f"pydantic model, not {model}"
            )
        documents = RunDocuments(self.mongo.database(), upstream.definition_metadata[COLLECTION])
        week = TrainingWeek.parse(context.asset_partition_key)
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


def _set_data_version(context: OutputContext, content: str) -> None:
    """Tell Dagster what the content is, so that nothing downstream is stale where it is the same.

    The weeks of a range share one version: Dagster takes one for each output.
    """
    if context._step_context is not None:  # stored outside of any run, in a test say
        context.step_context.set_data_version(context.asset_key, DataVersion(content))


def _own_runs(context: InputContext) -> list[str]:
    """The loading run and the runs that it re-executes: theirs comes before anybody else's."""
    if context._step_context is None:  # loaded outside of any run, in a notebook say
        return []
    run = context.step_context.dagster_run
    chain = (run.run_id, run.parent_run_id, run.root_run_id)
    return [dagster_run_id for dagster_run_id in chain if dagster_run_id is not None]


def _as_annotated(rows: list[BsonDocument], context: InputContext) -> Any:
    annotation = context.dagster_type.typing_type
    if annotation is pd.DataFrame:
        return pd.DataFrame(rows)
    if get_origin(annotation) is list:
        (model,) = get_args(annotation)
        if isinstance(model, type) and issubclass(model, BaseModel):
            return as_models(rows, model)
    raise TypeError(
        f"input {context.name} is annotated {annotation}; stored rows load as a pandas DataFrame "
        "or as a list of a pydantic model"
    )


def _preview(rows: list[BsonDocument]) -> str:
    """The first rows as a markdown table, with the columns that hold something."""
    if not rows:
        return "no rows"
    shown = rows[:_PREVIEW_ROWS]
    columns = [
        name
        for name in shown[0]
        if any(isinstance(row.get(name), str | int | float) for row in shown)
    ][:_PREVIEW_COLUMNS]
    lines = [[_cell(name) for name in columns], ["---"] * len(columns)]
    lines += [[_cell(row.get(name)) for name in columns] for row in shown]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    """Text as a table cell: what an athlete wrote must neither become markup nor end the line."""
    text = "" if value is None else " ".join(str(value).split())
    return "".join(f"\\{char}" if char in r"\`*_~[]<>|#" else char for char in text)
