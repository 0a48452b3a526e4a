"""Replaying a planning execution: everything that can be made again, from its stored inputs alone.

No source, no model, no database. What the store holds by now is compared in `drift`.
"""

import json
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any, Self

import pandas as pd

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.attempt import Attempt
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import registry_version
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics, summarise_weeks
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.audit.delivery_replay import delivery_differences
from weekly_plan_assets.lineage.audit.differences import ABSENT, Difference, differences
from weekly_plan_assets.lineage.audit.drift import DriftedRun
from weekly_plan_assets.lineage.records.planning import KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.provenance import sha256_of
from weekly_plan_assets.lineage.records.reading import AnyRun, UnreadableRunError
from weekly_plan_assets.lineage.records.records import (
    FALLBACK,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
    RunRecord,
)
from weekly_plan_assets.lineage.records.stored_run import StoredRun, StoredRunV1
from weekly_plan_assets.planners.answers import assess, minified
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.named import planner_named
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.storage.codec import encode, encode_rows

_FROZEN = (
    "week_start",
    "week_end",
    "history_weeks_asked",
    "athlete",
    "sport_settings",
    "calendar",
    "athlete_file",
    "envelope",
    "prompt",
)
"""What `freeze_inputs` makes of what was known; the rest of the inputs is what was known."""

_UNJUDGED = ("planner.failed:", "answer.")
"""Begin the errors of attempts that never reached the rules."""

_BUDGET = "budget."
"""Begins what was added to the errors of an attempt because no further one was allowed."""


class NothingToReplayError(WeeklyPlanError, ValueError):
    """A run of which no inputs are kept that could be replayed; the message says why."""


class Replay(Document):
    """What came of a replay.

    Attributes:
        notes: What to know when reading the differences, a sentence each; no difference in itself.
        differences: Where something came out other than it is stored; empty where nothing did.
    """

    run_id: str
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether everything came out as it is stored."""
        return not self.differences


def replay(run: AnyRun) -> Replay:
    """Make everything again that `run` made, and compare.

    Raises:
        NothingToReplayError: The run is of version 1.0, or broke before its inputs were kept.
    """
    if isinstance(run, StoredRunV1):
        raise NothingToReplayError(
            f"run {run.run_id} is of schema version 1.0, which kept no inputs to replay"
        )
    if run.inputs is None:
        ended = () if run.event is None else run.event.errors
        how = f": it failed with {'; '.join(ended)}" if ended else ""
        raise NothingToReplayError(
            f"run {run.run_id} has no stored inputs, so there is nothing to replay{how}; "
            "`weekly-plan runs` lists the others"
        )
    return Replay(
        run_id=run.run_id,
        notes=tuple(_notes(run, run.inputs)),
        differences=tuple(_differences(run, run.inputs)),
    )


def _notes(run: StoredRun, inputs: PlanningInputs) -> Iterator[str]:
    today = registry_version()
    if inputs.registry_version is None:
        yield f"It is not known which guardrails judged it; those of today are {today}."
    elif inputs.registry_version != today:
        yield f"Guardrails {inputs.registry_version} judged it; those of today are {today}."
    prompt_version = _planner(inputs).prompt_version
    if inputs.prompt_version != prompt_version:
        asked = inputs.prompt_version
        yield f"It was asked with prompt {asked}; that of today is {prompt_version}."
    if not _is_file_kept(inputs):
        yield "The athlete's own file was not kept with it, and is taken as empty."
    if run.outcome is None:
        yield "No answer of the planner is stored, so only its inputs are replayed."
    elif run.outcome.output_validated is not None and run.snapshot is None:
        yield "No published plan is stored to compare with."


def _differences(run: StoredRun, inputs: PlanningInputs) -> Iterator[Difference]:
    yield from _altered(inputs)
    yield from _as_far_as_it_goes("metrics", _metrics(inputs))
    yield from _as_far_as_it_goes("planning inputs", _frozen(inputs))
    if run.outcome is not None:
        yield from _as_far_as_it_goes("attempts", _outcome(inputs, run.outcome))
    if run.snapshot is not None:
        yield from _as_far_as_it_goes("snapshot", _published(run.outcome, run.snapshot))
        for receipt in run.deliveries:
            again = delivery_differences(receipt, run.snapshot, inputs)
            yield from _as_far_as_it_goes("deliveries", again)


def _as_far_as_it_goes(part: str, found: Iterator[Difference]) -> Iterator[Difference]:
    """The differences of one part; altered inputs may be such that nothing can be made of them."""
    try:
        yield from found
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        reason = f"cannot be made again: {type(error).__name__}: {error}"
        yield Difference(path=part, stored="was made", again=reason)


def _altered(inputs: PlanningInputs) -> Iterator[Difference]:
    """Inputs that no longer have the hash under which they were frozen."""
    as_stored = {
        key: value
        for key, value in encode(inputs.model_dump(by_alias=True, exclude_unset=True)).items()
        if key in inputs.input_hashes
    }
    again = {key: sha256_of(value) for key, value in as_stored.items()}
    if not _is_file_kept(inputs) and "athleteFile" in inputs.input_hashes:
        again["athleteFile"] = inputs.input_hashes["athleteFile"]
    if "workouts" in inputs.input_hashes:
        again.setdefault("workouts", sha256_of(inputs.workouts))
    yield from differences(inputs.input_hashes, again, "inputHashes")
    if inputs.provenance is not None:
        sealed = inputs.provenance.input_hashes
        yield from differences(inputs.input_hashes, sealed, "provenance.inputHashes")


def _is_file_kept(inputs: PlanningInputs) -> bool:
    return inputs.athlete_file is not None


def _metrics(inputs: PlanningInputs) -> Iterator[Difference]:
    """The observed week's metrics, once more from the raw rows."""
    stored, week = inputs.metrics, inputs.observed_week
    coverage = stored.coverage
    last_day = week.end if coverage is None else week.start + timedelta(days=coverage.days - 1)
    rows = summarise_weeks(
        inputs.athlete_id,
        [week],
        pd.DataFrame(encode_rows(inputs.activities)),
        pd.DataFrame(encode_rows(inputs.wellness)),
        last_day=last_day,
        left_out={} if coverage is None else {week: coverage.left_out},
    )
    again = WeeklyMetrics.model_validate(encode_rows(rows)[0])
    not_kept = {"coverage"} if coverage is None else set()
    before, after = (encode(one.model_dump(exclude=not_kept)) for one in (stored, again))
    yield from differences(before, after, "metrics")


def _frozen(inputs: PlanningInputs) -> Iterator[Difference]:
    """Profile, readiness, envelope and prompt, once more from what was known."""
    known = KnownWeeks(
        athlete_id=inputs.athlete_id,
        metrics=(*inputs.history, inputs.metrics),
        activities=inputs.activities,
        wellness=inputs.wellness,
        context=AthleteContext(
            file=inputs.athlete_file or AthleteFile(),
            sport_settings=inputs.sport_settings,
            calendar=inputs.calendar,
            # What could not be known was left out when it was frozen.
            known_on=inputs.observed_week.end,
        ),
        adherence=inputs.adherence,
        workouts=inputs.workouts,
        planned_of_late=inputs.planned_of_late,
    )
    yield from _compared(inputs, freeze_inputs(inputs.run_id, known, _planner(inputs)), _FROZEN)


def _planner(inputs: PlanningInputs) -> Planner:
    """Who was asked; a model can say what it would be asked with, without being asked."""
    return planner_named(inputs.model_id.removesuffix(FALLBACK), timeout_s=0, max_tokens=0)


def _outcome(inputs: PlanningInputs, outcome: PlanningOutcome) -> Iterator[Difference]:
    """Every attempt judged again, what the rules planned planned again, and what came of it."""
    attempts = tuple(_judged_again(inputs, attempt) for attempt in outcome.attempts)
    for number, (attempt, judged) in enumerate(zip(outcome.attempts, attempts, strict=True)):
        path = f"attempts[{number}]"
        yield from differences(encode(attempt), encode(judged), path)
        yield from _planned_again(inputs, attempt, f"{path}.outputRaw")
    again = PlanningOutcome.of(inputs, attempts)
    yield from _compared(outcome, again, set(PlanningOutcome.model_fields) - {"attempts"})


def _judged_again(inputs: PlanningInputs, attempt: Attempt) -> Attempt:
    if any(error.startswith(_UNJUDGED) for error in attempt.errors):
        return attempt
    over_budget = tuple(error for error in attempt.errors if error.startswith(_BUDGET))

    def judged(*, limited: bool) -> Attempt:
        came = assess(attempt.output_raw, inputs.request, limited=limited)
        return attempt.model_copy(
            update={
                "plan": came.plan,
                "errors": (*came.errors, *over_budget),
                "verdicts": came.verdicts,
                "notes": came.notes,
            }
        )

    # An answer that reached the rules was inside the limits of its day, whatever those of today.
    again = judged(limited=not attempt.verdicts)
    if again.errors == attempt.errors or attempt.verdicts:
        return again
    before_limits = judged(limited=False)
    return before_limits if before_limits.errors == attempt.errors else again


def _planned_again(inputs: PlanningInputs, attempt: Attempt, path: str) -> Iterator[Difference]:
    """What the rules planned, to the byte; nothing for the answer of a model."""
    planner = _planner(inputs)
    if attempt.fallback:
        planner = RulesInstead(planner.model_id)
    if not isinstance(planner, RulesPlanner):
        return
    again = minified(planner.propose(inputs.request, inputs.prompt, []).output_raw)
    if again != attempt.output_raw:
        by_field = tuple(differences(_parsed(attempt.output_raw), json.loads(again), path))
        yield from by_field or (Difference(path=path, stored=attempt.output_raw, again=again),)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _published(outcome: PlanningOutcome | None, snapshot: PlanSnapshot) -> Iterator[Difference]:
    if outcome is None or outcome.output_validated is None:
        yield Difference(path="snapshot", stored="published", again=ABSENT)
        return
    again = PlanSnapshot.of(outcome)
    yield from _compared(snapshot, again, set(PlanSnapshot.model_fields), "snapshot")


def _compared(
    stored: RunRecord, again: RunRecord, fields: Collection[str], path: str = ""
) -> Iterator[Difference]:
    """The `fields` that the stored record has; the provenance describes the run, not the plan."""
    chosen = (set(fields) & stored.model_fields_set) - {"provenance"}
    yield from differences(
        encode(stored.model_dump(include=chosen)), encode(again.model_dump(include=chosen)), path
    )


class ReplayReport(Document):
    """The replay of one run.

    Attributes:
        athlete_id: Whose run it is; None if that is not known.
        was_replayed: Whether there was something to replay.
        problem: Why there was not, in a sentence.
        is_readable: Whether its documents could be read; one that was altered may not.
        drift: What it used and the store no longer holds; None if there is none, or where no
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
