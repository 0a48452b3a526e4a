import gc
from collections.abc import Iterator
from contextlib import suppress

import pytest

from weekly_plan_assets.common.garbage import without_garbage_collection


def test_the_collector_waits_and_works_again_after_an_error() -> None:
    with suppress(LookupError), without_garbage_collection():
        assert not gc.isenabled()
        raise LookupError
    assert gc.isenabled()


@pytest.fixture
def switched_off() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("switched_off")
def test_a_collector_that_was_switched_off_stays_off() -> None:
    with without_garbage_collection():
        pass
    assert not gc.isenabled()
