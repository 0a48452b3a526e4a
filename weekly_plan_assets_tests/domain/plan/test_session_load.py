import pytest

from weekly_plan_assets.domain.plan.session_load import TABLE_RATES


def test_harder_zones_load_more() -> None:
    loads = [TABLE_RATES.per_hour(zone) for zone in range(1, 6)]
    assert loads == sorted(set(loads))


def test_an_hour_at_threshold_is_a_hundred_between_zones_four_and_five() -> None:
    assert TABLE_RATES.per_hour(4) < 100 < TABLE_RATES.per_hour(5)


def test_load_grows_with_time() -> None:
    assert TABLE_RATES.load(30, 2) == pytest.approx(TABLE_RATES.per_hour(2) / 2)
    assert TABLE_RATES.load(0, 2) == 0
