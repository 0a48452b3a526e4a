"""Reads the athlete's own file: YAML, with sentences that name line and key where it is wrong.

What the keys mean belongs to `domain.athlete.athlete_file`.
"""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias, get_args

import yaml
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.own_workouts import OwnFamily
from weekly_plan_assets.settings.athlete_zone import LARGEST_ATHLETE_FILE_BYTES
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.files.contents import read_content
from weekly_plan_assets.sources.files.errors import FileError

Place: TypeAlias = Sequence[int | str]
"""Keys, and positions in lists, from the outermost to a value."""

MOST_VALUES = 20_000
"""Keys and values; the example has about a hundred. As many take a second to read."""

_LONGEST_SHOWN = 60
_WORKOUTS = "workouts"
_NULL = "tag:yaml.org,2002:null"
_INT = "tag:yaml.org,2002:int"
_FLOAT = "tag:yaml.org,2002:float"
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_KEY = "[key]"
"""Stands last in the place of a fault where not the value but its key is refused."""


def read_athlete_file(path: Path) -> AthleteFile:
    """What the athlete's file says; an empty file says nothing.

    Raises:
        SourceError: There is no such file, it is not YAML, it holds too much, or a key or value of
            it is refused.
    """
    try:
        return _read(path)
    except SourceError as error:
        # It repeats what the file holds.
        raise SourceError(one_line(str(error))) from error


def _read(path: Path) -> AthleteFile:
    text = _text(path, "WEEKLY_PLAN_ATHLETE")
    loader = _loader(path, text)
    root = _root(path, loader)
    content = _content(path, text, loader, root)
    named = content.get(_WORKOUTS)
    if isinstance(named, str):
        content[_WORKOUTS] = _own_workouts(path.parent / named)
    return _validated(path, text, root, content)


def _validated(
    path: Path, text: str, root: yaml.Node | None, content: dict[str, Any]
) -> AthleteFile:
    try:
        return AthleteFile.model_validate(content)
    except ValidationError as error:
        raise SourceError(_refusal(path, root, text, error.errors()[0])) from error


def _own_workouts(path: Path) -> tuple[OwnFamily, ...]:
    """The families of a file that the athlete's own names, which holds them as a list."""
    text = _text(path, f"{_WORKOUTS} of the athlete's file")
    loader = _loader(path, text)
    root = _root(path, loader)
    if not isinstance(root, yaml.SequenceNode):
        line = 1 if root is None else _line(root)
        written = "nothing" if root is None else _written(root, text)
        raise SourceError(
            f"{path}, line {line}: the file holds {written}, but allowed is a list of families, "
            "each with family, sport, name and levels"
        )
    # As if it stood in the athlete's file, so that faults are named in the same way.
    key = yaml.ScalarNode("tag:yaml.org,2002:str", _WORKOUTS, root.start_mark, root.end_mark)
    whole = yaml.MappingNode("tag:yaml.org,2002:map", [(key, root)], root.start_mark, root.end_mark)
    return _validated(path, text, whole, _content(path, text, loader, whole)).workouts


def _text(path: Path, named_by: str) -> str:
    """The content of a file.

    Args:
        path: Which.
        named_by: What names the file, for messages.
    """
    try:
        return read_content(path, LARGEST_ATHLETE_FILE_BYTES).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise SourceError(
            f"{path} does not exist; set {named_by} to a file that does, or unset it"
        ) from error
    except (OSError, FileError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read: {error}; {named_by} must name a YAML file in UTF-8"
        ) from error


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice; YAML's own loader silently takes the last one.

    What a file may hold is counted, with what its aliases repeat.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._values = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._count(1)
        return super().compose_node(parent, index)

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        mapping = super().compose_mapping_node(anchor)
        first_line: dict[object, int] = {}
        for key, _ in mapping.value:
            # A key that is itself a list or mapping is no key of ours.
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
            if name in first_line:
                shown = _short(str(name))
                raise SourceError(
                    f"{self.name}, line {_line(key)}: {shown} stands in line {first_line[name]} "
                    "already, but allowed is each key once; remove one of them"
                )
            first_line[name] = _line(key)
        return mapping

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge in what `<<` names, each key once: a few lines could else make billions of keys."""
        super().flatten_mapping(node)
        self._count(len(node.value))
        node.value = list({_name(key): (key, value) for key, value in node.value}.values())

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: ARG002, FBT001, FBT002 - YAML's own signature
    ) -> dict[Any, Any]:
        """Keys as they are written: YAML 1.1 takes no and on for booleans."""
        self.flatten_mapping(node)
        return {_name(key): self.construct_object(value, deep=True) for key, value in node.value}

    def _count(self, values: int) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            raise SourceError(
                f"{self.name} holds more than {MOST_VALUES:,} values; write what you would tell a "
                "coach, and leave your records in the export folder"
            )

    def construct_number(self, node: yaml.ScalarNode) -> Any:
        """Numbers; but a clock as it is written, of which YAML 1.1 makes a number of sixties."""
        if ":" in node.value:
            return node.value
        whole = node.tag == _INT
        return self.construct_yaml_int(node) if whole else self.construct_yaml_float(node)

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        """Days; but 2024-13-45, which looks like one and is none, as it is written."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor(_INT, _Loader.construct_number)
_Loader.add_constructor(_FLOAT, _Loader.construct_number)
_Loader.add_constructor(_TIMESTAMP, _Loader.construct_day)


def _loader(path: Path, text: str) -> _Loader:
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise SourceError(_not_yaml(path, error)) from error
    loader.name = str(path)
    return loader


def _root(path: Path, loader: _Loader) -> yaml.Node | None:
    """The file as nodes, which know their lines; None of an empty one."""
    try:
        root: yaml.Node | None = loader.get_single_node()
    except (yaml.YAMLError, RecursionError) as error:
        raise SourceError(_not_yaml(path, error)) from error
    return None if root is None or root.tag == _NULL else root


def _not_yaml(path: Path, error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        problem = _short(str(error.problem), 200)
        return f"{path}{line}: this is not YAML, {problem}; write key: value there"
    reason = _short(" ".join(str(error).split()), 200)
    return f"{path} is not YAML: {reason}; write lines of key: value"


def _content(path: Path, text: str, loader: _Loader, root: yaml.Node | None) -> dict[str, Any]:
    """Plain values by key."""
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            f"{path}, line {_line(root)}: the file holds {_written(root, text)}, but allowed are "
            f"lines of key: value, with the keys {_known_keys()}"
        )
    content = {}
    for key_node, node in root.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else _written(key_node, text)
        if key not in AthleteFile.model_fields:
            raise SourceError(_unknown(path, text, (key,), key_node, node))
        try:
            content[key] = loader.construct_document(node)
        except ValueError as error:  # !!int fast
            raise SourceError(_refused(path, text, (key,), node, _allowed((key,)))) from error
        except (yaml.YAMLError, RecursionError) as error:
            raise SourceError(_not_yaml(path, error)) from error
    return content


def _refusal(path: Path, root: yaml.Node | None, text: str, fault: ErrorDetails) -> str:
    place, kind = fault["loc"], fault["type"]
    *above, last = place
    if kind == "extra_forbidden":
        key, value = _item_at(_node_at(root, above), last)
        return _unknown(path, text, place, key, value)
    # What compares or reads values says itself what is allowed.
    allowed = str(fault["ctx"]["error"]) if kind == "value_error" else _allowed(place)
    if kind == "missing":
        line = _line(_node_at(root, above))
        return f"{path}, line {line}: {_where(above)} has no {last}; add it, {allowed}"
    if last == _KEY:
        *above, last = above
        line = _line(_item_at(_node_at(root, above), last)[0])
        name = _short(str(last))
        return f"{path}, line {line}: {_where(above)} has the key {name}, but allowed is {allowed}"
    return _refused(path, text, place, _node_at(root, place), allowed)


def _unknown(path: Path, text: str, place: Place, key: yaml.Node, value: yaml.Node) -> str:
    known = _fields_beside(place)
    near = difflib.get_close_matches(str(place[-1]), known, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return (
        f"{path}, line {_line(key)}: {_where(place)} is {_written(value, text)}, but there is no "
        f"such key{hint}; allowed are {', '.join(known)}"
    )


def _refused(path: Path, text: str, place: Place, node: yaml.Node, allowed: str) -> str:
    written = _written(node, text)
    return f"{path}, line {_line(node)}: {_where(place)} is {written}, but allowed is {allowed}"


def _where(place: Place) -> str:
    """How sentences call the place of a value: `races, item 2, date,`."""
    parts = [f"item {part + 1}" if isinstance(part, int) else _short(part) for part in place]
    return ", ".join(parts) + ("," if len(parts) > 1 else "")


def _allowed(place: Place) -> str:
    """The description of the innermost key of the place."""
    key = next((part for part in reversed(place) if part in _fields_beside(place)), place[0])
    return str(_fields_beside(place)[key].description)


def _fields_beside(place: Place) -> dict[Any, FieldInfo]:
    """The fields of the file, or of an entry of one of its lists, by their keys."""
    fields = AthleteFile.model_fields
    match place:
        case (str(key), int(), str(), *_):
            (entry, *_) = get_args(fields[key].annotation)
            fields = entry.model_fields
    return {field.alias or name: field for name, field in fields.items()}


def _node_at(root: yaml.Node | None, place: Place) -> yaml.Node:
    """The node of a value, found by its keys and its positions in lists."""
    node: Any = root
    for part in place:
        is_mapping = isinstance(node, yaml.MappingNode)
        node = _item_at(node, part)[1] if is_mapping else node.value[part]
    found: yaml.Node = node
    return found


def _item_at(mapping: yaml.Node, name: int | str) -> tuple[yaml.Node, yaml.Node]:
    """The nodes of a key and its value; of those that YAML merges in, the last one counts."""
    return next((key, value) for key, value in reversed(mapping.value) if _name(key) == name)


def _name(key: yaml.Node) -> str:
    """A key as it is written; one that is itself a list or mapping is no key of ours."""
    return str(key.value) if isinstance(key, yaml.ScalarNode) else "?"


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _written(node: yaml.Node, text: str) -> str:
    """The node as the athlete wrote it, on one line and cut short."""
    written = " ".join(text[node.start_mark.index : node.end_mark.index].split()) or "empty"
    return _short(written)


def _short(text: str, most: int = _LONGEST_SHOWN) -> str:
    return text if len(text) <= most else f"{text[:most]}..."


def _known_keys() -> str:
    return ", ".join(AthleteFile.model_fields)
