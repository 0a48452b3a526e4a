"""The words of the rules planner: one catalogue a language, all with the same entries."""

from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.planners.words.catalogue import HARD_PHASES, Words
from weekly_plan_assets.planners.words.en import ENGLISH
from weekly_plan_assets.planners.words.es import SPANISH

WORDS = {Language.ENGLISH: ENGLISH, Language.SPANISH: SPANISH}

__all__ = ["HARD_PHASES", "WORDS", "Words"]
