"""What each materialization shows: by asset, the names and the values of its metadata.

Numbers are plotted over the partitions by the UI, so that those of a range are told week by week.
"""

from collections.abc import Hashable, Iterator, Mapping
from math import isnan
from typing import Any

from dagster import MetadataValue

from weekly_plan_assets.domain.adherence import Outcome
from weekly_plan_assets.domain.fitness import FitnessState
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.plan_adherence import PlanAdherence
from weekly_plan_assets.lineage.records import PlanningInputs, PlanningOutcome, PlanSnapshot
from weekly_plan_assets.plain_text import plain
from weekly_plan_assets.presentation.drawing import in_markdown
from weekly_plan_assets.presentation.hrv_picture import hrv_picture
from weekly_plan_assets.presentation.load_picture import load_picture
from weekly_plan_assets.presentation.tables import (
    adherence_table,
    plan_table,
    rule_table,
    sentences,
    signal_table,
)

Shown = dict[str, Any]

WEEK_FIGURES: Mapping[str, str] = {
    "trainingLoad": "training load",
    "ctlEnd": "CTL",
    "atlEnd": "ATL",
    "hrvMean": "HRV (rMSSD, ms)",
    "restHrMean": "resting heart rate (bpm)",
    "activityCount": "activities",
}
"""Columns of weekly_metrics, as the UI names them."""


def of_week(row: Mapping[Hashable, Any]) -> Shown:
    """The figures of one weekly_metrics row; those that are missing are left out."""
    told = {name: row[key] for key, name in WEEK_FIGURES.items() if row.get(key) is not None}
    shown = {name: float(value) for name, value in told.items() if not isnan(value)}
    if "CTL" in shown and "ATL" in shown:
        shown["TSB"] = round(shown["CTL"] - shown["ATL"], 3)
    return shown


def of_inputs(inputs: PlanningInputs) -> Shown:
    """Phase, load bounds and why they are there; the signals, and HRV against its band."""
    envelope = inputs.envelope
    shown: Shown = {
        "signals": signal_table(envelope.readiness.signals),
        "bounds, and why": sentences("reason", envelope.reasons),
        "phase": envelope.phase.value,
        "least load": float(envelope.min_load),
        "target load": float(envelope.target_load),
        "most load": float(envelope.max_load),
        "historyWeeks": len(inputs.history),
    }
    hrv = envelope.readiness.signal("hrv")
    picture = hrv and hrv_picture(TrainingWeek(inputs.observed_week_start), inputs.wellness, hrv)
    if picture:
        shown["HRV"] = MetadataValue.md(in_markdown(picture, "HRV against its band"))
    return shown


def of_outcome(outcome: PlanningOutcome) -> Shown:
    """The verdict of every rule on the last answer, and what the answers took."""
    return {
        "rules": rule_table(outcome.attempts[-1].verdicts),
        "status": outcome.status.value,
        "attempts": len(outcome.attempts),
        "errorCount": outcome.error_count,
        "modelId": outcome.model_id,
        "tokens": sum(attempt.tokens for attempt in outcome.attempts),
    }


def of_plan(snapshot: PlanSnapshot, inputs: PlanningInputs) -> Shown:
    """The plan, why it is as it is, and its picture.

    Args:
        snapshot: The plan.
        inputs: What it was made from. Those of another execution, which are there when a plan is
            published again after a later run broke, are not shown with it.
    """
    week = snapshot.activity_plan.next_week
    shown: Shown = {"plan": plan_table(snapshot.activity_plan.days)}
    if inputs.run_id == snapshot.run_id:
        weeks = (*inputs.history, inputs.metrics)
        picture = load_picture(weeks, week.planned_load, inputs.envelope, snapshot.predicted)
        shown["picture"] = MetadataValue.md(in_markdown(picture, "weekly load and fitness"))
    if snapshot.activity_plan.warnings:
        shown["warnings"] = sentences("warning", snapshot.activity_plan.warnings)
    return shown | {
        "why": sentences("reason", (reason.text for reason in snapshot.justification)),
        "phase": week.phase.value,
        "objective": plain(week.objective),
        "planned load": week.planned_load,
        **dict(_predicted(snapshot.predicted)),
    }


def of_adherence(done: PlanAdherence) -> Shown:
    """What became of each planned session, and of the load."""
    shown: Shown = {
        "sessions": adherence_table(done),
        **{outcome.value: done.count(outcome) for outcome in Outcome},
        "added": len(done.added),
        "planned load": done.load_planned,
        "planRunId": done.run_id,
    }
    if done.load_done is not None:
        shown["done load"] = done.load_done
    return shown


def _predicted(state: FitnessState | None) -> Iterator[tuple[str, float]]:
    if state is not None:
        yield "CTL if all is done", state.ctl
        yield "ATL if all is done", state.atl
        yield "TSB if all is done", state.tsb
