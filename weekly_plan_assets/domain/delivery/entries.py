"""An entry of a calendar: as a plan wants it, and as it is found there."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.recorded.calendar import NOTE_CATEGORY
from weekly_plan_assets.domain.week import DAYS_PER_WEEK

SESSION_CATEGORY = "WORKOUT"
"""The category of planned sessions, in the words of Intervals.icu."""


STEPS_FIELD = "steps"
"""Names a difference between the steps that were meant and those that a calendar made."""


def last_day_of(day: date, category: str | None) -> date:
    """The last day of an entry: a note of ours is about its whole week."""
    return day + timedelta(days=DAYS_PER_WEEK - 1) if category == NOTE_CATEGORY else day


class StepSummary(Document):
    """The steps of a workout in three numbers, to see whether a calendar dropped anything.

    Attributes:
        steps: How many there are, each as often as it is done.
        targets: How many of them have a target.
        timed_s: Seconds of those that end by time.
    """

    steps: int
    targets: int
    timed_s: int

    def __str__(self) -> str:
        return f"{self.steps} steps, {self.targets} with a target, {self.timed_s} s by time"


class WantedEntry(Document):
    """What a plan wants on the calendar.

    Attributes:
        session_id: Outlives a re-plan, see `domain.plan.session_id`.
        category: `WORKOUT` or `NOTE`, in the words of Intervals.icu.
        type: The sport, in the same words; None for a note.
        name: At most 80 characters, which Intervals.icu allows.
        description: The text from which the calendar makes steps.
        moving_time_s: The planned duration; None for a note.
        target: What steers it: `POWER`, `HR`, `PACE` or `AUTO`; None for a note.
        has_steps: Whether the calendar is to make steps of the description; it then calculates
            duration and load itself.
        summary: The steps that it is to have; None for an entry without.
        is_race: Whether it is a race.
    """

    session_id: str
    day: date
    category: str = SESSION_CATEGORY
    type: str | None = None
    name: str
    description: str
    moving_time_s: int | None = None
    target: str | None = None
    has_steps: bool = False
    summary: StepSummary | None = None
    is_race: bool = False

    @property
    def sha256(self) -> str:
        """SHA-256 over its canonical JSON: equal entries, equal hash."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


class FoundEntry(Document):
    """What was found on the calendar under the id of a session, as far as it matters here.

    Attributes:
        event_id: The calendar's own id.
        updated: When it was last changed, as the calendar writes it.
        load: What the calendar expects of it.
        paired_activity_id: The activity that was recorded for it; None while it is open.
        push_errors: What devices said against it, a sentence each.
        summary: The steps that the calendar made of its text; None where it made none.
    """

    event_id: str
    session_id: str
    day: date
    category: str | None = None
    type: str | None = None
    name: str | None = None
    description: str | None = None
    moving_time_s: int | None = None
    target: str | None = None
    load: float | None = None
    updated: str | None = None
    paired_activity_id: str | None = None
    push_errors: tuple[str, ...] = ()
    summary: StepSummary | None = None

    @property
    def is_done(self) -> bool:
        """Whether an activity was recorded for it."""
        return self.paired_activity_id is not None


class FieldDifference(Document):
    """A field in which two entries differ, each side as text; None for a missing value."""

    field: str
    wanted: str | None
    found: str | None


def dropped_steps(wanted: WantedEntry, found: FoundEntry) -> tuple[FieldDifference, ...]:
    """Where the calendar made other steps of the same text than it was meant to."""
    if wanted.summary is None or wanted.summary == found.summary:
        return ()
    return (
        FieldDifference(field=STEPS_FIELD, wanted=str(wanted.summary), found=_text(found.summary)),
    )


def differences_from(wanted: WantedEntry, found: FoundEntry) -> tuple[FieldDifference, ...]:
    """Where an entry on the calendar is not what the plan wants.

    The time of day is the athlete's affair. The duration of an entry with steps is calculated by
    the calendar, from thresholds that may change any day, and so is compared for others only.
    """
    return tuple(_differences(wanted, found))


def _differences(wanted: WantedEntry, found: FoundEntry) -> Iterator[FieldDifference]:
    pairs: list[tuple[str, object, object]] = [
        ("day", wanted.day, found.day),
        ("category", wanted.category, found.category),
        ("type", wanted.type, found.type),
        ("name", _plain(wanted.name), _plain(found.name)),
        ("description", _plain(wanted.description), _plain(found.description)),
    ]
    if wanted.target is not None:
        pairs.append(("target", wanted.target, found.target))
    if wanted.moving_time_s is not None and not wanted.has_steps:
        pairs.append(("moving_time_s", wanted.moving_time_s, found.moving_time_s))
    for name, one, other in pairs:
        if one != other:
            yield FieldDifference(field=name, wanted=_text(one), found=_text(other))


def differences_between(
    earlier: FoundEntry, now: FoundEntry, *, has_steps: bool
) -> tuple[FieldDifference, ...]:
    """What somebody changed on the calendar; `wanted` is how it stood before.

    Args:
        earlier: How it stood.
        now: How it stands.
        has_steps: Whether the calendar calculates its duration, see `differences_from`.
    """
    names = ["day", "category", "type", "name", "description", "target"]
    names += [] if has_steps else ["moving_time_s"]
    pairs = [(name, getattr(earlier, name), getattr(now, name)) for name in names]
    return tuple(
        FieldDifference(field=name, wanted=_text(one), found=_text(other))
        for name, one, other in pairs
        if (_plain(one) != _plain(other) if isinstance(one, str) else one != other)
    )


def _plain(text: object) -> str:
    """Text without blanks at the ends of lines, which calendars drop."""
    return "\n".join(line.rstrip() for line in str(text or "").strip().splitlines())


def _text(value: object) -> str | None:
    return None if value is None else str(value)
