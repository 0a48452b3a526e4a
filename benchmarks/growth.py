"""How the work on one week grows with the weeks that are there: 10, 100 and 1,000 of them.

The store holds so many weeks, and Dagster's history so many runs that made a plan: each in a
process of its own, which do their work by turns, so that a slow moment of the machine meets all.
The floor of a figure is itself beside the fewest weeks: it should be flat. Beside it the server's
own account of each query of a weekly run beside the most weeks: which index served it, and how much
was read.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from benchmarks.figures import Figure, own_state, show

SIZES = (10, 100, 1_000)
REPEATS = 15

FLAT = 1.25
EMPTY_RUN = "an empty run"
"""The floor of all of them, which has no limit of its own."""


def main() -> None:
    """Measure, and show a table, or JSON with `--json`."""
    with ExitStack() as open_:
        stores = [open_.enter_context(store_of(size)) for size in SIZES]
        for store in stores:
            store.recv()  # it is filled
        rounds = [[ask(store, "round_s") for store in stores] for _ in range(1 + REPEATS)]
        taken_s = [medians_of(of_store) for of_store in zip(*rounds[1:], strict=True)]
        queries = ask(stores[-1], "queries")
    floor_s, *_, most_s = taken_s
    figures = [
        Figure(what, most_s[what], floor_s[what], None if what == EMPTY_RUN else FLAT)
        for what in most_s
    ]
    by_size = [
        {"weeks": size} | {what: round(took_s * 1000, 1) for what, took_s in work_s.items()}
        for size, work_s in zip(SIZES, taken_s, strict=True)
    ]
    show(
        "Growth with the weeks in the store",
        figures,
        **{"ms by weeks in the store": by_size, "queries of a weekly run": queries},
    )


def medians_of(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each kind of work."""
    return {what: median(one[what] for one in rounds) for what in rounds[0]}


def ask(store: Connection, what: str) -> Any:
    """What the process of a store answers; it works meanwhile, and the others wait.

    Raises:
        EOFError: It ended; why stands on stderr.
    """
    store.send(what)
    return store.recv()


@contextmanager
def store_of(weeks: int) -> Iterator[Connection]:
    """A process that fills a store with so many weeks, says so, and answers until this ends."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=answer, args=(weeks, theirs))
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def answer(weeks: int, asker: Connection) -> None:
    """Call the named method of `BesideWeeks` each time one is asked for."""
    own_state()
    from benchmarks.growth_measured import beside  # noqa: PLC0415

    # Where nobody asks any more, both end.
    with suppress(EOFError, BrokenPipeError), beside(weeks) as work:
        asker.send("filled")
        while True:
            asker.send(getattr(work, asker.recv())())


if __name__ == "__main__":
    main()
