"""The best minutes of a recording: found in power and way, whatever program wrote them."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.recorded.best_effort import BestEffort
from weekly_plan_assets.sources.files.best_efforts import best_efforts
from weekly_plan_assets.sources.files.fit.recordings import read_fit
from weekly_plan_assets.sources.files.gpx import read_gpx
from weekly_plan_assets.sources.files.limits import Deadline
from weekly_plan_assets.sources.files.recording import HeartRates
from weekly_plan_assets.sources.files.tcx import read_tcx
from weekly_plan_assets_tests.support.converted_files import converted
from weekly_plan_assets_tests.support.fit_encoder import (
    ENUM,
    UINT8,
    UINT16,
    UINT32,
    Field,
    encode,
    seconds_of,
)

START = datetime(2024, 1, 7, 7, tzinfo=UTC)
HARD_FROM_S, HARD_UNTIL_S, END_S = 900, 2100, 3000
"""Twenty hard minutes in fifty."""


def power_at(second: int) -> int:
    return 280 if HARD_FROM_S <= second < HARD_UNTIL_S else 150


def speed_at(second: int) -> float:
    return 4.5 if HARD_FROM_S <= second < HARD_UNTIL_S else 3.0


def way_at(second: int) -> float:
    hard_s = min(max(second - HARD_FROM_S, 0), HARD_UNTIL_S - HARD_FROM_S)
    return 3.0 * second + 1.5 * hard_s


def bpm_at(second: int) -> int:
    return 172 if HARD_FROM_S <= second < HARD_UNTIL_S else 130


def found(seconds: range, *, power: bool = True) -> dict[tuple[int, str], BestEffort]:
    times_s = np.array(seconds, np.float64)
    efforts = best_efforts(
        times_s,
        np.array([way_at(second) for second in seconds]),
        np.array([power_at(second) if power else math.nan for second in seconds]),
        HeartRates(times_s, [bpm_at(second) for second in seconds]),
    )
    return {(one.duration_s, "power" if one.power_w else "speed"): one for one in efforts}


@pytest.mark.parametrize("every_s", [1, 2, 5, 10])
def test_the_hard_minutes_are_found_with_their_heart_rate(every_s: int) -> None:
    efforts = found(range(0, END_S, every_s))
    assert set(efforts) == {(s, kind) for s in (1200, 1800) for kind in ("power", "speed")}
    hard = efforts[1200, "power"]
    assert hard.power_w == pytest.approx(280, rel=0.01)
    assert hard.average_hr_bpm == pytest.approx(172, abs=1)
    assert efforts[1200, "speed"].speed_m_s == pytest.approx(4.5, rel=0.01)
    assert efforts[1800, "power"].power_w == pytest.approx((280 * 2 + 150) / 3, rel=0.01)


def test_seldom_samples_give_a_way_but_no_power() -> None:
    assert {kind for _, kind in found(range(0, END_S, 30))} == {"speed"}


def test_a_recording_without_power_has_none() -> None:
    assert {kind for _, kind in found(range(END_S), power=False)} == {"speed"}


@given(
    pauses=st.lists(st.integers(1, END_S - 2), max_size=4),
    slips=st.lists(st.integers(1, END_S - 2), max_size=4),
)
def test_pauses_and_slips_never_make_an_effort_better(pauses: list[int], slips: list[int]) -> None:
    times_s = np.arange(END_S, dtype=np.float64)
    way_m = np.array([way_at(second) for second in range(END_S)])
    power_w = np.array([float(power_at(second)) for second in range(END_S)])
    for at in pauses:
        times_s[at:] += 120
    for at in slips:
        way_m[at] += 1e6
        power_w[at] = 6e4
    rates = HeartRates(times_s, np.full(END_S, np.nan))
    for one in best_efforts(times_s, way_m, power_w, rates):
        assert (one.power_w or 0) <= 280.5
        assert (one.speed_m_s or 0) <= 4.55
        assert one.average_hr_bpm is None


def fit(sport: int) -> bytes:
    stamp = seconds_of(START)
    records: list[tuple[int, list[Field]]] = [
        (
            20,
            [
                (253, UINT32, stamp + second),
                (3, UINT8, bpm_at(second)),
                (5, UINT32, round(100 * way_at(second))),
                (7, UINT16, power_at(second)),
            ],
        )
        for second in range(END_S)
    ]
    session: tuple[int, list[Field]] = (
        18,
        [(2, UINT32, stamp), (5, ENUM, sport), (7, UINT32, END_S * 1000)],
    )
    return encode([(0, [(0, ENUM, 4)]), *records, session])


def test_a_ride_of_a_fit_file_keeps_power_and_a_run_its_speed(athlete: Athlete) -> None:
    kept = {}
    for sport in (1, 2):
        (recording,) = read_fit(fit(sport), Deadline()).recordings
        kept[sport] = converted(recording, athlete).best_efforts
    assert [one.duration_s for one in kept[1]] == [1200, 1800]
    assert kept[1][0].speed_m_s == pytest.approx(4.5, rel=0.01)
    assert all(one.power_w is None for one in kept[1])
    assert kept[2][0].power_w == pytest.approx(280, rel=0.01)
    assert all(one.speed_m_s is None for one in kept[2])


def test_a_tcx_file_gives_the_watts_of_its_extension() -> None:
    points = "".join(
        f"<Trackpoint><Time>{(START + timedelta(seconds=second)).isoformat()}</Time>"
        f"<DistanceMeters>{way_at(second)}</DistanceMeters><Extensions>"
        f"<TPX xmlns='http://www.garmin.com/xmlschemas/ActivityExtension/v2'>"
        f"<Watts>{power_at(second)}</Watts></TPX></Extensions></Trackpoint>"
        for second in range(0, END_S, 5)
    )
    text = (
        "<TrainingCenterDatabase><Activities><Activity Sport='Biking'>"
        f"<Lap StartTime='{START.isoformat()}'><Track>{points}</Track></Lap>"
        "</Activity></Activities></TrainingCenterDatabase>"
    )
    (recording,) = read_tcx(text.encode(), Deadline()).recordings
    powers = [one for one in recording.best_efforts if one.power_w]
    assert powers[0].power_w == pytest.approx(280, rel=0.01)


def test_a_gpx_file_gives_the_way_on_the_map_and_the_power_of_its_extension() -> None:
    points = "".join(
        f"<trkpt lat='{40 + way_at(second) / 111_319:.6f}' lon='-3.0'>"
        f"<time>{(START + timedelta(seconds=second)).isoformat()}</time>"
        f"<extensions><power>{power_at(second)}</power></extensions></trkpt>"
        for second in range(0, END_S, 5)
    )
    text = f"<gpx><trk><type>cycling</type><trkseg>{points}</trkseg></trk></gpx>"
    (recording,) = read_gpx(text.encode(), Deadline()).recordings
    best = {(one.duration_s, bool(one.power_w)): one for one in recording.best_efforts}
    assert best[1200, True].power_w == pytest.approx(280, rel=0.01)
    assert best[1200, False].speed_m_s == pytest.approx(4.5, rel=0.01)
