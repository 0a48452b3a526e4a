"""What sessions are called and what they are for, in both languages side by side.

Those of the library have names and purposes of their own.
"""

from collections.abc import Mapping

from weekly_plan_assets.planners.workouts import Goal

GOALS_IN_ENGLISH: Mapping[Goal, str] = {
    Goal.RECOVERY: "Recover while moving; adds no fatigue.",
    Goal.EASY: "Build aerobic endurance at little cost.",
    Goal.STRIDES: "Build aerobic endurance and keep the legs quick with a few short strides.",
    Goal.WALK_RUN: "Get bones and tendons used to running, a little at a time.",
    Goal.SHAKE_OUT: "Keep the legs loose for the race; stop while it feels too short.",
    Goal.SECOND_LONG: "Run easily on tired legs, as in the second half of your race.",
    Goal.BRICK: "Get used to running on legs that have just cycled.",
    Goal.LONG: "Build endurance for long efforts; easy from start to end.",
    Goal.TEMPO: "Hold a steady, strong effort; builds endurance at a brisk pace.",
    Goal.THRESHOLD: (
        "Spend time close to threshold; raises the pace that can be held for an hour."
    ),
    Goal.VO2: "Spend time close to maximal oxygen uptake; raises the aerobic ceiling.",
    Goal.RACE_PACE: "Get used to the effort of the goal race.",
    Goal.RACE: "The day that the past weeks were for.",
    Goal.STRENGTH: "Keep muscles and tendons strong enough for the endurance work.",
}

NAMES_IN_ENGLISH: Mapping[Goal, str] = {
    Goal.RECOVERY: "Recovery {session}{on}",
    Goal.EASY: "Easy {session}{on}",
    Goal.STRIDES: "Easy {session}{on} with strides",
    Goal.WALK_RUN: "Walk and run",
    Goal.SHAKE_OUT: "Shake-out {session}{on}",
    Goal.SECOND_LONG: "Second long {session}{on}",
    Goal.BRICK: "Run off the bike",
    Goal.LONG: "Long {session}{on}",
    Goal.TEMPO: "Tempo {session}{on}",
    Goal.THRESHOLD: "Threshold {session}{on}",
    Goal.VO2: "Hard {session}{on}",
    Goal.RACE_PACE: "Race-pace {session}{on}",
    Goal.RACE: "Race day",
    Goal.STRENGTH: "Strength",
}

RIDE_GOALS_IN_ENGLISH: Mapping[Goal, str] = {
    Goal.STRIDES: "Build aerobic endurance and keep the legs quick with a few short pick-ups.",
    Goal.SHAKE_OUT: "Open the legs for the race; stop while it feels too short.",
    Goal.THRESHOLD: (
        "Spend time close to threshold; raises the power that can be held for an hour."
    ),
}

RIDE_NAMES_IN_ENGLISH: Mapping[Goal, str] = {
    Goal.STRIDES: "Easy ride with pick-ups",
    Goal.SHAKE_OUT: "Short ride with pick-ups",
    Goal.RACE_PACE: "Race-effort ride",
}

GOALS_IN_SPANISH: Mapping[Goal, str] = {
    Goal.RECOVERY: "Recuperar en movimiento, sin añadir fatiga.",
    Goal.EASY: "Ganar resistencia aeróbica a bajo coste.",
    Goal.STRIDES: "Ganar resistencia aeróbica y mantener las piernas ágiles con rectas cortas.",
    Goal.WALK_RUN: "Acostumbrar huesos y tendones a correr, poco a poco.",
    Goal.SHAKE_OUT: "Soltar las piernas para la carrera; parar cuando aún sabe a poco.",
    Goal.SECOND_LONG: (
        "Correr suave con piernas cansadas, como en la segunda mitad de tu carrera."
    ),
    Goal.BRICK: "Acostumbrarte a correr con piernas que acaban de pedalear.",
    Goal.LONG: "Ganar resistencia para esfuerzos largos; suave de principio a fin.",
    Goal.TEMPO: "Mantener un esfuerzo firme y constante; mejora la resistencia a buen ritmo.",
    Goal.THRESHOLD: (
        "Pasar tiempo cerca del umbral; sube el ritmo que se aguanta durante una hora."
    ),
    Goal.VO2: "Pasar tiempo cerca del consumo máximo de oxígeno; sube el techo aeróbico.",
    Goal.RACE_PACE: "Acostumbrarse al esfuerzo de la carrera objetivo.",
    Goal.RACE: "El día para el que han sido las últimas semanas.",
    Goal.STRENGTH: "Mantener músculos y tendones fuertes para el trabajo de resistencia.",
}

NAMES_IN_SPANISH: Mapping[Goal, str] = {
    Goal.RECOVERY: "{session} de recuperación{on}",
    Goal.EASY: "{session} suave{on}",
    Goal.STRIDES: "{session} suave con rectas{on}",
    Goal.WALK_RUN: "Andar y correr",
    Goal.SHAKE_OUT: "{session} de activación{on}",
    Goal.SECOND_LONG: "Segundo rodaje largo",
    Goal.BRICK: "Carrera tras la bici",
    Goal.LONG: "{session} largo{on}",
    Goal.TEMPO: "{session} a tempo{on}",
    Goal.THRESHOLD: "{session} de umbral{on}",
    Goal.VO2: "{session} fuerte{on}",
    Goal.RACE_PACE: "{session} a ritmo de carrera{on}",
    Goal.RACE: "Día de carrera",
    Goal.STRENGTH: "Fuerza",
}

RIDE_GOALS_IN_SPANISH: Mapping[Goal, str] = {
    Goal.STRIDES: "Ganar resistencia aeróbica y piernas ágiles con aceleraciones cortas.",
    Goal.SHAKE_OUT: "Activar las piernas para la carrera; parar cuando aún sabe a poco.",
    Goal.THRESHOLD: (
        "Pasar tiempo cerca del umbral; sube la potencia que se aguanta durante una hora."
    ),
}

RIDE_NAMES_IN_SPANISH: Mapping[Goal, str] = {
    Goal.STRIDES: "Rodaje suave en bici con aceleraciones",
    Goal.SHAKE_OUT: "Rodaje corto en bici con aceleraciones",
    Goal.RACE_PACE: "Rodaje en bici a esfuerzo de carrera",
}
