"""Whether the parts do their work: looked at from outside, by a thread of its own.

The code server is healthy if it listens and the webserver can talk to it, the webserver if it
answers, the daemon if its heartbeats go on. Runs that have ended are noticed on the way.
"""

import http.client
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from weekly_plan_assets.supervision.dagster_programs import CodeAddress
from weekly_plan_assets.supervision.part import PartName

_EVERY_S = 1.5
_TIMEOUT_S = 15.0
HEARTBEAT_INTERVAL_S = 30.0
"""How often each of Dagster's daemons writes a heartbeat."""

_OVERLAP_S = 60.0
_PARTITION_TAG = "dagster/partition"
_RANGE_START_TAG = "dagster/asset_partition_range_start"
_RANGE_END_TAG = "dagster/asset_partition_range_end"

_QUERY = """
query ($since: Float!) {
  instance { daemonHealth { allDaemonStatuses { required lastHeartbeatTime } } }
  workspaceOrError {
    ... on Workspace { locationEntries { locationOrLoadError { __typename } } }
  }
  runsOrError(
    filter: {updatedAfter: $since, statuses: [SUCCESS, FAILURE, CANCELED]}, limit: 100
  ) {
    ... on Runs { results { runId jobName status endTime tags { key value } } }
  }
}"""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel)


class _Daemon(_Shape):
    required: bool
    last_heartbeat_time: float | None


class _DaemonHealth(_Shape):
    all_daemon_statuses: tuple[_Daemon, ...]


class _Instance(_Shape):
    daemon_health: _DaemonHealth


class _Loaded(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=lambda name: f"__{name}")

    typename: str


class _Location(_Shape):
    location_or_load_error: _Loaded | None


class _Workspace(_Shape):
    location_entries: tuple[_Location, ...] = ()


class _Tag(_Shape):
    key: str
    value: str


class EndedRun(_Shape):
    """A run that has ended, with its status: SUCCESS, FAILURE or CANCELED."""

    run_id: str
    job_name: str
    status: str
    end_time: float | None
    tags: tuple[_Tag, ...]

    @property
    def weeks(self) -> str | None:
        """The week or the range of weeks that it ran for, if it was for any."""
        values = {tag.key: tag.value for tag in self.tags}
        first = values.get(_RANGE_START_TAG)
        if first is None:
            return values.get(_PARTITION_TAG)
        last = values.get(_RANGE_END_TAG, first)
        return first if first == last else f"{first} to {last}"


class _Runs(_Shape):
    results: tuple[EndedRun, ...] = ()


class _Answer(_Shape):
    instance: _Instance
    workspace_or_error: _Workspace
    runs_or_error: _Runs

    @property
    def heartbeat_s(self) -> float | None:
        """Time of the daemon's last heartbeat, in seconds since the epoch."""
        daemons = self.instance.daemon_health.all_daemon_statuses
        times = [one.last_heartbeat_time for one in daemons if one.required]
        return max((time_s for time_s in times if time_s is not None), default=None)

    @property
    def location_is_loaded(self) -> bool:
        """Whether the webserver can talk to the code server."""
        entries = self.workspace_or_error.location_entries
        loaded = (entry.location_or_load_error for entry in entries)
        return all(one is not None and one.typename == "RepositoryLocation" for one in loaded)


class _Whole(_Shape):
    data: _Answer


@dataclass
class Signs:
    """What was seen of one part, on the monotonic clock.

    Attributes:
        healthy_s: When it was last seen to work; None if never.
        observable_since_s: Since when it can be seen whether it works; None while it cannot.
    """

    healthy_s: float | None = None
    observable_since_s: float | None = None


@dataclass
class Health:
    """The signs of life of all parts, looked for in a thread while a `with` block runs.

    Attributes:
        address: Where the code server listens.
        url: Address of the UI.
    """

    address: CodeAddress
    url: str
    _signs: dict[PartName, Signs] = field(
        default_factory=lambda: {name: Signs() for name in PartName}
    )
    _heartbeat_s: float | None = None
    _began_s: float = field(default_factory=time.time)
    _asked_until_s: float = field(default_factory=time.time)
    _ended_runs: deque[EndedRun] = field(default_factory=deque)
    _known_runs: deque[str] = field(default_factory=lambda: deque(maxlen=1000))
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> "Health":
        self._thread = threading.Thread(target=self._look, name="dev-health", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()

    def is_ready(self, name: PartName, since_s: float) -> bool:
        """Whether a part was seen to work after a monotonic time."""
        healthy_s = self._signs[name].healthy_s
        return healthy_s is not None and healthy_s > since_s

    def quiet_s(self, name: PartName, since_s: float) -> float:
        """For how long a part gave no sign of life, though it could be seen if it had."""
        signs = self._signs[name]
        if signs.observable_since_s is None:
            return 0.0
        return time.monotonic() - max(since_s, signs.observable_since_s, signs.healthy_s or 0.0)

    def forget_silence(self) -> None:
        """Count silence from now on: this process itself was stopped for a while."""
        for signs in self._signs.values():
            signs.observable_since_s = time.monotonic()

    def take_ended_runs(self) -> list[EndedRun]:
        """Return the runs that have ended since the last call."""
        return [self._ended_runs.popleft() for _ in range(len(self._ended_runs))]

    def _look(self) -> None:
        while not self._stop.wait(_EVERY_S):
            answer = self._ask()
            listens = self.address.accepts(_TIMEOUT_S)
            now_s = time.monotonic()
            self._note(PartName.WEBSERVER, now_s, healthy_s=now_s if answer else None)
            is_healthy = listens and (answer is None or answer.location_is_loaded)
            self._note(PartName.CODE_SERVER, now_s, healthy_s=now_s if is_healthy else None)
            if answer is None:
                self._signs[PartName.DAEMON].observable_since_s = None
            else:
                self._note(PartName.DAEMON, now_s, self._new_heartbeat(answer.heartbeat_s, now_s))
                self._keep(answer.runs_or_error.results)

    def _note(self, name: PartName, now_s: float, healthy_s: float | None) -> None:
        signs = self._signs[name]
        if signs.observable_since_s is None:
            signs.observable_since_s = now_s
        if healthy_s is not None:
            signs.healthy_s = healthy_s

    def _new_heartbeat(self, heartbeat_s: float | None, now_s: float) -> float | None:
        """When the daemon's heart beat since the last look, on the monotonic clock."""
        before, self._heartbeat_s = self._heartbeat_s, heartbeat_s
        if heartbeat_s is None or heartbeat_s == before:
            return None
        # The wall clock may have been set meanwhile: it is believed within the usual interval only.
        age_s = min(max(time.time() - heartbeat_s, 0.0), HEARTBEAT_INTERVAL_S)
        return now_s - age_s

    def _keep(self, runs: tuple[EndedRun, ...]) -> None:
        self._asked_until_s = time.time()
        for run in sorted(runs, key=lambda one: one.end_time or 0.0):
            if run.run_id not in self._known_runs and (run.end_time or 0.0) >= self._began_s:
                self._known_runs.append(run.run_id)
                self._ended_runs.append(run)

    def _ask(self) -> _Answer | None:
        """Return what the webserver says; None if it does not answer as it should."""
        since_s = self._asked_until_s - _OVERLAP_S
        body = json.dumps({"query": _QUERY, "variables": {"since": since_s}})
        address = urlsplit(self.url)
        # Not by urllib, which would go through a proxy of the environment.
        connection = http.client.HTTPConnection(address.netloc, timeout=_TIMEOUT_S)
        headers = {"Content-Type": "application/json"}
        try:
            connection.request("POST", f"{address.path}/graphql", body, headers)
            return _Whole.model_validate_json(connection.getresponse().read()).data
        except (OSError, http.client.HTTPException, ValidationError):
            return None
        finally:
            connection.close()
