"""Show the progress of an import on a terminal; the import itself does not depend on it."""

import atexit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class ImportBar:
    """A bar on a console, from the first file to the last; silent where there is no terminal."""

    def __init__(self, console: Console) -> None:
        """A bar on `console`."""
        self._console = console
        self._bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` files are read."""
        if not self._console.is_terminal:
            return
        if self._bar is None:
            self._bar = Progress(
                TextColumn("reading files"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
            )
            self._bar.add_task("", total=total)
            self._bar.start()
            # An interrupted import leaves the cursor hidden otherwise.
            atexit.register(self.close)
        self._bar.update(self._bar.task_ids[0], completed=done)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away, also from an import that did not come to its end."""
        if self._bar is not None:
            atexit.unregister(self.close)
            self._bar.stop()
            self._bar = None
