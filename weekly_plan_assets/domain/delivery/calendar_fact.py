"""What is known of a delivered session by its calendar entry: its id, its fate, its activity."""

from dataclasses import dataclass

from weekly_plan_assets.domain.delivery.decisions import BY_HAND, LeftBecause


@dataclass(frozen=True, slots=True)
class CalendarFact:
    """What the calendar says of a delivered session.

    Attributes:
        event_id: The calendar's own id; None where it is no longer there.
        because: What became of it; None where it stands as it was sent.
        activity_id: The activity that the calendar paired it with; None while it is open.
    """

    event_id: str | None
    because: LeftBecause | None = None
    activity_id: str | None = None

    @property
    def by_hand(self) -> LeftBecause | None:
        """What the athlete did with it on the calendar: moved, edited or deleted it."""
        return self.because if self.because in BY_HAND else None
