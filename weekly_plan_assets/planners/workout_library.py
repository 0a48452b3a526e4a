"""The workouts that come with the project, read from the YAML files in `library`.

What a family is belongs to `domain.plan.workout_family`. Which family and level a week gets belongs
to `workout_choice`; what a session is made of around its main set, to `workouts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from weekly_plan_assets.domain.athlete.targets import likely_speed_m_s
from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.workout_family import Family
from weekly_plan_assets.errors import WeeklyPlanError

FOLDER = files("weekly_plan_assets.planners") / "library"


class LibraryError(WeeklyPlanError, ValueError):
    """A file of workouts cannot be used; the message names the file, the family and the way out."""


@lru_cache(maxsize=8192)
def main_set(family: Family, level: int, threshold_m_s: float) -> Block:
    """The main set of a level, counted from 0, for an athlete with this speed at threshold.

    Levels of minutes are the same for everybody. The same set is asked for again and again while a
    week is solved.
    """
    return family.block(level, lambda intent: likely_speed_m_s(threshold_m_s, family.sport, intent))


@lru_cache(maxsize=8192)
def main_times_s(family: Family, level: int, threshold_m_s: float) -> Mapping[int, int]:
    """Seconds in each zone of that main set."""
    return zone_times_s((main_set(family, level, threshold_m_s),))


@cache
def library() -> Mapping[str, Family]:
    """The families that come with the project, by name, in the order of the files.

    Raises:
        LibraryError: A file is wrong.
    """
    found: dict[str, Family] = {}
    for path in sorted(FOLDER.iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            for family in read_families(path.read_text(encoding="utf-8"), path.name):
                found[family.family] = family
    return found


def families_with(own: Iterable[Family]) -> tuple[Family, ...]:
    """An athlete's own families and the library's; an own one replaces one of the same name."""
    mine = {family.family: family for family in own}
    others = (family for family in library().values() if family.family not in mine)
    return (*mine.values(), *others)


def read_families(text: str, named: str) -> Sequence[Family]:
    """The families of a file.

    Args:
        text: Its content: a YAML list.
        named: What the file is called, for messages.

    Raises:
        LibraryError: It is no such list, or a family is wrong.
    """
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LibraryError(f"{named} is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(rows, list):
        raise LibraryError(f"{named} must hold a list of families, each with family and levels")
    families = []
    for number, row in enumerate(rows, start=1):
        try:
            families.append(Family.model_validate(row))
        except ValueError as error:
            name = row.get("family") if isinstance(row, dict) else None
            raise LibraryError(f"{named}, family {name or number}: {error}") from error
    return families
