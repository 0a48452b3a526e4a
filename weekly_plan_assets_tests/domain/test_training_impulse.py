import json
from pathlib import Path

import pytest

from weekly_plan_assets.domain.activity import Activity
from weekly_plan_assets.domain.training_impulse import (
    MEN,
    WOMEN,
    ImpulseWeighting,
    training_impulse,
)


def hour_at(mean_hr_bpm: float, weighting: ImpulseWeighting = MEN) -> float:
    return training_impulse(
        3600, mean_hr_bpm, resting_hr_bpm=50, max_hr_bpm=190, weighting=weighting
    )


def test_the_recorded_impulses_are_met(recorded: Path) -> None:
    rows = [
        Activity.model_validate(row)
        for row in json.loads((recorded / "activities.json").read_text())
    ]
    measured = [row for row in rows if row.trimp and row.average_hr_bpm]
    assert len(measured) > 15
    for row in measured:
        assert row.moving_time_s
        assert row.average_hr_bpm
        assert row.resting_hr_bpm
        assert row.athlete_max_hr_bpm
        impulse = training_impulse(
            row.moving_time_s,
            row.average_hr_bpm,
            resting_hr_bpm=row.resting_hr_bpm,
            max_hr_bpm=row.athlete_max_hr_bpm,
        )
        assert impulse == pytest.approx(row.trimp, abs=1e-3)


def test_an_hour_at_half_of_the_reserve_by_hand() -> None:
    assert hour_at(120, MEN) == pytest.approx(50.145, abs=1e-3)
    assert hour_at(120, WOMEN) == pytest.approx(59.464, abs=1e-3)


def test_a_mean_outside_the_reserve_counts_as_its_end() -> None:
    assert hour_at(40) == 0
    assert hour_at(200) == hour_at(190)


def test_a_resting_heart_rate_at_the_maximum_is_refused() -> None:
    with pytest.raises(ValueError, match="is 190 against 190"):
        training_impulse(3600, 120, resting_hr_bpm=190, max_hr_bpm=190)
