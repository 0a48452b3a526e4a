"""What a FIT file says about its sessions: reads its parts, and puts together what they say.

What the messages of one part mean is the business of `sessions`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from weekly_plan_assets.sources.files.errors import FileError, TooMuchError
from weekly_plan_assets.sources.files.fit.decoding import read_decoded
from weekly_plan_assets.sources.files.fit.fit_columns import read_columns
from weekly_plan_assets.sources.files.fit.fit_sessions import sessions_of
from weekly_plan_assets.sources.files.fit.messages import Messages, joined
from weekly_plan_assets.sources.files.fit.parts import (
    CHECKSUM_BYTES,
    BrokenPart,
    FitPart,
    parts_of,
)
from weekly_plan_assets.sources.files.limits import (
    MOST_MESSAGES,
    MOST_RECORDS,
    MOST_SESSIONS,
    Deadline,
    Tally,
    at_most,
)
from weekly_plan_assets.sources.files.recording import Recording


class FitFile(NamedTuple):
    """What came of a FIT file.

    Attributes:
        fault: What is wrong with it though it has sessions, or none that were to be expected.
        is_quick: Whether the quick reader took all of it.
    """

    recordings: tuple[Recording, ...]
    fault: str | None
    is_quick: bool


def read_fit(content: bytes, deadline: Deadline) -> FitFile:
    """The sessions of a FIT file, and of those that are chained to it.

    Files of another kind than activity (settings, monitoring, courses) have no sessions. What is
    broken is left out, and the rest is read.

    Raises:
        FileError: It has no session though it should, because it is broken off, or no FIT file; or
            it holds too much.
    """
    files: list[list[Messages]] = []
    faults: list[FileError] = []
    records = sessions = 0
    is_quick = True
    for part in _parts(content, deadline):
        if isinstance(part, FileError):
            faults.append(part)
            is_quick = False
            continue
        records += part.messages["record"].count
        sessions += part.messages["session"].count
        at_most(records, MOST_RECORDS, "records")
        at_most(sessions, MOST_SESSIONS, "sessions")
        is_quick = is_quick and part.is_quick
        faults += [part.oddity] if part.oddity else []
        # A part that does not say what it is goes on with the one before: Garmin chains the heart
        # rates of a chest strap in this way.
        if not files or part.messages["file_id"].count:
            files.append([])
        files[-1].append(part.messages)
    found = [session for one in files for session in sessions_of(joined(one))]
    recordings = tuple(one for one in found if isinstance(one, Recording))
    faults += [one for one in found if isinstance(one, FileError)]
    if faults and not recordings:
        raise faults[-1]
    return FitFile(recordings, str(faults[0]) if faults else None, is_quick)


class _Part(NamedTuple):
    messages: Messages
    oddity: FileError | None
    is_quick: bool


def _parts(content: bytes, deadline: Deadline) -> Iterator[_Part | FileError]:
    """What each of the chained files says, or why it cannot be read; the rest of too much is left.

    A file of some kilobytes may unpack to many that are each within the limits.
    """
    tally = Tally(MOST_MESSAGES, "messages")
    for number, part in enumerate(parts_of(content)):
        try:
            if number:
                deadline.check()
            if isinstance(part, BrokenPart):
                yield _broken(part, tally, deadline)
            else:
                yield _whole(part, tally, deadline)
        except TooMuchError as error:
            yield error
            return
        except FileError as error:
            yield error


def _whole(part: FitPart, tally: Tally, deadline: Deadline) -> _Part:
    messages = read_columns(part, tally)
    if messages is None:
        return _Part(*read_decoded(part.all, deadline), is_quick=False)
    return _Part(messages, oddity=None, is_quick=True)


def _broken(part: BrokenPart, tally: Tally, deadline: Deadline) -> _Part:
    """What is left of a damaged part.

    Raises:
        FileError: Nothing is left.
    """
    where = f"behind its first {part.begin} bytes, " if part.begin else ""
    fault = FileError(f"{where}{part.fault}")
    if part.mended is None:
        raise fault
    messages = read_columns(part.mended, tally)
    if messages is not None:
        return _Part(messages, fault, is_quick=True)
    try:
        # A message that was cut off would go on into the checksum.
        messages, _ = read_decoded(part.mended.all[:-CHECKSUM_BYTES], deadline)
    except FileError as error:
        raise FileError(f"{where}{part.fault}; {error}") from error
    return _Part(messages, fault, is_quick=False)
