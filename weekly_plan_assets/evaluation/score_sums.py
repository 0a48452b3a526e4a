"""The scores of a filled sheet, summed by planner and by pairs of planners."""

from collections.abc import Sequence
from itertools import combinations
from math import comb
from statistics import fmean
from typing import Self

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.evaluation.blind_sheet import SheetKey
from weekly_plan_assets.evaluation.filled_sheet import FilledSheet, FilledWeek, PlanScores

Scored = Sequence[dict[str, PlanScores]]
"""For each week that was scored the scores by planner."""


class PlannerSums(Document):
    """The scores of one planner, means over the weeks that were scored.

    Attributes:
        scored: Weeks in which its plan was scored.
        without_plan: Weeks of the evaluation for which it had no valid plan.
        signed: Weeks in which its plan would have gone to the athlete as it is.
        mean: Mean of all its scores.
    """

    model_id: str
    scored: int
    without_plan: int
    signed: int
    safe: float | None
    fitting: float | None
    clear: float | None
    mean: float | None


class PairSums(Document):
    """Two planners on the weeks in which both were scored; the sum of a plan's scores decides.

    Attributes:
        wins: Weeks in which `one` has more than `other`.
        only_one: Weeks of the evaluation for which `one` alone has a valid plan.
        only_other: The same of `other`.
        chance: How likely wins and losses at least as unequal are where both are as good: the
            two-sided sign test without ties (Dixon and Mood 1946); None without any.
    """

    one: str
    other: str
    weeks: int
    wins: int
    losses: int
    ties: int
    only_one: int
    only_other: int
    chance: float | None


class ScoreSums(Document):
    """A filled sheet, summed.

    Attributes:
        not_scored: Numbers of the weeks on the sheet that were left out.
        none_signed: Weeks in which no plan would have gone to the athlete as it is.
        remarks: What was said of single weeks, each with who is behind the letters.
    """

    sheet_id: str
    scored_by: str
    weeks: int
    not_scored: tuple[int, ...]
    none_signed: int
    planners: tuple[PlannerSums, ...]
    pairs: tuple[PairSums, ...]
    remarks: tuple[str, ...]

    @classmethod
    def of(cls, key: SheetKey, filled: FilledSheet) -> Self:
        """The sums of what was filled in."""
        weeks = {week.number: week for week in filled.weeks}
        scored = [
            {key.on_sheet[number].planner(one.letter): one for one in week.plans}
            for number, week in weeks.items()
        ]
        signed = [
            key.on_sheet[number].planner(week.signed)
            for number, week in weeks.items()
            if week.signed is not None
        ]
        names = sorted(
            {name for week in key.weeks for name in (*week.planners, *week.without_plan)}
        )
        return cls(
            sheet_id=key.sheet_id,
            scored_by=filled.scored_by,
            weeks=len(weeks),
            not_scored=tuple(sorted(key.on_sheet.keys() - weeks.keys())),
            none_signed=len(weeks) - len(signed),
            planners=tuple(_of_planner(name, key, scored, signed.count(name)) for name in names),
            pairs=tuple(_of_pair(one, other, key, scored) for one, other in combinations(names, 2)),
            remarks=tuple(_remark(week, key) for week in filled.weeks if week.remark),
        )


def _remark(week: FilledWeek, key: SheetKey) -> str:
    known = key.on_sheet[week.number]
    behind = ", ".join(f"{letter} {known.planner(letter)}" for letter in known.letters)
    return f"week {week.number} ({behind}): {week.remark}"


def _of_planner(name: str, key: SheetKey, scored: Scored, signed: int) -> PlannerSums:
    own = [week[name] for week in scored if name in week]
    return PlannerSums(
        model_id=name,
        scored=len(own),
        without_plan=sum(name in week.without_plan for week in key.weeks),
        signed=signed,
        safe=_mean([one.safe for one in own]),
        fitting=_mean([one.fitting for one in own]),
        clear=_mean([one.clear for one in own]),
        mean=_mean([score for one in own for score in (one.safe, one.fitting, one.clear)]),
    )


def _of_pair(one: str, other: str, key: SheetKey, scored: Scored) -> PairSums:
    gaps = [week[one].total - week[other].total for week in scored if one in week and other in week]
    wins, losses = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    return PairSums(
        one=one,
        other=other,
        weeks=len(gaps),
        wins=wins,
        losses=losses,
        ties=len(gaps) - wins - losses,
        only_one=_alone(one, other, key),
        only_other=_alone(other, one, key),
        chance=sign_test(wins, losses),
    )


def _alone(one: str, other: str, key: SheetKey) -> int:
    return sum(one in week.planners and other in week.without_plan for week in key.weeks)


def sign_test(wins: int, losses: int) -> float | None:
    """How likely at least so unequal a split is by the toss of a coin; None without any toss."""
    tosses = wins + losses
    if not tosses:
        return None
    tail = sum(comb(tosses, count) for count in range(min(wins, losses) + 1))
    return min(1.0, 2 * tail / (1 << tosses))


def _mean(values: Sequence[int]) -> float | None:
    return fmean(values) if values else None
