import pytest

from weekly_plan_assets.domain.plan.session_load import TABLE_RATES, blocks_load
from weekly_plan_assets.domain.plan.session_parts import Stretch, block
from weekly_plan_assets.domain.plan.session_zones import (
    hard_s,
    main_zone,
    needs_steps,
    zone_times_s,
)
from weekly_plan_assets.domain.plan.weekly_plan import SessionKind
from weekly_plan_assets_tests.support.valid_week import (
    EASY,
    HARD,
    RACE,
    REPEATS,
    STRENGTH,
    part,
    session,
)


def test_the_time_in_each_zone_is_that_of_work_and_recovery() -> None:
    blocks = (block(part(15, 2), REPEATS), block(part(20, 2)))
    assert zone_times_s(blocks) == {1: 600, 2: 2100, 5: 900}
    assert hard_s(zone_times_s((block(part(15, 3), REPEATS),))) == 1800
    twice = block(part(15, 3), REPEATS, repeats=2)
    assert hard_s(zone_times_s((twice,))) == 3600
    assert zone_times_s(()) == {}


def test_the_load_of_steps_is_that_of_their_zones() -> None:
    expected = TABLE_RATES.load(10, 1) + TABLE_RATES.load(35, 2) + TABLE_RATES.load(15, 5)
    blocks = (block(part(15, 2), REPEATS), block(part(20, 2)))
    assert blocks_load(blocks, TABLE_RATES) == pytest.approx(expected)
    assert blocks_load((), TABLE_RATES) == 0


def test_endurance_sessions_are_told_in_steps_and_strength_and_races_are_not() -> None:
    assert [needs_steps(one) for one in (EASY, HARD, STRENGTH, RACE)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("kind", "steps", "zone"),
    [
        (SessionKind.EASY, (part(30, 1), part(30, 2)), 2),
        (SessionKind.EASY, (part(31, 1), part(30, 2)), 1),
        (SessionKind.TEMPO, (part(50, 2), part(6, 3)), 3),
        (SessionKind.THRESHOLD, (part(50, 2), part(6, 3), part(6, 4)), 4),
        (SessionKind.LONG, (part(60, 2), part(29, 3)), 2),
        (SessionKind.LONG, (part(60, 2), part(30, 3)), 3),
        (SessionKind.EASY, (part(60, 2), part(9.5, 4)), 2),
        (SessionKind.EASY, (part(60, 2), part(10, 4)), 4),
        (SessionKind.EASY, (part(60, 2), part(5, 4), part(4.9, 5)), 2),
        (SessionKind.EASY, (part(60, 2), part(5, 5)), 5),
        (SessionKind.EASY, (part(60, 2), part(20, 3), part(10, 4)), 3),
        (SessionKind.TEMPO, (part(60, 2),), None),
    ],
)
def test_the_main_zone_is_that_of_the_part_the_session_is_done_for(
    kind: SessionKind, steps: tuple[Stretch, ...], zone: int | None
) -> None:
    assert main_zone(session(kind, *steps)) == zone


def test_a_session_without_steps_has_no_main_zone() -> None:
    assert main_zone(EASY.model_copy(update={"blocks": ()})) is None
