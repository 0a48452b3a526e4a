"""Reads the athlete's own file: YAML, with sentences that name line and key where it is wrong.

What the keys mean belongs to `domain.athlete_file`.
"""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from weekly_plan_assets.domain.athlete_file import AthleteFile
from weekly_plan_assets.sources.base import SourceError

_LONGEST_SHOWN = 60
_NULL = "tag:yaml.org,2002:null"


def read_athlete_file(path: Path) -> AthleteFile:
    """What the athlete's file says; an empty file says nothing.

    Raises:
        SourceError: There is no such file, it is not YAML, or a key or value of it is refused.
    """
    text = _text(path)
    try:
        root, content = _parsed(path, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise SourceError(
            f"{path}{line}: this is not YAML, {error.problem}; write key: value there"
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise SourceError(f"{path} is not YAML: {reason}; write lines of key: value") from error
    try:
        return AthleteFile.model_validate(content)
    except ValidationError as error:
        raise SourceError(_refusal(path, root, text, error.errors()[0])) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SourceError(
            f"{path} does not exist; set WEEKLY_PLAN_ATHLETE to the athlete's file, or unset it"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"{path} cannot be read: {error}; WEEKLY_PLAN_ATHLETE must name a YAML file in UTF-8"
        ) from error


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML's own loader silently takes the last."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        mapping = super().compose_mapping_node(anchor)
        first_line: dict[object, int] = {}
        for key, _ in mapping.value:
            # A key that is itself a list or mapping is no key of ours.
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
            if name in first_line:
                raise SourceError(
                    f"{self.name}, line {_line(key)}: {name} stands in line {first_line[name]} "
                    "already, but allowed is each key once; remove one of them"
                )
            first_line[name] = _line(key)
        return mapping


def _parsed(path: Path, text: str) -> tuple[yaml.Node | None, dict[str, Any]]:
    """The file as nodes, which know their lines, and as plain values by key."""
    loader = _Loader(text)
    loader.name = str(path)
    root = loader.get_single_node()
    if root is None or root.tag == _NULL:
        return root, {}
    if not isinstance(root, yaml.MappingNode):
        raise SourceError(
            f"{path}, line {_line(root)}: the file holds {_written(root, text)}, but allowed are "
            f"lines of key: value, with the keys {_known_keys()}"
        )
    content = {}
    for key_node, node in root.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else _written(key_node, text)
        if key not in AthleteFile.model_fields:
            raise SourceError(_unknown(path, key, key_node, _written(node, text)))
        try:
            content[key] = loader.construct_document(node)
        except ValueError as error:  # 2024-13-45 looks like a date and is none
            raise SourceError(_refused(path, node, text, key, _allowed(key))) from error
    return root, content


def _unknown(path: Path, key: str, node: yaml.Node, value: str) -> str:
    near = difflib.get_close_matches(key, AthleteFile.model_fields, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return (
        f"{path}, line {_line(node)}: {key} is {value}, but there is no such key{hint}; allowed "
        f"are {_known_keys()}"
    )


def _refusal(path: Path, root: yaml.Node | None, text: str, fault: ErrorDetails) -> str:
    key = str(fault["loc"][0])
    # A comparison with another key says itself what is allowed.
    compared = fault["type"] == "value_error"
    allowed = str(fault["ctx"]["error"]) if compared else _allowed(key)
    items = "".join(f", item {part + 1}," for part in fault["loc"] if isinstance(part, int))
    return _refused(path, _node_at(root, fault["loc"]), text, key + items, allowed)


def _refused(path: Path, node: yaml.Node, text: str, key: str, allowed: str) -> str:
    return f"{path}, line {_line(node)}: {key} is {_written(node, text)}, but allowed is {allowed}"


def _allowed(key: str) -> str:
    return str(AthleteFile.model_fields[key].description)


def _node_at(root: yaml.Node | None, place: Sequence[int | str]) -> yaml.Node:
    """The node of a value, found by its keys and its positions in lists."""
    node: Any = root
    for part in place:
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == part)
        else:
            node = node.value[part]
    found: yaml.Node = node
    return found


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _written(node: yaml.Node, text: str) -> str:
    """The node as the athlete wrote it, on one line and cut short."""
    written = " ".join(text[node.start_mark.index : node.end_mark.index].split()) or "empty"
    return written if len(written) <= _LONGEST_SHOWN else f"{written[:_LONGEST_SHOWN]}..."


def _known_keys() -> str:
    return ", ".join(AthleteFile.model_fields)
