"""Without the extra `celery` these tests are skipped on a user's machine, and fail in CI."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from weekly_plan_assets_tests.conftest import missing_part

HERE = Path(__file__).parent
INSTALLED = find_spec("dagster_celery") is not None and find_spec("redis") is not None

collect_ignore_glob: list[str] = [] if INSTALLED else ["test_celery_*.py"]


@pytest.fixture
def celery_extra() -> None:
    """The extra `celery`."""
    if not INSTALLED:
        missing_part("the extra celery is not installed (make install EXTRAS=postgres,celery)")
