"""What a source sent that could not be used: a row, or one value of a row.

How it is found belongs to `sources`; what it means for the figures of a week to `coverage`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from pydantic import BaseModel

from weekly_plan_assets.domain.document import Document

Collection: TypeAlias = Literal["activities", "wellness"]


class LeftOut(Document):
    """A row that is missing from its week, or a value that is missing from its row.

    Attributes:
        id: Id of an activity, or the day of a wellness row; None if the row has none.
        day: None if the row has none that can be read.
        key: The field whose value is missing; None if all of the row is.
        reason: What was wrong with it, in a sentence.
    """

    collection: Collection
    id: str | None
    day: date | None
    key: str | None
    reason: str

    @property
    def is_row(self) -> bool:
        """Whether all of the row is missing."""
        return self.key is None


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows that a source has of some days, and what it sent of them that cannot be used."""

    rows: Sequence[BaseModel]
    left_out: Sequence[LeftOut] = ()
