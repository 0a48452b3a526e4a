"""Errors of pymongo in words. None shows MONGO_URL, which may hold a password."""

from bson.errors import BSONError
from pymongo.errors import ConfigurationError, ConnectionFailure, OperationFailure

from weekly_plan_assets.settings import Settings

_LONGEST_SHOWN = 200


def mongo_sentence(error: BaseException, settings: Settings | None) -> str | None:
    """What a user can do about an error of pymongo; None for a defect, or another's error."""
    name = type(error).__name__
    match error:
        case OperationFailure():
            said = (error.details or {}).get("errmsg", error)
            return f"MongoDB refused: {said}"
        case ConfigurationError():
            return f"MONGO_URL has an option that the server does not support ({name})"
        case BSONError():
            return f"MongoDB takes no such document: {str(error)[:_LONGEST_SHOWN]}"
        case ConnectionFailure():
            return _without_answer(error, name, settings)
    return None


def _without_answer(error: ConnectionFailure, name: str, settings: Settings | None) -> str:
    if settings is not None and settings.mongo_url is None:
        return (
            f"the embedded MongoDB does not answer ({name}); `weekly-plan doctor` tries to start "
            f"it, and its log is in {settings.embedded_dir}"
        )
    reason = "check that the server runs and that the URL is right"
    if "SSL" in str(error) or "certificate" in str(error):
        reason = "check the options for TLS in the URL and the certificate of the server"
    return f"MongoDB does not answer at MONGO_URL; {reason} ({name})"
