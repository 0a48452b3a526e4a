"""Errors of the store that somebody outside can do something about, each one sentence."""


class StoreError(RuntimeError):
    """The store cannot do what was asked."""


class MongoUrlError(StoreError):
    """MONGO_URL is not a MongoDB URL; the message never shows it, it may hold a password."""


class UpsertError(StoreError):
    """Documents that the server refused; the message names collection, count and first reason."""


class MissingWeekError(StoreError):
    """A week that was never stored whole; the message names collection, week and the way out."""


class ShrinkingWindowError(StoreError):
    """A source that no longer names most of what is stored; the message says how to force it."""


class OtherAthleteError(StoreError):
    """Rows of a second athlete; the message names both."""
