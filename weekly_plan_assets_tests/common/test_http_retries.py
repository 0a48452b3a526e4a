"""How long a server in trouble is asked again, and for which of its accounts."""

from time import monotonic

import pytest

from weekly_plan_assets.common.http_retries import (
    LEAST_SHARE,
    MOST_GIVEN_UP,
    GivenUpError,
    Patience,
    ServerTrouble,
    TemporaryError,
)

BUDGET_S = 6.0


def unanswered(_within_s: float) -> str:
    raise TemporaryError("no answer", wait_s=2 * BUDGET_S)


def give_up(server: ServerTrouble) -> None:
    with pytest.raises(GivenUpError, match="no answer"):
        Patience(BUDGET_S, server=server).ask(unanswered)


def test_another_account_is_asked_for_with_a_part_of_the_patience() -> None:
    server = ServerTrouble()
    give_up(server)
    given_s: list[float] = []

    def still_unanswered(within_s: float) -> str:
        given_s.append(within_s)
        raise TemporaryError("still no answer", wait_s=0.2)

    began_s = monotonic()
    with pytest.raises(GivenUpError):
        Patience(BUDGET_S, server=server).ask(still_unanswered)
    assert monotonic() - began_s < BUDGET_S / 2
    assert max(given_s) <= LEAST_SHARE * BUDGET_S


def test_any_answer_shows_that_the_server_is_there() -> None:
    server = ServerTrouble()
    given_s: list[float] = []
    for _ in range(2 * MOST_GIVEN_UP):
        give_up(server)
        Patience(BUDGET_S, server=server).ask(lambda _: "an answer")
    Patience(BUDGET_S, server=server).ask(given_s.append)
    assert given_s == [pytest.approx(BUDGET_S, abs=0.5)]


def test_a_server_that_answers_for_no_account_is_not_asked_for_more_of_them() -> None:
    server = ServerTrouble()
    for _ in range(MOST_GIVEN_UP):
        give_up(server)
    asked: list[float] = []
    with pytest.raises(GivenUpError, match="no answer"):
        Patience(BUDGET_S, server=server).ask(asked.append)
    assert asked == []


def test_after_a_rest_the_server_is_asked_again() -> None:
    server = ServerTrouble()
    for _ in range(MOST_GIVEN_UP):
        give_up(server)
    assert Patience(BUDGET_S, rest_s=0.0, server=server).ask(lambda _: "an answer") == "an answer"
