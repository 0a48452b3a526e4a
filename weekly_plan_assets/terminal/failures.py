"""What the command line says when something goes wrong: one sentence, and the exit code.

A sentence comes from the error itself or from `operations.foreign_errors`. Everything else is a
defect: its traceback goes to a log in the state folder, and the sentence asks to report it.
"""

import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast
from urllib.parse import urlsplit

from weekly_plan_assets.terminal.console import err

if TYPE_CHECKING:
    from weekly_plan_assets.settings import Settings

FAILED = 1
INTERRUPTED = 130

_LOGS_KEPT = 20
_LONGEST_SHOWN = 200
_SECRET_NAMES = (*("_KEY", "_TOKEN", "_PASSWORD", "_SECRET", "_URL"), "_NOTIFY", "_OPENLINEAGE")
_SHORTEST_SECRET = 6


def exit_code_of(error: BaseException) -> int:
    """Say what went wrong on stderr, and with which code to exit."""
    if isinstance(error, KeyboardInterrupt):
        err.print("interrupted", style="yellow")
        return INTERRUPTED
    if _is_of_output(error):
        return _without_reader(error)
    if os.environ.get("WEEKLY_PLAN_TRACEBACK"):
        sys.stderr.write(_without_secrets("".join(traceback.format_exception(error))))
    say_failed(_sentence(error))
    return FAILED


def quieten_background() -> None:
    """Say in one line that a thread broke, and leave to Python what breaks while it tidies up.

    Both follow from an error that the command itself meets, most often that memory ran out.
    """
    if not os.environ.get("WEEKLY_PLAN_TRACEBACK"):
        threading.excepthook = _thread_broke
        sys.unraisablehook = lambda _: None
        if sys.stderr is not None:
            sys.stderr = cast("TextIO", _WithoutDagster(sys.stderr))


class _WithoutDagster:
    """Stderr without what Dagster writes there for each event that it cannot store.

    It raises the same error too, which is then said once.
    """

    def __init__(self, stderr: TextIO) -> None:
        self._stderr = stderr

    def write(self, text: str) -> int:
        if text.startswith("Exception while writing logger call to event log"):
            return len(text)
        return self._stderr.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stderr, name)


def _thread_broke(broken: threading.ExceptHookArgs) -> None:
    name = broken.thread.name if broken.thread else "a thread"
    err.print(f"{name} ended early: {broken.exc_value}", style="yellow", soft_wrap=True)


def say_failed(sentence: str) -> None:
    """Say in a line of its own why the command failed."""
    say(f"weekly-plan: {sentence}")


def say(sentence: str) -> None:
    """Say in a line of its own what went wrong, in the words of the roster if there is one."""
    with suppress(ImportError, MemoryError):  # nothing more may be loaded
        from weekly_plan_assets.settings.roster_words import in_words_in_force

        sentence = in_words_in_force(sentence)
    err.print(" ".join(sentence.split()), style="red", markup=False, soft_wrap=True)


def _sentence(error: BaseException) -> str:
    settings = _settings()
    try:
        from weekly_plan_assets.operations.foreign_errors import sentence_of

        known = sentence_of(error, settings)
    except (ImportError, MemoryError, OSError):  # nothing more can be loaded
        known = (
            "memory or open files ran out (ulimit -v, ulimit -n), or the installation is "
            f"incomplete ({type(error).__name__})"
        )
    except Exception:  # noqa: BLE001 - a second error must not hide the first
        known = None
    return known or _defect(error, settings)


def _is_of_output(error: BaseException) -> bool:
    """Whether stdout took no more: a full disk, or a reader that is gone."""
    if not isinstance(error, OSError) or error.filename is not None:
        return False
    places = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    here = str(Path(__file__).parent)
    writers = (here, *(f"{os.sep}{name}{os.sep}" for name in ("rich", "click", "typer")))
    return bool(places) and any(writer in places[-1] for writer in writers)


def _without_reader(error: BaseException) -> int:
    """Say why stdout took no more, unless its reader just ended, as `head` does."""
    if not isinstance(error, BrokenPipeError):
        say_failed(f"the output cannot be written ({error}); what is stored is not affected")
    # Otherwise Python tries to write the rest when it ends, and complains.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


def _settings() -> "Settings | None":
    with suppress(Exception):  # the error that is being shown may be just this
        from weekly_plan_assets.settings import load_settings

        return load_settings()
    return None


def _defect(error: BaseException, settings: "Settings | None") -> str:
    """Keep the traceback, and ask for a report."""
    what = " ".join(_without_secrets(f"{type(error).__name__}: {error}").split())
    shown = what if len(what) <= _LONGEST_SHOWN else f"{what[:_LONGEST_SHOWN]}..."
    text = _without_secrets("".join(traceback.format_exception(error)))
    log = None if settings is None else _log(text, settings.state_dir / "errors")
    if log is None:
        sys.stderr.write(text)
    where = "the lines above" if log is None else f"the file {log}"
    return f"this is a defect of weekly-plan; please report it with {where} ({shown})"


def _log(text: str, folder: Path) -> Path | None:
    """Write a log for its owner alone, and delete the oldest ones; None if it cannot be."""
    from weekly_plan_assets.common.private_folder import private_folder

    name = f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}-{os.getpid()}.log"
    try:
        folder = private_folder(folder)
        path = folder / name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text.encode(errors="backslashreplace"))
        for old in sorted(folder.glob("*.log"))[:-_LOGS_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def _without_secrets(text: str) -> str:
    """Without secrets: an error of a library may quote the address that it was given."""
    for secret in sorted(_secrets(), key=len, reverse=True):
        text = text.replace(secret, "...")
    return text


def _secrets() -> Iterator[str]:
    for name, value in os.environ.items():
        if name.endswith(_SECRET_NAMES) and len(value) >= _SHORTEST_SECRET:
            yield value
            if "://" in value:
                with suppress(ValueError):
                    yield from filter(None, [urlsplit(value).password])
