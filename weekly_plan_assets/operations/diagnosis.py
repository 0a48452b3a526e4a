"""A finding of the doctor: what is right, what to know, and what is wrong with the way out."""

from enum import StrEnum

from weekly_plan_assets.domain.document import Document


class Level(StrEnum):
    """How a part is."""

    RIGHT = "right"
    NOTE = "note"
    WRONG = "wrong"


class Diagnosis(Document):
    """A finding about a part of the installation; if it is wrong, the text says how to fix it."""

    subject: str
    level: Level
    text: str


def right(subject: str, text: str) -> Diagnosis:
    """What is as it should be."""
    return Diagnosis(subject=subject, level=Level.RIGHT, text=text)


def note(subject: str, text: str) -> Diagnosis:
    """What is good to know."""
    return Diagnosis(subject=subject, level=Level.NOTE, text=text)


def wrong(subject: str, text: str) -> Diagnosis:
    """What has to be mended; the text says how."""
    return Diagnosis(subject=subject, level=Level.WRONG, text=text)
