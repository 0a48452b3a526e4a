import json
from pathlib import Path

import pytest

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.training_impulse import (
    MEN,
    WOMEN,
    ImpulseWeighting,
    hr_load,
    impulse_of_samples,
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


def test_the_load_by_mean_heart_rate_is_a_little_below_the_recorded_one(recorded: Path) -> None:
    """Intervals.icu knows every heart rate of a session; a mean hides the hard minutes."""
    rows = [
        Activity.model_validate(row)
        for row in json.loads((recorded / "activities.json").read_text())
    ]
    measured = [row for row in rows if row.trimp and row.training_load]
    loads = []
    for row in measured:
        assert row.model_dump()["hr_load_type"] == "HRSS"
        assert row.trimp
        assert row.training_load
        assert row.resting_hr_bpm
        assert row.athlete_max_hr_bpm
        load = hr_load(
            row.trimp,
            resting_hr_bpm=row.resting_hr_bpm,
            max_hr_bpm=row.athlete_max_hr_bpm,
            threshold_hr_bpm=row.lactate_threshold_hr_bpm,
        )
        assert 0.79 <= load / row.training_load <= 1.02
        loads.append(load)
    assert len(measured) == 20
    share = sum(loads) / sum(row.training_load or 0 for row in measured)
    assert share == pytest.approx(0.950, abs=1e-3)


@pytest.mark.parametrize("weighting", [MEN, WOMEN])
def test_a_steady_hour_at_threshold_is_a_load_of_a_hundred(weighting: ImpulseWeighting) -> None:
    impulse = impulse_of_samples(
        {165: 3600}, resting_hr_bpm=50, max_hr_bpm=190, weighting=weighting
    )
    load = hr_load(
        impulse, resting_hr_bpm=50, max_hr_bpm=190, threshold_hr_bpm=165, weighting=weighting
    )
    assert load == pytest.approx(100)


def test_an_unknown_threshold_is_taken_at_85_percent_of_the_reserve() -> None:
    impulse = training_impulse(3600, 169, resting_hr_bpm=50, max_hr_bpm=190)
    assert hr_load(impulse, resting_hr_bpm=50, max_hr_bpm=190) == pytest.approx(100)


def test_samples_of_one_heart_rate_have_the_impulse_of_their_mean_and_others_more() -> None:
    steady = impulse_of_samples({140: 3600}, resting_hr_bpm=50, max_hr_bpm=190)
    uneven = impulse_of_samples({110: 1800, 170: 1800}, resting_hr_bpm=50, max_hr_bpm=190)
    assert steady == hour_at(140)
    assert uneven > steady


@pytest.mark.parametrize("threshold_hr_bpm", [50, 190])
def test_a_threshold_at_rest_or_at_the_maximum_is_refused(threshold_hr_bpm: int) -> None:
    with pytest.raises(ValueError, match=f"but is {threshold_hr_bpm} against 50 and 190"):
        hr_load(50, resting_hr_bpm=50, max_hr_bpm=190, threshold_hr_bpm=threshold_hr_bpm)
