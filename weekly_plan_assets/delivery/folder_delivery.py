"""The delivery of a plan into a folder: a feed, a page, and files for watches and trainers.

A file appears whole or not at all, so that any synced folder or web server can hand it on. Files
are known by the receipts that name them; nothing else in the folder is touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from weekly_plan_assets.common.whole_file import FOR_OTHERS, write_whole
from weekly_plan_assets.delivery.deliverable import DeliverablePlan, DeliveryError
from weekly_plan_assets.delivery.feed import FEED, feed_of, later_weeks
from weekly_plan_assets.delivery.receipts import Receipts
from weekly_plan_assets.domain.delivery.decisions import (
    WRITES,
    DecidedEntry,
    Decision,
    LeftBecause,
)
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.lineage.records.delivery_receipt import (
    DeliveredEntry,
    DeliveredFile,
    DeliveryPass,
    DeliveryReceipt,
    DeliveryStatus,
    WriteOutcomeKind,
    entries_so_far,
    moment_now,
)
from weekly_plan_assets.lineage.records.reading import Lineage
from weekly_plan_assets.rendering.rendered_session import rendered_week
from weekly_plan_assets.rendering.session_files import session_files
from weekly_plan_assets.week_page.stored_page import page_of_plan

PAGE = "week.html"
OPEN_FOLDER = 0o755


@dataclass(frozen=True)
class FolderDelivery:
    """Delivers into one folder.

    Attributes:
        folder: Made where it does not exist.
        today: The athlete's local day. What is before it stays as it is.
        is_simulated: Whether the athlete is not a real person, which the page says.
    """

    folder: Path
    receipts: Receipts
    today: date
    is_simulated: bool = False

    def preview(
        self, plan: DeliverablePlan, *, take_back: bool = False
    ) -> tuple[DecidedEntry, ...]:
        """What a delivery would do; nothing is written."""
        return tuple(
            DecidedEntry(
                session_id=one.session_id,
                decision=one.decision,
                because=one.because,
                wanted=one.wanted,
            )
            for one in self._decided(
                self._wanted(plan, {} if take_back else _contents(plan)), self._earlier(plan)
            )
        )

    def deliver(
        self, plan: DeliverablePlan, asked_by: str, *, take_back: bool = False
    ) -> DeliveryReceipt:
        """Bring the folder into line with the plan, and return the receipt as it is stored.

        Args:
            plan: The plan.
            asked_by: Who asked: `command`, or the Dagster run.
            take_back: Remove the files of what is still to come instead.

        Raises:
            DeliveryError: The folder cannot be written, or another process is delivering.
        """
        with self.receipts.claimed(plan):
            earlier = self._earlier(plan)
            contents = _contents(plan)
            if not earlier:
                self._require_own_files(plan, contents)
            wanted = self._wanted(plan, {} if take_back else contents)
            decided = list(self._decided(wanted, earlier))
            own = self.receipts.own(plan, earlier)
            todo = any(one.decision in WRITES for one in decided)
            if not todo and own.is_whole and self._is_there(own):
                kept = own.model_copy(update={"checked_at": moment_now()})
                self.receipts.keep(kept)
                return kept

            def pass_of(entries: Sequence[DeliveredEntry]) -> DeliveryPass:
                return DeliveryPass(
                    at=moment_now(),
                    asked_by=asked_by,
                    is_take_back=take_back,
                    entries=tuple(entries),
                )

            self.receipts.keep(own.with_pass(pass_of(decided), DeliveryStatus.WRITING))
            done = DeliveryStatus.TAKEN_BACK if take_back else DeliveryStatus.DELIVERED
            try:
                names = _names_ever(earlier)
                written = [self._written(one, contents, names) for one in decided]
                whole = own.with_pass(pass_of(written), done)
                self._write_feed(plan, [*(one for one in earlier if one != own), whole], whole)
            except OSError as error:
                raise DeliveryError(
                    f"{error.filename or self.folder} cannot be written ({error.strerror}); check "
                    "the folder that WEEKLY_PLAN_DELIVER_DIR names"
                ) from error
            self.receipts.keep(whole)
            return whole

    def _require_own_files(
        self, plan: DeliverablePlan, contents: Mapping[str, Mapping[str, bytes]]
    ) -> None:
        """Refuse to write over files that no delivery has written.

        Raises:
            DeliveryError: There are such files.
        """
        if not self.receipts.is_unknown(plan.snapshot.athlete_id):
            return
        names = [FEED, PAGE, *(name for made in contents.values() for name in made)]
        taken = [name for name in names if (self.folder / name).exists()]
        if taken:
            raise DeliveryError(
                f"{self.folder / taken[0]} is there already, and no delivery of this athlete has "
                "written it; move it away, or set WEEKLY_PLAN_DELIVER_DIR to another folder"
            )

    def _is_there(self, own: DeliveryReceipt) -> bool:
        """Whether the feed is there, and the page if the week was not taken back."""
        names = (FEED,) if own.is_taken_back else (FEED, PAGE)
        return all((self.folder / name).is_file() for name in names)

    def _earlier(self, plan: DeliverablePlan) -> list[DeliveryReceipt]:
        snapshot = plan.snapshot
        return self.receipts.of_week(snapshot.athlete_id, snapshot.planned_week)

    def _decided(
        self,
        wanted: Mapping[str, tuple[DeliveredEntry, tuple[DeliveredFile, ...]]],
        earlier: Sequence[DeliveryReceipt],
    ) -> Iterator[DeliveredEntry]:
        """The entries as they are to become, with the names and hashes of their files."""
        before = _known_files(earlier)
        for session_id, (entry, files) in wanted.items():
            decision, because = self._decision(before.get(session_id), entry, files)
            yield entry.model_copy(
                update={"decision": decision, "because": because, "files": files}
            )
        for session_id, gone in before.items():
            if session_id in wanted or gone.decision is Decision.REMOVE:
                continue
            is_past = gone.wanted is not None and gone.wanted.day < self.today
            yield DeliveredEntry(
                session_id=session_id,
                decision=Decision.LEAVE if is_past else Decision.REMOVE,
                because=LeftBecause.PAST if is_past else None,
                wanted=gone.wanted if is_past else None,
                files=gone.files,
            )

    def _wanted(
        self, plan: DeliverablePlan, contents: Mapping[str, Mapping[str, bytes]]
    ) -> dict[str, tuple[DeliveredEntry, tuple[DeliveredFile, ...]]]:
        """What the plan wants, by session id; the note about the week is the page."""
        return {
            one.session_id: (
                DeliveredEntry(
                    session_id=one.session_id,
                    decision=Decision.CREATE,
                    wanted=one,
                    wanted_sha256=one.sha256,
                ),
                tuple(
                    DeliveredFile(name=name, sha256=sha256(content).hexdigest())
                    for name, content in contents[one.session_id].items()
                ),
            )
            for one in plan.entries
            if one.session_id in contents
        }

    def _decision(
        self, before: DeliveredEntry | None, entry: DeliveredEntry, files: tuple[DeliveredFile, ...]
    ) -> tuple[Decision, LeftBecause | None]:
        if entry.wanted is not None and entry.wanted.day < self.today:
            return Decision.LEAVE, LeftBecause.PAST
        if before is None or before.decision is Decision.REMOVE:
            return Decision.CREATE, None
        same = before.wanted_sha256 == entry.wanted_sha256 and before.files == files
        is_there = all((self.folder / one.name).is_file() for one in files)
        return Decision.UNCHANGED if same and is_there else Decision.UPDATE, None

    def _written(
        self,
        entry: DeliveredEntry,
        contents: Mapping[str, Mapping[str, bytes]],
        names: Mapping[str, set[str]],
    ) -> DeliveredEntry:
        """Write the files of an entry, and remove those that it had before and no longer has."""
        if entry.decision not in WRITES:
            return entry
        self._make_folder()
        made = {} if entry.wanted is None else contents[entry.session_id]
        for name, content in made.items():
            write_whole(self.folder / name, content, FOR_OTHERS)
        for name in names.get(entry.session_id, set()) - made.keys():
            (self.folder / name).unlink(missing_ok=True)
        return entry.model_copy(update={"outcome": WriteOutcomeKind.APPLIED})

    def _make_folder(self) -> None:
        """Make the folder, open to the program that hands its files on."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True)
            self.folder.chmod(OPEN_FOLDER)

    def _write_feed(
        self, plan: DeliverablePlan, receipts: Sequence[DeliveryReceipt], own: DeliveryReceipt
    ) -> None:
        self._make_folder()
        feed = feed_of(self.receipts.database, plan, receipts, own)
        write_whole(self.folder / FEED, feed, FOR_OTHERS)
        if later_weeks(self.receipts.database, plan, own):
            return  # the page is that of the latest week
        if own.is_taken_back:
            (self.folder / PAGE).unlink(missing_ok=True)
            return
        lineage = Lineage(self.receipts.database)
        page = page_of_plan(lineage, plan.snapshot, is_simulated=self.is_simulated)
        write_whole(self.folder / PAGE, page, FOR_OTHERS)


def _contents(plan: DeliverablePlan) -> dict[str, dict[str, bytes]]:
    """The files of each session, by session id."""
    threshold = None if plan.athlete is None else plan.athlete.threshold_in(Sport.RIDE)
    ftp_w = None if threshold is None else threshold.value
    sessions = rendered_week(plan.snapshot.activity_plan.days, plan.athlete)
    return {one.session_id: session_files(one, ftp_w) for one in sessions}


def _known_files(receipts: Sequence[DeliveryReceipt]) -> Mapping[str, DeliveredEntry]:
    """What the last delivery of each session wrote, by session id; not what it was about to."""
    return {
        one.session_id: one
        for one in entries_so_far(receipts)
        if one.decision is Decision.UNCHANGED or one.outcome is WriteOutcomeKind.APPLIED
    }


def _names_ever(receipts: Sequence[DeliveryReceipt]) -> dict[str, set[str]]:
    """All names that the files of each session have had, also in deliveries that were cut off."""
    names: dict[str, set[str]] = {}
    for one in entries_so_far(receipts):
        names.setdefault(one.session_id, set()).update(file.name for file in one.files)
    return names
