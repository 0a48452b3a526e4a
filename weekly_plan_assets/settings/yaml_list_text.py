"""A list in a text of YAML, to which items are added and from which one is taken as text.

Comments, the ends of lines and everything else stay as they are. Whether the text then reads as
what is meant is for the caller to see: not every layout can be changed like this.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml


def with_items(text: str, items: Sequence[Mapping[str, str]]) -> str:
    """The text with items at the end of its list, indented as those before them.

    Args:
        text: Ends with the first list in it, which may be empty, as `[]` or as nothing.
        items: What is added.
    """
    column = 2
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    found = next((one for one in events if isinstance(one, yaml.SequenceStartEvent)), None)
    if found is not None and not found.flow_style:
        column = _mark(found.start_mark).column
    elif found is not None and isinstance(end := next(events), yaml.SequenceEndEvent):
        before, after = _mark(found.start_mark).index, _mark(end.end_mark).index
        text = text[:before].rstrip(" ") + text[after:]
    line_end = _line_end(text)
    lines = [line for item in items for line in _lines_of(item, " " * column)]
    return "".join([text.rstrip(), line_end, *(f"{line}{line_end}" for line in lines)])


def without_item(text: str, position: int) -> str:
    """The text without an item of its list and the comments directly above it.

    Args:
        text: Holds one key, with a list that is not empty.
        position: Counts from 0.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)  # noqa: S101 - it holds a list
    ((_, listed),) = root.value
    starts = [one.start_mark.line for one in listed.value]
    lines = text.splitlines(keepends=True)
    is_indented = listed.start_mark.column > 0
    first = _above_comments(lines, starts[position], is_indented=is_indented)
    if position + 1 < len(starts):
        end = _above_comments(lines, starts[position + 1], is_indented=is_indented)
    else:
        end = _line_after(listed)
    return "".join([*lines[:first], *lines[end:]])


def _mark(known: Any) -> Any:
    """Where something is; the types of PyYAML allow that nobody knows."""
    return known


def _line_end(text: str) -> str:
    first, found, _ = text.partition("\n")
    return "\r\n" if found and first.endswith("\r") else "\n"


def _lines_of(item: Mapping[str, str], indent: str) -> list[str]:
    text = yaml.safe_dump(dict(item), sort_keys=False, allow_unicode=True)
    first, *more = text.splitlines()
    return [f"{indent}- {first}", *(f"{indent}  {line}" for line in more)]


def _above_comments(lines: Sequence[str], at: int, *, is_indented: bool) -> int:
    """Where the comments begin that stand directly above an item of the list.

    Those that are not indented in an indented list are about more than one item.
    """
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        if is_indented and not lines[at - 1].startswith(" "):
            break
        at -= 1
    return at


def _line_after(node: yaml.Node) -> int:
    """The line after the last word of a node; its own end is where the next word begins."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, yaml.MappingNode) else last
    end = node.end_mark
    return int(end.line + (end.column > 0))
