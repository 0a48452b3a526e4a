"""What the tests of files share: an athlete with numbers, and folders that are quickly filled."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete

Put = Callable[[str, bytes | str], Path]


@pytest.fixture
def athlete() -> Athlete:
    return Athlete(
        athlete_id="me",
        max_hr_bpm=190,
        resting_hr_bpm=50,
        zone_upper_bpm=(135, 150, 165, 180, 190),
    )


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file below the folder, gzipped where its name says so."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write
