"""Reads a filled sheet back: lenient in form, exact about what is missing.

A line of scores begins with the number of the week and the letter of the plan. Where the sheet has
blocks of scores, only they are read, since a plan may say anything; elsewhere every line is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from weekly_plan_assets.evaluation.blind_sheet import SheetError, SheetKey, SheetWeek
from weekly_plan_assets.evaluation.filled_sheet import (
    CRITERIA,
    HIGHEST,
    LOWEST,
    UNNAMED,
    FilledSheet,
    FilledWeek,
    PlanScores,
)

BLOCK = "scores"
"""The word behind the fence of a block in which scores are written."""

LONGEST_REMARK = 1_000
MOST_FAULTS = 8

_ID = re.compile(r"(?im)^\W*(?:blind\s+)?sheet\W+(?P<id>[0-9a-f]{12})\b")
_SCORED_BY = re.compile(r"(?im)^\W*scored\s+by\s*[:=][^\w\r\n]*(?P<name>\w[^\r\n]*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(?P<word>\w*)")
_LINE = re.compile(
    r"^\W*(?:week\s*)?(?P<week>\d{1,4})[-.,:)|\s]*(?:plan\s*)?(?P<letter>[A-Za-z])?\b\W*"
    r"(?P<rest>.*)$",
    re.IGNORECASE,
)
_VALUE = r"\b{name}\b[^0-9A-Za-z+-]*(?P<value>[+-]?\d+(?:[.,]\d+)?)?"
_BARE = re.compile(r"\W*(\d+)\W+(\d+)\W+(\d+)\W*")
_SIGN = re.compile(r"(?i)^sign(?:ed)?\b\W*(?:plan\s+)?(?P<value>[^\n]*)$")
_REMARK = re.compile(r"(?i)^remarks?\b\s*[:=]?\s*(?P<value>.*)$")
_NOBODY = re.compile(r"(?i)(?:none|no|neither|nobody|0)\b")


@dataclass
class _Week:
    """The lines of one week, as far as they are read.

    Attributes:
        lines: Their numbers in the file.
        scores: By letter: the line, and the scores that were given, as text.
        sign: The line, and what was written there; None without such a line.
    """

    lines: list[int] = field(default_factory=list)
    scores: dict[str, tuple[int, dict[str, str | None]]] = field(default_factory=dict)
    sign: tuple[int, str] | None = None
    remark: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        given = [one for _, by_name in self.scores.values() for one in by_name.values()]
        return not any(given) and not (self.sign and self.sign[1]) and not self.remark

    def add_remark(self, text: str) -> None:
        """Add words to the remark, which may go on over several lines."""
        self.remark = f"{self.remark} {text.strip()}".strip()[:LONGEST_REMARK]


def sheet_id_in(text: str) -> str:
    """The id of the sheet that a text is, or is about.

    Raises:
        SheetError: It names none.
    """
    found = _ID.search(text)
    if found is None:
        raise SheetError(
            "the file names no blind sheet; keep its title, `Blind sheet` and twelve characters, "
            "in the first line"
        )
    return found["id"].lower()


def read_sheet(text: str, key: SheetKey) -> FilledSheet:
    """What was filled in.

    Args:
        text: The whole sheet, or its title and the lines of scores.
        key: Says which weeks and letters the sheet has.

    Raises:
        SheetError: Something is missing or cannot be understood; each line is named.
    """
    faults: list[str] = []
    weeks = _weeks(text, key, faults)
    filled = [
        one
        for number, week in sorted(weeks.items())
        if (one := _filled(number, week, key.on_sheet[number], faults)) is not None
    ]
    if faults:
        more = len(faults) - MOST_FAULTS
        shown = [*faults[:MOST_FAULTS], *([f"{more} more faults follow"] if more > 0 else [])]
        raise SheetError("; ".join(shown))
    if not filled:
        raise SheetError(
            f"no line of the file scores a plan of sheet {key.sheet_id}; a line of scores is "
            f"`1A {' '.join(f'{name}: 4' for name in CRITERIA)}`"
        )
    by = _SCORED_BY.search(text)
    name = "" if by is None else " ".join(by["name"].split()).strip("_* ")
    return FilledSheet(scored_by=name or UNNAMED, weeks=tuple(filled))


def _weeks(text: str, key: SheetKey, faults: list[str]) -> dict[int, _Week]:
    """The lines of scores by week."""
    weeks: dict[int, _Week] = {}
    remarked: _Week | None = None
    for number, line, in_block in _lines(text):
        found = _LINE.match(line)
        if found is None or not _is_of_scores(found):
            if in_block and remarked is not None:
                remarked.add_remark(line)
            elif in_block and line.strip():
                faults.append(
                    f"line {number}: {line.strip()[:40]!r} is no line of scores; begin it with the "
                    "number of the week and the letter of the plan"
                )
            continue
        of_week = int(found["week"])
        if of_week not in key.on_sheet:
            faults.append(
                f"line {number}: week {of_week} is not on sheet {key.sheet_id}, which has the "
                f"weeks 1 to {max(key.on_sheet)}"
            )
            continue
        week = weeks.setdefault(of_week, _Week())
        week.lines.append(number)
        remarked = week if _REMARK.match(found["rest"]) else None
        _take_in(week, number, found, key.on_sheet[of_week], faults)
    return weeks


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """The lines that may hold scores: number, text, and whether they are in a block of scores."""
    lines = text.splitlines()
    fences = [_FENCE.match(line) for line in lines]
    has_blocks = any(fence and fence["word"].lower() == BLOCK for fence in fences)
    inside = False
    for number, (line, fence) in enumerate(zip(lines, fences, strict=True), start=1):
        if fence is not None:
            inside = not inside and fence["word"].lower() == BLOCK
        elif inside or not has_blocks:
            yield number, line, inside


def _is_of_scores(found: re.Match[str]) -> bool:
    rest = found["rest"]
    if found["letter"] is None:
        return bool(_SIGN.match(rest) or _REMARK.match(rest))
    names = any(re.search(rf"(?i)\b{name}\b", rest) for name in CRITERIA)
    return names or _BARE.fullmatch(rest) is not None


def _take_in(
    week: _Week, number: int, found: re.Match[str], known: SheetWeek, faults: list[str]
) -> None:
    rest, of_week = found["rest"], found["week"]
    if found["letter"] is None:
        sign, remark = _SIGN.match(rest), _REMARK.match(rest)
        if sign is not None and week.sign is not None:
            faults.append(_twice(number, f"week {of_week} is signed", week.sign[0]))
        elif sign is not None:
            week.sign = (number, sign["value"].strip(" _*|.`"))
        elif remark is not None:
            week.add_remark(remark["value"])
        return
    letter = found["letter"].upper()
    if letter not in known.letters:
        faults.append(
            f"line {number}: week {of_week} has no plan {letter}; its plans are "
            f"{', '.join(known.letters)}"
        )
    elif letter in week.scores:
        faults.append(
            _twice(number, f"week {of_week}, plan {letter} is scored", week.scores[letter][0])
        )
    else:
        week.scores[letter] = (number, _given(rest))


def _given(rest: str) -> dict[str, str | None]:
    """What is written for each criterion."""
    bare = _BARE.fullmatch(rest)
    if bare is not None:
        return dict(zip(CRITERIA, bare.groups(), strict=True))
    found = {name: re.search(_VALUE.format(name=name), rest, re.IGNORECASE) for name in CRITERIA}
    return {name: one["value"] if one is not None else None for name, one in found.items()}


def _twice(number: int, what: str, first: int) -> str:
    return f"line {number}: {what} twice, first in line {first}; keep one of the lines"


def _filled(number: int, week: _Week, known: SheetWeek, faults: list[str]) -> FilledWeek | None:
    """The week, if it is whole."""
    before = len(faults)
    if week.is_blank:
        faults.append(
            f"line {week.lines[0]}: week {number} is not filled in; fill it in, or delete its "
            "lines of scores to leave it out"
        )
        return None
    plans = [_plan_scores(number, letter, week, faults) for letter in known.letters]
    signed = _signed(number, week, known.letters, faults)
    if len(faults) > before:
        return None
    return FilledWeek(
        number=number,
        plans=tuple(one for one in plans if one is not None),
        signed=signed,
        remark=week.remark,
    )


def _plan_scores(number: int, letter: str, week: _Week, faults: list[str]) -> PlanScores | None:
    if letter not in week.scores:
        faults.append(
            f"line {week.lines[0]}: week {number} has no line for plan {letter}; add `{number}"
            f"{letter} {' '.join(f'{name}:' for name in CRITERIA)}` with a score behind each"
        )
        return None
    line, given = week.scores[letter]
    missing = [name for name, value in given.items() if value is None]
    wrong = [
        f"{value} for {name}" for name, value in given.items() if value and not _is_score(value)
    ]
    if not missing and not wrong:
        return PlanScores.model_validate({"letter": letter, **given})
    said = [*wrong, *([f"no score for {', '.join(missing)}"] if missing else [])]
    faults.append(
        f"line {line}: week {number}, plan {letter} has {' and '.join(said)}; write whole numbers "
        f"from {LOWEST} to {HIGHEST}"
    )
    return None


def _is_score(value: str) -> bool:
    return value.isascii() and value.isdigit() and LOWEST <= int(value) <= HIGHEST


def _signed(number: int, week: _Week, letters: Sequence[str], faults: list[str]) -> str | None:
    line, value = week.sign or (week.lines[0], "")
    wanted = f"write {', '.join(letters)} or none behind `{number} sign:`"
    first, _, reason = value.partition(" ")
    letter = first.strip(".,;:)").upper()
    rivals = [one for one in letters if one != letter and re.search(rf"\b{one}\b", reason)]
    if letter in letters and not rivals:
        return letter
    if _NOBODY.match(value):
        return None
    said = f"signs {value[:40]!r}" if value else "does not say which plan you would sign"
    faults.append(f"line {line}: week {number} {said}; {wanted}")
    return None
