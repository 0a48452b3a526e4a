"""How fast an athlete's own easy runs are: the middle half of those below the easy ceiling."""

from datetime import date, timedelta

from weekly_plan_assets.domain.athlete.easy_pace import EasyPace, easy_paces
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.counted_sessions import count_sessions

CEILING_BPM = 145


def run(number: int, speed_m_s: float, bpm: float | None = 138, kind: str = "Run") -> Activity:
    day = date(2026, 5, 1) + timedelta(days=number)
    return Activity.model_validate(
        {
            "id": f"a{number}",
            "start_date_local": f"{day}T08:00:00",
            "type": kind,
            "moving_time": 3600,
            "distance": 3600 * speed_m_s,
            "average_heartrate": bpm,
        }
    )


def pace(*rows: Activity, ceiling_bpm: int | None = CEILING_BPM) -> EasyPace | None:
    return next(iter(easy_paces(count_sessions(rows), ceiling_bpm)), None)


EASY = [run(number, 2.7 + 0.05 * number) for number in range(8)]


def test_the_middle_half_of_easy_runs_says_how_fast_they_are() -> None:
    found = pace(*EASY)
    assert found is not None
    assert 2.7 < found.slow_m_s < 2.9 < found.fast_m_s < 3.05


def test_hard_runs_trail_runs_and_runs_without_a_heart_rate_do_not_count() -> None:
    others = [
        *(run(20 + number, 4.5, bpm=168) for number in range(8)),
        *(run(40 + number, 1.8, kind="TrailRun") for number in range(8)),
        *(run(60 + number, 4.0, bpm=None) for number in range(8)),
    ]
    assert pace(*EASY, *others) == pace(*EASY)


def test_equal_runs_leave_a_range_that_can_be_held() -> None:
    found = pace(*(run(number, 3.0) for number in range(6)))
    assert found is not None
    assert found.fast_m_s / found.slow_m_s > 1.03


def test_few_runs_or_no_ceiling_say_nothing() -> None:
    assert pace(*EASY[:5]) is None
    assert pace(*EASY, ceiling_bpm=None) is None
