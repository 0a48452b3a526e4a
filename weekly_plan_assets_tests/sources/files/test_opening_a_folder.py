from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.settings import load_settings
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.sources.opening import open_source
from weekly_plan_assets_tests.sources.files.conftest import Put
from weekly_plan_assets_tests.support.fit_encoder import fit_file


def test_the_settings_give_the_zone_and_the_place_of_the_cache(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("files/a.fit", fit_file(datetime(2024, 1, 7, 23, 30, tzinfo=UTC)))
    monkeypatch.setenv("WEEKLY_PLAN_EXPORT_DIR", str(tmp_path / "files"))
    monkeypatch.setenv("WEEKLY_PLAN_TIMEZONE", "Europe/Madrid")
    monkeypatch.setenv("WEEKLY_PLAN_STATE_DIR", str(tmp_path / "state"))
    steps: list[tuple[int, int]] = []
    for _ in range(2):
        source = open_source(
            load_settings(),
            date(2024, 1, 10),
            progress=lambda done, total: steps.append((done, total)),
        )
        assert source.first_day() == date(2024, 1, 8)
        assert isinstance(source, ExportFolderSource)
    assert steps == [(1, 1)]
    assert list((tmp_path / "state" / "imports").glob("*.sqlite"))
