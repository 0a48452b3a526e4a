"""What replacing a window of week rows did, for the window and for each of its weeks."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.storage.codec import BsonDocument, content_hash

WeekAndHash: TypeAlias = tuple[str, str]
"""The Monday of a row's week, and the hash of its content."""


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """What replacing a window did to its rows, or to those of one of its weeks.

    Attributes:
        kept: Stored rows that stay as they were, because what the source sent for them could not
            be used.
        content_hash: Hash of a single week's rows as they are now, as in the ledger. No count, so
            that counts can be compared.
        by_week: For a window, the counts of each of its weeks.
    """

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0
    content_hash: str = field(default="", compare=False)
    by_week: Mapping[TrainingWeek, "WindowCounts"] = field(default_factory=dict, compare=False)

    @property
    def rows(self) -> int:
        """Rows that are stored now."""
        return self.inserted + self.changed + self.unchanged + self.kept

    @classmethod
    def of(cls, by_week: Mapping[TrainingWeek, "WindowCounts"]) -> "WindowCounts":
        """The counts of a window, from those of its weeks."""
        weeks = by_week.values()
        return cls(
            inserted=sum(week.inserted for week in weeks),
            changed=sum(week.changed for week in weeks),
            unchanged=sum(week.unchanged for week in weeks),
            removed=sum(week.removed for week in weeks),
            kept=sum(week.kept for week in weeks),
            by_week=by_week,
        )


@dataclass(frozen=True, slots=True)
class Replacement:
    """The rows of a window before and after it is replaced, by their key.

    Attributes:
        wanted: Week and hash of the rows that the source has.
        changed: Those of `wanted` that are not stored as they are.
        stored: Rows that were stored in the window, or elsewhere under a wanted key.
        kept: Those of `stored` that stay although the source has no usable row for them.
        gone: Keys of those of `stored` that are removed.
    """

    wanted: Mapping[str, WeekAndHash]
    changed: Collection[str]
    stored: Mapping[str, BsonDocument]
    kept: Sequence[BsonDocument]
    gone: Sequence[str]

    def counts(self, hashes: Mapping[str, Sequence[str]]) -> WindowCounts:
        """What it does; `hashes` has the row hashes of each week, as `row_hashes` gives them."""
        found = Counter(self._fates())
        return WindowCounts.of(
            {
                TrainingWeek.parse(monday): WindowCounts(
                    inserted=found[monday, "inserted"],
                    changed=found[monday, "changed"],
                    unchanged=len(hashes_of_week)
                    - found[monday, "inserted"]
                    - found[monday, "changed"]
                    - found[monday, "kept"],
                    removed=found[monday, "removed"],
                    kept=found[monday, "kept"],
                    content_hash=week_hash(hashes_of_week),
                )
                for monday, hashes_of_week in hashes.items()
            }
        )

    def _fates(self) -> Iterator[tuple[str, str]]:
        """For each row that is not unchanged the Monday of its week, and what happens to it."""
        for key in self.changed:
            yield self.wanted[key][0], "changed" if key in self.stored else "inserted"
        for row in self.kept:
            yield row["weekStart"], "kept"
        for key in self.gone:
            yield self.stored[key]["weekStart"], "removed"


def week_and_hash(row: BsonDocument) -> WeekAndHash:
    """What counts of a stored row."""
    return row["weekStart"], row["contentHash"]


def row_hashes(
    weeks: Collection[TrainingWeek], rows: Iterable[WeekAndHash]
) -> dict[str, list[str]]:
    """By the Monday of each week, the content hashes of its rows."""
    hashes: dict[str, list[str]] = {week.key: [] for week in weeks}
    for monday, row_hash in rows:
        hashes[monday].append(row_hash)
    return hashes


def week_hash(row_hashes: Iterable[str]) -> str:
    """The content hash of a week: over the content hashes of its rows, in any order."""
    return content_hash({"rows": sorted(row_hashes)})
