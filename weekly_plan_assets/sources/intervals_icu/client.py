"""Asks the Intervals.icu API one question at a time, and says in one sentence why it fails.

What is worth another attempt is decided here; for how long it is tried again, in
`common.http_retries`. A write never is. How an answer is read, and how long and large it may be,
belongs to `answer`; what is asked, and for which days, to `source`; what is written, to
`calendar_client`.
"""

import json
import re
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any

import httpx
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import GivenUpError, Patience, TemporaryError
from weekly_plan_assets.common.unpacking import LONGEST_QUOTE, UnusableAnswerError
from weekly_plan_assets.common.unreachable import why_unreachable
from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.settings.intervals_credential import AccessToken
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.intervals_icu.answer import (
    AnswerReaders,
    DeadlineError,
    WriteAnswer,
)
from weekly_plan_assets.sources.intervals_icu.credential_advice import CredentialAdvice, advice_for
from weekly_plan_assets.sources.intervals_icu.request_limits import RequestLimits, shared_limits
from weekly_plan_assets.sources.json_rows import ParsedRows, Row, parse_object, parse_rows

USER_AGENT = f"weekly-plan-assets/{version('weekly-plan-assets')}"
"""Intervals.icu may refuse the names that libraries give themselves."""

TIMEOUTS = httpx.Timeout(30.0, connect=10.0)
"""How long the server may be silent."""

ANSWER_S = 60.0
"""How long one answer may take as a whole: a year of activities at 17 kB a second."""

LONGEST_RETRY_AFTER_S = 7 * 24 * 3600
"""Stands for anything longer, which makes no difference: nobody waits for it."""

_STRANGE = "check INTERVALS_BASE_URL, and where it is right, run again later"
_NOT_THERE = (
    "there is no such athlete ({athlete}) or address; check INTERVALS_ATHLETE_ID and "
    "INTERVALS_BASE_URL"
)

_DIGITS = re.compile("[0-9]+")


_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
"""Errors that come up before the first byte of a request has left."""


class UnansweredWriteError(WeeklyPlanError):
    """A write without an answer; one sentence that says what happened.

    Attributes:
        may_be_applied: False where nothing of it can have reached the server.
    """

    def __init__(self, reason: str, *, may_be_applied: bool = True) -> None:
        super().__init__(reason)
        self.may_be_applied = may_be_applied


class IntervalsClient:
    """The API, asked with one key or token.

    Threads may share a client, and clients of several athletes may ask in threads of their own. How
    many requests all of them send together is up to `request_limits`.
    """

    def __init__(
        self,
        base_url: str,
        credential: SecretStr,
        *,
        patience: Patience | None = None,
        limits: RequestLimits | None = None,
        answer_s: float = ANSWER_S,
        timeouts: httpx.Timeout = TIMEOUTS,
        forbidden: str | None = None,
    ) -> None:
        """A client that asks nothing yet.

        Args:
            base_url: Address of the API, such as `https://intervals.icu/api/v1`.
            credential: An API key, or an `AccessToken`; it appears in no message.
            patience: How long to go on with requests that fail; None: a budget of its own.
            limits: When a request may be sent; None: as all clients of this process agree.
            answer_s: How long one answer may take as a whole.
            timeouts: How long the server may be silent.
            forbidden: What to do where the credential may not do what it is used for, with a place
                for the `{athlete}`; None: what helps to read.
        """
        self._base_url = base_url.rstrip("/")
        self._host = httpx.URL(base_url).host
        self._advice = advice_for(credential)
        self._ways_out = {
            401: self._advice.unknown,
            403: forbidden or self._advice.may_not_read,
            404: _NOT_THERE,
        }
        self._name = f"Intervals.icu at {self._base_url}"
        self._patience = patience or Patience()
        self._answer_s = answer_s
        self._timeouts = timeouts
        self._limits = limits or shared_limits(self._base_url, credential)
        self._secrets = _spellings(credential)
        self._answers = AnswerReaders(
            {
                "Authorization": _authorization(credential),
                "User-Agent": USER_AGENT,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )

    def rows(
        self,
        path: str,
        model: type[Row],
        query: Mapping[str, str],
        *,
        fields: Collection[str] | None = None,
    ) -> ParsedRows[Row]:
        """The list that the API answers at `path`; rows that cannot be used are named in it.

        Args:
            path: Below the address of the API.
            model: What each row must be.
            query: What is asked.
            fields: The only fields that are wanted, which are asked for; None: all there are.

        Raises:
            SourceError: It does not, or not within the budget, or with something else.
        """
        if fields is not None:
            query = {**query, "fields": ",".join(fields)}
        content = self._get(path, query)
        return parse_rows(
            content,
            self._at(path),
            model,
            way_out=_STRANGE,
            name=f"Intervals.icu {path}",
            fields=fields,
        )

    def object(self, path: str, model: type[Row]) -> Row:
        """The one object that the API answers at `path`; errors are those of `rows`."""
        return parse_object(self._get(path, {}), self._at(path), model, way_out=_STRANGE)

    def write(
        self, method: str, path: str, query: Mapping[str, str], payload: Any = None
    ) -> WriteAnswer:
        """Send one request that changes something: once, whatever becomes of it.

        Args:
            method: POST, PUT or DELETE.
            path: Below the address of the API.
            query: Its parameters.
            payload: What is sent as JSON; None for no body.

        Raises:
            UnansweredWriteError: No answer came, or not within the time for one.
        """
        content = None if payload is None else json.dumps(payload, allow_nan=False).encode()
        try:
            with self._limits.turn(), self._answers.one() as reader:
                return reader.write(
                    method,
                    self._at(path),
                    query,
                    content,
                    within_s=self._answer_s,
                    timeouts=self._timeouts,
                )
        except GivenUpError as error:
            reason = f"{error}; nothing was sent"
            raise UnansweredWriteError(reason, may_be_applied=False) from error
        except DeadlineError as error:
            reason = f"{self._name} does not answer in full within {self._answer_s:.2g} s"
            raise UnansweredWriteError(reason, may_be_applied=True) from error
        except httpx.HTTPError as error:
            certain = isinstance(error, _NOTHING_SENT)
            raise UnansweredWriteError(
                self._why_unanswered(error, certain=certain), may_be_applied=not certain
            ) from error

    @property
    def advice(self) -> CredentialAdvice:
        """What to do where the server refuses the credential."""
        return self._advice

    @property
    def name(self) -> str:
        """How messages call the server."""
        return self._name

    def without_key(self, words: str) -> str:
        """Words of the server, which may repeat what it was sent, without the key or token."""
        for secret in self._secrets:
            words = words.replace(secret, "***")
        return words

    def _why_unanswered(self, error: httpx.HTTPError, *, certain: bool) -> str:
        if certain:
            return f"{self._name} cannot be reached, so nothing was sent: {self._why(error)}"
        if isinstance(error, httpx.TimeoutException):
            return f"{self._name} does not answer in time"
        return f"{self._name} ends the connection without an answer: {self._why(error)}"

    def _why(self, error: httpx.HTTPError) -> str:
        return _short(why_unreachable(error, self._host))

    def _get(self, path: str, query: Mapping[str, str]) -> bytes:
        try:
            return self._patience.ask(
                lambda within_s: self._ask_once(path, query, within_s),
                longest_s=self._answer_s,
                turn=self._limits.turn,
            )
        except GivenUpError as error:
            raise SourceError(str(error)) from error

    def _ask_once(self, path: str, query: Mapping[str, str], within_s: float) -> bytes:
        try:
            with self._answers.one() as reader:
                return reader.read(
                    self._at(path),
                    query,
                    lambda response: self._refuse(path, response),
                    within_s=within_s,
                    timeouts=self._timeouts,
                )
        except DeadlineError as error:
            raise TemporaryError(
                f"{self._name} does not answer in full within {within_s:.2g} s"
            ) from error
        except UnusableAnswerError as error:
            raise SourceError(f"{self._at(path)} {error}; {_STRANGE}") from error
        except httpx.TimeoutException as error:
            raise TemporaryError(f"{self._name} does not answer in time") from error
        except httpx.TransportError as error:
            raise TemporaryError(f"{self._name} cannot be reached: {self._why(error)}") from error
        except httpx.HTTPError as error:
            raise SourceError(f"{self._at(path)} failed: {_short(error)}; {_STRANGE}") from error

    def _refuse(self, path: str, response: httpx.Response) -> None:
        """Refuse whatever is not JSON with status 200."""
        status = response.status_code
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            reason = f"{self._name} answers {status} ({_short(response.reason_phrase)})"
            wait_s = _retry_after_s(response)
            if status == httpx.codes.TOO_MANY_REQUESTS and wait_s is not None:
                self._limits.hold(wait_s)
            raise TemporaryError(reason, wait_s)
        if status != httpx.codes.OK:
            raise SourceError(
                f"{self._name} answers {status} ({_short(response.reason_phrase)}): "
                f"{self._ways_out.get(status, _STRANGE).format(athlete=_athlete_of(path))}"
            )
        kind = response.headers.get("Content-Type", "")
        if "json" not in kind.lower():
            raise SourceError(
                f"{self._at(path)} answers with {_short(kind) or 'no type'}, not JSON; {_STRANGE}"
            )

    def _at(self, path: str) -> str:
        return f"{self._base_url}{path}"


def _authorization(credential: SecretStr) -> str:
    """The header that carries the credential."""
    secret = credential.get_secret_value()
    return f"Bearer {secret}" if isinstance(credential, AccessToken) else f"Basic {_basic(secret)}"


def _basic(key: str) -> str:
    return b64encode(f"API_KEY:{key}".encode()).decode()


def _spellings(credential: SecretStr) -> tuple[str, ...]:
    """The credential in every form in which it is sent."""
    secret = credential.get_secret_value()
    return tuple(spelt for spelt in (_basic(secret), secret) if secret)


def _athlete_of(path: str) -> str:
    """The id in a path such as `/athlete/i1/wellness`."""
    return _short(path.removeprefix("/athlete/").partition("/")[0])


def _retry_after_s(response: httpx.Response) -> float | None:
    """How long the server asks to wait: seconds, or a date; None if it says neither."""
    asked = response.headers.get("Retry-After", "").strip()
    if _DIGITS.fullmatch(asked):
        return min(float(asked), LONGEST_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(asked)
        wait_s = (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        # A date beyond the calendar, or none at all: then we choose the wait.
        return None
    return min(max(wait_s, 0.0), LONGEST_RETRY_AFTER_S)


def _short(words: object) -> str:
    """Words of the server or of a library, in one line that a sentence can hold."""
    text = " ".join(str(words).split())
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}..."
