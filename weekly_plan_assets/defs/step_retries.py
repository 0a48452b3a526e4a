"""Which errors are worth another try of a step, how often and after which wait.

Only trouble that passes by itself is: a database that does not answer, a source that stayed in
trouble for as long as its client is patient. Wrong settings, keys and files, broken code and plans
that break rules stop the run at once. Which errors of MongoDB pass, and how an operation is
repeated within a step, is in `storage.retrying`; how a request to a source is, in `http_retries`. A
planner in trouble is an attempt without an answer, and is kept as such.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from dagster import DagsterRun, InputContext, OutputContext, RetryRequested

from weekly_plan_assets.common.http_retries import GivenUpError
from weekly_plan_assets.defs.io_contexts import step_of
from weekly_plan_assets.defs.io_manager import MongoIOManager
from weekly_plan_assets.runs.tags import is_attended
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.retrying import is_temporary

MONGO_WAITS_S = (1.0, 4.0)
"""A server that starts again answers within seconds; each try itself waits five for it."""

SOURCE_WAITS_S = (60.0,)
"""After the minute that a client asks by itself, a minute of rest and one more."""

P = ParamSpec("P")
R = TypeVar("R")


class StepContext(Protocol):
    """What assets and checks are given, as far as it is needed here."""

    @property
    def run(self) -> DagsterRun:
        """The run of the step."""
        ...

    @property
    def retry_number(self) -> int:
        """How often the step was tried before."""
        ...


C = TypeVar("C", bound=StepContext)


def waits_s(error: BaseException, *, attended: bool) -> tuple[float, ...]:
    """The waits before each further try after `error`; empty where none is worth it.

    Args:
        error: What a step raised.
        attended: Whether somebody waits for the run: a person at a terminal gets the error soon,
            and tries again when the source is well.
    """
    if is_temporary(error):
        return MONGO_WAITS_S
    if isinstance(error, SourceError) and isinstance(error.__cause__, GivenUpError):
        return () if attended else SOURCE_WAITS_S
    return ()


def retry_step(step: Callable[Concatenate[C, P], R]) -> Callable[Concatenate[C, P], R]:
    """An asset or check that Dagster tries again after an error that is worth it."""

    @wraps(step)
    def trying(context: C, /, *arguments: P.args, **keywords: P.kwargs) -> R:
        with _another_try(context.run, context.retry_number):
            return step(context, *arguments, **keywords)

    return trying


class RetryingIOManager(MongoIOManager):
    """The IO manager, with a step tried again after an error that is worth it."""

    def handle_output(self, context: OutputContext, obj: object) -> None:
        """Store what a step returned; errors are those of `MongoIOManager`."""
        with _another_try_of_io(context):
            super().handle_output(context, obj)

    def load_input(self, context: InputContext) -> Any:
        """Load what a step needs; errors are those of `MongoIOManager`."""
        with _another_try_of_io(context):
            return super().load_input(context)


@contextmanager
def _another_try_of_io(context: InputContext | OutputContext) -> Iterator[None]:
    step = step_of(context)
    if step is None:  # in a notebook, where Dagster tries nothing again
        yield
        return
    with _another_try(step.dagster_run, step.previous_attempt_count):
        yield


@contextmanager
def _another_try(run: DagsterRun, tries_before: int) -> Iterator[None]:
    # Not a RetryPolicy of Dagster's: it would repeat after every error, and after a cancellation.
    try:
        yield
    except Exception as error:
        waits = waits_s(error, attended=is_attended(run.tags))
        if tries_before >= len(waits):
            raise
        raise RetryRequested(len(waits), waits[tries_before]) from error
