"""The Dagster resources around plain objects: where data comes from and who plans.

The objects themselves lie in `sources` and `planners`; the store's resource in `storage`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dagster import ConfigurableResource
from pydantic import Field, SecretStr

from weekly_plan_assets.domain.athlete_file import AthleteFile
from weekly_plan_assets.domain.profile import Told
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.patience import BUDGET_S
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.settings import SourceName
from weekly_plan_assets.sources.athlete_file import read_athlete_file
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.sources.opening import SourceChoice, open_source
from weekly_plan_assets.sources.telling import Telling
from weekly_plan_assets.storage.io_manager import AthleteScope


class SourceResource(AthleteScope):
    """Opens the source of training data when it is first needed."""

    name: SourceName = Field(description="Which source.")
    timezone: str = Field(description="The athlete's zone; decides what today is.")
    export_dir: str | None = Field(default=None, description="The folder of the folder source.")
    imports_dir: str | None = Field(default=None, description="What was read of its files.")
    athlete_file: str | None = Field(default=None, description="The athlete's own file.")
    intervals_api_key: str | None = Field(default=None, description="Key of the intervals source.")
    intervals_athlete_id: str = Field(default="0", description="Its athlete; 0: the key's owner.")
    intervals_base_url: str = Field(default="", description="Address of its API.")

    @cached_property
    def source(self) -> TrainingSource:
        """The source itself.

        Raises:
            SourceError: It cannot be opened.
        """
        key = self.intervals_api_key
        choice = SourceChoice(
            name=self.name,
            timezone=self.timezone,
            export_dir=_path(self.export_dir),
            imports_dir=_path(self.imports_dir),
            athlete_file=_path(self.athlete_file),
            intervals_api_key=SecretStr(key) if key else None,
            intervals_athlete_id=self.intervals_athlete_id,
            intervals_base_url=self.intervals_base_url,
        )
        return open_source(choice, self._today())

    def athlete_id(self) -> str:
        """The one athlete of the source."""
        return self.source.athlete_id

    def told(self, observed: TrainingWeek) -> Told:
        """What file, settings and calendar tell of the athlete, for the week after `observed`.

        Raises:
            SourceError: The athlete's own file is wrong, or the source cannot be read.
        """
        return Telling(self.source, [observed], self._own_file).told(observed)

    def end_of(self, day: date) -> datetime:
        """The moment at which `day` ends where the athlete lives."""
        return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(self.timezone))

    @cached_property
    def _own_file(self) -> AthleteFile:
        path = _path(self.athlete_file)
        return AthleteFile() if path is None else read_athlete_file(path)

    def days_known(self, weeks: Sequence[TrainingWeek]) -> tuple[date, date]:
        """First and last day of `weeks` to read: days to come hold projections, not data."""
        return weeks[0].start, min(weeks[-1].end, self._today())

    def _today(self) -> date:
        return datetime.now(ZoneInfo(self.timezone)).date()


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


class PlannerResource(ConfigurableResource[Any], ABC):
    """Who plans, and how often they are asked."""

    max_attempts: int = Field(default=3, ge=1, description="Attempts before the run fails.")

    @abstractmethod
    def planner(self) -> Planner:
        """The planner itself."""

    def told_settings(self) -> dict[str, bool | int | float | str | None]:
        """Its settings, to be kept with what it plans. There is no secret among them."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def budget(self) -> Budget:
        """What all attempts together may take."""
        return UNBOUNDED

    def stand_in(self) -> Planner | None:
        """Who plans where the planner has no valid plan; None: nobody."""
        return None


class ModelPlannerResource(PlannerResource):
    """Any language model. The key of its provider stays in the environment."""

    model: str = Field(description="The pydantic-ai model string, such as openai:gpt-5.")
    timeout_s: float = Field(gt=0, description="How long one request may take.")
    max_tokens: int = Field(gt=0, description="The most that one answer may hold.")
    budget_s: float = Field(gt=0, description="No attempt begins later than this.")
    budget_tokens: int = Field(gt=0, description="No attempt begins after so many tokens.")
    fallback_to_rules: bool = Field(default=False, description="Who plans without a valid plan.")
    patience_s: float = Field(default=BUDGET_S, description="For a provider in trouble.")

    def planner(self) -> Planner:
        """The planner itself."""
        return ModelPlanner(
            self.model,
            timeout_s=self.timeout_s,
            max_tokens=self.max_tokens,
            patience_s=self.patience_s,
        )

    def budget(self) -> Budget:
        """What all attempts together may take."""
        return Budget(self.budget_s, self.budget_tokens)

    def stand_in(self) -> Planner | None:
        """The rules, where they are wanted."""
        return RulesInstead(self.model) if self.fallback_to_rules else None


class RulesPlannerResource(PlannerResource):
    """The deterministic planner, which needs no key and no network."""

    def planner(self) -> Planner:
        """The planner itself."""
        return RulesPlanner()
