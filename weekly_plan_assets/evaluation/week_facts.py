"""What is known of an athlete when a week has ended, for who judges a plan for the next one.

The same for every planner: nothing that a planner was asked with or answered is among it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import fsum
from typing import Self

from weekly_plan_assets.common.figures_in_words import figure, threshold_in_words
from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.sport_heart import ZONE_COUNT
from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.readiness import RAISED
from weekly_plan_assets.domain.recorded.counted_sessions import CountedSession
from weekly_plan_assets.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.domain.week import TrainingWeek
from weekly_plan_assets.lineage.records.records import PlanningInputs

SHOWN_WEEKS = 6
"""Two blocks of three weeks: what a coach looks back on for one week."""

RACES_BEFORE = timedelta(weeks=3)
RACES_AFTER = timedelta(weeks=20)
ABSENCES_BEFORE = timedelta(weeks=4)


class WeekDone(Document):
    """A week that was trained.

    Attributes:
        load: None if the load of no session is known.
        sessions: Each with its weekday, sport and minutes, in order.
    """

    week_start: date
    hours: float
    load: float | None
    sessions: tuple[str, ...]


class WeekFacts(Document):
    """What is known of an athlete.

    Attributes:
        lines: Sports, zones, thresholds, races, absences and signals that are not as usual.
        weeks: The last weeks, the observed one last.
    """

    lines: tuple[str, ...]
    weeks: tuple[WeekDone, ...]

    @classmethod
    def of(cls, inputs: PlanningInputs, sessions: Sequence[CountedSession]) -> Self:
        """The facts of what is frozen for a planner.

        Args:
            inputs: What is frozen.
            sessions: Those of its activities that count.
        """
        observed = inputs.observed_week
        return cls(
            lines=tuple(_lines(inputs)),
            weeks=tuple(
                _week_done(observed.shift(-back), sessions)
                for back in range(SHOWN_WEEKS - 1, -1, -1)
            ),
        )


def _week_done(week: TrainingWeek, sessions: Sequence[CountedSession]) -> WeekDone:
    done = sorted(
        (one for one in sessions if one.activity.day in week),
        key=lambda one: one.activity.start_date_local,
    )
    loads = [one.load for one in done if one.load is not None]
    return WeekDone(
        week_start=week.start,
        hours=round(sum(one.duration_s or 0 for one in done) / SECONDS_PER_HOUR, 1),
        load=fsum(loads) if loads else None,
        sessions=tuple(map(_in_words, done)),
    )


def _in_words(session: CountedSession) -> str:
    row = session.activity
    minutes = "" if session.duration_s is None else f" {session.duration_s // SECONDS_PER_MINUTE}"
    return f"{row.day:%a} {row.name or row.type or 'session'}{minutes}"


def _lines(inputs: PlanningInputs) -> Iterator[str]:
    athlete, planned = inputs.athlete, inputs.planned_week
    sports = ", ".join(sport.name.lower() for sport in athlete.endurance_sports)
    yield f"Sports: {sports}. Experience: {athlete.experience.value}."
    yield from _zones(athlete)
    for one in athlete.thresholds:
        yield f"Threshold, {one.sport.name.lower()}: {threshold_in_words(one)}."
    for race in athlete.races:
        if planned.start - RACES_BEFORE <= race.date <= planned.end + RACES_AFTER:
            yield _race(race)
    for absence in athlete.absences:
        if absence.last >= planned.start - ABSENCES_BEFORE and absence.first <= planned.end:
            yield f"{absence.kind.value.capitalize()}: {absence.first} to {absence.last}."
    for signal in inputs.envelope.readiness.with_light(*RAISED):
        yield f"Not as usual ({signal.light.value}): {signal.text}"
    if inputs.athlete_file is not None and inputs.athlete_file.notes is not None:
        yield f"The athlete writes: {' '.join(inputs.athlete_file.notes.split())}"


def _zones(athlete: Athlete) -> Iterator[str]:
    for sport in athlete.endurance_sports:
        bounds = [athlete.hr_bounds(zone, sport) for zone in range(1, ZONE_COUNT + 1)]
        if sport is not Sport.SWIM and bounds[0].bpm_high is not None:
            highs = ", ".join(str(one.bpm_high) for one in bounds)
            yield f"Heart-rate zones, {sport.name.lower()}, bpm up to: {highs}."


def _race(race: Race) -> str:
    km = "" if race.distance_m is None else f", {figure(race.distance_m, 'm')} km"
    return f"Race on {race.date}: {race.name or 'unnamed'}, priority {race.priority.value}{km}."
