"""How the calendar of the tests reads a workout: word by word, as its users describe it.

Written apart from the product's own parser, and on purpose in another way.
"""

from dataclasses import dataclass, field
from typing import Any

UNITS_S = {"h": 3600, "m": 60, "s": 1}
METRES = {"mtr": 1, "km": 1000}
SWIM_S_PER_M = 1.2
RANGES = ("LTHR", "HR", "Pace")


@dataclass
class ParsedWorkout:
    """Steps as the calendar keeps them, and how long all of it takes."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    duration_s: int = 0


def parsed_workout(text: str) -> ParsedWorkout:
    workout = ParsedWorkout()
    block: dict[str, Any] | None = None
    for paragraph in text.split("\n\n"):
        block = None
        for number, line in enumerate(paragraph.splitlines()):
            words = line.split()
            if not words:
                continue
            if words[0] != "-":
                times = words[-1].lower()
                if number == 0 and times.endswith("x"):
                    digits = times[:-1]
                    if digits.isdigit():
                        block = {"reps": int(digits), "steps": []}
                        workout.steps.append(block)
                continue
            step = _step(words[1:])
            if step is None:
                continue
            (workout.steps if block is None else block["steps"]).append(step)
            workout.duration_s += step["duration"] * (1 if block is None else block["reps"])
    return workout


def _step(words: list[str]) -> dict[str, Any] | None:
    step: dict[str, Any] = {}
    for number, word in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else ""
        if "duration" not in step and (seconds := _seconds(word)):
            step["duration"] = seconds
        elif "duration" not in step and (metres := _metres(word)):
            step |= {"duration": round(metres * SWIM_S_PER_M), "distance": metres}
        elif word.startswith("intensity="):
            step["intensity"] = word.removeprefix("intensity=")
        elif (target := _target(word, following)) and "target" not in step:
            step["target"] = target
    return step if "duration" in step else None


def _seconds(word: str) -> int:
    total, digits = 0, ""
    for letter in word:
        if letter.isdigit():
            digits += letter
        elif letter in UNITS_S and digits:
            total, digits = total + int(digits) * UNITS_S[letter], ""
        else:
            return 0
    return 0 if digits else total


def _metres(word: str) -> int:
    for unit, metres in METRES.items():
        amount = word.removesuffix(unit)
        if amount != word and amount.isdigit():
            return int(amount) * metres
    return 0


def _target(word: str, following: str) -> str | None:
    """A target: percent and zones of what is named after them, watts, paces; bpm are dropped."""
    kind = following if following in RANGES else ""
    if word.endswith("%"):
        return f"{word} {kind or 'FTP'}"
    if word[:1] == "Z" and word[1:2].isdigit():
        return f"{word} {kind or 'POWER'}"
    if word.endswith("w") and word[:-1].replace("-", "").isdigit():
        return word
    if "/" in word and ":" in word and kind == "Pace":
        return f"{word} Pace"
    return None
