"""The page docs/workouts.md: every family of the library with its levels, drawn as bars."""

from collections.abc import Iterator

from weekly_plan_assets.domain.plan.session_parts import Block
from weekly_plan_assets.domain.plan.session_zones import as_done
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.plan.workout_family import Family, Said, SetPlace
from weekly_plan_assets.planners.workout_library import library

INTRODUCTION = """\
# Workouts

The workouts of the rules planner come from this library: families of one kind of work in one
sport, each a ladder from a little to a lot. Most are the main set of a hard session; some lie late
in a long session, or within an easy swim. Warm-up, cool-down and easy time are built around them;
strength is a session of its own.

**What comes next.** A week takes a family by its phase and its block of four weeks, and the level
by what was done last: one level up if at least 80 % of the work was done, the same again if not,
one down after two weeks without hard work. A family that is new begins with four fifths of the work
that was last done in its zone. No family is planned twice in a week, and no level that holds more
than 14 % of the week's time at tempo, 7 % at threshold or 5 % above. Where the week bears no more
of a family, the next one takes its turn. What was done is taken from the plans of the last twelve
weeks and the zone times of what was recorded; without plans, from the recordings alone.

In specific weeks a long run ends with steady minutes, in every other one with blocks at the pace of
a marathon or a longer race; from half an hour of these on it counts as one of the week's hard
sessions. Before an ultra a second long run lies beside the first, and a triathlete who trains twice
on some days runs off the bike in every other week.

**How a level is written.** `3 x 8 min threshold / 2 min` is three times eight minutes with two very
easy minutes after each; `2 rounds of 6 x 30 s vo2 / 30 s; 3 min easy` repeats all of it twice;
`8 x 100 m threshold / 15 s` is swum, with a send-off on a multiple of 5 s. The intents are
recovery, easy, steady, tempo, threshold, vo2, sprint and race; watts, paces and heart rates follow
from the athlete's own thresholds and zones.

**Your own.** Write families into your athlete file under `workouts`, or into a file beside it whose
name stands there (`workouts: my_workouts.yaml`). `family`, `sport`, `name` and `levels` must be
there; the other keys are those of the files in [library](../weekly_plan_assets/planners/library):
`place` (`hard`, or `long` or `easy` for a set within such a session), `phases` (base, build and
specific unless you say otherwise), `purpose`, `how`, `where` (the end of a sentence beginning with
"Do it"), `stop`, `uphill`, `race_zone` (of work at race effort). A text is one sentence, or one for
each of `en` and `es`; times and zones belong to the levels. Runs and swims may be in metres
(`6 x 1 km threshold / 2 min`). Yours come before the library's where phase and intensity are right,
follow the same rules, are kept with each run, and one with the name of a family of the library
replaces it:

```yaml
workouts:
  - family: park-hills
    sport: run
    name: Hills in the park
    uphill: true
    levels:
      - 6 x 45 s vo2 / 2 min
      - 8 x 45 s vo2 / 2 min
      - 10 x 45 s vo2 / 2 min
```

The bars show the main sets: as wide as they are long, a sign for each minute, as high as their
intensity (`▁` recovery, `▂` easy, `▄` steady and tempo, `▆` threshold, `█` above).

`make docs` makes this page of the files.
"""

TITLES = {Sport.RUN: "Runs", Sport.RIDE: "Rides", Sport.SWIM: "Swims"}
PLACES = {
    SetPlace.HARD: "",
    SetPlace.LONG: ", late in the long session",
    SetPlace.EASY: ", within an easy session",
}
HEIGHTS = "▁▂▄▆█"
SECONDS_A_SIGN = 60


def workouts_page() -> str:
    """The page as it should be."""
    families = library().values()
    count = sum(len(family.levels) for family in families)
    parts = [INTRODUCTION, f"{len(families)} families hold {count} workouts.\n"]
    for sport, title in TITLES.items():
        parts.append(f"## {title}\n")
        parts += [_family(family) for family in families if family.sport is sport]
    return "\n".join(parts)


def _family(family: Family) -> str:
    return "\n".join(
        (
            f"### {family.name.en}\n",
            f"`{family.family}`{PLACES[family.place]}, in weeks of {', '.join(family.phases)}. "
            f"{_said(family)} Source: {family.source}.\n",
            "| Level | Main set | Work | |",
            "| ---: | --- | ---: | --- |",
            *_levels(family),
            "",
        )
    )


def _said(family: Family) -> str:
    """What the athlete is told, in English."""
    where = family.where and Said(en=f"Do it {family.where.en}.", es="-")
    texts = (family.purpose, family.how, where, family.stop)
    return " ".join(said.en for said in texts if said is not None)


def _levels(family: Family) -> Iterator[str]:
    for level, written in enumerate(family.levels):
        work_min = family.work_s(level) / 60
        yield (
            f"| {level + 1} | {written.text} | {work_min:.0f} min | `{_bar(family.block(level))}` |"
        )


def _bar(block: Block) -> str:
    """A main set as a bar, a sign for each minute begun."""
    bar, at_s = "", 0
    for stretch in as_done((block,)):
        at_s += stretch.duration_s
        width = -(-at_s // SECONDS_A_SIGN) - len(bar)
        bar += HEIGHTS[stretch.zone - 1] * width
    return bar
