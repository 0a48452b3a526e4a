"""Errors of the store that somebody outside can do something about, each one sentence."""

from weekly_plan_assets.errors import WeeklyPlanError


class StoreError(WeeklyPlanError, RuntimeError):
    """The store cannot do what was asked."""


class MongoUrlError(StoreError):
    """MONGO_URL is not a MongoDB URL; the message never shows it, it may hold a password."""


class UpsertError(StoreError):
    """Documents that the server refused; the message names collection, count and first reason."""


class DocumentSizeError(StoreError):
    """A document that is too large to be kept; the message names its run and its largest part."""


class InterruptedWriteError(StoreError):
    """Writes that MongoDB interrupted for longer than they are retried; a later try may succeed."""


class MissingWeekError(StoreError):
    """A week that was never stored whole; the message names collection, week and the way out."""


class ShrinkingWindowError(StoreError):
    """A source that no longer names most of what is stored; the message says how to force it."""


class OtherAthleteError(StoreError):
    """Rows of a second athlete; the message names both."""


class ChangedHandsError(OtherAthleteError):
    """Files that are not the stored athlete's; the message says why, and what to do."""


class BackupError(StoreError):
    """A backup that cannot be made, read or restored; the message says why."""


class UnfinishableRestoreError(BackupError):
    """An interrupted restore whose staged collections were removed; says how to begin again."""


class CollectionShapeError(StoreError):
    """A view, a capped collection or the like where documents are kept; names it and a way out."""


class NotUniqueError(StoreError):
    """Documents that a unique index of this project does not allow; names index and key."""


class MissingRightError(StoreError):
    """The MongoDB user may not do what is needed; the message says what, and which role may."""
