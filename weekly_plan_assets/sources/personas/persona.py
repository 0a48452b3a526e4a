"""What can be said of a simulated athlete: habits, zones, races, gaps, and what is measured.

The models only; the athletes themselves are in `table`.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.week import DAY_NAMES

WEEKDAY_BY_SHORT_NAME = {name[:3]: number for number, name in enumerate(DAY_NAMES)}
SPORT_BY_WORD = {
    "run": Sport.RUN,
    "ride": Sport.RIDE,
    "swim": Sport.SWIM,
    "gym": Sport.STRENGTH,
}


class PersonaWorkout(StrEnum):
    """What a habitual session is; `recording` says how hard each is."""

    RECOVERY = "recovery"
    EASY = "easy"
    LONG = "long"
    STEADY = "steady"
    TEMPO = "tempo"
    THRESHOLD = "threshold"
    VO2 = "vo2"
    RACE = "race"
    STRENGTH = "strength"


class ZoneScheme(StrEnum):
    """Whose heart-rate zones the athlete's watch records.

    `own` are five zones from a test; `default` the seven that Intervals.icu proposes; `none`: no
    heart rate is recorded.
    """

    OWN = "own"
    DEFAULT = "default"
    NONE = "none"


class Measure(StrEnum):
    """What is recorded of an athlete beside the duration of sessions."""

    LOAD = "load"
    DISTANCE = "distance"
    HRV = "hrv"
    RESTING_HR = "resting_hr"
    SLEEP = "sleep"


EVERYTHING = frozenset(Measure)
NO_BODY = frozenset({Measure.LOAD, Measure.DISTANCE})
"""A watch that is taken off at night."""


class PersonaPart(BaseModel):
    """A frozen part of a persona; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HabitualSession(PersonaPart):
    """A session that belongs to the athlete's ordinary week.

    Attributes:
        weekday: From 0, Monday.
        chance: How often it takes place where nothing prevents it.
    """

    weekday: int = Field(ge=0, le=6)
    sport: Sport
    workout: PersonaWorkout
    minutes: int = Field(gt=0)
    chance: float = Field(default=1.0, gt=0, le=1)


def _sessions(text: Any) -> Any:
    """`Tue run easy 45, Sun run long 90 60%` as sessions; the percentage is the chance."""
    if not isinstance(text, str):
        return text
    sessions = []
    for part in text.split(","):
        weekday, sport, workout, minutes, *chance = part.split()
        sessions.append(
            {
                "weekday": WEEKDAY_BY_SHORT_NAME[weekday],
                "sport": SPORT_BY_WORD[sport],
                "workout": workout,
                "minutes": int(minutes),
                "chance": float(chance[0].rstrip("%")) / 100 if chance else 1.0,
            }
        )
    return sessions


Habits = Annotated[tuple[HabitualSession, ...], BeforeValidator(_sessions)]


class YearlyRace(PersonaPart):
    """A race on the Sunday of the same week every year.

    Attributes:
        week: Week of the year, from 1.
        build_up_weeks: Weeks over which the long session grows to `longest_min`.
        longest_min: Minutes of the longest session, three weeks before it; None: as usual.
    """

    name: str
    week: int = Field(ge=1, le=52)
    priority: Literal["A", "B", "C"]
    sport: Sport
    hours: float = Field(gt=0)
    distance_km: float = Field(gt=0)
    build_up_weeks: int = 10
    longest_min: int | None = None


class GapKind(StrEnum):
    """Why the athlete does not train as usual."""

    ILLNESS = "sick"
    INJURY = "injured"
    HOLIDAY = "holiday"
    LIFE = "life"


class Gap(PersonaPart):
    """Weeks without the usual training.

    Attributes:
        week: Week of the history, from 0, in which it begins on a Monday.
        days: How long it lasts.
        entered: Whether the athlete's calendar says so.
        still: Sports that go on.
    """

    week: int = Field(ge=0)
    days: int = Field(gt=0)
    kind: GapKind
    entered: bool = True
    still: tuple[Sport, ...] = ()


class Persona(PersonaPart):
    """A simulated athlete.

    Attributes:
        who: In a sentence.
        week: The sessions of an ordinary week.
        load_per_hour: Recorded load by load of the project's table (`session_load`) for the
            same time in zones.
        load_per_hour_by_sport: The same, where a sport differs.
        begins: Week of the history in which training begins.
        easier_every: Every how many weeks an easier one is taken; None: never.
        variation: Standard deviation of a session's minutes, as a share.
        skips: Chance that a session does not take place.
        summer: How much more is done in the middle of July than on average, as a share; less in
            January. Negative for those who train in winter.
        growth: Growth of training a year, as a share.
        easy_hr: Heart rate of their easy running, as a share of threshold heart rate.
        ftp_w: Power at threshold, where the athlete has a power meter.
        threshold_pace_s_km: Running pace at threshold, where it is set.
    """

    key: str
    who: str
    week: Habits
    load_per_hour: float = Field(ge=0.5, le=2)
    load_per_hour_by_sport: tuple[tuple[Sport, float], ...] = ()
    zones: ZoneScheme = ZoneScheme.DEFAULT
    measures: frozenset[Measure] = EVERYTHING
    hr_bpm: tuple[int, int, int] = Field(default=(50, 168, 188), description="rest, LTHR, maximum")
    easy_hr: float = Field(default=0.8, ge=0.65, le=0.95)
    hrv_ms: float = 62.0
    begins: int = 0
    easier_every: int | None = None
    variation: float = 0.08
    skips: float = 0.06
    summer: float = 0.0
    growth: float = 0.0
    races: tuple[YearlyRace, ...] = ()
    gaps: tuple[Gap, ...] = ()
    indoor: bool = False
    run_speed_m_s: float = 2.8
    ftp_w: int | None = None
    threshold_pace_s_km: int | None = None
    experience: Literal["novice", "regular", "advanced"] = "regular"
    birth_year: int | None = None

    @property
    def habitual_minutes(self) -> float:
        """Minutes of an ordinary week, strength left out."""
        endurance = (one for one in self.week if one.sport is not Sport.STRENGTH)
        return sum(one.minutes * one.chance for one in endurance)

    def load_factor(self, sport: Sport) -> float:
        """Recorded load by that of the table, in one sport."""
        return dict(self.load_per_hour_by_sport).get(sport, self.load_per_hour)


FIRST_MONDAY = date(2024, 1, 1)
HISTORY_WEEKS = 104
"""Two years of history, Mondays from `FIRST_MONDAY` on."""

LAST_DAY = FIRST_MONDAY + timedelta(weeks=HISTORY_WEEKS, days=-1)
"""The Sunday on which the history ends."""
