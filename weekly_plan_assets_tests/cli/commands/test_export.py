"""`weekly-plan export` as a user types it."""

from pathlib import Path

import pytest

from weekly_plan_assets.lineage.audit.bundle import read_bundle
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from
from weekly_plan_assets_tests.support.terminal import Terminal


@pytest.mark.slow
def test_a_run_is_written_again_and_again_but_over_nothing_else(
    terminal: Terminal, mongo_url: str, tmp_path: Path
) -> None:
    weeks = weeks_from(FIRST, 2)
    with open_client(mongo_url) as client:
        database = client[terminal.environment["MONGO_DATABASE"]]
        store_weeks(database, weeks)
        (run_id,) = keep_runs(database, weeks[-1:])
    first, second = (terminal.run("export", run_id, "--to", str(tmp_path)) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == second.stdout
    bundle = Path(first.stdout.strip())
    assert read_bundle(bundle).run_id == run_id

    (bundle / "manifest.json").write_text("mine")
    refused = terminal.run("export", run_id, "--to", str(tmp_path))
    assert refused.returncode == 1
    assert "is there already, and nothing was written" in refused.stderr
    unknown = terminal.run("export", "nobody", "--to", str(tmp_path))
    assert unknown.returncode == 1
    assert "Traceback" not in unknown.stderr
