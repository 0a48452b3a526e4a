"""The blind sheet: the plans of one week side by side under letters, and who is behind them.

The key, which letter is whose, is kept with the evaluation and never on the sheet. How the sheet
looks belongs to the command line, how a filled one is read to `filled_sheet`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from string import ascii_uppercase
from typing import Self

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.evaluation.filled_sheet import FilledSheet
from weekly_plan_assets.evaluation.kept_answers import EvaluationAnswer
from weekly_plan_assets.evaluation.week_facts import WeekFacts
from weekly_plan_assets.sources.sample.draw import generator
from weekly_plan_assets.storage.codec import canonical_json, encode

LEAST_PLANS = 2
"""With fewer there is nothing to compare, and who failed would be no secret; but the plans of a
planner that was asked alone are scored by themselves."""

HIDDEN = "[...]"
"""Stands where a plan names who made it."""

_ID_LENGTH = 12
_NAME_WITH_MARKS = re.compile(r"[\d:/.-]")


class SheetError(WeeklyPlanError, ValueError):
    """A blind sheet cannot be made, or a filled one not be read; the message says where."""


class SheetWeek(Document):
    """A week, and whose plans of it are on the sheet.

    Attributes:
        number: Its number on the sheet; None if it is not there, because too few planners have a
            valid plan.
        planners: Who has a valid plan, in the order of the letters.
        without_plan: Who has none.
    """

    number: int | None
    athlete_id: str
    observed_week_start: date
    planners: tuple[str, ...]
    without_plan: tuple[str, ...]

    def planner(self, letter: str) -> str:
        """Who is behind a letter."""
        return self.planners[ascii_uppercase.index(letter)]

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the plans."""
        return tuple(ascii_uppercase[: len(self.planners)])


class SheetKey(Document):
    """What a sheet does not say: the key, kept with the evaluation, and what came back.

    Attributes:
        sheet_id: Names the sheet: the same plans in the same order have the same.
        seed: From which the orders were drawn.
        weeks: Every week about which planners were asked.
        filled: The sheets that were read back, one a person or model who scored.
    """

    sheet_id: str
    seed: int
    weeks: tuple[SheetWeek, ...]
    filled: tuple[FilledSheet, ...] = ()

    @property
    def on_sheet(self) -> Mapping[int, SheetWeek]:
        """The weeks that are on the sheet, by number."""
        return {week.number: week for week in self.weeks if week.number is not None}

    def with_filled(self, filled: FilledSheet) -> Self:
        """The key with a sheet that came back, in place of an earlier one of the same scorer."""
        others = [one for one in self.filled if one.scored_by != filled.scored_by]
        return self.model_copy(update={"filled": (*others, filled)})


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A week as the sheet shows it.

    Attributes:
        who: Who the athlete is; None if only their data say it.
        plans: By letter.
    """

    number: int
    who: str | None
    week_start: date
    facts: WeekFacts
    plans: Mapping[str, WeeklyPlan]


@dataclass(frozen=True, slots=True)
class BlindSheet:
    """A sheet with its key.

    Attributes:
        hidden: Names of planners and models, which are replaced wherever a text has them.
    """

    key: SheetKey
    entries: tuple[SheetEntry, ...]
    hidden: re.Pattern[str] | None

    def without_names(self, text: str) -> str:
        """A text of a plan that names nobody who could have made it."""
        return text if self.hidden is None else self.hidden.sub(HIDDEN, text)


def blind_sheet(
    answers: Iterable[EvaluationAnswer], seed: int, who: Mapping[str, str]
) -> BlindSheet:
    """The sheet of an evaluation; of repeated askings it shows the first.

    Args:
        answers: All answers of the evaluation.
        seed: Draws the order of the letters, for each week by itself.
        who: Who the athletes are, by key.

    Raises:
        SheetError: No week has valid plans enough, or one has more than there are letters.
    """
    firsts = [answer for answer in answers if answer.repeat == 0]
    least = min(LEAST_PLANS, len({answer.model_id for answer in firsts}))
    weeks: list[SheetWeek] = []
    entries: list[SheetEntry] = []
    for (athlete_id, observed), of_week in groupby(sorted(firsts, key=_week), key=_week):
        by_planner = {answer.model_id: answer for answer in of_week}
        names = _drawn(by_planner, seed, athlete_id, observed)
        number = len(entries) + 1 if len(names) >= least else None
        weeks.append(
            SheetWeek(
                number=number,
                athlete_id=athlete_id,
                observed_week_start=observed,
                planners=names,
                without_plan=tuple(sorted(by_planner.keys() - set(names))),
            )
        )
        if number is not None:
            plans = [by_planner[name].plan for name in names]
            first = by_planner[names[0]]
            entries.append(
                SheetEntry(
                    number=number,
                    who=who.get(athlete_id),
                    week_start=first.week_start,
                    facts=first.facts,
                    plans={
                        letter: plan
                        for letter, plan in zip(ascii_uppercase, plans, strict=False)
                        if plan is not None
                    },
                )
            )
    if not entries:
        raise SheetError(
            "no week has valid plans of two planners, so there is nothing to compare on a sheet; "
            "ask about more weeks, or ask a planner that has valid plans alone"
        )
    key = SheetKey(sheet_id=_sheet_id(seed, weeks, entries), seed=seed, weeks=tuple(weeks))
    return BlindSheet(key, tuple(entries), _hidden(firsts))


def _week(answer: EvaluationAnswer) -> tuple[str, date]:
    return answer.athlete_id, answer.observed_week_start


def _drawn(
    by_planner: Mapping[str, EvaluationAnswer], seed: int, athlete_id: str, observed: date
) -> tuple[str, ...]:
    """The planners with a valid plan, in the order of their letters."""
    names = sorted(name for name, answer in by_planner.items() if answer.plan is not None)
    if len(names) > len(ascii_uppercase):
        raise SheetError(
            f"a sheet has letters for {len(ascii_uppercase)} planners, not for {len(names)}; "
            "evaluate fewer at a time"
        )
    generator("blind-sheet", seed, athlete_id, observed).shuffle(names)
    return tuple(names)


def _sheet_id(seed: int, weeks: Sequence[SheetWeek], entries: Sequence[SheetEntry]) -> str:
    """Names the sheet by its plans and their order, so that the same command gives the same."""
    plans = [[encode(plan) for plan in entry.plans.values()] for entry in entries]
    content = canonical_json(encode({"seed": seed, "weeks": weeks, "plans": plans}))
    return sha256(content.encode()).hexdigest()[:_ID_LENGTH]


def _hidden(answers: Sequence[EvaluationAnswer]) -> re.Pattern[str] | None:
    """Every name of a planner or model, but those that are ordinary words, such as rules."""
    names: set[str] = set()
    for answer in answers:
        provider, colon, model = answer.model_id.rpartition(":")
        names.add(answer.prompt_version)
        names.update(attempt.model for attempt in answer.attempts if attempt.model is not None)
        if colon:
            names |= {answer.model_id, provider, provider.partition("-")[0], model}
        elif _NAME_WITH_MARKS.search(model):
            names.add(model)
    longest_first = sorted(filter(None, names), key=lambda name: (-len(name), name))
    if not longest_first:
        return None
    alternatives = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?i)(?<!\w)(?:{alternatives})(?!\w)")
