from typing import Any

import pytest
from pydantic import ValidationError

from weekly_plan_assets.domain.recorded.wellness import WellnessDay


@pytest.mark.parametrize("wrong", [0, 1704103200, "1704103200", True, None, ""])
def test_a_number_is_no_day(wrong: Any) -> None:
    with pytest.raises(ValidationError, match=r"(?s)id.*begin with a day as YYYY-MM-DD"):
        WellnessDay.model_validate({"id": wrong})


@pytest.mark.parametrize("key", ["ctl", "restingHR", "hrv", "steps", "sleepSecs", "weight"])
def test_true_is_no_measurement(key: str) -> None:
    with pytest.raises(ValidationError, match=rf"(?s){key}.*should be a number"):
        WellnessDay.model_validate({"id": "2024-01-01", key: True})
