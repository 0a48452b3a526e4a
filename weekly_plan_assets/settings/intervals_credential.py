"""The two kinds of secret that Intervals.icu takes, and the settings that hold them."""

import re

from pydantic import SecretStr

from weekly_plan_assets.settings.refused_settings import NotAllowedError

API_KEY_VARIABLE = "INTERVALS_API_KEY"
ACCESS_TOKEN_VARIABLE = "INTERVALS_ACCESS_TOKEN"  # noqa: S105 - a name

NEEDS_A_CREDENTIAL = (
    "INTERVALS_API_KEY must hold the key of the account, or INTERVALS_ACCESS_TOKEN its OAuth token"
)
TWO_CREDENTIALS = (
    "INTERVALS_API_KEY and INTERVALS_ACCESS_TOKEN are both set, and only one is sent; unset "
    "INTERVALS_ACCESS_TOKEN to use the key, or INTERVALS_API_KEY to use the token"
)

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What RFC 6750 lets follow `Bearer`."""


class AccessToken(SecretStr):
    """The OAuth access token of one athlete; any other `SecretStr` is an API key."""


def bearer_token(secret: SecretStr) -> SecretStr:
    """Refuse what cannot stand in the header of a request, whose errors would repeat it."""
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise NotAllowedError("allowed are letters, digits and . _ ~ + / - with = at the end")
    return secret


def intervals_credential_of(
    api_key: SecretStr | None, access_token: SecretStr | None
) -> SecretStr | None:
    """The one that is set, so that its class says which it is; None if neither is."""
    return api_key if access_token is None else AccessToken(access_token.get_secret_value())
