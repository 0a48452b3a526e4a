"""The words of the rules planner in English."""

from weekly_plan_assets.domain.plan.session_parts import BlockPart, Intent, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import AlternativeWhen, SessionKind, Sport
from weekly_plan_assets.planners.words.catalogue import Words
from weekly_plan_assets.planners.words.phase_words import (
    ABSENCE_REASONS_IN_ENGLISH,
    NEXT_WEEKS_IN_ENGLISH,
    OBJECTIVES_IN_ENGLISH,
    PHASE_NAMES_IN_ENGLISH,
    PHASE_REASONS_IN_ENGLISH,
)
from weekly_plan_assets.planners.words.session_words import (
    GOALS_IN_ENGLISH,
    NAMES_IN_ENGLISH,
    RIDE_GOALS_IN_ENGLISH,
    RIDE_NAMES_IN_ENGLISH,
)
from weekly_plan_assets.planners.words.signal_words import SIGNAL_REASONS_IN_ENGLISH
from weekly_plan_assets.planners.words.strength import STRENGTH_IN_ENGLISH

ENGLISH = Words(
    objectives=OBJECTIVES_IN_ENGLISH,
    objective_easy="An easy week: keep moving, nothing hard.",
    objective_rest="A week of rest.",
    objective_begin="Begin regular training with short and easy sessions.",
    objective_taper_easy="Shed fatigue before the race with short and easy sessions.",
    phases=PHASE_NAMES_IN_ENGLISH,
    phase_easy="easy training",
    goals=GOALS_IN_ENGLISH,
    names=NAMES_IN_ENGLISH,
    ride_goals=RIDE_GOALS_IN_ENGLISH,
    ride_names=RIDE_NAMES_IN_ENGLISH,
    sessions={
        Sport.RUN: "run",
        Sport.RIDE: "ride",
        Sport.SWIM: "swim",
        Sport.STRENGTH: "strength work",
    },
    on={Sport.RUN: "", Sport.RIDE: "", Sport.SWIM: "", Sport.STRENGTH: ""},
    apart="{steps} Leave some hours between this and the other session of the day.",
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
    intents={
        Intent.RECOVERY: "very easy",
        Intent.EASY: "easy",
        Intent.STEADY: "steady",
        Intent.TEMPO: "at tempo",
        Intent.THRESHOLD: "at threshold",
        Intent.VO2: "hard",
        Intent.SPRINT: "fast but relaxed, never a sprint",
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
    whole_hours="{hours} h",
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
    strength=STRENGTH_IN_ENGLISH,
    strength_own=(
        "Follow your own programme, if you have one, on its other days too. Otherwise: {what}"
    ),
    strength_after="{what} Do it after the other session of the day, not before.",
    race="Race: {name}. Warm up well, start a little slower than you could, then hold {targets}.",
    race_long=(
        "Race: {name}. Warm up for some minutes only, start slower than you could, drink and eat "
        "from early on, and hold {targets}."
    ),
    brick="Start at once, with shoes and clothes laid out beforehand: {steps}",
    race_unnamed="the race of the day",
    race_by_time="{name}, target {time}",
    race_by_feel="{name}",
    alternatives={
        AlternativeWhen.TIRED: "If you are tired: {what}",
        AlternativeWhen.SHORT_OF_TIME: "If you are short of time: {what}",
    },
    where="Do it {where}.",
    last_time="Last time, on {date}: {what}; {became}.",
    last_done="done as planned",
    last_partly="cut short",
    last_missed="missed",
    wall_rest="{work} and {rest} of rest",
    send_off="{work}, starting every {every}",
    metres="{metres} m",
    nothing_recorded=(
        "Nothing was recorded last week, so it counts as a week without training; if you did "
        "train, add those sessions to your data and plan again."
    ),
    under_way=(
        "Last week was not over when this was planned; {days} of it are known. The others count as "
        "they were planned, or as they usually are."
    ),
    return_week="This is the first week back after a break: stop early rather than late.",
    first_week="This is a first week: stop early rather than late.",
    way_back="This is week {week} of {weeks} on the way back: stop early rather than late.",
    healed=(
        "Your injury lies not far back. If it hurts while you run, stop and walk home; if it hurts "
        "more the next morning, leave out the next run."
    ),
    stop_rule=(
        "If it hurts while you train, stop there; if it hurts more the next morning, leave out "
        "the next session and repeat this week's step before the next one."
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
        "again and set the new value."
    ),
    hrv_not_measured="Your HRV was not measured last week.",
    rest_hr_not_measured="Your resting heart rate was not measured last week.",
    fitness_not_known="Your fitness and fatigue (CTL, ATL) were not known at the end of last week.",
    loads_not_known=(
        "Sessions of last week without a known load: {count}. Your load was higher than stated."
    ),
    no_room="No day of this week has room for training.",
    no_long="No day of this week has room for a long session.",
    given_way="Left out this week: {kind} {sport} of {minutes} min on {day}.",
    anchored_shortened=(
        "The {kind} {sport} on {day} is shortened from {minutes} to {now} min, which is as long as "
        "one should be this week."
    ),
    race_while_away="The race on {date} falls on a day of absence and is not planned.",
    race_too_soon=(
        "{race} comes while you are on the way back. Start only if you feel well, go easily, and "
        "stop if anything hurts; nothing is lost if you leave it out."
    ),
    race_untrained=(
        "{race} takes about {time}, and your longest {sport} of the last weeks took {longest}: "
        "start slower than you think you can, and do not chase a time."
    ),
    race_ambitious=(
        "{race} takes about {time}, and your longest {sport} of the last weeks took {longest}; by "
        "then it can grow to about {reach}. A shorter race, or a later one, would suit you better."
    ),
    race_far=(
        "{race} takes about {time}, and your longest {sport} of the last weeks took {longest}. The "
        "long {sport} grows towards it step by step: it is the session to keep, also in a week in "
        "which others are left out."
    ),
    race_unprepared=(
        "{race} takes about {time}, and no {sport} of yours is known from the last weeks. If you "
        "have not trained for it, leave it out."
    ),
    out_of_reach=(
        "{name}: {target} asks for more than you can do now. Your threshold pace supports about "
        "{supported} (by Riegel's formula); start at that pace unless your training says otherwise."
    ),
    below_min=(
        "Your days have too little room this week to keep up your training; it goes on next week."
    ),
    below_target=(
        "This week is shorter than it could be: the days that you have hold no more sessions of a "
        "length and number that are right for you."
    ),
    above_max=(
        "Races and fixed sessions make this week harder than it should be; take the easy days "
        "really easy."
    ),
    too_hard=(
        "Fixed sessions make more of this week hard than it should be; take the easy days really "
        "easy."
    ),
    weeks_one="1 week",
    weeks_many="{count} weeks",
    weeks_or_more="{count} weeks or more",
    days_one="1 day",
    days_many="{count} days",
    date="{day} {month}",
    months=(
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
    decimal=".",
    hours="{hours} h",
    past_week="You trained {last} last week",
    past_so_far="Last week was not over when this was planned: you had trained {last} so far",
    past_to_come="{past}, and about {rest} were still to come",
    past_race="{past}; this week holds nothing but the race.",
    race_apart="{text} The race comes on top of that: about {time}.",
    past_jump=(
        "{text} That is {share} more than in the short week before, so begin it easily, and leave "
        "out an easy session if your legs stay heavy."
    ),
    past="{past}; this week is planned at {now}.",
    past_usual=("{past}; {usual} are usual for you. This week is planned at {now}."),
    strength_apart="{text} Strength comes on top of that.",
    past_below=(
        "{past}; {usual} are usual for you. Some of the last weeks were much shorter: the last "
        "four held {mean} on average, so this week is planned at {now}, and the usual hours come "
        "back over the next weeks."
    ),
    past_after_effort=(
        "{past}; {usual} are usual for you. This week is planned at {now}. "
        "You are still getting over {effort}."
    ),
    past_away=(
        "{past}; {usual} are usual for you. This week is planned at {now}, "
        "because some of its days are not for training; what they would hold is not made up for."
    ),
    past_room=(
        "{past}; {usual} are usual for you. This week is planned at {now}, "
        "which is what its days have room for."
    ),
    past_rest="{past}; this week is for rest.",
    past_nothing="Nothing was recorded last week; this week is planned at {now}.",
    period_easy="{race} is {weeks} away; this week is an easy one.",
    phase_reasons=PHASE_REASONS_IN_ENGLISH,
    no_race_short="You have no A race ahead, so there is no hurry to build this week.",
    absence_reasons=ABSENCE_REASONS_IN_ENGLISH,
    taper_easy="The taper for {race} has begun: this week is short and easy.",
    after_effort=(
        "You are still getting over {effort}, so there is nothing hard or fast before {day} and "
        "the week is shorter than usual."
    ),
    after_effort_all_week=(
        "You are still getting over {effort}, so this week holds nothing hard or fast and is "
        "shorter than usual."
    ),
    long_effort="the long effort of {date}",
    phase_race="{name} ({priority} race, {date})",
    form_reason="Your form, fitness minus fatigue, was {form} at the end of last week: {meaning}.",
    forms=(
        "you are very tired, so easy days must be easy this week",
        "you carry the fatigue that training brings, so keep easy days easy this week",
        "you are fresh, so this week can bring some load",
    ),
    long_longer="Your longest recent {sport} was {last}; this week it grows to {now}.",
    long_same="Your longest recent {sport} was {last}; this week it is about the same, {now}.",
    long_shorter=(
        "Your longest recent {sport} was {last}, longer than most; this week it is {now}, close to "
        "what you usually do."
    ),
    long_eased=(
        "Your longest recent {sport} was {last}; this week it is {now}, because the whole week is "
        "shorter than usual."
    ),
    long_first="The long {sport} takes {now} this week.",
    key_first="{day}: {name}, the first of this kind for a while, so it starts small.",
    key_small="{sessions}: with the smallest set that there is of it.",
    key_of_day="{day} ({name})",
    key_new="{day}: {name}, new this week, with no more work than you last did at that effort.",
    key_up="{day}: {name}, one step up from last time, which you did as planned.",
    key_again="{day}: {name}, as last time, because you did not finish it; it grows once you do.",
    key_missed="{day}: {name}, at the level planned last time, which you did not get to.",
    key_top="{day}: {name}, as much as last time, which is enough for a week of this size.",
    key_down="{day}: {name}, a step down from last time, to get back into it.",
    no_hard="There is no hard session this week; easy training does you more good now.",
    race_reason="{name} ({priority} race) is {when}, on {date}; the coming weeks lead towards it.",
    race_today="{name} ({priority} race) is on {day} of this week.",
    in_time="in {time}",
    signal_reasons=SIGNAL_REASONS_IN_ENGLISH,
    signal_red="{reason} So this week is shorter than usual, and easier.",
    signal_values={
        "hrv": "{value:.0f} ms",
        "resting_hr": "{value:.0f} bpm",
        "sleep": "{value:.1f} h a night",
        "form": "{value:.0f}",
        "monotony": "{value:.1f}",
        "ramp": "{value:.1f} a week",
        "adherence": "{value:.0%} of what was planned",
    },
    next=NEXT_WEEKS_IN_ENGLISH,
    next_taper="Next week the taper begins: shorter sessions, just as brisk.",
    next_race_week="{race} is next week; until then there is only what keeps you fresh.",
    next_rest="Training goes on as soon as there is room for it, with a little less than before.",
    next_tired=(
        "If you feel fresh again by the end of this week, next week goes back towards its usual "
        "length; otherwise it stays easy."
    ),
    condition_easy=(
        "If a cold is coming on this week, rest until you are well. Days may be swapped. Do not "
        "squeeze in what you miss."
    ),
    condition=(
        "If a cold is coming on this week, rest until you are well. If you are only tired, take "
        "the tired version of the key sessions and leave out what is fast. Days may be swapped as "
        "long as an easy day stays between two key sessions. Do not squeeze in what you miss."
    ),
)
