"""What a catalogue of words holds. Texts with `{names}` are filled with `str.format`."""

from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.athlete.athlete import AbsenceKind
from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.plan.session_parts import BlockPart, Intent, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import AlternativeWhen, Phase, SessionKind, Sport
from weekly_plan_assets.planners.workouts import Goal

HARD_PHASES = frozenset({Phase.BUILD, Phase.SPECIFIC})
"""Phases that are named for hard sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language.

    Attributes:
        objectives: What a week of each phase is for.
        objective_easy: The same of an ordinary week without a hard session.
        objective_begin: The same of a first week, before which nothing is known.
        objective_taper_easy: The same of a week of taper without a hard session.
        phase_easy: What a week of `HARD_PHASES` is called that holds nothing hard.
        goals: What a session is for.
        names: What it is called, by the word for a session of its sport.
        ride_goals, ride_names: The same of rides, where they are not said as of runs.
        sessions: That word.
        on: What follows the name of a session of a sport.
        apart: The steps of the easier one of two sessions on a day.
        healed: What to watch for in the weeks after an injury of bone or tendon.
        race_long: A race of hours.
        last_time: What was done last of a family.
        intents: How a stretch is done.
        parts: The parts of a hard session.
        units, pace_run, pace_swum: A target with its unit, by kind.
        up_to, between: The numbers of a target.
        repeats, recovery: A step with repeats, and the recovery after each.
        then: Joins the parts of an easy session.
        rounds: Steps that are done several times, one after another.
        signals: The names of the signals of readiness.
        nothing_recorded and below: Warnings.
        weeks_one and below: Reasons.
        phase_reasons: What decided the phase.
        absence_reasons: Why a week holds nothing.
        taper_easy: Why a week of taper holds nothing hard.
        long_effort: A recorded effort that cost as much as a race.
        forms: What a form (CTL - ATL) means: very tired, loaded, fresh.
        key_first to key_down: How a hard session follows the last of its kind.
        signal_reasons: What a signal of readiness says, by its name and the side that it is off.
        signal_red: Such a reason of a signal for which the week is eased.
        signal_values: How the value of a signal of readiness is shown, by its name.
        next: What comes after a week of each phase.
        next_tired: What comes after a week that was eased by what the body says.
    """

    objectives: Mapping[Phase, str]
    objective_easy: str
    objective_rest: str
    objective_begin: str
    objective_taper_easy: str
    phases: Mapping[Phase, str]
    phase_easy: str
    goals: Mapping[Goal, str]
    names: Mapping[Goal, str]
    ride_goals: Mapping[Goal, str]
    ride_names: Mapping[Goal, str]
    sessions: Mapping[Sport, str]
    on: Mapping[Sport, str]
    apart: str
    sports: Mapping[Sport, str]
    kinds: Mapping[SessionKind, str]
    signals: Mapping[str, str]

    intents: Mapping[Intent, str]
    parts: Mapping[BlockPart, str]
    units: Mapping[TargetKind, str]
    pace_run: str
    pace_swum: str
    up_to: str
    between: str
    whole_hours: str
    minutes: str
    seconds: str
    stretch: str
    repeats: str
    recovery: str
    then: str
    rounds: str
    walk_run: str
    strength: Mapping[Phase, str]
    strength_own: str
    strength_after: str
    race: str
    race_long: str
    brick: str
    race_unnamed: str
    race_by_time: str
    race_by_feel: str
    alternatives: Mapping[AlternativeWhen, str]
    where: str
    last_time: str
    last_done: str
    last_partly: str
    last_missed: str
    send_off: str
    wall_rest: str
    metres: str

    nothing_recorded: str
    under_way: str
    return_week: str
    first_week: str
    way_back: str
    healed: str
    stop_rule: str
    by_effort_only: str
    thresholds: Mapping[Sport, str]
    stale_threshold: str
    hrv_not_measured: str
    rest_hr_not_measured: str
    fitness_not_known: str
    loads_not_known: str
    no_room: str
    no_long: str
    given_way: str
    anchored_shortened: str
    race_while_away: str
    race_too_soon: str
    race_untrained: str
    race_unprepared: str
    race_ambitious: str
    race_far: str
    out_of_reach: str
    below_min: str
    below_target: str
    above_max: str
    too_hard: str

    weeks_one: str
    weeks_many: str
    weeks_or_more: str
    days_one: str
    days_many: str
    date: str
    months: tuple[str, ...]
    hours: str
    past_week: str
    past_so_far: str
    past_to_come: str
    past_jump: str
    past_race: str
    race_apart: str
    past: str
    past_usual: str
    past_below: str
    past_after_effort: str
    past_away: str
    past_room: str
    strength_apart: str
    past_rest: str
    past_nothing: str
    decimal: str
    phase_reasons: Mapping[Why, str]
    period_easy: str
    absence_reasons: Mapping[AbsenceKind, str]
    taper_easy: str
    no_race_short: str
    after_effort: str
    after_effort_all_week: str
    long_effort: str
    phase_race: str
    form_reason: str
    forms: tuple[str, ...]
    long_longer: str
    long_same: str
    long_shorter: str
    long_eased: str
    long_first: str
    key_first: str
    key_small: str
    key_of_day: str
    key_new: str
    key_up: str
    key_again: str
    key_missed: str
    key_top: str
    key_down: str
    no_hard: str
    race_reason: str
    race_today: str
    in_time: str
    signal_reasons: Mapping[str, str]
    signal_red: str
    signal_values: Mapping[str, str]
    next: Mapping[Phase, str]
    next_taper: str
    next_race_week: str
    next_rest: str
    next_tired: str
    condition: str
    condition_easy: str

    def phase_label(self, phase: Phase, *, is_hard: bool) -> str:
        """What a week of a phase is called, by whether anything in it is hard."""
        return self.phase_easy if phase in HARD_PHASES and not is_hard else self.phases[phase]
