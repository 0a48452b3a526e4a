"""Asks the Intervals.icu API one question at a time, and says in one sentence why it fails.

What is worth another attempt is decided here; for how long it is tried again, in
`weekly_plan_assets.patience`. What is asked, and for which days, lies in `source`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version

import httpx
from pydantic import SecretStr

from weekly_plan_assets.patience import (
    BUDGET_S,
    GivenUpError,
    Pace,
    TemporaryError,
    ask_patiently,
)
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.json_rows import Row, parse_object, parse_rows

USER_AGENT = f"weekly-plan-assets/{version('weekly-plan-assets')}"
"""Intervals.icu may refuse the names that libraries give themselves."""

TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
REQUESTS_PER_S = 8
"""Intervals.icu allows about ten a second from one address."""

LARGEST_ANSWER_BYTES = 64 * 1024**2
"""A year of activities is about one MiB; what is far larger is not an answer to what was asked."""

_STRANGE = "check INTERVALS_BASE_URL, and where it is right, run again later"
_WAYS_OUT = {
    401: "INTERVALS_API_KEY is not a key that it knows; copy it anew from the developer settings "
    "of your Intervals.icu account",
    403: "the key may not read this athlete; set INTERVALS_ATHLETE_ID to 0, the key's owner, or to "
    "an athlete who lets you, and check INTERVALS_API_KEY",
    404: "there is no such athlete or address; check INTERVALS_ATHLETE_ID and INTERVALS_BASE_URL",
}
"""What to do, by the status that no other attempt would change."""


class IntervalsClient:
    """The API of one athlete's key."""

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        *,
        budget_s: float = BUDGET_S,
        timeouts: httpx.Timeout = TIMEOUTS,
    ) -> None:
        """A client that asks nothing yet.

        Args:
            base_url: Of the API, such as `https://intervals.icu/api/v1`.
            api_key: The athlete's; it appears in no message.
            budget_s: How long to go on with a request that fails.
            timeouts: How long one attempt may be silent.
        """
        self._base_url = base_url.rstrip("/")
        self._name = f"Intervals.icu at {self._base_url}"
        self._budget_s = budget_s
        self._pace = Pace(REQUESTS_PER_S)
        self._http = httpx.Client(
            auth=httpx.BasicAuth("API_KEY", api_key.get_secret_value()),
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            timeout=timeouts,
        )

    def rows(self, path: str, model: type[Row], query: Mapping[str, str]) -> list[Row]:
        """The list that the API answers at `path`.

        Raises:
            SourceError: It does not, or not within the budget, or with something else.
        """
        return parse_rows(self._get(path, query), self._at(path), model, way_out=_STRANGE)

    def object(self, path: str, model: type[Row]) -> Row:
        """The one object that the API answers at `path`; errors are those of `rows`."""
        return parse_object(self._get(path, {}), self._at(path), model, way_out=_STRANGE)

    def _get(self, path: str, query: Mapping[str, str]) -> bytes:
        try:
            return ask_patiently(lambda: self._ask_once(path, query), budget_s=self._budget_s)
        except GivenUpError as error:
            raise SourceError(str(error)) from error

    def _ask_once(self, path: str, query: Mapping[str, str]) -> bytes:
        self._pace.wait()
        try:
            with self._http.stream("GET", f"{self._base_url}{path}", params=query) as response:
                self._refuse(path, response)
                return self._body(path, response)
        except httpx.TimeoutException as error:
            raise TemporaryError(f"{self._name} does not answer in time") from error
        except httpx.TransportError as error:
            raise TemporaryError(f"{self._name} cannot be reached: {error}") from error
        except httpx.HTTPError as error:
            raise SourceError(f"{self._at(path)} failed: {error}; {_STRANGE}") from error

    def _body(self, path: str, response: httpx.Response) -> bytes:
        """The whole body: one that breaks off was sent so, and would be again."""
        content = bytearray()
        try:
            for part in response.iter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise SourceError(
                        f"{self._at(path)} answers with more than "
                        f"{LARGEST_ANSWER_BYTES // 1024**2} MiB; {_STRANGE}"
                    )
        except (httpx.RemoteProtocolError, httpx.ReadError) as error:
            raise SourceError(
                f"the answer of {self._at(path)} breaks off after {len(content)} bytes; {_STRANGE}"
            ) from error
        return bytes(content)

    def _refuse(self, path: str, response: httpx.Response) -> None:
        """Refuse whatever is not JSON with status 200."""
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            told = f"{self._name} answers {status} ({response.reason_phrase})"
            raise TemporaryError(told, _retry_after_s(response))
        if status != httpx.codes.OK:
            raise SourceError(
                f"{self._name} answers {status} ({response.reason_phrase}): "
                f"{_WAYS_OUT.get(status, _STRANGE)}"
            )
        kind = response.headers.get("Content-Type", "")
        if "json" not in kind.lower():
            raise SourceError(
                f"{self._at(path)} answers with {kind or 'no type'}, not JSON; {_STRANGE}"
            )

    def _at(self, path: str) -> str:
        return f"{self._base_url}{path}"


def _retry_after_s(response: httpx.Response) -> float | None:
    """How long the server asks to wait: seconds, or a date; None where it says neither."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max((moment.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0.0)
