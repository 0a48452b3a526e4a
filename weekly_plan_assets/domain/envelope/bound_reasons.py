"""Why the bounds of a week are where they are, in English: the sentences that an envelope keeps."""

from collections.abc import Iterator, Sequence

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.envelope.load_bounds import RaceLoad
from weekly_plan_assets.domain.envelope.time_bounds import in_hours
from weekly_plan_assets.domain.envelope.unfinished_week import RestOfWeek
from weekly_plan_assets.domain.envelope.week_capacity import WeekRoom
from weekly_plan_assets.domain.metrics.data_quality import LOAD_KNOWN_SHARE
from weekly_plan_assets.domain.metrics.weekly_metrics import WeeklyMetrics
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.domain.readiness import Light, Readiness
from weekly_plan_assets.domain.texts.counts import counted


def of_rest(rest: RestOfWeek) -> Iterator[str]:
    """What the observed week is still expected to bring."""
    if rest.time_s or rest.load:
        yield (
            f"The week before is not over: {in_hours(rest.time_s)} more of endurance and a load of "
            f"{rest.load:.0f} are expected of it, and count."
        )


def of_scales(athlete: Athlete) -> Iterator[str]:
    """What an easy hour of each sport brings this athlete."""
    for scale in athlete.load_scales:
        yield (
            f"{scale.sport.value}: an easy hour is a load of "
            f"{scale.rates.per_hour(EASY_ZONE):.0f} for this athlete, measured in "
            f"{counted(scale.easy_sessions, 'session')}; "
            f"{TABLE_RATES.per_hour(EASY_ZONE):.0f} is usual."
        )


def of_races(races: RaceLoad) -> Iterator[str]:
    """What the races of the week bring."""
    if races.on_top:
        yield f"A race of an estimated load of {races.on_top} comes on top of the training."
    if races.inside:
        yield f"A C race takes {races.inside} of the week's load, by estimate."


def of_room(limited: int, room: WeekRoom) -> Iterator[str]:
    """What the days can hold, where some of them are limited."""
    if limited:
        yield (
            f"Days with limited time: {limited}. Apart from races, the week can hold a load of "
            f"{room.most_load:.0f} at most, {room.easy_load:.0f} of it easy, and is sure to hold "
            f"{room.sure_load:.0f}."
        )


def too_little_measured(recent: Sequence[WeeklyMetrics], readiness: Readiness) -> Iterator[str]:
    """What the bounds cannot rest on."""
    for metric, what in (("trainingLoad", "load"), ("longestRunTime", "time of runs")):
        blocks = [week.coverage.metrics.get(metric) for week in recent if week.coverage]
        measured, of = (
            sum(getattr(block, name) for block in blocks if block) for name in ("measured", "of")
        )
        if measured < LOAD_KNOWN_SHARE * of:
            yield (
                f"The {what} is known of {measured} of {of} sessions, so bounds by it are not "
                "evaluated."
            )
    covered = [week.coverage for week in recent if week.coverage]
    values = sum(len(row.keys) for week in covered for row in week.implausible)
    unusable = sum(len(week.left_out) for week in covered)
    if values or unusable:
        yield (
            f"Left out of these bounds: values that nobody has ({values}), rows and values that "
            f"could not be read ({unusable}); the checks of weekly_metrics name them."
        )
    thin = readiness.with_light(Light.NOT_EVALUATED)
    if thin:
        names = ", ".join(signal.name for signal in thin)
        yield f"Not evaluated: {names}; each of these signals says what it lacks."
