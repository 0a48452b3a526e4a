"""The score: every item over the simulated athletes, with the value of each athlete.

Deterministic: the same planner gives the same score, to the last digit that is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.guardrails import registry_version
from weekly_plan_assets.evaluation.quality.item_figures import GROWTH_WEEKS
from weekly_plan_assets.evaluation.quality.items import (
    CLOSED_ITEMS,
    NOT_COMPUTED,
    OPEN_ITEMS,
    Item,
)
from weekly_plan_assets.evaluation.quality.loops import closed_loop, open_loop
from weekly_plan_assets.evaluation.quality.measures import planned_hours
from weekly_plan_assets.evaluation.quality.planned_week import YEAR_WEEKS, PlannedWeek, Weeks
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.personas.life import Response
from weekly_plan_assets.sources.personas.persona import Persona
from weekly_plan_assets.sources.personas.persona_table import PERSONA_BY_KEY, PERSONAS

SWEEP_PERSONA = "steady"
SWEEP_FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
"""Load an hour, by the project's table, with which the same athlete is simulated."""

_DECIMALS = 3
_FILES = {"open, nothing said": False, "open, habits said": True}


class Reading(Document):
    """An item in one setting.

    Attributes:
        setting: Which plans: open loop by what the athlete's file says, or closed loop by what
            the athlete does with the plans.
        value: Over all athletes; None if there was nothing to measure.
        n: Over how many weeks, sessions or athletes.
        met: Whether the value is within the bound.
        athletes_met: Athletes among `athletes_measured` whose own value is within the bound.
        athletes: The value of each athlete by key.
    """

    setting: str
    value: float | None
    n: int
    met: bool | None
    athletes_met: int
    athletes_measured: int
    athletes: dict[str, float | None]


class ItemScore(Document):
    """An item of the score with its readings."""

    id: str
    what: str
    low: float | None
    high: float | None
    percent: bool
    unit: str
    source: str
    readings: tuple[Reading, ...]


class Sweep(Document):
    """Planned hours of each week where an hour brings `load_per_hour` of the table."""

    load_per_hour: float
    hours: tuple[float, ...]


class PlanQuality(Document):
    """How good the plans of a planner are.

    Attributes:
        weeks: How many weeks each loop has.
        athletes: Keys and descriptions of the simulated athletes.
        not_computed: Items that are left out, and why.
        sweep: The closed loop of one athlete at several loads an hour.
        hours: Planned hours of each week of the closed loop, by athlete.
    """

    planner: str
    registry_version: str
    weeks: int
    athletes: dict[str, str]
    items: tuple[ItemScore, ...]
    not_computed: dict[str, str]
    sweep: tuple[Sweep, ...]
    hours: dict[str, tuple[float, ...]]


@dataclass
class Scoring:
    """Scores the rules planner.

    Attributes:
        personas: The simulated athletes.
        weeks: How many weeks each loop has.
    """

    personas: Sequence[Persona] = PERSONAS
    weeks: int = YEAR_WEEKS

    def __post_init__(self) -> None:
        self._open: dict[str, list[Weeks]] = {name: [] for name in _FILES}
        self._closed: dict[Response, list[Weeks]] = {response: [] for response in Response}
        self._sweep: list[Sweep] = []

    @property
    def steps(self) -> int:
        """How many loops there are."""
        return len(self.personas) * (len(_FILES) + len(Response)) + len(SWEEP_FACTORS)

    def run(self) -> Iterator[str]:
        """Make all plans; before each loop says whose it is."""
        for persona in self.personas:
            for name, full in _FILES.items():
                yield f"{persona.key}, {name}"
                self._open[name].append(open_loop(persona, full=full, weeks=self.weeks))
            for response in Response:
                yield f"{persona.key}, {_setting(response)}"
                loop = closed_loop(persona, response, full=False, weeks=self.weeks)
                self._closed[response].append(loop)
        for factor in SWEEP_FACTORS:
            yield f"{SWEEP_PERSONA} at {factor} of the table"
            self._sweep.append(self._swept(factor))

    def score(self) -> PlanQuality:
        """The score of the plans that were made."""
        obedient = self._closed[Response.AS_PLANNED]
        planner = RulesPlanner()
        return PlanQuality(
            planner=planner.prompt_version,
            registry_version=registry_version(),
            weeks=self.weeks,
            athletes={persona.key: persona.who for persona in self.personas},
            items=(
                *open_scores(self._open),
                *(_scored(item, self._closed_for(item)) for item in CLOSED_ITEMS),
            ),
            not_computed=NOT_COMPUTED,
            sweep=tuple(self._sweep),
            hours={weeks[0].persona.key: _hours(weeks) for weeks in obedient},
        )

    def _closed_for(self, item: Item) -> dict[str, list[Weeks]]:
        return {_setting(r): loops for r, loops in self._closed.items() if r in item.responses}

    def _swept(self, factor: float) -> Sweep:
        persona = PERSONA_BY_KEY[SWEEP_PERSONA].model_copy(update={"load_per_hour": factor})
        weeks = min(self.weeks, 2 * GROWTH_WEEKS)
        loop = closed_loop(persona, Response.AS_PLANNED, full=False, weeks=weeks)
        return Sweep(load_per_hour=factor, hours=_hours(loop))


def open_scores(by_setting: Mapping[str, Sequence[Weeks]]) -> tuple[ItemScore, ...]:
    """The items of plans for past weeks, by whatever sets the plans apart.

    Args:
        by_setting: The planned weeks of each athlete; an athlete without any is left out.
    """
    planned = {
        name: [weeks for weeks in athletes if weeks] for name, athletes in by_setting.items()
    }
    return tuple(_scored(item, planned) for item in OPEN_ITEMS)


def _setting(response: Response) -> str:
    return f"closed, {response.value}"


def _hours(weeks: Sequence[PlannedWeek]) -> tuple[float, ...]:
    return tuple(round(planned_hours(week), 2) for week in weeks)


def _scored(item: Item, by_setting: Mapping[str, Sequence[Weeks]]) -> ItemScore:
    return ItemScore(
        id=item.id,
        what=item.what,
        low=item.low,
        high=item.high,
        percent=item.percent,
        unit=item.unit,
        source=item.source,
        readings=tuple(
            _reading(item, setting, athletes) for setting, athletes in by_setting.items()
        ),
    )


def _reading(item: Item, setting: str, athletes: Sequence[Weeks]) -> Reading:
    value, n = item.measure(athletes)
    own = {
        weeks[0].persona.key: value
        for weeks in athletes
        if weeks
        for value, count in [item.measure([weeks])]
        if count
    }
    met = [item.is_met(one) for one in own.values() if one is not None]
    return Reading(
        setting=setting,
        value=_rounded(value),
        n=n,
        met=item.is_met(value),
        athletes_met=sum(map(bool, met)),
        athletes_measured=len(met),
        athletes={key: _rounded(one) for key, one in own.items()},
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)
