"""One athlete whose source is open: what is read, which days are known, what is said of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pymongo.database import Database

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.handover import require_same_athlete
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.sources.athlete_context import ContextReader
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.opening import open_source, own_file
from weekly_plan_assets.storage.codec import BsonDocument


class OpenedAthlete:
    """Opens the source of an athlete's settings when it is first needed.

    Athletes may be opened in threads, each in one. (`functools.cached_property` of Python 3.11 has
    one lock for all of them, and they would wait for each other.)

    Every method raises `SourceError` where the source, or the athlete's own file, cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._same_in: set[str] = set()
        self._source: TrainingSource | None = None
        self._own_file: AthleteFile | None = None
        self._first_day: date | None = None
        self._is_first_day_known = False

    @property
    def source(self) -> TrainingSource:
        """The source itself."""
        if self._source is None:
            self._source = open_source(self.settings, self.today())
        return self._source

    def require_same_athlete(self, database: Database[BsonDocument]) -> None:
        """Refuse files that are not those of the athlete under whose id they would be stored.

        Raises:
            ChangedHandsError: They are somebody else's, or nothing shows whose.
        """
        if database.name not in self._same_in:  # found once is enough
            require_same_athlete(self.source, database)
            self._same_in.add(database.name)

    def athlete_context(self, observed: TrainingWeek) -> AthleteContext:
        """What file, settings and calendar say about the athlete, for the week after `observed`."""
        if self._own_file is None:
            self._own_file = own_file(self.settings)
        reader = ContextReader(self.source, [observed], self._own_file)
        return replace(reader.athlete_context(observed), known_on=self.today())

    def end_of(self, day: date) -> datetime:
        """The moment at which `day` ends where the athlete lives."""
        return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(self.settings.timezone))

    def days_known(self, weeks: Sequence[TrainingWeek]) -> tuple[date, date]:
        """First and last day of `weeks` to read: days to come hold projections, not data."""
        return weeks[0].start, min(weeks[-1].end, self.today())

    @property
    def first_day(self) -> date | None:
        """The first day with any data; None where there is none."""
        if not self._is_first_day_known:
            self._first_day = self.source.first_day()
            self._is_first_day_known = True
        return self._first_day

    def today(self) -> date:
        """The athlete's local day."""
        return self.settings.today()
