"""Why a week is of its phase, so that it can be said in any language.

What decides a phase belongs to `phase`.
"""

from dataclasses import dataclass
from enum import StrEnum

from weekly_plan_assets.domain.athlete.race import Race


class Why(StrEnum):
    """What decided the phase of a week."""

    SICK_OBSERVED = "sick_observed"
    SICK_PLANNED = "sick_planned"
    INJURED_OBSERVED = "injured_observed"
    INJURED_PLANNED = "injured_planned"
    NOTHING_KNOWN = "nothing_known"
    BREAK = "break"
    COMING_BACK = "coming_back"
    RACE_WEEK = "race_week"
    TAPER = "taper"
    AFTER_RACE = "after_race"
    TIRED = "tired"
    CYCLE = "cycle"
    LITTLE_KNOWN = "little_known"
    PERIOD = "period"
    NO_RACE = "no_race"


@dataclass(frozen=True, slots=True)
class PhaseReason:
    """What decided a phase, and its numbers.

    Attributes:
        text: The reason in English, as the load envelope keeps it.
        weeks: The number of weeks that decided, where a number did.
        of: What that number is compared with.
        race: The race that decided.
        signals: Names of the signals of readiness that decided.
    """

    why: Why
    text: str
    weeks: int | None = None
    of: int | None = None
    race: Race | None = None
    signals: tuple[str, ...] = ()
