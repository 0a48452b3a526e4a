"""Bundles: all documents of one run in a folder of JSON, to be kept or handed on.

A bundle is read without any database. Every file but the manifest has its hash in the manifest.
"""

import hashlib
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pymongo.database import Database

from weekly_plan_assets.common.private_folder import require_own_links
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.lineage.export.json_schemas import SCHEMAS, schema_path, schema_text
from weekly_plan_assets.lineage.records.code_version import package_version
from weekly_plan_assets.lineage.records.reading import AnyRun, stored_run_from
from weekly_plan_assets.storage.codec import BsonDocument, CodecError, encode, json_scalar
from weekly_plan_assets.storage.collections import CollectionName
from weekly_plan_assets.storage.handed_files import (
    MAX_JSON_BYTES,
    HandedFileError,
    json_document,
    read_handed_file,
)
from weekly_plan_assets.storage.plan_deliveries import deliveries_of_run
from weekly_plan_assets.storage.retrying import retried

COLLECTIONS = (
    CollectionName.RUN_ARTIFACTS,
    CollectionName.RUN_EVENTS,
    CollectionName.PLAN_SNAPSHOTS,
    CollectionName.PLAN_ADHERENCE,
)
_DELIVERIES = f"{CollectionName.PLAN_DELIVERIES}-"
"""Begins the names of files of receipts, of which there is one for each account of each target."""

MANIFEST = "manifest.json"
_SCHEMAS_FOLDER = "schemas"
_MAX_NAME = 200
_MOST_FILES = 200
_DISLIKED = re.compile(r"[^A-Za-z0-9._-]|^\.")


class BundleError(WeeklyPlanError, ValueError):
    """A bundle that cannot be written, or is not as it was written; one sentence."""


class Manifest(Document):
    """What a bundle holds.

    Attributes:
        bundle_version: The form of the bundle itself.
        package_version: The version of the package that wrote it.
        sha256: The SHA-256 of every other file, by its path in the bundle.
    """

    bundle_version: Literal["1"]
    run_id: str = Field(min_length=1)
    package_version: str
    sha256: dict[str, str] = Field(alias="sha256")


def write_bundle(database: Database[BsonDocument], run_id: str, parent: Path) -> Path:
    """Write the bundle of `run_id` into a folder of its own in `parent`, whole or not at all.

    Returns:
        The folder; an earlier bundle of the same run is replaced.

    Raises:
        BundleError: There is no such run, a document has no JSON form, or the folder is taken.
        OSError: It cannot be written there.
    """
    files = _documents(database, run_id)
    if not files:
        raise BundleError(f"database {database.name} holds no document of run {run_id}")
    files |= {
        f"{_SCHEMAS_FOLDER}/{schema_path(name).name}": schema_text(model)
        for name, model in SCHEMAS.items()
    }
    manifest = Manifest(
        bundle_version="1",
        run_id=run_id,
        package_version=package_version(),
        sha256={name: _sha256(text.encode()) for name, text in sorted(files.items())},
    )
    target = parent / _folder_name(run_id)
    _refuse_taken(target, run_id)
    require_own_links(parent)
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".weekly-plan-") as unfinished:
        folder = Path(unfinished) / "new"
        folder.mkdir(mode=0o700)
        for name, text in {**files, MANIFEST: _json(manifest.model_dump())}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        _put_in_place(folder, target, earlier=Path(unfinished) / "earlier")
    return target


def read_bundle(folder: Path) -> AnyRun:
    """The run that a bundle holds, every file verified.

    Raises:
        BundleError: It is no bundle; or a file of it is changed, missing, surplus or malformed.
    """
    manifest = _manifest(folder)
    try:
        documents = _verified_documents(folder, manifest)
    except HandedFileError as error:
        raise BundleError(f"{folder} cannot be read: {error}") from error
    except OSError as error:
        name = Path(error.filename or folder).name
        raise BundleError(f"{folder} cannot be read: {name}: {error.strerror}") from error
    for name, document in documents.items():
        if document.get("runId") != manifest.run_id:
            raise BundleError(
                f"{_file(name)} in {folder} is of run {document.get('runId')}, "
                f"but the manifest of run {manifest.run_id}"
            )
    try:
        run = stored_run_from(
            manifest.run_id,
            documents.get(CollectionName.RUN_EVENTS),
            documents.get(CollectionName.RUN_ARTIFACTS),
            documents.get(CollectionName.PLAN_SNAPSHOTS),
            documents.get(CollectionName.PLAN_ADHERENCE),
            [one for name, one in documents.items() if name.startswith(_DELIVERIES)],
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BundleError(f"{folder} cannot be read: {place}: {first['msg']}") from error
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BundleError(f"{folder} cannot be read: {error}") from error
    if run is None:
        raise BundleError(f"{folder} holds no document of run {manifest.run_id}")
    return run


def _verified_documents(folder: Path, manifest: Manifest) -> dict[str, dict[str, Any]]:
    """The documents by collection, after every file was compared with the hash it should have."""
    found = set(islice(_entries(folder), _MOST_FILES + 1))
    if len(found) > _MOST_FILES:
        raise HandedFileError(f"it holds more than {_MOST_FILES} files, which no bundle does")
    documents: dict[str, BsonDocument] = {}
    for name in sorted(found | manifest.sha256.keys()):
        if name not in found:
            raise BundleError(f"{folder} is no whole bundle: {name} is missing")
        if name not in manifest.sha256:
            raise BundleError(f"{folder} holds {name}, which the manifest does not name")
        content = read_handed_file(folder / name)
        if _sha256(content) != manifest.sha256[name]:
            raise BundleError(f"{name} in {folder} is not as it was written: its hash differs")
        if name in _FILES:
            documents[_FILES[name]] = json_document(content, name)
        elif name.startswith(_DELIVERIES):
            documents[name] = json_document(content, name)
    return documents


def _entries(folder: Path) -> Iterator[str]:
    """What is in a bundle but the manifest: files, those in folders, and whatever else there is."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            yield from (f"{entry.name}/{inner.name}" for inner in entry.iterdir())
        elif entry.name != MANIFEST:
            yield entry.name


@retried
def _documents(database: Database[BsonDocument], run_id: str) -> dict[str, str]:
    """The stored documents, by the file that each is for."""
    found = {
        _file(name): database[name].find_one({"runId": run_id}, {"_id": 0}) for name in COLLECTIONS
    }
    if any(found.values()):
        found |= _receipts(database, run_id)
    return {
        name: _as_json(document, name, run_id)
        for name, document in found.items()
        if document is not None
    }


def _receipts(database: Database[BsonDocument], run_id: str) -> dict[str, BsonDocument]:
    """The receipts by file; a second account of the same target has a number in its name."""
    found: dict[str, BsonDocument] = {}
    seen: Counter[str] = Counter()
    for one in deliveries_of_run(database, run_id):
        target = str(one["target"])
        seen[target] += 1
        name = target if seen[target] == 1 else f"{target}-{seen[target]}"
        found[_file(f"{_DELIVERIES}{name}")] = one
    return found


def _as_json(document: BsonDocument, name: str, run_id: str) -> str:
    try:
        text = _json(document)
    except CodecError as error:
        raise BundleError(f"{name} of run {run_id} cannot be written as JSON: {error}") from error
    if len(text.encode()) > MAX_JSON_BYTES:
        raise BundleError(
            f"{name} of run {run_id} takes more than {MAX_JSON_BYTES // 1024**2} MiB as JSON, "
            "which no bundle can hold"
        )
    return text


def _put_in_place(folder: Path, target: Path, *, earlier: Path) -> None:
    if target.exists():
        target.rename(earlier)
    try:
        folder.rename(target)
    except OSError:
        if earlier.exists():
            earlier.rename(target)
        raise


def _file(collection: str) -> str:
    return f"{collection}.json"


_FILES = {_file(name): name for name in COLLECTIONS}


def _folder_name(run_id: str) -> str:
    return _DISLIKED.sub("_", run_id)[:_MAX_NAME]


def _refuse_taken(target: Path, run_id: str) -> None:
    if not target.exists() and not target.is_symlink():
        return
    try:
        holds = _manifest(target).run_id
    except BundleError as error:
        raise BundleError(f"{target} is there already, and nothing was written: {error}") from error
    if holds != run_id:
        raise BundleError(f"{target} holds the bundle of run {holds}, and nothing was written")


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(read_handed_file(folder / MANIFEST))
    except OSError as error:
        raise BundleError(f"{folder} is no bundle: {MANIFEST} cannot be read") from error
    except HandedFileError as error:
        raise BundleError(f"{folder} is no bundle: {error}") from error
    except ValidationError as error:
        raise BundleError(f"{folder} is no bundle: {MANIFEST} is not one of a bundle") from error


def _json(document: Mapping[str, Any]) -> str:
    text = json.dumps(encode(document), indent=2, ensure_ascii=False, default=json_scalar)
    return f"{text}\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
