"""The activities of a folder's recordings: each session once, under the name of the Strava export.

Sessions that two devices recorded are no matter of this module: both are kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.sources.base import Problem
from weekly_plan_assets.sources.files.conversion import OwnNumbers, activity_from_recording
from weekly_plan_assets.sources.files.errors import FileError
from weekly_plan_assets.sources.files.file_reading import ParsedFile
from weekly_plan_assets.sources.files.recording import Recording
from weekly_plan_assets.sources.files.strava import StravaRow, filled, read_strava_table

UPLOAD = "UPLOAD"
STRAVA_EXPORT = "STRAVA_EXPORT"


class FolderActivities:
    """Makes activities of parsed files and Strava tables; problems gather on the way.

    The path of a problem is relative to the folder, with slashes.
    """

    def __init__(self, folder: Path, files: Mapping[str, ParsedFile], own: OwnNumbers) -> None:
        self._folder = folder
        self._files = files
        self._own = own
        self._by_id: dict[str, Activity] = {}
        self._reported: set[str | None] = set()
        self._named: set[str | None] = set()
        self.problems = [
            Problem(path, parsed.fault) for path, parsed in files.items() if parsed.fault
        ]

    def read(self, strava_tables: Sequence[str]) -> list[Activity]:
        """All activities: those of the tables, then those of files that no table names."""
        for table in strava_tables:
            self._add_table(table)
        for path, parsed in self._files.items():
            # The same content under another name, or named by a table, is the same session.
            if parsed.content_id not in self._reported:
                self._reported.add(parsed.content_id)
                self._add(f"file-{parsed.content_id}", parsed.recordings, UPLOAD, path)
        return list(self._by_id.values())

    def _add_table(self, table: str) -> None:
        try:
            rows, faults = read_strava_table(self._folder / table)
        except FileError as error:
            self.problems.append(Problem(table, str(error)))
            return
        self.problems += [fault.problem(table, "activities") for fault in faults]
        missing = list(self._add_rows(rows, PurePosixPath(table).parent))
        if missing:
            self.problems.append(
                Problem(
                    table,
                    f"names files that are missing ({len(missing)}), the first {missing[0]}; those "
                    "activities have only what the table says",
                )
            )

    def _add_rows(self, rows: Sequence[StravaRow], parent: PurePosixPath) -> Iterator[str]:
        """Add the rows with what their files say; yields the files that are not there."""
        for row in rows:
            path = str(parent / row.file_name) if row.file_name else None
            parsed = self._files.get(path) if path else None
            recordings: tuple[Recording, ...] = (row.recording,)
            # A file is that of one row: many rows of one file would repeat all its sessions.
            if parsed is not None and parsed.recordings and path not in self._named:
                self._named.add(path)
                self._reported.add(parsed.content_id)
                recordings = parsed.recordings
            elif path is not None and parsed is None:
                yield path
            # A file of several sessions, a triathlon say, has no row for each of them.
            if len(recordings) == 1:
                recordings = (filled(recordings[0], row),)
            self._add(row.activity_id, recordings, STRAVA_EXPORT, path)

    def _add(
        self, first_id: str, recordings: Sequence[Recording], source: str, path: str | None
    ) -> None:
        for index, recording in enumerate(recordings, start=1):
            activity_id = first_id if index == 1 else f"{first_id}-{index}"
            activity = activity_from_recording(
                recording, self._own, activity_id=activity_id, source=source, file_name=path
            )
            self._by_id.setdefault(activity_id, activity)
