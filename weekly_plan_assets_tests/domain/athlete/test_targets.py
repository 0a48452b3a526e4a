"""What steers a stretch: watts, pace, heart rate and effort, by what is known of the athlete."""

from datetime import date
from itertools import pairwise

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.easy_pace import EasyPace
from weekly_plan_assets.domain.athlete.race import Race, RacePriority
from weekly_plan_assets.domain.athlete.race_time import supported_time_s
from weekly_plan_assets.domain.athlete.targets import targets_of, with_targets
from weekly_plan_assets.domain.athlete.thresholds import (
    Confidence,
    Threshold,
    ThresholdMeasure,
    ThresholdSource,
)
from weekly_plan_assets.domain.plan.session_parts import (
    Intent,
    Step,
    Stretch,
    TargetKind,
    block,
    stretch,
)
from weekly_plan_assets.domain.plan.weekly_plan import Sport

HEART = {"max_hr_bpm": 190, "resting_hr_bpm": 50}


def known(sport: Sport, value: float) -> Threshold:
    return Threshold(
        sport=sport,
        measure=ThresholdMeasure.POWER if sport is Sport.RIDE else ThresholdMeasure.PACE,
        value=value,
        source=ThresholdSource.FILE,
        confidence=Confidence.HIGH,
    )


RIDER = Athlete(athlete_id="i1", **HEART, thresholds=(known(Sport.RIDE, 250),))
RUNNER = Athlete(
    athlete_id="i1",
    **HEART,
    thresholds=(known(Sport.RUN, 1000 / 240),),
    easy_paces=(EasyPace(sport=Sport.RUN, slow_m_s=1000 / 360, fast_m_s=1000 / 330),),
)
SWIMMER = Athlete(athlete_id="i1", **HEART, thresholds=(known(Sport.SWIM, 1.0),))
NOBODY = Athlete(athlete_id="i1")


def steered(
    athlete: Athlete, sport: Sport, intent: Intent, minutes: float, zone: int
) -> dict[str, tuple[int | None, int]]:
    """The targets by their kind, in their order."""
    found = targets_of(stretch(zone, round(60 * minutes), intent), athlete, sport)
    return {
        one.kind.value: (None if one.low is None else round(one.low), round(one.high))
        for one in found
    }


def test_a_rider_with_an_ftp_gets_watts_first() -> None:
    threshold = steered(RIDER, Sport.RIDE, Intent.THRESHOLD, 10, 4)
    assert list(threshold) == ["power", "hr", "rpe"]
    assert threshold["power"] == (235, 255)
    assert steered(RIDER, Sport.RIDE, Intent.EASY, 60, 2)["power"] == (140, 185)


def test_a_runner_with_a_threshold_pace_gets_paces() -> None:
    threshold = steered(RUNNER, Sport.RUN, Intent.THRESHOLD, 8, 4)
    assert list(threshold) == ["pace", "hr", "rpe"]
    low, high = threshold["pace"]
    assert low is not None
    assert low < 240 < high


def test_an_easy_run_has_a_ceiling_of_heart_rate_and_the_pace_of_own_easy_runs() -> None:
    easy = steered(RUNNER, Sport.RUN, Intent.EASY, 60, 2)
    assert list(easy) == ["hr", "pace", "rpe"]
    assert easy["hr"] == (None, 148)
    assert easy["pace"] == (330, 360)


def test_a_swimmer_gets_a_pace_for_100_m_and_no_heart_rate() -> None:
    assert steered(SWIMMER, Sport.SWIM, Intent.THRESHOLD, 10, 4) == {
        "pace": (99, 102),
        "rpe": (7, 8),
    }
    assert "hr" not in steered(SWIMMER, Sport.SWIM, Intent.EASY, 40, 2)


def test_heart_rate_steers_no_short_hard_work() -> None:
    assert "hr" not in steered(RUNNER, Sport.RUN, Intent.VO2, 3, 5)
    assert "hr" not in steered(RUNNER, Sport.RUN, Intent.THRESHOLD, 4, 4)
    assert "hr" in steered(RUNNER, Sport.RUN, Intent.THRESHOLD, 8, 4)


@pytest.mark.parametrize("ftp_w", [40, 121, 180, 240, 301, 410])
def test_no_watts_are_called_by_two_names(ftp_w: int) -> None:
    rider = Athlete(athlete_id="i1", thresholds=(known(Sport.RIDE, ftp_w),))
    zones = {Intent.EASY: 2, Intent.STEADY: 3, Intent.TEMPO: 3, Intent.THRESHOLD: 4, Intent.VO2: 5}
    ranges = [
        steered(rider, Sport.RIDE, intent, 10, zone)["power"] for intent, zone in zones.items()
    ]
    for (low, high), (next_low, _) in pairwise(ranges):
        assert low is not None
        assert next_low is not None
        assert low < high <= next_low


def test_short_hard_stretches_are_ridden_above_the_power_of_long_ones() -> None:
    long, short = (steered(RIDER, Sport.RIDE, Intent.VO2, m, 5)["power"] for m in (3, 0.5))
    assert long == (265, 300)
    assert short == (280, 310)


def test_strides_go_by_feel() -> None:
    assert list(steered(RUNNER, Sport.RUN, Intent.SPRINT, 1 / 3, 5)) == ["rpe"]
    assert list(steered(RIDER, Sport.RIDE, Intent.VO2, 0.4, 5)) == ["rpe"]
    assert list(steered(RIDER, Sport.RIDE, Intent.VO2, 0.5, 5)) == ["power", "rpe"]


def test_an_athlete_of_whom_nothing_is_known_goes_by_effort() -> None:
    for sport in (Sport.RUN, Sport.RIDE, Sport.SWIM):
        assert steered(NOBODY, sport, Intent.TEMPO, 20, 3) == {"rpe": (5, 6)}


def test_targets_that_a_stretch_has_already_stay() -> None:
    own = targets_of(stretch(2, 600), NOBODY, Sport.RUN)
    given = Stretch(intent=Intent.EASY, zone=2, duration_s=600, targets=own)
    (filled,) = with_targets((block(Step(work=given)),), RUNNER, Sport.RUN)
    assert filled.steps[0].work.targets == own
    assert {one.kind for one in own} == {TargetKind.RPE}


def test_the_time_that_a_threshold_supports_follows_riegel() -> None:
    race = Race(date=date(2026, 5, 1), priority=RacePriority.A, distance_m=21_097)
    supported_s = supported_time_s(race, RUNNER)
    assert supported_s is not None
    # 4:00 min/km for an hour: 15 km; a half marathon is 1.41 times that, in 1.435 hours.
    assert abs(supported_s - 3600 * (21_097 / 15_000) ** 1.06) < 1
    assert supported_time_s(race, NOBODY) is None
    assert supported_time_s(race.model_copy(update={"sport": Sport.RIDE}), RIDER) is None
