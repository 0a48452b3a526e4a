"""The weekly metrics of the athletes of a cohort, calculated for a chunk at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import pandas as pd
from pymongo.database import Database

from weekly_plan_assets.athletes.chunks import in_chunks
from weekly_plan_assets.athletes.each_athlete import OpenedRoster, Outcomes
from weekly_plan_assets.athletes.stored_steps import StoredSteps
from weekly_plan_assets.domain.metrics.recorded_weeks import RecordedWeeks
from weekly_plan_assets.domain.metrics.weekly_metrics import HISTORY_WEEKS, summarise_athletes
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.storage.codec import BsonDocument, encode_rows
from weekly_plan_assets.storage.rows_of_athletes import RowsOfAthletes
from weekly_plan_assets.storage.week_rows import ACTIVITIES, WELLNESS
from weekly_plan_assets.storage.window_counts import WindowCounts


def summarised_for(
    athletes: Sequence[RosterAthlete], roster: OpenedRoster, weeks: Sequence[TrainingWeek]
) -> Outcomes[WindowCounts]:
    """Compute the metrics of consecutive weeks of each athlete, and store them."""
    return in_chunks(athletes, roster, lambda chunk: _summarised(chunk, roster, weeks))


def _summarised(
    chunk: Sequence[RosterAthlete], roster: OpenedRoster, weeks: Sequence[TrainingWeek]
) -> Outcomes[WindowCounts]:
    stored = _StoredTraining.read(roster.database, [one.id for one in chunk], weeks)
    recorded = roster.for_each(chunk, stored.recorded)
    metrics = _metrics_of(recorded.done)
    done = roster.for_each(
        [one for one in chunk if one.id in recorded.done],
        lambda steps: steps.store_metrics(metrics[steps.athlete_id]),
    )
    return Outcomes(done.done, recorded.errors | done.errors)


@dataclass(frozen=True, slots=True)
class _StoredTraining:
    """What is stored of the weeks, and of the weeks of history before them."""

    weeks: Sequence[TrainingWeek]
    activities: RowsOfAthletes
    wellness: RowsOfAthletes

    @classmethod
    def read(
        cls, database: Database[BsonDocument], ids: Collection[str], weeks: Sequence[TrainingWeek]
    ) -> Self:
        earlier = [weeks[0].shift(-back) for back in range(HISTORY_WEEKS, 0, -1)]
        return cls(
            weeks,
            RowsOfAthletes(database, ACTIVITIES, ids, [*earlier, *weeks]),
            RowsOfAthletes(database, WELLNESS, ids, weeks),
        )

    def recorded(self, steps: StoredSteps) -> RecordedWeeks:
        """What was recorded of the weeks of an athlete.

        Raises:
            MissingWeekError: One of them was never stored.
        """
        id_, weeks = steps.athlete_id, steps.with_data(self.weeks)
        if not weeks:
            return RecordedWeeks(id_, weeks, pd.DataFrame(), pd.DataFrame())
        left_out = [self.activities.left_out(id_), self.wellness.left_out(id_)]
        return RecordedWeeks(
            id_,
            weeks,
            pd.DataFrame(self.activities.load(id_, required=weeks)),
            pd.DataFrame(self.wellness.load(id_, required=weeks)),
            last_day=steps.athlete.days_known(weeks)[1],
            left_out={
                week: [one for of_kind in left_out for one in of_kind.get(week, ())]
                for week in weeks
                if any(week in of_kind for of_kind in left_out)
            },
        )


def _metrics_of(recorded: Mapping[str, RecordedWeeks]) -> dict[str, list[BsonDocument]]:
    """The rows of each athlete, a week each."""
    by_athlete: dict[str, list[BsonDocument]] = {athlete_id: [] for athlete_id in recorded}
    for row in encode_rows(summarise_athletes(list(recorded.values()))):
        by_athlete[row["athleteId"]].append(row)
    return by_athlete
