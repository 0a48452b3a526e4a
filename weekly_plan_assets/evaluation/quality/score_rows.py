"""The score as tables of text, for the terminal and for the documentation."""

from collections.abc import Iterator
from dataclasses import dataclass

from weekly_plan_assets.evaluation.quality.score import ItemScore, PlanQuality, Reading

NOT_MEASURED = "-"
ATHLETE_ITEMS = ("Q1a", "Q2", "Q5", "Q7", "Q8", "Q9a", "Q10", "Q12", "Q4b", "Q5c")
"""The items whose values are shown for each athlete."""

TITLES = {
    "open": "Plans for the last 52 weeks of each history, by what the athlete's own file says",
    "closed": "Closed loop: planned, done, recorded and planned again, by what the athlete does",
}


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The items of one loop, with a column for each setting.

    Attributes:
        loop: `open` or `closed`.
        settings: Names of the columns.
        items: The rows.
    """

    loop: str
    settings: tuple[str, ...]
    items: tuple[ItemScore, ...]

    def readings(self, item: ItemScore) -> list[Reading | None]:
        """What was found, one for each setting; None if the item has no bound for it."""
        by_setting = {reading.setting: reading for reading in item.readings}
        return [by_setting.get(f"{self.loop}, {setting}") for setting in self.settings]


def score_tables(score: PlanQuality) -> Iterator[ScoreTable]:
    """The tables of a score, one a loop."""
    for loop in TITLES:
        items = [item for item in score.items if item.readings[0].setting.startswith(loop)]
        widest = max(items, key=lambda item: len(item.readings))
        names = (reading.setting.removeprefix(f"{loop}, ") for reading in widest.readings)
        yield ScoreTable(loop, tuple(names), tuple(items))


def athlete_rows(score: PlanQuality) -> list[tuple[str, ...]]:
    """A row for each athlete with their own values, a heading first.

    Items of the open loop are those of plans for athletes whose file says nothing; those of the
    closed loop are of athletes who do what was planned.
    """
    items = [item for item in score.items if item.id in ATHLETE_ITEMS]
    head = ("Athlete", *(item.id.replace("Q4b", "Q4") for item in items))
    rows = [
        (key, *(value_text(item, item.readings[0].athletes.get(key)) for item in items))
        for key in score.athletes
    ]
    return [head, *rows]


def bound(item: ItemScore) -> str:
    """The bound of an item in words."""
    low, high = (None if end is None else value_text(item, end) for end in (item.low, item.high))
    if low is None:
        return f"{high}" if item.percent and item.high == 0 else f"at most {high}"
    if high is None:
        return f"{low}" if item.percent and item.low == 1 else f"at least {low}"
    return f"{low} to {high}"


def value_text(item: ItemScore, value: float | None) -> str:
    """A value of an item, as it is shown."""
    if value is None:
        return NOT_MEASURED
    if item.percent:
        return f"{100 * value:.0f} %"
    if item.unit == "weeks":
        return f"{value:.0f}"
    return f"{value:.2f}{f' {item.unit}' if item.unit else ''}"


def reading_text(item: ItemScore, reading: Reading | None) -> str:
    """What was found, over how many, and how many athletes are within the bound themselves."""
    if reading is None or reading.value is None:
        return NOT_MEASURED
    within = f"{reading.athletes_met} of {reading.athletes_measured}"
    return f"{value_text(item, reading.value)} (n {reading.n}; {within})"
