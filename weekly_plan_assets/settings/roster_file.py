"""The roster's file: read with sentences that name the athlete, added to, and taken from.

What is added or taken out is a piece of the text: comments and the order of everything else stay.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import portalocker
import yaml
from pydantic import ValidationError

from weekly_plan_assets.common.whole_file import write_whole
from weekly_plan_assets.settings.refused_settings import SettingsError
from weekly_plan_assets.settings.roster import LONGEST_NAME, Roster, RosterAthlete
from weekly_plan_assets.settings.yaml_list_text import with_items, without_item

LARGEST_ROSTER_BYTES = 32 * 1024**2
"""A hundred thousand athletes with every key take about 25 MB."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast as the loader in Python, where libyaml is there."""


class _Loader(_LOADER):  # type: ignore[misc]
    """Refuses a key that stands twice in an athlete; YAML's own loader takes the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(
                problem=f"{twice} stands twice in one athlete", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep)


_PATHS = ("folder", "athlete_file", "deliver_dir")
_NOT_SHARED = ("folder", "deliver_dir")
"""What one athlete's data or plans are in: with two, one's would be taken for the other's."""

_LONGEST_CHANGE_S = 10.0
"""How long a command waits for another that changes the file."""

_HEAD = """\
# The athletes that you plan for. `weekly-plan athletes` adds to this file, and you may change it;
# docs/roster.md describes the keys.
athletes:
"""


def read_roster(path: Path) -> Roster:
    """The roster in a file; relative paths in it are relative to its folder.

    Raises:
        SettingsError: The file cannot be read, or an athlete in it is refused; names the athlete.
    """
    return _parsed(path, _text(path))


def add_to_roster(path: Path, athletes: Sequence[RosterAthlete]) -> None:
    """Write athletes at the end of the file, which is made where there is none.

    Raises:
        SettingsError: One of them is in it, or the file is wrong or laid out unusually.
        OSError: It cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _changing(path):
        text = _text(path) if path.exists() else _HEAD
        before = _parsed(path, text)
        known = {one.id for one in before.athletes}
        twice = next((one.id for one in athletes if one.id in known), None)
        if twice is not None:
            raise SettingsError(
                f"{path} has an athlete {twice} already; `weekly-plan athletes remove {twice}` "
                "takes them out"
            )
        expected = Roster(athletes=(*before.athletes, *athletes))
        _require_together(path, expected.athletes)
        _write(path, with_items(text, [_entry(path, one) for one in athletes]), expected)


def remove_from_roster(path: Path, athlete_id: str) -> None:
    """Take an athlete out of the file; what is stored of them is not touched.

    Raises:
        SettingsError: The file is wrong or laid out unusually, or has no such athlete.
        OSError: It cannot be written.
    """
    with _changing(path):
        text, left = _without(path, athlete_id)
        _write(path, text, left)


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """Let no other command change the file meanwhile: each writes all of what it has read.

    The file itself cannot be locked, because another takes its place.
    """
    lock = portalocker.Lock(path.with_name(f".{path.name}.lock"), "ab", timeout=_LONGEST_CHANGE_S)
    try:
        lock.acquire()
    except portalocker.LockException:
        raise SettingsError(
            f"another command has been changing {path} for {_LONGEST_CHANGE_S:.0f} s; try again"
        ) from None
    try:
        yield
    finally:
        lock.release()


def require_removable(path: Path, athlete_id: str) -> None:
    """Refuse what `remove_from_roster` could not do, before anything else is done.

    Raises:
        SettingsError: As there.
    """
    text, left = _without(path, athlete_id)
    _require(path, text, left)


def _without(path: Path, athlete_id: str) -> tuple[str, Roster]:
    """The text without an athlete and the comments above them, and what it is to hold."""
    text = _text(path)
    before = _parsed(path, text)
    left = tuple(one for one in before.athletes if one.id != athlete_id)
    if len(left) == len(before.athletes):
        raise SettingsError(f"{path} has no athlete {athlete_id}")
    position = next(at for at, one in enumerate(before.athletes) if one.id == athlete_id)
    return without_item(text, position), Roster(athletes=left)


def _write(path: Path, text: str, expected: Roster) -> None:
    """Write a text that was put together, if it reads as what is meant."""
    _require(path, text, expected)
    write_whole(path, text)


def _require(path: Path, text: str, expected: Roster) -> None:
    if not _reads_as(path, text, expected):
        raise SettingsError(
            f"{path} is laid out in a way that cannot be changed by a command; change it by hand: "
            "docs/roster.md has an example"
        )


def _reads_as(path: Path, text: str, expected: Roster) -> bool:
    try:
        return _parsed(path, text) == expected
    except SettingsError:
        return False


def _entry(path: Path, athlete: RosterAthlete) -> dict[str, str]:
    """An athlete as an item of the list, paths relative where they lie beside the file."""
    entry = athlete.model_dump(mode="json", exclude_none=True)
    for name in _PATHS:
        if name in entry and Path(entry[name]).is_relative_to(path.parent.absolute()):
            entry[name] = str(Path(entry[name]).relative_to(path.parent.absolute()))
    return entry


@lru_cache(maxsize=4)
def _parsed(path: Path, text: str) -> Roster:
    entries = _entries(path, text)
    athletes = tuple(_athlete(path, number, entry) for number, entry in enumerate(entries, 1))
    known: set[str] = set()
    for one in athletes:
        if one.id in known:
            raise SettingsError(f"{path}: two athletes have the id {one.id}; give each their own")
        known.add(one.id)
    _require_together(path, athletes)
    return Roster(athletes=athletes)


def _require_together(path: Path, athletes: Sequence[RosterAthlete]) -> None:
    """Refuse two athletes with one folder, by whatever path it is named, and simulated among real.

    Raises:
        SettingsError: Names them.
    """
    simulated = [one.id for one in athletes if one.is_simulated]
    if simulated and len(simulated) < len(athletes):
        raise SettingsError(
            f"{path}: {simulated[0]} is simulated and others are not; keep simulated athletes in a "
            "roster of their own, so that nobody takes their plans for real ones: move this file "
            "away, and `weekly-plan athletes add` begins another"
        )
    for name in _NOT_SHARED:
        owners: dict[str, str] = {}
        for one in athletes:
            folder = getattr(one, name)
            if folder is None:
                continue
            owner = owners.setdefault(os.path.realpath(folder), one.id)
            if owner != one.id:
                raise SettingsError(
                    f"{path}: {owner} and {one.id} have the same {name}, {folder}; give each a "
                    "folder of their own"
                )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_ROSTER_BYTES:
            raise SettingsError(
                f"{path} is larger than the {LARGEST_ROSTER_BYTES} bytes that a roster may have; "
                "split it, with WEEKLY_PLAN_ROSTER naming one part"
            )
        return path.read_bytes().decode("utf-8-sig")  # with the ends of lines that it has
    except (OSError, UnicodeDecodeError) as error:
        # The value is not repeated: people paste keys into the wrong variable.
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SettingsError(
            f"WEEKLY_PLAN_ROSTER names no file that can be read as text in UTF-8 ({reason}); "
            "correct it, unset it to plan for one athlete, or let `weekly-plan athletes add` make "
            "the file"
        ) from None


def _entries(path: Path, text: str) -> list[Any]:
    try:
        content = yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe one
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        found = getattr(error, "problem", None) or type(error).__name__
        raise SettingsError(f"{path}{line}: this cannot be read as YAML: {found}") from None
    if content is None:
        return []
    entries = content.get("athletes") if isinstance(content, dict) else content
    is_alone = isinstance(content, dict) and not set(content) - {"athletes"}
    if not is_alone or not isinstance(entries, list | None):
        raise SettingsError(
            f"{path}: allowed is one key, athletes, with a list of athletes; docs/roster.md has an "
            "example"
        )
    return entries or []


def _athlete(path: Path, number: int, entry: Any) -> RosterAthlete:
    who = f"{path}, athlete {number}"
    if not isinstance(entry, dict):
        raise SettingsError(f"{who}: allowed are keys and values, at least id and source")
    if isinstance(entry.get("id"), str) and len(entry["id"]) <= LONGEST_NAME:
        who = f"{who} ({entry['id']})"
    paths = {
        name: (path.parent / Path(str(entry[name])).expanduser()).absolute()
        for name in _PATHS
        if entry.get(name)
    }
    try:
        return RosterAthlete.model_validate({**entry, **paths})
    except ValidationError as error:
        raise SettingsError(f"{who}: {refusal_of(error)}") from None


def refusal_of(error: ValidationError) -> str:
    """Which key of an athlete is refused, and what is allowed; never the value."""
    details = error.errors(include_input=False, include_url=False)
    # A key that is misspelt is also one that is missing: what is written comes first.
    unknown = (one for one in details if one["type"] == "extra_forbidden")
    detail = next(unknown, details[0])
    key = ".".join(map(str, detail["loc"]))
    reason = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        reason = f"allowed are {', '.join(RosterAthlete.model_fields)}"
    if detail["type"] == "string_type":
        reason = "allowed is text; put it in quotes"
    if detail["type"] == "missing":
        reason = "is missing"
    if detail["type"].endswith("too_long"):
        reason = f"allowed are at most {detail['ctx']['max_length']} characters"
    named = f"{key}: " if key else ""
    return f"{named}{reason[0].lower()}{reason[1:]}"
