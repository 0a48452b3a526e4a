"""Workouts in words: a planned session whose description is read off its steps.

Which sessions there are is decided in `solver`; the words themselves lie in `words`.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from weekly_plan_assets.domain.athlete.athlete import Athlete
from weekly_plan_assets.domain.athlete.race import Race
from weekly_plan_assets.domain.athlete.race_time import race_distance_m, target_time_s
from weekly_plan_assets.domain.athlete.targets import race_targets, threshold_m_s, with_targets
from weekly_plan_assets.domain.done_workouts import DoneWorkout, workout_id
from weekly_plan_assets.domain.envelope.week_capacity import STEP_S
from weekly_plan_assets.domain.plan.session_parts import (
    Block,
    BlockPart,
    Intent,
    Step,
    Stretch,
    Target,
    TargetKind,
)
from weekly_plan_assets.domain.plan.session_zones import stretches
from weekly_plan_assets.domain.plan.weekly_plan import (
    HARD_KINDS,
    Alternative,
    AlternativeWhen,
    Phase,
    PlannedSession,
    SessionKind,
    Sport,
)
from weekly_plan_assets.domain.plan.workout_family import Said
from weekly_plan_assets.domain.texts.language import is_in_language
from weekly_plan_assets.domain.texts.names import shown_name
from weekly_plan_assets.domain.units import MINUTES_PER_HOUR, SECONDS_PER_MINUTE
from weekly_plan_assets.planners.words import WORDS, Words
from weekly_plan_assets.planners.workout_choice import ChosenWorkout
from weekly_plan_assets.planners.workout_library import main_set
from weekly_plan_assets.planners.workouts import Goal, Workout, easy_instead, short_instead

HOURS_FROM_MIN = 90
"""Shorter times are said in minutes alone. Project convention."""

LONG_RACE_S = 90 * SECONDS_PER_MINUTE
"""From here on a race is begun slowly and with food at hand (coaching practice)."""

STRENGTH_EDGES_S = 10 * SECONDS_PER_MINUTE
"""Mobility before and stretching after strength work."""


def written(
    workout: Workout,
    athlete: Athlete,
    workouts: Sequence[DoneWorkout] = (),
    phase: Phase = Phase.BASE,
    race: Race | None = None,
    *,
    apart: bool = False,
) -> PlannedSession:
    """The session in the athlete's language, with their zones and targets.

    Args:
        workout: What is planned.
        athlete: For whom.
        workouts: Those of the library that were planned before, oldest first.
        phase: That of the week, by which strength work changes.
        race: The next A race, by which stretches at race effort are steered.
        apart: Whether it needs some hours to another session of the day, or comes after it.
    """
    words = WORDS[athlete.language]
    blocks = with_targets(workout.blocks, athlete, workout.sport, race)
    what = _description(workout, blocks, athlete, words, phase)
    return PlannedSession(
        sport=workout.sport,
        kind=workout.kind,
        duration_s=workout.duration_s,
        distance_m=race_distance_m(workout.race) if workout.race else None,
        intensity=None
        if workout.zone is None
        else athlete.training_bounds(workout.zone, workout.sport),
        blocks=blocks,
        planned_load=workout.load,
        description=_apart(what, workout, words) if apart else what,
        alternatives=tuple(_alternatives(workout, athlete, words, race)),
        **_said(workout, workouts, athlete, words),
    )


def _apart(what: str, workout: Workout, words: Words) -> str:
    """A description with its place beside another session of the day."""
    if workout.blocks:
        return words.apart.format(steps=what)
    return words.strength_after.format(what=what)


def _alternatives(
    workout: Workout, athlete: Athlete, words: Words, race: Race | None
) -> Iterator[Alternative]:
    """What to do instead of a key session."""
    is_key = workout.chosen is not None and workout.chosen.is_key
    if not ((is_key or workout.kind is SessionKind.LONG) and workout.blocks):
        return
    instead = {
        AlternativeWhen.TIRED: easy_instead(workout),
        AlternativeWhen.SHORT_OF_TIME: short_instead(workout),
    }
    for when, bare in instead.items():
        if bare is not None:
            blocks = with_targets(bare, athlete, workout.sport, race)
            in_parts = when is AlternativeWhen.SHORT_OF_TIME
            what = SessionWords(workout.sport, words, explained=Intent).of(
                blocks, in_parts=in_parts
            )
            yield Alternative(
                when=when,
                duration_s=sum(block.duration_s for block in blocks),
                blocks=blocks,
                description=words.alternatives[when].format(what=what),
            )


def _said(
    workout: Workout, workouts: Sequence[DoneWorkout], athlete: Athlete, words: Words
) -> dict[str, str | None]:
    """What a session is called, what it is for, where it is done, and what ends it early."""
    language = athlete.language.value
    if workout.chosen is None:
        return {"name": _name(workout, words), "goal": _goal(workout, words)}
    family = workout.chosen.family
    where = _own(family.where, language)
    return {
        "workout": workout_id(family.family, workout.chosen.level + 1),
        "name": family.name.in_language(language),
        "goal": _own(family.purpose, language) or _goal(workout, words),
        "where": where and words.where.format(where=where),
        "stop_when": _own(family.stop, language),
        "last_time": _last_time(workout.chosen, workouts, athlete, words),
    }


def _name(workout: Workout, words: Words) -> str:
    """What a session that is none of the library is called."""
    if workout.sport is Sport.RIDE and workout.goal in words.ride_names:
        return words.ride_names[workout.goal]
    session, on = words.sessions[workout.sport], words.on[workout.sport]
    return words.names[workout.goal].format(session=session, on=on)


def _goal(workout: Workout, words: Words) -> str:
    """What a session is for."""
    own = words.ride_goals if workout.sport is Sport.RIDE else {}
    return own.get(workout.goal) or words.goals[workout.goal]


def _own(said: Said | None, language: str) -> str | None:
    """A text of a family, where it has one in the plan's language."""
    text = None if said is None else said.in_language(language)
    return text if text and is_in_language(text, language) else None


def _last_time(
    chosen: ChosenWorkout, workouts: Sequence[DoneWorkout], athlete: Athlete, words: Words
) -> str | None:
    """What was planned last of a family, and whether it was done; None if nothing was."""
    family = chosen.family
    last = next((one for one in reversed(workouts) if one.family == family.family), None)
    if last is None or last.level > len(family.levels):
        return None
    missed = last.work_share is None and not last.is_done
    became = words.last_missed if missed else words.last_partly
    main = main_set(family, last.level - 1, threshold_m_s(athlete, family.sport))
    return words.last_time.format(
        date=date_in_words(last.day, words),
        what=SessionWords(family.sport, words, explained=Intent).of_block(main),
        became=words.last_done if last.is_done else became,
    )


def race_name(race: Race, words: Words) -> str:
    """What the athlete calls the race, if that is a plain name, with the time they want."""
    name = shown_name(race.name) or words.race_unnamed
    target_s = target_time_s(race)
    if target_s is None:
        return words.race_by_feel.format(name=name)
    return words.race_by_time.format(name=name, time=clock_in_words(target_s))


def clock_in_words(time_s: int) -> str:
    """Hours, minutes and seconds of a race."""
    minutes, seconds = divmod(time_s, SECONDS_PER_MINUTE)
    hours, minutes = divmod(minutes, SECONDS_PER_MINUTE)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _description(
    workout: Workout, blocks: tuple[Block, ...], athlete: Athlete, words: Words, phase: Phase
) -> str:
    if workout.race is not None and workout.zone is not None:
        targets = race_targets(workout.race, workout.zone, workout.duration_s, athlete)
        name = race_name(workout.race, words)
        text = words.race_long if workout.duration_s >= LONG_RACE_S else words.race
        return text.format(name=name, targets=_targets(targets, workout.sport, words))
    if not blocks:
        minutes = max(0, workout.duration_s - STRENGTH_EDGES_S) // SECONDS_PER_MINUTE
        what = words.strength[phase].format(minutes=minutes)
        habit = athlete.known_habit
        has_own = habit is not None and bool(habit.strength_weekdays)
        return words.strength_own.format(what=what) if has_own else what
    if workout.goal is Goal.WALK_RUN and workout.blocks[-1].steps[0].repeats > 1:
        walk, runs = (block.steps[0] for block in blocks)
        return words.walk_run.format(
            walk=walk.work.duration_s // SECONDS_PER_MINUTE,
            repeats=runs.repeats,
            run=runs.work.duration_s // SECONDS_PER_MINUTE,
        )
    steps = SessionWords(workout.sport, words).of(blocks, in_parts=workout.kind in HARD_KINDS)
    if workout.goal is Goal.BRICK:
        return words.brick.format(steps=steps)
    how = workout.chosen and _own(workout.chosen.family.how, athlete.language.value)
    return f"{steps} {how}" if how else steps


class SessionWords:
    """The words for the blocks of one session, which names the targets of an intent once."""

    def __init__(
        self, sport: Sport, words: Words, explained: Iterable[Intent] = (Intent.RECOVERY,)
    ) -> None:
        """Words for a session of a sport; targets of the intents `explained` are left out."""
        self._sport = sport
        self._words = words
        self._explained = set(explained)

    def of(self, blocks: tuple[Block, ...], *, in_parts: bool) -> str:
        """All blocks: under the names of the session's parts, or one after another."""
        if not in_parts:
            if all(one.intent is Intent.RECOVERY for _, one in stretches(blocks)):
                self._explained = set()
            return f"{self._words.then.join(map(self.of_block, blocks))}."
        return " ".join(self._parts(blocks))

    def _parts(self, blocks: tuple[Block, ...]) -> Iterator[str]:
        for part in BlockPart:
            own = [self.of_block(one) for one in blocks if one.part is part]
            if own:
                yield self._words.parts[part].format(what=self._words.then.join(own))

    def of_block(self, block: Block) -> str:
        """One block."""
        steps = self._words.then.join(map(self._step, block.steps))
        if block.repeats == 1:
            return steps
        return self._words.rounds.format(repeats=block.repeats, steps=steps)

    def _step(self, step: Step) -> str:
        text = self._stretch(step.work)
        if step.repeats > 1:
            text = self._words.repeats.format(repeats=step.repeats, work=text)
        if step.recovery is not None and self._is_swum(step):
            return self._swum(text, step.work, step.recovery, repeats=step.repeats)
        if step.recovery is not None:
            rest = self._stretch(step.recovery)
            text = self._words.recovery.format(work=text, rest=rest)
        return text

    def _is_swum(self, step: Step) -> bool:
        return self._sport is Sport.SWIM and step.work.distance_m is not None

    def _swum(self, text: str, work: Stretch, rest: Stretch, *, repeats: int) -> str:
        """A swim with its send-off, or with the rest at the wall where it is done once."""
        if repeats == 1:
            wall = time_in_words(rest.duration_s, self._words)
            return self._words.wall_rest.format(work=text, rest=wall)
        every = time_in_words(work.duration_s + rest.duration_s, self._words)
        return self._words.send_off.format(work=text, every=every)

    def _stretch(self, stretch: Stretch) -> str:
        words = self._words
        amount = (
            time_in_words(stretch.duration_s, words)
            if stretch.distance_m is None
            else words.metres.format(metres=stretch.distance_m)
        )
        text = words.stretch.format(time=amount, how=words.intents[stretch.intent])
        if stretch.intent in self._explained or not stretch.targets:
            return text
        self._explained.add(stretch.intent)
        return f"{text} ({_targets(stretch.targets, self._sport, words)})"


def date_in_words(day: date, words: Words) -> str:
    """Day and month."""
    return words.date.format(day=day.day, month=words.months[day.month - 1])


def first_day_in_words(first: date, last: date, words: Words) -> str:
    """The beginning of a span of days; without its month where that is said with the end."""
    return str(first.day) if first.month == last.month else date_in_words(first, words)


def time_in_words(duration_s: int, words: Words) -> str:
    """Hours, minutes and seconds, those that there are; hours from an hour and a half on."""
    minutes, seconds = divmod(duration_s, SECONDS_PER_MINUTE)
    hours = minutes // MINUTES_PER_HOUR if minutes >= HOURS_FROM_MIN else 0
    minutes -= hours * MINUTES_PER_HOUR
    named = [words.whole_hours.format(hours=hours)] if hours else []
    named += [words.minutes.format(minutes=minutes)] if minutes else []
    named += [words.seconds.format(seconds=seconds)] if seconds else []
    return " ".join(named)


def about_in_words(duration_s: float, words: Words) -> str:
    """A time to five minutes, as an estimate is said."""
    return time_in_words(max(1, round(duration_s / STEP_S)) * STEP_S, words)


def _targets(targets: tuple[Target, ...], sport: Sport, words: Words) -> str:
    return ", ".join(target_in_words(target, sport, words) for target in targets)


def target_in_words(target: Target, sport: Sport, words: Words) -> str:
    """A target with its unit."""
    is_pace = target.kind is TargetKind.PACE
    shown = _clock if is_pace else "{:.0f}".format
    high = shown(target.high)
    low = None if target.low is None else shown(target.low)
    number = words.up_to.format(high=high) if low is None else high
    if low is not None and low != high:
        number = words.between.format(low=low, high=high)
    if is_pace:
        unit = words.pace_swum if sport is Sport.SWIM else words.pace_run
    else:
        unit = words.units[target.kind]
    return unit.format(number=number)


def _clock(seconds: float) -> str:
    return f"{round(seconds) // SECONDS_PER_MINUTE}:{round(seconds) % SECONDS_PER_MINUTE:02}"
