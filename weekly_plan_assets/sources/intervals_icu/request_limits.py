"""How many requests this process sends to Intervals.icu: at once, in a second, and with one key.

The limits are shared by all clients of a process, whatever athletes of a roster they read and in
whatever threads. Other processes are not seen: where they use up what the server allows, it answers
429, and `client` waits as it asks.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from time import monotonic, sleep

import httpx
from pydantic import SecretStr

from weekly_plan_assets.common.http_retries import GivenUpError, Pace
from weekly_plan_assets.domain.units import SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.sources.intervals_icu.credential_advice import advice_for

REQUESTS_PER_S = 8
"""Intervals.icu allows about ten a second from one address."""

MOST_IN_FLIGHT = 4
"""Requests to one address that wait for their answers at once: ours, since none is documented."""

MOST_IN_FLIGHT_OF_A_KEY = 2
"""The same with one key or token, so that one athlete leaves room for the others."""

LONGEST_LIMIT_WAIT_S = 60.0
"""A longer wait is not begun, whether the quota of a key asks for it or the server."""


@dataclass(frozen=True, slots=True)
class RequestQuota:
    """At most `most` requests in any `within_s` seconds."""

    most: int
    within_s: float


KEY_QUOTAS = (RequestQuota(2_500, 15 * SECONDS_PER_MINUTE), RequestQuota(5_000, SECONDS_PER_DAY))
"""What one key may send, as its users report; the answers' headers are the server's own count."""


class AddressLimits:
    """What one server is sent; threads may share it."""

    def __init__(self, per_s: float = REQUESTS_PER_S, in_flight: int = MOST_IN_FLIGHT) -> None:
        """Limits that nothing has been sent under.

        Args:
            per_s: Requests in a second.
            in_flight: Requests without an answer yet.
        """
        self.pace = Pace(per_s)
        self.slots = BoundedSemaphore(in_flight)


class KeyLimits:
    """What is sent with one key or token; threads may share it."""

    def __init__(
        self,
        quotas: Sequence[RequestQuota] = KEY_QUOTAS,
        in_flight: int = MOST_IN_FLIGHT_OF_A_KEY,
    ) -> None:
        """Limits that nothing has been sent under.

        Args:
            quotas: All of them hold.
            in_flight: Requests without an answer yet.
        """
        self.slots = BoundedSemaphore(in_flight)
        self._quotas = quotas
        self._sent_s: deque[float] = deque(maxlen=max(quota.most for quota in quotas))
        self._lock = Lock()

    def count(self, variable: str) -> None:
        """Count a request, once the quotas have room for it.

        Args:
            variable: The setting of the key or token, for messages.

        Raises:
            GivenUpError: They have none for longer than `LONGEST_LIMIT_WAIT_S`.
        """
        while (used_up := self._used_up()) is not None:
            quota, wait_s = used_up
            if wait_s > LONGEST_LIMIT_WAIT_S:
                raise GivenUpError(
                    f"{variable} has sent {quota.most} requests within {_span_of(quota.within_s)}, "
                    "which is all that Intervals.icu takes from one key; run again in "
                    f"{_span_of(wait_s)}"
                )
            sleep(wait_s)

    def _used_up(self) -> tuple[RequestQuota, float] | None:
        """A quota without room, and for how long; None once the request is counted."""
        with self._lock:
            now_s = monotonic()
            for quota in self._quotas:
                if len(self._sent_s) < quota.most:
                    continue
                wait_s = self._sent_s[-quota.most] + quota.within_s - now_s
                if wait_s > 0:
                    return quota, wait_s
            self._sent_s.append(now_s)
        return None


@dataclass(frozen=True)
class RequestLimits:
    """The limits of one key at one server.

    Attributes:
        variable: The setting of the key or token, for messages.
    """

    variable: str
    address: AddressLimits = field(default_factory=AddressLimits)
    key: KeyLimits = field(default_factory=KeyLimits)

    def hold(self, wait_s: float) -> None:
        """Send nothing to the address for as long as the server asks, unless that is long."""
        if wait_s <= LONGEST_LIMIT_WAIT_S:
            self.address.pace.rest(wait_s)

    @contextmanager
    def turn(self) -> Iterator[float]:
        """Wait until a request may be sent, and hold its place until it is answered.

        Yields:
            How long it had to wait, in seconds.

        Raises:
            GivenUpError: The quota of the key is used up for long.
        """
        began_s = monotonic()
        with self.key.slots:
            self.key.count(self.variable)
            with self.address.slots:
                self.address.pace.wait()
                yield monotonic() - began_s


_ADDRESSES: dict[bytes, AddressLimits] = {}
_KEYS: dict[tuple[bytes, bytes], KeyLimits] = {}


def shared_limits(base_url: str, credential: SecretStr) -> RequestLimits:
    """Return the limits of this process for a key or token at the server of an address."""
    address = httpx.URL(base_url).netloc
    digest = digest_of(credential)
    return RequestLimits(
        advice_for(credential).variable,
        _ADDRESSES.setdefault(address, AddressLimits()),
        _KEYS.setdefault((address, digest), KeyLimits()),
    )


def digest_of(credential: SecretStr) -> bytes:
    """What a key or token is known by where it must not be kept itself."""
    return sha256(credential.get_secret_value().encode()).digest()


def _span_of(span_s: float) -> str:
    if span_s < 2 * SECONDS_PER_HOUR:
        return f"{max(round(span_s / SECONDS_PER_MINUTE), 1)} min"
    return f"{round(span_s / SECONDS_PER_HOUR)} h"
