"""The provenance of a run-keyed document: what it was made from, by which code, in which run.

Hashes are over canonical JSON, so that a later reader can see whether an input has changed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import Field, ValidationInfo, field_validator

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.records.code_version import CodeVersion
from weekly_plan_assets.storage.codec import content_hash, encode


class ProvenanceError(WeeklyPlanError, ValueError):
    """A stored provenance record is not the one that was written."""


def sha256_of(value: object) -> str:
    """SHA-256 over the canonical JSON of a value in its stored form."""
    return content_hash(encode(value))


class RunOrigin(Document):
    """The Dagster run that made a document.

    Attributes:
        root_run_id: The first run of a chain of re-executions; the run itself where it is none.
        retry_number: How many times Dagster had tried the run before.
        partition: The observed week, by its Monday.
    """

    dagster_run_id: str
    root_run_id: str
    retry_number: int = Field(ge=0)
    partition: str


class PlannerSettings(Document):
    """Who was to plan, and with which settings; never a secret."""

    model_id: str
    prompt_version: str
    settings: dict[str, bool | int | float | str | None]


class Provenance(Document):
    """Where a document comes from.

    Attributes:
        input_hashes: SHA-256 over the canonical JSON of each input, by its name.
        registry_version: The guardrails in force.
        planner: None if a run broke before it was known.
        started_at: When the making began: of run_events the run itself, of the others the planning.
        ended_at: When it ended; None while an answer is waited for.
        digest: SHA-256 over all the other fields; a record that does not match it is refused.
    """

    input_hashes: dict[str, str]
    registry_version: str | None
    code: CodeVersion
    origin: RunOrigin
    planner: PlannerSettings | None
    started_at: datetime | None
    ended_at: datetime | None
    # Last, so that it is validated when all the others are.
    digest: str

    @classmethod
    def of(cls, **fields: Any) -> Self:
        """The record of these fields, all but the digest, sealed."""
        unsealed = cls.model_construct(**fields, digest="")
        return cls(**fields, digest=_digest(dict(unsealed)))

    def ended(self, at: datetime, origin: RunOrigin) -> Self:
        """The record of what was made from the same inputs, by the run that finished it."""
        fields = {**dict(self), "ended_at": at, "origin": origin}
        del fields["digest"]
        return self.of(**fields)

    @field_validator("digest")
    @classmethod
    def _as_written(cls, digest: str, info: ValidationInfo) -> str:
        if len(info.data) == len(cls.model_fields) - 1 and digest != _digest(info.data):
            raise ProvenanceError("the provenance record is not as it was written: digest differs")
        return digest


def _digest(fields: Mapping[str, Any]) -> str:
    """Over the stored form: what the store rounds or renames makes no difference."""
    by_name = {name: value for name, value in fields.items() if name != "digest"}
    return sha256_of(by_name)
