"""Files of somebody else reach no week, also where the graph runs without the command line."""

from datetime import UTC, datetime, timedelta

import pytest

from weekly_plan_assets_tests.support.fit_encoder import fit_file
from weekly_plan_assets_tests.support.graph import Graph

WEEK = "2024-01-08"


def record(graph: Graph, hour: int) -> None:
    for path in graph.export_dir.glob("*.fit"):
        path.unlink()
    for day in range(4):
        start = datetime(2024, 1, 8 + day, hour, tzinfo=UTC) + timedelta(minutes=day)
        (graph.export_dir / f"{day}.fit").write_bytes(fit_file(start))


@pytest.mark.parametrize("allowed", [False, True])
def test_a_folder_that_changed_hands_changes_nothing_that_is_stored(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    record(graph, hour=7)
    graph.metrics(WEEK, WEEK)
    before = {name: graph.documents(name) for name in ("activities", "weekly_metrics")}
    assert len(before["activities"]) == 4
    monkeypatch.setenv("WEEKLY_PLAN_ALLOW_REMOVAL", str(allowed).lower())
    record(graph, hour=18)
    with pytest.raises(Exception, match="the files are not those of athlete 'folder'"):
        graph.metrics(WEEK, WEEK)
    assert {name: graph.documents(name) for name in before} == before
    record(graph, hour=7)
    graph.metrics(WEEK, WEEK)
