"""How often a part is started again, and after which pause."""

from weekly_plan_assets.supervision.restarts import (
    MAX_DEATHS,
    MAX_UNREADY_DEATHS,
    PAUSES_S,
    WINDOW_S,
    Restarts,
)


def test_a_part_that_dies_in_its_work_is_started_again_at_once() -> None:
    restarts = Restarts()
    assert [restarts.after_death(t * 60.0, was_ready=True) for t in range(10)] == [0.0] * 10


def test_the_pause_grows_while_a_part_does_not_become_ready_and_then_it_is_given_up() -> None:
    restarts = Restarts()
    pauses = [restarts.after_death(float(t), was_ready=False) for t in range(MAX_UNREADY_DEATHS)]
    assert pauses == [PAUSES_S[1], PAUSES_S[2], PAUSES_S[3], PAUSES_S[3], None]


def test_a_part_that_became_ready_once_has_all_its_chances_again() -> None:
    restarts = Restarts()
    for _ in range(3):
        for t in range(MAX_UNREADY_DEATHS - 1):
            assert restarts.after_death(float(t), was_ready=False) is not None
        assert restarts.after_death(10.0, was_ready=True) == 0.0


def test_a_part_that_dies_again_and_again_though_it_becomes_ready_is_given_up() -> None:
    restarts = Restarts()
    pauses = [restarts.after_death(t * 20.0, was_ready=True) for t in range(MAX_DEATHS + 1)]
    assert pauses == [0.0] * MAX_DEATHS + [None]


def test_deaths_of_long_ago_do_not_count() -> None:
    restarts = Restarts()
    apart_s = WINDOW_S / MAX_DEATHS + 1
    pauses = [restarts.after_death(t * apart_s, was_ready=True) for t in range(MAX_DEATHS * 3)]
    assert None not in pauses
