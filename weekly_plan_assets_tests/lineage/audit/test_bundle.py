"""Bundles: written whole or not at all, and read only as they were written."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pymongo.database import Database

from weekly_plan_assets.lineage.audit.bundle import BundleError, read_bundle, write_bundle
from weekly_plan_assets.lineage.audit.replay import ReplayReport, replay
from weekly_plan_assets.lineage.export.json_schemas import SCHEMAS
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.lineage.records.stored_run import StoredRun, StoredRunV1
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets_tests.support.kept_runs import FIRST, keep_runs, store_weeks, weeks_from

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


def rewritten(bundle: Path, name: str, content: bytes) -> None:
    """Change a file of a bundle, and its hash in the manifest with it."""
    (bundle / name).write_bytes(content)
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["sha256"][name] = hashlib.sha256(content).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[1, 2]", "holds a list where a JSON object is expected"),
        (b'"text"', "holds a text where"),
        (b"null", "holds null where"),
        (b"17", "holds a number where"),
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"[" * 100_000, "nested more than 200 levels deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested more than 200 levels deep"),
        (b'{"a":' + b"[" * 300 + b"]" * 300 + b"}", "nested more than 200 levels deep"),
        (b'{"runId": NaN}', "not finite"),
        (b'{"runId": 1e999}', "not finite"),
        (b'{"runId": 1' + b"0" * 5_000 + b"}", "does not fit 64 bits"),
        (b'{"runId": "\\ud800"}', "half of a character"),
        (b'{"runId": 5}', "but the manifest of run"),
        (b"{}", "but the manifest of run"),
    ],
)
def test_a_document_that_is_none_is_one_sentence(
    content: bytes, sentence: str, bundle: Path
) -> None:
    rewritten(bundle, "run_artifacts.json", content)
    with pytest.raises(BundleError, match=sentence) as refusal:
        read_bundle(bundle)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["run_artifacts.json", "manifest.json"])
def test_a_file_larger_than_any_document_is_refused_before_it_is_read_whole(
    name: str, bundle: Path
) -> None:
    with (bundle / name).open("r+b") as file:
        file.truncate(900_000_000)
    with pytest.raises(BundleError, match="holds more than 32 MiB, which no document does"):
        read_bundle(bundle)


@pytest.mark.parametrize("name", ["run_artifacts.json", "manifest.json"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_link_or_a_pipe_in_place_of_a_file_is_refused(
    name: str, kind: str, bundle: Path, tmp_path: Path
) -> None:
    (bundle / name).rename(tmp_path / "elsewhere")
    if kind == "link":
        (bundle / name).symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(bundle / name)
    else:
        (bundle / name).mkdir()
    with pytest.raises(BundleError, match=f"{name} is (a link|missing)"):
        read_bundle(bundle)


def test_a_linked_folder_and_deep_or_endless_ones_are_refused(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "schemas").symlink_to("/usr/lib")
    (bundle / "linked").symlink_to(tmp_path / "schemas")
    with pytest.raises(BundleError, match="holds linked, which the manifest does not name"):
        read_bundle(bundle)
    (bundle / "linked").unlink()
    (bundle / "deep" / "deeper" / "deepest").mkdir(parents=True)
    with pytest.raises(BundleError, match="holds deep/deeper, which the manifest does not name"):
        read_bundle(bundle)
    for number in range(300):
        (bundle / f"{number}.json").touch()
    with pytest.raises(BundleError, match="more than 200 files"):
        read_bundle(bundle)


def test_a_name_in_the_manifest_that_leads_out_of_the_folder_is_missing(
    bundle: Path, tmp_path: Path
) -> None:
    (bundle.parent / "outside.json").write_text("{}")
    for name in ("../outside.json", "/etc/hostname", "a\0b", ""):
        manifest = json.loads((bundle / "manifest.json").read_text())
        manifest["sha256"] = {**manifest["sha256"], name: "0" * 64}
        (tmp_path / "copy").mkdir(exist_ok=True)
        shutil.copytree(bundle, tmp_path / "copy", dirs_exist_ok=True)
        (tmp_path / "copy" / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(BundleError, match=r"is no whole bundle: .* is missing"):
            read_bundle(tmp_path / "copy")


ODD_VALUES: list[Any] = [None, [], {}, "", "\0", 1e308, -1, True, "9999-12-31T23:59:59-23:59", [[]]]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something is in a document; of a list its first element stands for all."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1])
    for key, one in inner:
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))
        else:
            yield (*path, key)


def outcome(bundle: Path) -> str:
    """What is said of a bundle; any error but a `BundleError` is raised."""
    try:
        report = ReplayReport.of(read_bundle(bundle))
    except BundleError as error:
        return str(error)
    return report.problem or f"{len(report.differences)} differences"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["run_artifacts.json", "plan_snapshots.json"])
def test_an_odd_value_anywhere_in_a_document_is_a_sentence_or_a_difference(
    name: str, bundle: Path
) -> None:
    original = json.loads((bundle / name).read_text())
    chance = Random(20240122)  # noqa: S311 - which value goes where
    for path in places(original):
        document = json.loads((bundle / name).read_text())
        within = document
        for step in path[:-1]:
            within = within[step]
        within[path[-1]] = chance.choice(ODD_VALUES)
        rewritten(bundle, name, json.dumps(document).encode())
        assert outcome(bundle), path
        rewritten(bundle, name, json.dumps(original).encode())
