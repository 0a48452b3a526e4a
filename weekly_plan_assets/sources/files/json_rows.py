"""Reads a JSON file of rows as the Intervals.icu API answers them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from weekly_plan_assets.common.plain_text import one_line
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.files.contents import read_content
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.finding import refuse_foreign
from weekly_plan_assets.sources.json_rows import ParsedRows, Row, parse_rows


@dataclass(frozen=True, slots=True)
class RowsFile(Generic[Row]):
    """A file of rows that a folder may hold.

    Attributes:
        model: What each row must be.
        most_rows: How many there may be.
    """

    name: str
    model: type[Row]
    most_bytes: int
    most_rows: int

    def read(self, folder: Path) -> ParsedRows[Row]:
        """The rows of the file in `folder`, and which cannot be used; none without such a file.

        Raises:
            SourceError: It cannot be read, is no list of rows, or most of them cannot be used; or
                it holds too much.
        """
        path = folder / self.name
        where = one_line(str(path))
        if not path.is_symlink() and not path.exists():
            return ParsedRows()
        try:
            refuse_foreign(folder, path)
            content = read_content(path, self.most_bytes)
            answer = parse_rows(
                content,
                where,
                self.model,
                way_out="correct it or export it again",
                name=self.name,
                most_rows=self.most_rows,
            )
        except FileError as error:
            raise SourceError(f"{where} cannot be read: {error}; export it again") from error
        except OSError as error:
            reason = error.strerror or error
            raise SourceError(f"{where} cannot be read: {reason}; export it again") from error
        except MemoryError as error:
            raise SourceError(
                f"{where} needs more memory than there is; export fewer years at once"
            ) from error
        return answer
