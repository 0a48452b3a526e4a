"""The Dagster resources around plain objects: the store, where data comes from, and who plans.

None of them has any config. Run config is written by anyone who may launch a run, and Dagster puts
the value of any environment variable into it; so keys, addresses, paths and limits are read from
the settings inside the resource. The objects themselves are in `sources`, `planners` and `storage`.
"""

import os
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from typing import Any, Self

from dagster import ConfigurableResource, DagsterInstance, InitResourceContext
from pydantic import PrivateAttr
from pymongo.database import Database

from weekly_plan_assets.athletes.opened_athlete import OpenedAthlete
from weekly_plan_assets.athletes.planner_setup import PlannerSetup
from weekly_plan_assets.common.http_retries import BUDGET_S
from weekly_plan_assets.defs.io_manager import AthleteScope
from weekly_plan_assets.defs.mongo import MongoResource
from weekly_plan_assets.domain.extensions import Seam, package_of
from weekly_plan_assets.planners.attempts import UNBOUNDED, Budget
from weekly_plan_assets.planners.base import Planner
from weekly_plan_assets.planners.model.fallback import RulesInstead
from weekly_plan_assets.planners.model.planner import ModelPlanner
from weekly_plan_assets.planners.named import is_added, is_language_model, planner_named
from weekly_plan_assets.runs.instance_storage import is_throwaway
from weekly_plan_assets.runs.tags import ATHLETE_TAG, DATABASE_TAG
from weekly_plan_assets.settings import Fallback, Settings, dagster_home, load_settings
from weekly_plan_assets.sources.base import TrainingSource
from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import project_database


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """A model and what it may take; stored with what it plans.

    Attributes:
        max_attempts: How often it is asked before the run fails.
        model: The pydantic-ai model string, such as openai:gpt-5.
        timeout_s: How long one request may take.
        max_tokens: The most that one answer may hold.
        budget_s: No attempt begins later than this.
        budget_tokens: No attempt begins after so many tokens.
        fallback_to_rules: Whether the rules plan a week for which it has no valid plan.
        patience_s: How long requests to a provider in trouble are repeated.
    """

    max_attempts: int
    model: str
    timeout_s: float
    max_tokens: int
    budget_s: float
    budget_tokens: int
    fallback_to_rules: bool = False
    patience_s: float = BUDGET_S

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The model and the limits of the settings."""
        return cls(
            max_attempts=settings.max_attempts,
            model=settings.model,
            timeout_s=settings.model_timeout_s,
            max_tokens=settings.model_max_tokens,
            budget_s=settings.model_budget_s,
            budget_tokens=settings.model_budget_tokens,
            fallback_to_rules=settings.fallback is Fallback.RULES,
        )


def current_settings() -> Settings:
    """The settings of the environment as it is now; read again only after it has changed.

    Dagster makes a resource several times a run, and the settings may name a file to be read.
    """
    variables = (str(field.alias) for field in Settings.model_fields.values())
    return _settings_for(tuple(os.environ.get(variable) for variable in variables))


@lru_cache(maxsize=2)
def _settings_for(_values: tuple[str | None, ...]) -> Settings:
    return load_settings()


class SettingsMongo(MongoResource):
    """The database that the settings name; without MONGO_URL the embedded server is started."""

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """Tag the run with its database, because another one may share the history of Dagster."""
        if context.instance is None or context.run is None:
            return
        name = current_settings().database_name
        if context.run.tags.get(DATABASE_TAG) != name:
            context.instance.add_run_tags(context.run.run_id, {DATABASE_TAG: name})

    def database(self) -> Database[BsonDocument]:
        """The database, its indexes ensured; errors are those of `MongoResource`."""
        settings = current_settings()
        url = settings.mongo_url.get_secret_value() if settings.mongo_url else None
        return project_database(url, settings.embedded_dir, settings.database_name)


class SourceResource(AthleteScope):
    """Opens the source of training data when it is first needed."""

    @cached_property
    def settings(self) -> Settings:
        """Which source, and what it needs to be opened."""
        return current_settings()

    @cached_property
    def athlete(self) -> OpenedAthlete:
        """The athlete of the settings."""
        return OpenedAthlete(self.settings)

    _run: tuple[DagsterInstance, str] | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """Remember the run, which is tagged with its athlete once that is known."""
        if context.instance is None or context.run is None:
            return
        self._run = context.instance, context.run.run_id
        if is_throwaway(context.instance) and context.log is not None:
            context.log.warning(
                "the rows of this run are stored, but its history is deleted at its end, and the "
                "UI will not show it; run this from %s, or set DAGSTER_HOME to it",
                dagster_home(),
            )

    @cached_property
    def source(self) -> TrainingSource:
        """The source itself.

        Raises:
            SourceError: It cannot be opened.
        """
        source = self.athlete.source
        if self._run is not None:
            instance, run_id = self._run
            instance.add_run_tags(run_id, {ATHLETE_TAG: source.athlete_id})
        return source

    def athlete_id(self) -> str:
        """The one athlete of the source."""
        return self.source.athlete_id

    def require_same_athlete(self, database: Database[BsonDocument]) -> None:
        """Refuse files that are not those of the athlete under whose id they would be stored.

        Raises:
            ChangedHandsError: They are somebody else's, or nothing shows whose.
        """
        self.athlete.require_same_athlete(database)

    def may_remove_most(self) -> bool:
        """Whether the source may remove most rows of a window."""
        return current_settings().allow_removal


class PlannerResource(ConfigurableResource[Any], ABC):
    """The planner, and how often it is asked."""

    @abstractmethod
    def planner(self) -> Planner:
        """The planner itself."""

    @property
    @abstractmethod
    def max_attempts(self) -> int:
        """How often the planner is asked before the run fails."""

    def recorded_settings(self) -> dict[str, bool | int | float | str | None]:
        """Its settings, to be stored with what it plans. There is no secret among them."""
        return {"max_attempts": self.max_attempts}

    def budget(self) -> Budget:
        """Limits of all attempts together."""
        return UNBOUNDED

    def stand_in(self) -> Planner | None:
        """The planner to fall back to when this one has no valid plan, or None."""
        return None

    @property
    def at_once(self) -> int:
        """For how many athletes of a cohort it is asked at the same time."""
        return 1

    def setup(self) -> PlannerSetup:
        """The planner and its limits together."""
        return PlannerSetup(
            self.planner(),
            self.max_attempts,
            self.recorded_settings(),
            self.budget(),
            self.stand_in(),
            self.at_once,
            self.planner,
        )


class CodePlannerResource(PlannerResource):
    """A planner that is code: the rules planner, or one that an installed package adds."""

    @property
    def max_attempts(self) -> int:
        """How often the planner is asked before the run fails."""
        return current_settings().max_attempts

    def planner(self) -> Planner:
        """The planner itself.

        Raises:
            ExtensionError: The planner of another package cannot be loaded.
        """
        settings = current_settings()
        return planner_named(
            settings.model, timeout_s=settings.model_timeout_s, max_tokens=settings.model_max_tokens
        )

    def recorded_settings(self) -> dict[str, bool | int | float | str | None]:
        """Its settings, and for a planner of another package that package with its version."""
        model = current_settings().model
        package = {"package": package_of(Seam.PLANNER, model)} if is_added(model) else {}
        return {**super().recorded_settings(), **package}

    def stand_in(self) -> Planner | None:
        """The rules planner, where the settings name it as the fallback of another one."""
        settings = current_settings()
        is_fallback = is_added(settings.model) and settings.fallback is Fallback.RULES
        return RulesInstead(settings.model) if is_fallback else None


class ModelPlannerResource(PlannerResource):
    """Any language model. The key of its provider stays in the environment."""

    @cached_property
    def limits(self) -> ModelLimits:
        """Which model, and what it may take."""
        return ModelLimits.of(current_settings())

    @property
    def max_attempts(self) -> int:
        """How often the planner is asked before the run fails."""
        return self.limits.max_attempts

    def recorded_settings(self) -> dict[str, bool | int | float | str | None]:
        """Its settings, to be stored with what it plans. There is no secret among them."""
        return asdict(self.limits)

    def planner(self) -> Planner:
        """The planner itself."""
        return ModelPlanner(
            self.limits.model,
            timeout_s=self.limits.timeout_s,
            max_tokens=self.limits.max_tokens,
            patience_s=self.limits.patience_s,
        )

    @property
    def at_once(self) -> int:
        """For how many athletes of a cohort it is asked at the same time."""
        return current_settings().model_at_once

    def budget(self) -> Budget:
        """Limits of all attempts together."""
        return Budget(self.limits.budget_s, self.limits.budget_tokens)

    def stand_in(self) -> Planner | None:
        """The rules, where the settings name them as the fallback."""
        return RulesInstead(self.limits.model) if self.limits.fallback_to_rules else None


def project_resources(settings: Settings) -> dict[str, Any]:
    """The resources of a code location; which planner it is follows from the settings."""
    return {
        "mongo": SettingsMongo(),
        "source": SourceResource(),
        "planner": (
            ModelPlannerResource() if is_language_model(settings.model) else CodePlannerResource()
        ),
    }
