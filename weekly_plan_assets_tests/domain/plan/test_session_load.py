import pytest

from weekly_plan_assets.domain.plan.session_load import load_per_hour, zone_load


def test_harder_zones_load_more() -> None:
    loads = [load_per_hour(zone) for zone in range(1, 6)]
    assert loads == sorted(set(loads))


def test_an_hour_at_threshold_is_a_hundred_between_zones_four_and_five() -> None:
    assert load_per_hour(4) < 100 < load_per_hour(5)


def test_load_grows_with_time() -> None:
    assert zone_load(30, 2) == pytest.approx(load_per_hour(2) / 2)
    assert zone_load(0, 2) == 0
