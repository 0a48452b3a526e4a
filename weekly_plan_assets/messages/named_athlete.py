"""The athlete that a message is about, where the same people get messages about several."""

from dataclasses import dataclass, replace

from weekly_plan_assets.messages.message import Message


@dataclass(frozen=True, slots=True)
class NamedAthlete:
    """An athlete of a roster.

    Attributes:
        called: The name, else the id.
    """

    athlete_id: str
    called: str

    @property
    def option(self) -> str:
        """What a command needs to be about this athlete."""
        return f" --athlete {self.athlete_id}"

    def titled(self, message: Message) -> Message:
        """The message with the athlete at the start of its title."""
        return replace(message, title=f"{self.called}: {message.title}")
