"""The simulated athletes, one entry each.

They differ the way real athletes do: in hours, sports, what an hour brings, zones, season, races,
interruptions, and what is measured. None is drawn after a rule of a planner.
"""

from typing import Any

from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.sources.personas.persona import (
    EVERYTHING,
    NO_BODY,
    Gap,
    GapKind,
    Measure,
    Persona,
    YearlyRace,
    ZoneScheme,
)

RUN, RIDE, SWIM = Sport.RUN, Sport.RIDE, Sport.SWIM
OWN, DEFAULT, NO_ZONES = ZoneScheme.OWN, ZoneScheme.DEFAULT, ZoneScheme.NONE


def _race(
    name: str, week: int, priority: Any, sport: Sport, hours: float, km: float, **more: Any
) -> YearlyRace:
    return YearlyRace(
        name=name, week=week, priority=priority, sport=sport, hours=hours, distance_km=km, **more
    )


def _gap(week: int, days: int, kind: GapKind, **more: Any) -> Gap:
    return Gap(week=week, days=days, kind=kind, **more)


PERSONAS = (
    Persona(
        key="novice",
        who="began to run eleven months ago, three times a week",
        week="Tue run easy 35, Thu run easy 40, Sun run long 60",
        load_per_hour=1.12,
        easy_hr=0.87,
        begins=57,
        growth=0.3,
        hr_bpm=(64, 172, 193),
        hrv_ms=48.0,
        run_speed_m_s=2.3,
        skips=0.12,
        measures=NO_BODY | {Measure.RESTING_HR, Measure.SLEEP},
        experience="novice",
    ),
    Persona(
        key="first_marathon",
        who="four runs a week, a marathon every autumn, the first in the history",
        week="Tue run tempo 50, Wed run easy 50, Fri run easy 45, Sun run long 100",
        load_per_hour=1.17,
        easy_hr=0.84,
        hr_bpm=(54, 166, 186),
        easier_every=4,
        races=(
            _race("City marathon", 41, "A", RUN, 4.6, 42.2, build_up_weeks=14, longest_min=185),
            _race("Spring half marathon", 15, "B", RUN, 2.1, 21.1),
        ),
        gaps=(_gap(30, 12, GapKind.HOLIDAY), _gap(82, 12, GapKind.HOLIDAY)),
    ),
    Persona(
        key="marathon_2_50",
        who="runs nearly every day, marathons in 2:50, zones from a lactate test",
        week=(
            "Mon run easy 50, Tue run threshold 75, Wed run easy 70, Thu run easy 60, "
            "Fri run recovery 45, Sat run vo2 65, Sun run long 125"
        ),
        load_per_hour=1.36,
        easy_hr=0.78,
        zones=OWN,
        hr_bpm=(44, 170, 187),
        hrv_ms=84.0,
        run_speed_m_s=3.5,
        threshold_pace_s_km=228,
        easier_every=4,
        skips=0.03,
        races=(
            _race("Spring marathon", 16, "A", RUN, 2.83, 42.2, longest_min=150),
            _race("Autumn marathon", 43, "A", RUN, 2.85, 42.2, longest_min=150),
            _race("10 km", 37, "B", RUN, 0.6, 10.0),
        ),
        experience="advanced",
    ),
    Persona(
        key="masters",
        who="63 years old, five runs a week, tired after two weeks of load",
        week=(
            "Mon run easy 45, Wed run tempo 55, Thu run easy 50, Sat run easy 45, Sun run long 90"
        ),
        load_per_hour=1.1,
        easy_hr=0.86,
        zones=OWN,
        hr_bpm=(52, 149, 166),
        hrv_ms=38.0,
        run_speed_m_s=2.7,
        easier_every=3,
        races=(_race("Half marathon", 20, "A", RUN, 1.95, 21.1, longest_min=115),),
        gaps=(_gap(58, 9, GapKind.ILLNESS),),
        birth_year=1962,
        experience="advanced",
    ),
    Persona(
        key="ultra",
        who="trail runner of long weekends, 100 km in summer, an hour in the hills weighs much",
        week=(
            "Tue run easy 50, Wed run steady 55, Thu run easy 45 70%, "
            "Sat run long 130, Sun run easy 80"
        ),
        load_per_hour=1.4,
        hr_bpm=(48, 165, 184),
        run_speed_m_s=2.3,
        variation=0.18,
        races=(
            _race("100 km of the mountains", 27, "A", RUN, 17.5, 100.0, longest_min=260),
            _race("50 km trail", 17, "B", RUN, 6.8, 50.0, longest_min=210),
        ),
        experience="advanced",
    ),
    Persona(
        key="daily",
        who="runs every day of the year, always about the same, at a very low heart rate",
        week=(
            "Mon run easy 45, Tue run easy 45, Wed run easy 45, Thu run easy 45, Fri run easy 45, "
            "Sat run easy 50, Sun run easy 55"
        ),
        load_per_hour=0.8,
        easy_hr=0.74,
        hr_bpm=(55, 170, 190),
        skips=0.02,
        variation=0.05,
        gaps=(_gap(66, 4, GapKind.ILLNESS, entered=False),),
    ),
    Persona(
        key="steady",
        who="has run five times a week for years, without races; an hour brings 1.3 of the table",
        week=(
            "Tue run tempo 60, Wed run easy 60, Thu run easy 60, Sat run easy 55, Sun run long 110"
        ),
        load_per_hour=1.3,
        zones=OWN,
        hr_bpm=(47, 168, 185),
        hrv_ms=70.0,
        easier_every=5,
    ),
    Persona(
        key="rider_power",
        who="rides with a power meter, long on Saturday; jogs about once in two weeks",
        week=(
            "Tue ride threshold 75, Thu ride vo2 70, Sat ride long 190, Sun ride easy 110, "
            "Wed run easy 30 40%"
        ),
        load_per_hour=1.2,
        hr_bpm=(49, 167, 186),
        ftp_w=265,
        summer=0.2,
        easier_every=4,
        gaps=(_gap(84, 10, GapKind.HOLIDAY),),
    ),
    Persona(
        key="rider_indoor",
        who="rides indoors in winter, and hardly at all in summer",
        week="Mon ride steady 55, Wed ride vo2 60, Fri ride easy 50 70%, Sun ride long 90",
        load_per_hour=1.0,
        easy_hr=0.82,
        zones=NO_ZONES,
        hr_bpm=(60, 163, 182),
        ftp_w=210,
        indoor=True,
        summer=-0.35,
        skips=0.15,
        measures=NO_BODY,
        gaps=(
            _gap(24, 63, GapKind.LIFE, entered=False),
            _gap(76, 63, GapKind.LIFE, entered=False),
        ),
    ),
    Persona(
        key="bike_racer",
        who="races on the road, eleven hours a week with a large summer",
        week=(
            "Tue ride vo2 90, Wed ride easy 120, Thu ride threshold 100, Sat ride long 230, "
            "Sun ride steady 130"
        ),
        load_per_hour=1.25,
        easy_hr=0.77,
        zones=OWN,
        hr_bpm=(45, 172, 190),
        hrv_ms=78.0,
        ftp_w=310,
        summer=0.25,
        variation=0.15,
        races=(
            _race("National road race", 30, "A", RIDE, 3.4, 125.0),
            *(_race(f"Road race {week}", week, "C", RIDE, 3.2, 115.0) for week in (18, 22, 26, 34)),
        ),
        gaps=(_gap(42, 16, GapKind.HOLIDAY), _gap(94, 12, GapKind.HOLIDAY)),
        experience="advanced",
    ),
    Persona(
        key="triathlete",
        who="swims, rides and runs nine hours a week, with a gym session; half distance in summer",
        week=(
            "Mon swim easy 50, Tue run tempo 55, Wed ride threshold 75, Thu swim easy 50, "
            "Thu gym strength 40, Fri run easy 45, Sat ride long 170, Sun run long 80"
        ),
        load_per_hour=1.15,
        easy_hr=0.79,
        load_per_hour_by_sport=((SWIM, 0.9), (RIDE, 1.05), (RUN, 1.3)),
        hr_bpm=(48, 169, 187),
        ftp_w=240,
        easier_every=4,
        summer=0.12,
        races=(
            _race("Half-distance triathlon", 33, "A", RIDE, 5.3, 113.0, longest_min=220),
            _race("Olympic triathlon", 24, "B", RIDE, 2.5, 51.5),
        ),
    ),
    Persona(
        key="swimmer_who_runs",
        who="a club swimmer who took up running last year",
        week=(
            "Mon swim steady 60, Wed swim threshold 60, Fri swim easy 60, "
            "Sat run easy 35 80%, Sun run easy 45"
        ),
        load_per_hour=0.95,
        easy_hr=0.83,
        hr_bpm=(53, 168, 189),
        run_speed_m_s=2.5,
    ),
    Persona(
        key="hybrid",
        who="lifts three times a week by a programme of their own; two runs and a ride beside it",
        week=(
            "Mon gym strength 65, Tue run vo2 45, Wed gym strength 65, Thu run easy 45, "
            "Fri gym strength 60, Sat ride easy 85, Sun run long 70 70%"
        ),
        load_per_hour=1.08,
        easy_hr=0.78,
        hr_bpm=(51, 171, 191),
        skips=0.08,
        races=(_race("Half marathon", 39, "A", RUN, 1.8, 21.1, longest_min=105),),
    ),
    Persona(
        key="irregular",
        who="works in shifts: any day may be free, no two weeks are alike",
        week=(
            "Mon run easy 40 45%, Tue run steady 50 45%, Wed run easy 40 40%, "
            "Thu run tempo 45 35%, Fri run easy 40 45%, Sat run long 75 50%, Sun run long 80 45%"
        ),
        load_per_hour=1.05,
        easy_hr=0.86,
        hr_bpm=(57, 167, 187),
        variation=0.25,
        measures=EVERYTHING - {Measure.HRV},
    ),
    Persona(
        key="injured",
        who="a stress fracture of the shin last spring: ten weeks without a run, some rides",
        week=(
            "Tue run threshold 50, Thu run easy 50, Fri ride easy 60 60%, Sat run easy 45, "
            "Sun run long 85"
        ),
        load_per_hour=1.15,
        easy_hr=0.82,
        hr_bpm=(52, 169, 188),
        run_speed_m_s=3.0,
        gaps=(
            _gap(64, 21, GapKind.INJURY),
            _gap(67, 49, GapKind.INJURY, still=(RIDE,)),
        ),
        races=(_race("10 km", 18, "B", RUN, 0.75, 10.0),),
    ),
    Persona(
        key="ill",
        who="caught flu in both winters, and was tired for a month after the second",
        week=(
            "Tue run vo2 50, Wed run easy 45, Fri run easy 45, Sat ride easy 75 50%, "
            "Sun run long 95"
        ),
        load_per_hour=1.22,
        easy_hr=0.81,
        zones=OWN,
        hr_bpm=(50, 170, 189),
        gaps=(
            _gap(5, 8, GapKind.ILLNESS),
            _gap(58, 11, GapKind.ILLNESS),
            _gap(61, 12, GapKind.ILLNESS, entered=False),
            _gap(90, 5, GapKind.ILLNESS, entered=False),
        ),
    ),
    Persona(
        key="year_gap",
        who="did nothing for nearly a year and has trained again for five months",
        week="Tue run easy 45, Thu run steady 50, Sat run easy 40 70%, Sun run long 80",
        load_per_hour=1.1,
        easy_hr=0.85,
        hr_bpm=(58, 168, 190),
        gaps=(_gap(32, 49 * 7, GapKind.LIFE, entered=False),),
    ),
    Persona(
        key="duration_only",
        who="writes down sport and minutes, and measures nothing else",
        week="Tue run easy 40, Wed ride easy 50 60%, Thu run steady 45, Sun run long 75",
        load_per_hour=1.0,
        zones=NO_ZONES,
        measures=frozenset(),
    ),
)
"""All of them. Weeks of gaps count from 0 in a history of 104 weeks, those of races from 1."""

PERSONA_BY_KEY = {persona.key: persona for persona in PERSONAS}
