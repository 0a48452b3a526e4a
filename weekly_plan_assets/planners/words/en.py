"""The words of the rules planner in English."""

from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.plan.session_parts import BlockPart, Intent, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.planners.words.catalogue import Words
from weekly_plan_assets.planners.workouts import Goal

ENGLISH = Words(
    objectives={
        Phase.BASE: "Build an aerobic base with regular, mostly easy training.",
        Phase.BUILD: (
            "Raise fitness with few hard sessions, well apart, and plenty of easy training."
        ),
        Phase.SPECIFIC: (
            "Practise the effort of the goal race while easy training carries the load."
        ),
        Phase.TAPER: "Shed fatigue before the race: shorter sessions, as many, as brisk.",
        Phase.RACE_WEEK: "Arrive at the race rested.",
        Phase.RECOVERY: "Recover from the past weeks, so that their training takes effect.",
        Phase.RETURN: "Come back to regular training with short and easy sessions.",
    },
    phases={
        Phase.BASE: "base",
        Phase.BUILD: "build",
        Phase.SPECIFIC: "specific",
        Phase.TAPER: "taper",
        Phase.RACE_WEEK: "race",
        Phase.RECOVERY: "recovery",
        Phase.RETURN: "return",
    },
    goals={
        Goal.RECOVERY: "Recover while moving; adds no fatigue.",
        Goal.EASY: "Build aerobic endurance at little cost.",
        Goal.STRIDES: "Build aerobic endurance and keep the legs quick with a few short strides.",
        Goal.WALK_RUN: "Get bones and tendons used to running again, a little at a time.",
        Goal.SHAKE_OUT: "Keep the legs loose for the race; stop while it feels too short.",
        Goal.LONG: "Build endurance for long efforts; easy from start to end.",
        Goal.LONG_FINISH: "Build endurance for the race and learn to press on when tired.",
        Goal.TEMPO: "Hold a steady, strong effort; builds endurance at a brisk pace.",
        Goal.THRESHOLD: (
            "Spend time close to threshold; raises the pace that can be held for an hour."
        ),
        Goal.VO2: "Spend time close to maximal oxygen uptake; raises the aerobic ceiling.",
        Goal.RACE_PACE: "Get used to the effort of the goal race.",
        Goal.RACE: "Race.",
        Goal.STRENGTH: "Keep muscles and tendons strong enough for the endurance work.",
    },
    names={
        Goal.RECOVERY: "Recovery {session}",
        Goal.EASY: "Easy {session}",
        Goal.STRIDES: "Easy {session} with strides",
        Goal.WALK_RUN: "Walk and run",
        Goal.SHAKE_OUT: "Shake-out {session}",
        Goal.LONG: "Long {session}",
        Goal.LONG_FINISH: "Long {session} with a steady finish",
        Goal.TEMPO: "Tempo {session}",
        Goal.THRESHOLD: "Threshold {session}",
        Goal.VO2: "Hard {session}",
        Goal.RACE_PACE: "Race-pace {session}",
        Goal.RACE: "Race day",
        Goal.STRENGTH: "Strength",
    },
    sessions={
        Sport.RUN: "run",
        Sport.RIDE: "ride",
        Sport.SWIM: "swim",
        Sport.STRENGTH: "strength work",
    },
    sports={
        Sport.RUN: "run",
        Sport.RIDE: "ride",
        Sport.SWIM: "swim",
        Sport.STRENGTH: "strength",
    },
    kinds={
        SessionKind.RECOVERY: "recovery",
        SessionKind.EASY: "easy",
        SessionKind.LONG: "long",
        SessionKind.TEMPO: "tempo",
        SessionKind.THRESHOLD: "threshold",
        SessionKind.VO2: "VO2",
        SessionKind.RACE: "race",
        SessionKind.STRENGTH: "strength",
    },
    signals={
        "hrv": "HRV",
        "resting_hr": "resting heart rate",
        "sleep": "sleep",
        "form": "form",
        "monotony": "monotony",
        "ramp": "ramp of fitness",
        "adherence": "adherence",
    },
    lights={
        Light.GREEN: "as usual",
        Light.AMBER: "a reason for care",
        Light.RED: "a reason to ease off",
        Light.NOT_EVALUATED: "not measured enough",
    },
    intents={
        Intent.RECOVERY: "very easy",
        Intent.EASY: "easy",
        Intent.STEADY: "steady",
        Intent.TEMPO: "at tempo",
        Intent.THRESHOLD: "at threshold",
        Intent.VO2: "hard",
        Intent.SPRINT: "fast but relaxed",
        Intent.RACE: "at race effort",
    },
    parts={
        BlockPart.WARM_UP: "Warm-up: {what}.",
        BlockPart.MAIN: "Main set: {what}.",
        BlockPart.COOL_DOWN: "Cool-down: {what}.",
    },
    units={
        TargetKind.POWER: "{number} W",
        TargetKind.HR: "{number} bpm",
        TargetKind.RPE: "effort {number} of 10",
    },
    pace_run="{number} min/km",
    pace_swum="{number} per 100 m",
    up_to="up to {high}",
    between="{low} to {high}",
    rounds="{repeats} rounds of: {steps}",
    minutes="{minutes} min",
    seconds="{seconds} s",
    stretch="{time} {how}",
    repeats="{repeats} x {work}",
    recovery="{work}, {rest} after each",
    then=", then ",
    walk_run=(
        "Walk {walk} min briskly, then {repeats} x {run} min of easy running with 1 min of walking "
        "after each."
    ),
    strength=(
        "Warm-up: 5 min of mobility. Main set: {minutes} min of squats, lunges, calf raises, rows "
        "and planks, 2 to 3 sets of 8 to 10, each ending with two repetitions in reserve. "
        "Cool-down: 5 min of stretching."
    ),
    race="Race: {name}. Warm up well, start a little slower than you could, then hold {targets}.",
    race_unnamed="the race of the day",
    race_by_time="{name}, target {time}",
    race_by_feel="{name}",
    where="Do it {where}.",
    last_time="Last time, on {date}: {what}; {became}.",
    last_done="done as planned",
    last_partly="cut short, so it comes again",
    last_missed="missed, so it comes again",
    send_off="{work}, starting every {every}",
    metres="{metres} m",
    nothing_recorded=(
        "Nothing is recorded of the observed week, so it counts as a week without training; if "
        "you did train, add those sessions to your data and plan again."
    ),
    under_way=(
        "The observed week was not over when this was planned: days of it that are known: {days}."
    ),
    return_week="This is the first week back after a break: stop early rather than late.",
    way_back="This is week {week} of {weeks} on the way back: stop early rather than late.",
    stop_rule=(
        "If it hurts while you run, stop and walk home; if it hurts more the next morning, leave "
        "out the next run and repeat this week's step before the next one."
    ),
    by_effort_only=(
        "Sessions are steered by effort alone, because your heart-rate zones, your FTP and your "
        "threshold pace are not known: at 2 to 3 of 10 you can talk in whole sentences, at 5 to 6 "
        "in short ones, at 7 to 8 in single words. Write what you know into your athlete file."
    ),
    thresholds={
        Sport.RIDE: "Your FTP, {value},",
        Sport.RUN: "Your threshold pace, {value},",
        Sport.SWIM: "Your CSS, {value},",
    },
    stale_threshold=(
        "{what} was set on {date}, more than half a year ago. If your form has changed, test it "
        "again and set it anew."
    ),
    hrv_not_measured="HRV was not measured in the observed week.",
    rest_hr_not_measured="Resting heart rate was not measured in the observed week.",
    fitness_not_known="Fitness and fatigue (CTL, ATL) were not known in the observed week.",
    loads_not_known=(
        "Activities of the observed week without a known load: {count}; its true load is higher "
        "than its sum."
    ),
    no_room="No day of this week has room for training.",
    no_long="No day of this week has room for a long session.",
    given_way="Not kept this week: {kind} {sport} of {minutes} min on {day}.",
    race_while_away="The race on {date} falls on a day of absence and is not planned.",
    below_min=(
        "The week holds a load of {load}, less than the minimum of {bound}: the days have no room "
        "for more."
    ),
    below_target=(
        "The week holds a load of {load} instead of {bound}: longer or more sessions would not be "
        "sensible, or the days have no room for them."
    ),
    above_max="The week holds a load of {load}, more than the maximum of {bound}.",
    too_hard="More of the week is in zone 3 and above than would be right: {minutes} min over.",
    load_reason=(
        "Planned load {load}. Your recent weeks put the target at {target} (allowed {low} to "
        "{high})."
    ),
    phase_reason="This is a {phase} week: {why}.",
    phase_reasons={
        Why.SICK_OBSERVED: "days of the observed week were lost to illness",
        Why.SICK_PLANNED: "days of it are lost to illness",
        Why.INJURED_OBSERVED: "days of the observed week were lost to an injury",
        Why.INJURED_PLANNED: "days of it are lost to an injury",
        Why.COMING_BACK: "it is week {weeks} of {of} on the way back",
        Why.BREAK: "weeks without training before it: {weeks}",
        Why.RACE_WEEK: "{race} is in it",
        Why.TAPER: "the taper for {race} has begun",
        Why.AFTER_RACE: "it follows {race}",
        Why.TIRED: "signs of fatigue agree ({signals})",
        Why.CYCLE: "weeks of training in a row without an easier one: {weeks}",
        Why.LITTLE_KNOWN: "known weeks with training: {weeks}; load is built up from {of}",
        Why.PERIOD: "{race} is {weeks} weeks away",
        Why.NO_RACE: (
            "no A race is known; building weeks since the last easier one: {weeks}, of {of} in a "
            "cycle"
        ),
    },
    phase_race="{name} ({priority} race)",
    form_reason="Form (CTL - ATL) ended the observed week at {form}.",
    long_run_reason="The longest run is {longest} min; your recent runs allow up to {allowed} min.",
    hard_reason="Hard sessions this week: {count} (at most {allowed}).",
    race_reason="{name} ({priority} race) is on {date}; days from this week's Monday: {days}.",
    signal_reason="Readiness: {signal} is {light}, {value}{baseline}.",
    signal_baseline=", usually {baseline}",
)
