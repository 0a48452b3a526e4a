"""What each materialization shows: by asset, the names and the values of its metadata.

Numbers are plotted over the partitions by the UI, so that those of a range are given week by week.
Keys are lower case with underscores and differ from those of `storage.stored_metadata`, because
both stand in one list.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from math import isnan
from typing import Any

from dagster import MetadataValue

from weekly_plan_assets.common.plain_text import plain
from weekly_plan_assets.domain.adherence import SessionOutcome
from weekly_plan_assets.domain.metrics.fitness import FitnessState
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.delivery_receipt import TargetOutcome
from weekly_plan_assets.lineage.records.records import (
    PlanAdherence,
    PlanningInputs,
    PlanningOutcome,
    PlanSnapshot,
)
from weekly_plan_assets.ui.drawing import in_markdown
from weekly_plan_assets.ui.hrv_picture import hrv_picture
from weekly_plan_assets.ui.load_picture import load_picture
from weekly_plan_assets.ui.tables import (
    adherence_table,
    delivery_table,
    plan_table,
    rule_table,
    sentences,
    signal_table,
    targets_table,
)

Shown = dict[str, Any]

WEEK_FIGURES: Mapping[str, str] = {
    "trainingLoad": "training_load",
    "ctlEnd": "ctl",
    "atlEnd": "atl",
    "hrvMean": "hrv_rmssd_ms",
    "restHrMean": "resting_hr_bpm",
    "activityCount": "activity_count",
}
"""Columns of weekly_metrics, as the UI names them."""


def week_metadata(row: Mapping[Hashable, Any]) -> Shown:
    """The figures of one weekly_metrics row; those that are missing are left out."""
    known = {name: row[key] for key, name in WEEK_FIGURES.items() if row.get(key) is not None}
    shown = {name: float(value) for name, value in known.items() if not isnan(value)}
    if "ctl" in shown and "atl" in shown:
        shown["tsb"] = round(shown["ctl"] - shown["atl"], 3)
    return shown


def inputs_metadata(inputs: PlanningInputs) -> Shown:
    """Phase, load bounds and why they are there; the signals, and HRV against its band."""
    envelope = inputs.envelope
    shown: Shown = {
        "signals": signal_table(envelope.readiness.signals),
        "load_bound_reasons": sentences("reason", envelope.reasons),
        "phase": envelope.phase.value,
        "min_load": float(envelope.min_load),
        "target_load": float(envelope.target_load),
        "max_load": float(envelope.max_load),
        "history_weeks": len(inputs.history),
    }
    hrv = envelope.readiness.signal("hrv")
    picture = hrv and hrv_picture(TrainingWeek(inputs.observed_week_start), inputs.wellness, hrv)
    if picture:
        shown["hrv_picture"] = MetadataValue.md(in_markdown(picture, "HRV against its band"))
    return shown


def outcome_metadata(outcome: PlanningOutcome) -> Shown:
    """The verdict of every rule on the last answer, and what the answers took."""
    costs = [attempt.cost_usd for attempt in outcome.attempts if attempt.cost_usd is not None]
    known: Shown = {"cost_usd": sum(costs)} if costs else {}
    return known | {
        "rules": rule_table(outcome.attempts[-1].verdicts),
        "status": outcome.status.value,
        "attempts": len(outcome.attempts),
        "error_count": outcome.error_count,
        "model_id": outcome.model_id,
        "tokens": sum(attempt.tokens for attempt in outcome.attempts),
    }


def plan_metadata(snapshot: PlanSnapshot, inputs: PlanningInputs) -> Shown:
    """The plan, why it is as it is, and its picture.

    Args:
        snapshot: The plan.
        inputs: What it was made from. Those of another execution, which are there when a plan is
            published again after a later run broke, are not shown with it.
    """
    week = snapshot.activity_plan.next_week
    shown: Shown = {
        "page": MetadataValue.url(f"../week-page/{snapshot.run_id}"),
        "plan": plan_table(snapshot.activity_plan.days),
    }
    if inputs.run_id == snapshot.run_id:
        weeks = (*inputs.history, inputs.metrics)
        picture = load_picture(weeks, week.planned_load, inputs.envelope, snapshot.predicted)
        shown["picture"] = MetadataValue.md(in_markdown(picture, "weekly load and fitness"))
    if snapshot.activity_plan.warnings:
        shown["warnings"] = sentences("warning", snapshot.activity_plan.warnings)
    return shown | {
        "reasons": sentences("reason", (reason.text for reason in snapshot.justification)),
        "phase": week.phase.value,
        "objective": plain(week.objective),
        "planned_load": week.planned_load,
        **dict(_predicted(snapshot.predicted)),
    }


def adherence_metadata(done: PlanAdherence) -> Shown:
    """What became of each planned session, and of the load."""
    shown: Shown = {
        "sessions": adherence_table(done),
        **{f"sessions_{outcome.value}": done.count(outcome) for outcome in SessionOutcome},
        "sessions_added": len(done.added),
        "planned_load": done.load_planned,
        "plan_run_id": done.run_id,
    }
    if done.load_done is not None:
        shown["done_load"] = done.load_done
    return shown


def delivery_metadata(outcomes: Sequence[TargetOutcome]) -> Shown:
    """What became of the plan in each target, and of each session there."""
    shown: Shown = {"targets": targets_table(outcomes)}
    for one in outcomes:
        if one.receipt is not None:
            shown[f"sessions_{one.target}"] = delivery_table(one.receipt)
    return shown


def _predicted(state: FitnessState | None) -> Iterator[tuple[str, float]]:
    if state is not None:
        yield "predicted_ctl", state.ctl
        yield "predicted_atl", state.atl
        yield "predicted_tsb", state.tsb
