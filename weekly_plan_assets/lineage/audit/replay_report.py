"""What is shown of a replay: what came out differently, and what differs in the store by now."""

from typing import Self

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.lineage.audit.differences import Difference
from weekly_plan_assets.lineage.audit.drift import DriftedRun
from weekly_plan_assets.lineage.audit.replay import NothingToReplayError, replay
from weekly_plan_assets.lineage.records.reading import AnyRun, UnreadableRunError


class ReplayReport(Document):
    """The replay of one run.

    Attributes:
        athlete_id: Whose run it is; None where that is not known.
        was_replayed: Whether there was something to replay.
        problem: Why there was not, in a sentence.
        is_readable: Whether its documents could be read; one that was altered may not.
        drift: What it used and the store no longer holds; None where there is none, or where no
            store was looked at.
    """

    run_id: str
    athlete_id: str | None = None
    was_replayed: bool
    is_readable: bool = True
    problem: str | None = None
    notes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    drift: DriftedRun | None = None

    @classmethod
    def of(cls, run: AnyRun) -> Self:
        """The run replayed."""
        whose = run.athlete_id
        try:
            done = replay(run)
        except NothingToReplayError as error:
            return cls(run_id=run.run_id, athlete_id=whose, was_replayed=False, problem=str(error))
        return cls(was_replayed=True, athlete_id=whose, **dict(done))

    @classmethod
    def unreadable(cls, run_id: str, error: UnreadableRunError) -> Self:
        """The report of a run whose documents are malformed, or whose provenance was altered."""
        return cls(run_id=run_id, was_replayed=False, is_readable=False, problem=str(error))

    def with_drift(self, *drifted: DriftedRun) -> Self:
        """The same, and what the store holds differently now."""
        return self.model_copy(update={"drift": drifted[0] if drifted else None})

    @property
    def is_equal(self) -> bool:
        """Whether it was replayed, and nothing is different."""
        return self.was_replayed and not self.differs

    @property
    def differs(self) -> bool:
        """Whether something is not as it was."""
        return bool(self.differences) or self.drift is not None or not self.is_readable
