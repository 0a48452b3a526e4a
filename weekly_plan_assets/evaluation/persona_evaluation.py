"""The evaluation of planners over simulated athletes: the figures, and the quality of the plans."""

from collections.abc import Sequence

from weekly_plan_assets.evaluation.backtest import Backtest
from weekly_plan_assets.evaluation.quality.persona_weeks import PersonaWeeks
from weekly_plan_assets.evaluation.quality.score import open_scores
from weekly_plan_assets.evaluation.record import Evaluation


def evaluation_of_personas(backtest: Backtest, athletes: Sequence[PersonaWeeks]) -> Evaluation:
    """The evaluation as far as it has got, with one reading of each item a planner.

    Args:
        backtest: Who was asked.
        athletes: Those about whose weeks they were asked.
    """
    planned = {
        planner.model_id: [athlete.planned_by(planner.model_id) for athlete in athletes]
        for planner in backtest.planners
    }
    return backtest.evaluation().model_copy(
        update={
            "athlete_id": None,
            "personas": {athlete.athlete_id: athlete.persona.who for athlete in athletes},
            "quality": open_scores(planned),
        }
    )
