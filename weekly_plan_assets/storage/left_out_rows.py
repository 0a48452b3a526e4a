"""What sources sent of training weeks that could not be used, as the ledger of weeks keeps it.

How it is found belongs to `sources`; how weeks are stored, to `week_rows`.
"""

from collections.abc import Collection, Iterable

from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument

LEFT_OUT = "leftOut"
"""The field of the ledger."""


def left_out_in(entries: Iterable[BsonDocument]) -> dict[TrainingWeek, list[LeftOut]]:
    """What entries of the ledger say could not be used, by week; no entry: all could."""
    return {
        TrainingWeek.parse(entry["weekStart"]): [
            LeftOut.model_validate(one) for one in entry[LEFT_OUT]
        ]
        for entry in entries
        if LEFT_OUT in entry
    }


def may_be(key: str, row: BsonDocument, left_out: LeftOut) -> bool:
    """Whether a stored row may be the one that could not be used: it has its id, or could have."""
    if not left_out.is_row:
        return False
    if left_out.id is not None:
        return left_out.id == key
    if left_out.day is None:
        return True
    return bool(TrainingWeek.containing(left_out.day).key == row["weekStart"])


def left_out_by_week(
    left_out: Iterable[LeftOut], weeks: Collection[TrainingWeek]
) -> dict[TrainingWeek, list[LeftOut]]:
    """By week what could not be used; of no known day it is of the one week that was asked for.

    Where there were several, it is of none: nothing says which.
    """
    by_week: dict[TrainingWeek, list[LeftOut]] = {}
    (only,) = weeks if len(weeks) == 1 else (None,)
    for one in left_out:
        week = only if one.day is None else TrainingWeek.containing(one.day)
        if week is not None and week in weeks:
            by_week.setdefault(week, []).append(one)
    return by_week
