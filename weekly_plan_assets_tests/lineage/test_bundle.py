"""Bundles: written whole or not at all, and read only as they were written."""

import json
import shutil
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.bundle import BundleError, read_bundle, write_bundle
from weekly_plan_assets.lineage.json_schemas import SCHEMAS
from weekly_plan_assets.lineage.reading import Lineage
from weekly_plan_assets.lineage.replay import replay
from weekly_plan_assets.lineage.stored_run import StoredRun, StoredRunV1
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.lineage.kept_runs import FIRST, keep_runs, store_weeks, weeks_from

WEEKS = weeks_from(FIRST, 3)


@pytest.fixture
def run_id(database: Database[BsonDocument]) -> str:
    store_weeks(database, WEEKS)
    (run_id,) = keep_runs(database, WEEKS[-1:])
    return run_id


@pytest.fixture
def bundle(database: Database[BsonDocument], run_id: str, tmp_path: Path) -> Path:
    return write_bundle(database, run_id, tmp_path / "bundles")


def test_a_bundle_is_a_folder_named_after_the_run_that_holds_every_document_and_schema(
    bundle: Path, run_id: str
) -> None:
    assert bundle.name == run_id.replace(":", "_")
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert files == {
        "manifest.json",
        "run_artifacts.json",
        "plan_snapshots.json",
        *(f"schemas/{name}.schema.json" for name in SCHEMAS),
    }
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["runId"] == run_id
    assert set(manifest["sha256"]) == files - {"manifest.json"}
    snapshot = json.loads((bundle / "plan_snapshots.json").read_text())
    assert snapshot["createdAt"].endswith("Z")
    assert "_id" not in snapshot
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


def test_what_is_read_is_what_is_stored_and_replays_equal(
    database: Database[BsonDocument], bundle: Path, run_id: str
) -> None:
    run = read_bundle(bundle)
    assert isinstance(run, StoredRun)
    assert run == Lineage(database).run(run_id)
    assert replay(run).is_equal


def test_a_run_of_version_1_is_exported_and_read_too(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    artifacts = {"runId": "n8n/1", "weekStart": "2024-01-08", "weekEnd": "2024-01-14"}
    database["run_artifacts"].insert_one({**artifacts, "metrics": {"runCount": 3}})
    folder = write_bundle(database, "n8n/1", tmp_path)
    assert folder == tmp_path / "n8n_1"
    run = read_bundle(folder)
    assert isinstance(run, StoredRunV1)
    assert run == Lineage(database).run("n8n/1")


def test_a_changed_missing_or_surplus_file_is_refused_by_name(bundle: Path) -> None:
    artifacts = bundle / "run_artifacts.json"
    original = artifacts.read_text()
    artifacts.write_text(original.replace("{", "{ ", 1))
    with pytest.raises(BundleError, match=r"run_artifacts\.json .* not as it was written"):
        read_bundle(bundle)
    artifacts.unlink()
    with pytest.raises(BundleError, match=r"run_artifacts\.json is missing"):
        read_bundle(bundle)
    artifacts.write_text(original)
    (bundle / "notes.txt").write_text("mine")
    with pytest.raises(BundleError, match=r"notes\.txt, which the manifest does not name"):
        read_bundle(bundle)


def test_a_manifest_of_another_run_is_refused(bundle: Path) -> None:
    manifest = bundle / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"runId": "other"}))
    with pytest.raises(BundleError, match="manifest of run other"):
        read_bundle(bundle)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="no bundle"):
        read_bundle(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(BundleError, match="no bundle"):
        read_bundle(tmp_path)


def test_the_bundle_of_the_same_run_is_replaced(
    database: Database[BsonDocument], bundle: Path, run_id: str
) -> None:
    (bundle / "run_artifacts.json").write_text("edited")
    assert write_bundle(database, run_id, bundle.parent) == bundle
    assert isinstance(read_bundle(bundle), StoredRun)
    assert list(bundle.parent.iterdir()) == [bundle]


def test_a_folder_that_is_something_else_is_left_as_it_is(
    database: Database[BsonDocument], bundle: Path, run_id: str
) -> None:
    shutil.rmtree(bundle)
    bundle.mkdir()
    (bundle / "mine.txt").write_text("mine")
    with pytest.raises(BundleError, match="is there already, and nothing was written"):
        write_bundle(database, run_id, bundle.parent)
    assert [path.name for path in bundle.rglob("*")] == ["mine.txt"]
    assert list(bundle.parent.iterdir()) == [bundle]


def test_the_bundle_of_another_run_with_the_same_name_is_left_as_it_is(
    database: Database[BsonDocument], bundle: Path, run_id: str
) -> None:
    twin = run_id.replace(":", "_")
    database["run_artifacts"].insert_one(
        {"runId": twin, "weekStart": "2024-01-08", "weekEnd": "2024-01-14"}
    )
    with pytest.raises(BundleError, match=f"the bundle of run {run_id}"):
        write_bundle(database, twin, bundle.parent)
    assert read_bundle(bundle).run_id == run_id


def test_a_run_that_is_not_stored_leaves_no_folder(
    database: Database[BsonDocument], tmp_path: Path
) -> None:
    with pytest.raises(BundleError, match="no document of run nobody"):
        write_bundle(database, "nobody", tmp_path / "bundles")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", ".", "a/../../b", "/etc"])
def test_no_name_of_a_run_leads_out_of_the_folder(
    database: Database[BsonDocument], tmp_path: Path, name: str
) -> None:
    database["run_artifacts"].insert_one(
        {"runId": name, "weekStart": "2024-01-08", "weekEnd": "2024-01-14"}
    )
    assert write_bundle(database, name, tmp_path).parent == tmp_path
