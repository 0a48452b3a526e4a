"""What a week of each phase is for, why it is of that phase, and what comes after it.

In both languages side by side; other words lie in the catalogue of each language.
"""

from collections.abc import Mapping

from weekly_plan_assets.domain.athlete.athlete import AbsenceKind
from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.plan.weekly_plan import Phase

OBJECTIVES_IN_ENGLISH: Mapping[Phase, str] = {
    Phase.BASE: "Build an aerobic base with regular, mostly easy training.",
    Phase.BUILD: ("Raise fitness with few hard sessions, well apart, and plenty of easy training."),
    Phase.SPECIFIC: ("Practise the effort of the goal race while easy training carries the load."),
    Phase.TAPER: "Shed fatigue before the race: shorter sessions, just as brisk.",
    Phase.RACE_WEEK: "Arrive at the race rested.",
    Phase.RECOVERY: "Recover from the past weeks, so that their training takes effect.",
    Phase.RETURN: "Come back to regular training with short and easy sessions.",
}

PHASE_NAMES_IN_ENGLISH: Mapping[Phase, str] = {
    Phase.BASE: "base training",
    Phase.BUILD: "building fitness",
    Phase.SPECIFIC: "training that looks like the race",
    Phase.TAPER: "taper",
    Phase.RACE_WEEK: "race",
    Phase.RECOVERY: "recovery",
    Phase.RETURN: "return",
}

PHASE_REASONS_IN_ENGLISH: Mapping[Why, str] = {
    Why.SICK_OBSERVED: "You were ill last week, so this week brings you back gently.",
    Why.SICK_PLANNED: "You are ill this week, so it only holds what helps you back.",
    Why.INJURED_OBSERVED: "You were injured last week, so this week brings you back gently.",
    Why.INJURED_PLANNED: "You are injured this week, so it only holds what you can do.",
    Why.COMING_BACK: (
        "You are on the way back, in week {week} of {of}: this week is short and holds nothing "
        "hard."
    ),
    Why.NOTHING_KNOWN: "No training of yours is known yet, so this week starts small.",
    Why.BREAK: "Before this week lie {weeks} without training, so it starts small.",
    Why.RACE_WEEK: "{race} is this week, so everything else serves to arrive fresh.",
    Why.TAPER: "The taper for {race} has begun: this week is shorter, but still has some bite.",
    Why.AFTER_RACE: "This week is for recovering from {race}.",
    Why.TIRED: "Several signs say that you are tired ({signals}), so this week is easier.",
    Why.CYCLE: ("After {weeks} of load this week is easier, so that the training can take effect."),
    Why.LITTLE_KNOWN: (
        "Little of your training is known so far ({weeks}), so this week builds up carefully."
    ),
    Why.PERIOD: "{race} is {weeks} away, so this week is for {phase}.",
    Why.NO_RACE: (
        "You have no A race ahead, so this week keeps up what you usually do; about every "
        "fourth week is easier."
    ),
}

NEXT_WEEKS_IN_ENGLISH: Mapping[Phase, str] = {
    Phase.BASE: "Next week goes on like this one, a little longer if this one went well.",
    Phase.BUILD: "Next week goes on like this one, a little longer if this one went well.",
    Phase.SPECIFIC: "Next week brings a little more work at the effort of the race.",
    Phase.TAPER: "Next week is shorter still, so that you stand fresh at the start.",
    Phase.RACE_WEEK: "After the race come some easy days before anything hard.",
    Phase.RECOVERY: "Next week returns to normal training.",
    Phase.RETURN: "Next week holds a little more, if this one goes well.",
}

OBJECTIVES_IN_SPANISH: Mapping[Phase, str] = {
    Phase.BASE: "Construir una base aeróbica con entrenamiento regular y sobre todo suave.",
    Phase.BUILD: (
        "Subir la forma con pocas sesiones duras, bien separadas, y mucho entrenamiento suave."
    ),
    Phase.SPECIFIC: (
        "Practicar el esfuerzo de la carrera mientras el entrenamiento suave mantiene la carga."
    ),
    Phase.TAPER: ("Soltar fatiga antes de la carrera: sesiones más cortas, igual de vivas."),
    Phase.RACE_WEEK: "Llegar descansado a la carrera.",
    Phase.RECOVERY: "Recuperarse de las últimas semanas para asimilar lo entrenado.",
    Phase.RETURN: "Volver al entrenamiento regular con sesiones cortas y suaves.",
}

PHASE_NAMES_IN_SPANISH: Mapping[Phase, str] = {
    Phase.BASE: "base",
    Phase.BUILD: "construcción",
    Phase.SPECIFIC: "trabajo específico",
    Phase.TAPER: "puesta a punto",
    Phase.RACE_WEEK: "carrera",
    Phase.RECOVERY: "recuperación",
    Phase.RETURN: "vuelta",
}

PHASE_REASONS_IN_SPANISH: Mapping[Why, str] = {
    Why.SICK_OBSERVED: (
        "La semana pasada estuviste enfermo, así que esta semana la vuelta es suave."
    ),
    Why.SICK_PLANNED: ("Esta semana estás enfermo, así que solo hay lo que te ayuda a volver."),
    Why.INJURED_OBSERVED: (
        "La semana pasada estuviste lesionado, así que esta semana la vuelta es suave."
    ),
    Why.INJURED_PLANNED: "Esta semana estás lesionado, así que solo hay lo que puedes hacer.",
    Why.COMING_BACK: (
        "Estás de vuelta, en la semana {week} de {of}: esta semana es corta y sin nada duro."
    ),
    Why.NOTHING_KNOWN: "Todavía no se conoce tu entrenamiento, así que se empieza poco a poco.",
    Why.BREAK: "Antes de esta semana hay {weeks} sin entrenar, así que se empieza poco a poco.",
    Why.RACE_WEEK: "{race} es esta semana, así que todo lo demás sirve para llegar descansado.",
    Why.TAPER: (
        "Ha empezado la puesta a punto para {race}: esta semana es más corta, pero con chispa."
    ),
    Why.AFTER_RACE: "Esta semana es para recuperarse de {race}.",
    Why.TIRED: (
        "Varias señales dicen que estás cansado ({signals}), así que esta semana es más suave."
    ),
    Why.CYCLE: (
        "Después de {weeks} de carga, esta semana es más suave para asimilar lo entrenado."
    ),
    Why.LITTLE_KNOWN: (
        "Se conoce poco de tu entrenamiento ({weeks}), así que esta semana sube con cuidado."
    ),
    Why.PERIOD: "Faltan {weeks} para {race}, así que esta semana es de {phase}.",
    Why.NO_RACE: (
        "No tienes ninguna carrera A por delante, así que esta semana mantiene lo habitual; "
        "más o menos una de cada cuatro semanas es más suave."
    ),
}

NEXT_WEEKS_IN_SPANISH: Mapping[Phase, str] = {
    Phase.BASE: "La próxima semana sigue como esta, algo más larga si esta va bien.",
    Phase.BUILD: "La próxima semana sigue como esta, algo más larga si esta va bien.",
    Phase.SPECIFIC: "La próxima semana trae algo más de trabajo a ritmo de carrera.",
    Phase.TAPER: "La próxima semana es todavía más corta, para llegar descansado a la salida.",
    Phase.RACE_WEEK: "Después de la carrera vienen unos días suaves antes de nada duro.",
    Phase.RECOVERY: "La próxima semana vuelve al entrenamiento normal.",
    Phase.RETURN: "La próxima semana trae un poco más, si esta va bien.",
}

ABSENCE_REASONS_IN_ENGLISH: Mapping[AbsenceKind, str] = {
    AbsenceKind.SICK: "You are ill this week, so there is nothing in it but rest.",
    AbsenceKind.INJURED: "You are injured this week, so there is nothing in it but rest.",
    AbsenceKind.HOLIDAY: "You are on holiday this week, so nothing is planned.",
}

ABSENCE_REASONS_IN_SPANISH: Mapping[AbsenceKind, str] = {
    AbsenceKind.SICK: "Esta semana estás enfermo, así que solo hay descanso.",
    AbsenceKind.INJURED: "Esta semana estás lesionado, así que solo hay descanso.",
    AbsenceKind.HOLIDAY: "Esta semana estás de vacaciones, así que no hay nada planificado.",
}
