"""What to do where Intervals.icu refuses an API key or an access token.

Each is named by its own setting, and what makes it valid again differs.
"""

from dataclasses import dataclass

from pydantic import SecretStr

from weekly_plan_assets.settings.intervals_credential import (
    ACCESS_TOKEN_VARIABLE,
    API_KEY_VARIABLE,
    AccessToken,
)


@dataclass(frozen=True, slots=True)
class CredentialAdvice:
    """The ways out of what a server refuses, as ends of sentences.

    Attributes:
        noun: What the secret is called.
        variable: The setting that holds it.
        unknown: The server does not know it.
        may_not_read: It may not read the athlete, who has a place as `{athlete}`.
        may_not_deliver: It may not read a calendar, with which a delivery begins; a place as there.
        unknown_at_write: The server does not know it when something is written.
        may_not_write: It may not write to a calendar.
    """

    noun: str
    variable: str
    unknown: str
    may_not_read: str
    may_not_deliver: str
    unknown_at_write: str
    may_not_write: str


_OF_A_KEY = CredentialAdvice(
    noun="key",
    variable=API_KEY_VARIABLE,
    unknown="INTERVALS_API_KEY is not a key that it knows; copy it again from the developer "
    "settings of your Intervals.icu account",
    may_not_read="the key may not read this athlete ({athlete}); set INTERVALS_ATHLETE_ID to 0, "
    "the key's owner, or to an athlete who lets you, and check INTERVALS_API_KEY",
    may_not_deliver="the key may not read and write the calendar of that athlete ({athlete}), "
    "which a delivery needs; use the key of their own account, and set INTERVALS_ATHLETE_ID to 0, "
    "its owner",
    unknown_at_write="copy INTERVALS_API_KEY again from the developer settings of your "
    "Intervals.icu account",
    may_not_write="this key may not write to the calendar of that athlete; use the key of their "
    "own account",
)
_OF_A_TOKEN = CredentialAdvice(
    noun="token",
    variable=ACCESS_TOKEN_VARIABLE,
    unknown="INTERVALS_ACCESS_TOKEN is not a token that it knows, or was revoked; authorize the "
    "app again, and set it to the new token",
    may_not_read="the token may not read this athlete ({athlete}); set INTERVALS_ATHLETE_ID to 0, "
    "its owner, and authorize the app with the scopes ACTIVITY:READ, WELLNESS:READ, CALENDAR:READ "
    "and SETTINGS:READ",
    may_not_deliver="the token may not read and write the calendar of that athlete ({athlete}), "
    "which a delivery needs; set INTERVALS_ATHLETE_ID to 0, its owner, and authorize the app with "
    "the scopes CALENDAR:WRITE and SETTINGS:READ",
    unknown_at_write="authorize the app again, and set INTERVALS_ACCESS_TOKEN to the new token",
    may_not_write="this token may not write to the calendar of that athlete; authorize the app "
    "with the scope CALENDAR:WRITE",
)


def advice_for(credential: SecretStr | None) -> CredentialAdvice:
    """The advice for a key or a token, whichever it is; for a key where there is neither."""
    return _OF_A_TOKEN if isinstance(credential, AccessToken) else _OF_A_KEY
