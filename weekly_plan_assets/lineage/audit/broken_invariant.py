"""The invariants of the lineage by name, and a broken one as a record."""

from collections.abc import Mapping
from enum import StrEnum

from weekly_plan_assets.domain.document import Document


class Invariant(StrEnum):
    """What always holds; the statement of each is in `STATEMENTS`."""

    KEYS_ARE_UNIQUE = "keys_are_unique"
    DOCUMENTS_ARE_READABLE = "documents_are_readable"
    DOCUMENTS_OF_A_RUN_JOIN = "documents_of_a_run_join"
    PLAN_EXACTLY_WITH_SUCCESS = "plan_exactly_with_success"
    ARTIFACTS_ARE_WHOLE = "artifacts_are_whole"
    WEEKS_ARE_WHOLE = "weeks_are_whole"
    HASHES_MATCH = "hashes_match"
    ENDED_RUNS_HAVE_EVENTS = "ended_runs_have_events"
    RUNS_END = "runs_end"


STATEMENTS: Mapping[Invariant, str] = {
    Invariant.KEYS_ARE_UNIQUE: "Every document has its key, and no other document has the same.",
    Invariant.DOCUMENTS_ARE_READABLE: "Every document of a run has the fields of its schema.",
    Invariant.DOCUMENTS_OF_A_RUN_JOIN: "All documents of a run are about the same athlete and "
    "weeks, and each has the run_artifacts document that it was made from.",
    Invariant.PLAN_EXACTLY_WITH_SUCCESS: "A plan is published exactly when the event says "
    "success, and it is the one that was validated.",
    Invariant.ARTIFACTS_ARE_WHOLE: "run_artifacts holds an outcome, and a plan exactly when the "
    "outcome is success.",
    Invariant.WEEKS_ARE_WHOLE: "The rows of each week are those that the ledger stored_weeks "
    "counted and hashed when they were stored.",
    Invariant.HASHES_MATCH: "Rows, inputs and provenance records have the hash that they were "
    "written with.",
    Invariant.ENDED_RUNS_HAVE_EVENTS: "Every planned week has a run event, until the event "
    "expires.",
    Invariant.RUNS_END: "A Dagster run that is under way has a process that works on it.",
}


class BrokenInvariant(Document):
    """One place where an invariant does not hold.

    Attributes:
        collection: Where the document is, or is missing.
        key: Names the document in its collection.
        problem: What is wrong with it.
        remedy: How to mend it.
        can_be_repaired: Whether `weekly-plan doctor --deep --repair` mends it, because all that is
            needed for it is known.
    """

    invariant: Invariant
    collection: str
    key: str
    problem: str
    remedy: str
    can_be_repaired: bool = False

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return f"{self.collection} {self.key}: {self.problem}; {self.remedy}"
