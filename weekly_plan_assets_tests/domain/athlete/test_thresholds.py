"""What an athlete can hold for an hour: who says so, what an effort says, and what says nothing."""

from datetime import date, timedelta
from typing import Any

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext, profile_of
from weekly_plan_assets.domain.athlete.thresholds import Confidence, Threshold, ThresholdSource
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.week import TrainingWeek

PLANNED = TrainingWeek.parse("2026-05-11")
LAST = PLANNED.start - timedelta(days=1)


def done(days_ago: int, kind: str, minutes: float, **more: Any) -> Activity:
    day = LAST - timedelta(days=days_ago)
    row = {"id": f"{kind}-{days_ago}", "start_date_local": f"{day}T08:00:00", "type": kind}
    return Activity.model_validate(row | {"moving_time": round(60 * minutes)} | more)


def run_of(days_ago: int, minutes: float, distance_m: float, **more: Any) -> Activity:
    return done(days_ago, "Run", minutes, distance=distance_m, **more)


def athlete(*rows: Activity, file: AthleteFile | None = None, **settings: Any) -> Athlete:
    known = [SportSettings.model_validate(settings)] if settings else []
    context = AthleteContext(file=file or AthleteFile(), sport_settings=tuple(known))
    return profile_of("i1", [done(1, "Run", 30), *rows], context, PLANNED)


def threshold(sport: Sport, *rows: Activity, **known: Any) -> Threshold | None:
    return athlete(*rows, **known).threshold_in(sport)


def test_the_athletes_own_file_wins() -> None:
    file = AthleteFile.model_validate(
        {"ftp_w": 250, "threshold_pace_per_km": "4:10", "css_per_100m": "1:40"}
    )
    own = athlete(done(2, "Ride", 60, icu_ftp=240), file=file, types=["Ride"], ftp=230)
    values = {one.sport: (round(one.value, 3), one.source) for one in own.thresholds}
    assert values == {
        Sport.RIDE: (250, ThresholdSource.FILE),
        Sport.RUN: (4.0, ThresholdSource.FILE),
        Sport.SWIM: (1.0, ThresholdSource.FILE),
    }


def test_settings_come_next_with_their_day() -> None:
    known = threshold(
        Sport.RIDE,
        done(2, "Ride", 60, icu_ftp=240),
        types=["Ride", "VirtualRide"],
        ftp=230,
        updated="2024-01-28T23:00:49",
    )
    assert known is not None
    assert (known.value, known.as_of) == (230, date(2024, 1, 28))
    assert known.is_stale(LAST)


def test_a_setting_that_sessions_were_recorded_with_counts_and_the_newest_wins() -> None:
    rows = [done(20, "Ride", 60, icu_ftp=220), done(3, "Ride", 60, icu_ftp=240)]
    known = threshold(Sport.RIDE, *rows)
    assert known is not None
    assert (known.value, known.as_of) == (240, LAST - timedelta(days=3))


def test_the_estimate_of_the_source_is_trusted_less() -> None:
    known = threshold(Sport.RIDE, done(3, "Ride", 60, icu_rolling_ftp=235))
    assert known is not None
    assert (known.source, known.confidence) == (ThresholdSource.ESTIMATE, Confidence.MEDIUM)


def test_a_race_says_what_an_hour_bears_by_riegel() -> None:
    ten_km = threshold(Sport.RUN, run_of(10, 40, 10_000, race=True))
    half = threshold(Sport.RUN, run_of(10, 90, 21_100, race=True))
    assert ten_km is not None
    assert half is not None
    # Riegel 1981: 40 min for 10 km make 1:28:15 for a half marathon; between lies the hour.
    assert 10_000 / 2400 > ten_km.value > 21_100 / (88.25 * 60)
    assert half.value > 21_100 / (90 * 60)
    assert ten_km.confidence is Confidence.MEDIUM


def test_a_session_at_threshold_heart_rate_is_an_effort_and_an_easy_one_is_not() -> None:
    hard = run_of(10, 40, 9_000, average_heartrate=165, lthr=170)
    easy = run_of(9, 60, 10_000, average_heartrate=140, lthr=170)
    known = threshold(Sport.RUN, hard, easy)
    assert known is not None
    assert (known.source, known.confidence) == (ThresholdSource.SESSION, Confidence.LOW)
    assert threshold(Sport.RUN, easy) is None


@pytest.mark.parametrize(
    "row",
    [
        run_of(100, 40, 10_000, race=True),
        run_of(10, 12, 3_600, race=True),
        run_of(10, 40, 40_000, race=True),
        done(10, "Ride", 60, icu_ftp=0),
        done(10, "Ride", 60, icu_ftp=4000),
        done(10, "Swim", 60, distance=3000, race=True),
    ],
    ids=["old", "short", "impossible", "zero", "kilowatts", "swum with rests"],
)
def test_what_says_nothing_gives_no_threshold(row: Activity) -> None:
    assert not athlete(row).thresholds


def test_a_ride_of_an_hour_at_full_effort_is_ridden_at_about_ftp() -> None:
    known = threshold(Sport.RIDE, done(5, "Ride", 60, icu_weighted_avg_watts=240, race=True))
    assert known is not None
    assert round(known.value) == 240
    short = threshold(Sport.RIDE, done(5, "Ride", 20, icu_weighted_avg_watts=253, race=True))
    assert short is not None
    assert 230 <= short.value <= 240


def best(value: float, *, bpm: float | None = None, kind: str = "power_w") -> dict[str, Any]:
    return {"best_efforts": [{"duration_s": 1200, kind: value, "average_hr_bpm": bpm}]}


WITH_LTHR = AthleteFile(threshold_hr_bpm=170)


def test_the_best_minutes_of_a_hard_ride_say_what_an_hour_bears() -> None:
    known = threshold(Sport.RIDE, done(5, "Ride", 90, **best(265, bpm=166)), file=WITH_LTHR)
    assert known is not None
    assert known.value == pytest.approx(265 * (1 / 3) ** 0.07)
    assert (known.source, known.confidence) == (ThresholdSource.SESSION, Confidence.LOW)


def test_the_best_minutes_of_an_easy_ride_say_nothing() -> None:
    rides = [done(5, "Ride", 90, **best(180, bpm=130)), done(9, "Ride", 90, **best(240, bpm=140))]
    assert threshold(Sport.RIDE, *rides, file=WITH_LTHR) is None


@pytest.mark.parametrize(("most_w", "hour_w"), [(205, None), (235, 218)])
def test_without_heart_rates_only_minutes_far_above_the_usual_count(
    most_w: float, hour_w: float | None
) -> None:
    rides = [done(day, "Ride", 90, **best(200)) for day in range(5, 25, 5)]
    known = threshold(Sport.RIDE, *rides, done(3, "Ride", 60, **best(most_w)))
    assert (known and round(known.value)) == hour_w


def test_a_hard_twenty_minutes_within_a_run_say_a_threshold_pace() -> None:
    run = run_of(4, 60, 11_000, **best(4.2, bpm=168, kind="speed_m_s"))
    known = threshold(Sport.RUN, run, file=WITH_LTHR)
    assert known is not None
    assert 3.9 < known.value < 4.2
