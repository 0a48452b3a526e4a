"""The words of the rules planner in Spanish."""

from weekly_plan_assets.domain.envelope.phase_reason import Why
from weekly_plan_assets.domain.plan.session_parts import BlockPart, Intent, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Phase, SessionKind, Sport
from weekly_plan_assets.domain.readiness import Light
from weekly_plan_assets.planners.words.catalogue import Words
from weekly_plan_assets.planners.workouts import Goal

SPANISH = Words(
    objectives={
        Phase.BASE: "Construir una base aeróbica con entrenamiento regular y sobre todo suave.",
        Phase.BUILD: (
            "Subir la forma con pocas sesiones duras, bien separadas, y mucho entrenamiento suave."
        ),
        Phase.SPECIFIC: (
            "Practicar el esfuerzo de la carrera objetivo mientras lo suave sostiene la carga."
        ),
        Phase.TAPER: (
            "Soltar fatiga antes de la carrera: sesiones más cortas, igual de frecuentes y vivas."
        ),
        Phase.RACE_WEEK: "Llegar descansado a la carrera.",
        Phase.RECOVERY: "Recuperarse de las últimas semanas para asimilar lo entrenado.",
        Phase.RETURN: "Volver al entrenamiento regular con sesiones cortas y suaves.",
    },
    phases={
        Phase.BASE: "base",
        Phase.BUILD: "construcción",
        Phase.SPECIFIC: "específica",
        Phase.TAPER: "puesta a punto",
        Phase.RACE_WEEK: "carrera",
        Phase.RECOVERY: "recuperación",
        Phase.RETURN: "vuelta",
    },
    goals={
        Goal.RECOVERY: "Recuperar en movimiento, sin añadir fatiga.",
        Goal.EASY: "Ganar resistencia aeróbica a bajo coste.",
        Goal.STRIDES: "Ganar resistencia aeróbica y mantener las piernas ágiles con rectas cortas.",
        Goal.WALK_RUN: "Acostumbrar de nuevo huesos y tendones a correr, poco a poco.",
        Goal.SHAKE_OUT: "Soltar las piernas para la carrera; parar cuando aún sabe a poco.",
        Goal.LONG: "Ganar resistencia para esfuerzos largos; suave de principio a fin.",
        Goal.LONG_FINISH: "Ganar resistencia para la carrera y aprender a apretar con cansancio.",
        Goal.TEMPO: "Mantener un esfuerzo firme y constante; mejora la resistencia a buen ritmo.",
        Goal.THRESHOLD: (
            "Pasar tiempo cerca del umbral; sube el ritmo que se aguanta durante una hora."
        ),
        Goal.VO2: "Pasar tiempo cerca del consumo máximo de oxígeno; sube el techo aeróbico.",
        Goal.RACE_PACE: "Acostumbrarse al esfuerzo de la carrera objetivo.",
        Goal.RACE: "Competir.",
        Goal.STRENGTH: "Mantener músculos y tendones fuertes para el trabajo de resistencia.",
    },
    names={
        Goal.RECOVERY: "{session} de recuperación",
        Goal.EASY: "{session} suave",
        Goal.STRIDES: "{session} suave con rectas",
        Goal.WALK_RUN: "Andar y correr",
        Goal.SHAKE_OUT: "{session} de activación",
        Goal.LONG: "{session} larga",
        Goal.LONG_FINISH: "{session} larga con final constante",
        Goal.TEMPO: "{session} a tempo",
        Goal.THRESHOLD: "{session} de umbral",
        Goal.VO2: "{session} fuerte",
        Goal.RACE_PACE: "{session} a ritmo de carrera",
        Goal.RACE: "Día de carrera",
        Goal.STRENGTH: "Fuerza",
    },
    sessions={
        Sport.RUN: "Carrera",
        Sport.RIDE: "Salida en bici",
        Sport.SWIM: "Sesión de natación",
        Sport.STRENGTH: "Fuerza",
    },
    sports={
        Sport.RUN: "carrera a pie",
        Sport.RIDE: "bicicleta",
        Sport.SWIM: "natación",
        Sport.STRENGTH: "fuerza",
    },
    kinds={
        SessionKind.RECOVERY: "recuperación",
        SessionKind.EASY: "suave",
        SessionKind.LONG: "larga",
        SessionKind.TEMPO: "tempo",
        SessionKind.THRESHOLD: "umbral",
        SessionKind.VO2: "VO2",
        SessionKind.RACE: "competición",
        SessionKind.STRENGTH: "fuerza",
    },
    signals={
        "hrv": "la VFC",
        "resting_hr": "la frecuencia cardíaca en reposo",
        "sleep": "el sueño",
        "form": "la forma",
        "monotony": "la monotonía",
        "ramp": "la subida del CTL",
        "adherence": "el cumplimiento",
    },
    lights={
        Light.GREEN: "como de costumbre",
        Light.AMBER: "motivo de cautela",
        Light.RED: "motivo para aflojar",
        Light.NOT_EVALUATED: "sin medidas suficientes",
    },
    intents={
        Intent.RECOVERY: "muy suave",
        Intent.EASY: "suave",
        Intent.STEADY: "constante",
        Intent.TEMPO: "a tempo",
        Intent.THRESHOLD: "a ritmo de umbral",
        Intent.VO2: "fuerte",
        Intent.SPRINT: "rápido y suelto",
        Intent.RACE: "a ritmo de carrera",
    },
    parts={
        BlockPart.WARM_UP: "Calentamiento: {what}.",
        BlockPart.MAIN: "Parte principal: {what}.",
        BlockPart.COOL_DOWN: "Vuelta a la calma: {what}.",
    },
    units={
        TargetKind.POWER: "{number} W",
        TargetKind.HR: "{number} ppm",
        TargetKind.RPE: "esfuerzo {number} de 10",
    },
    pace_run="{number} min/km",
    pace_swum="{number} cada 100 m",
    up_to="hasta {high}",
    between="{low} a {high}",
    rounds="{repeats} veces: {steps}",
    minutes="{minutes} min",
    seconds="{seconds} s",
    stretch="{time} {how}",
    repeats="{repeats} x {work}",
    recovery="{work}, {rest} después de cada una",
    then=", luego ",
    walk_run=(
        "Anda {walk} min a buen paso y después {repeats} x {run} min de carrera suave con 1 min "
        "andando tras cada uno."
    ),
    strength=(
        "Calentamiento: 5 min de movilidad. Parte principal: {minutes} min de sentadillas, "
        "zancadas, elevaciones de talón, remo y plancha, 2 a 3 series de 8 a 10, cada una con dos "
        "repeticiones de reserva. Vuelta a la calma: 5 min de estiramientos."
    ),
    race=(
        "Competición: {name}. Calienta bien, sal algo más despacio de lo que podrías y mantén "
        "después {targets}."
    ),
    race_unnamed="la carrera del día",
    race_by_time="{name}, objetivo {time}",
    race_by_feel="{name}",
    where="Hazlo {where}.",
    last_time="La última vez, el {date}: {what}; {became}.",
    last_done="hecho como estaba previsto",
    last_partly="se quedó corto, así que se repite",
    last_missed="no se hizo, así que se repite",
    send_off="{work}, saliendo cada {every}",
    metres="{metres} m",
    nothing_recorded=(
        "No hay nada registrado de la semana observada, así que cuenta como una semana sin "
        "entrenar; si entrenaste, añade esas sesiones a tus datos y planifica otra vez."
    ),
    under_way=(
        "La semana observada no había terminado al planificar: días de ella que se conocen: {days}."
    ),
    return_week=(
        "Es la primera semana tras una pausa: mejor parar demasiado pronto que demasiado tarde."
    ),
    way_back="Es la semana {week} de {weeks} de la vuelta: mejor parar pronto que tarde.",
    stop_rule=(
        "Si duele al correr, para y vuelve andando; si a la mañana siguiente duele más, sáltate la "
        "próxima carrera y repite el paso de esta semana antes de seguir."
    ),
    by_effort_only=(
        "Las sesiones se guían solo por el esfuerzo, porque no se conocen tus zonas de frecuencia "
        "cardíaca, tu FTP ni tu ritmo de umbral: con 2 a 3 de 10 puedes hablar con frases enteras, "
        "con 5 a 6 con frases cortas, con 7 a 8 solo palabras. Escribe lo que sepas en tu fichero."
    ),
    thresholds={
        Sport.RIDE: "Tu FTP, {value},",
        Sport.RUN: "Tu ritmo de umbral, {value},",
        Sport.SWIM: "Tu CSS, {value},",
    },
    stale_threshold=(
        "{what} es del {date}, de hace más de medio año. Si tu forma ha cambiado, repite el test y "
        "pon el valor nuevo."
    ),
    hrv_not_measured="La VFC no se midió en la semana observada.",
    rest_hr_not_measured=("La frecuencia cardíaca en reposo no se midió en la semana observada."),
    fitness_not_known="Forma y fatiga (CTL, ATL) no se conocían en la semana observada.",
    loads_not_known=(
        "Actividades de la semana observada sin carga conocida: {count}; su carga real es mayor "
        "que la suma."
    ),
    no_room="Ningún día de esta semana tiene hueco para entrenar.",
    no_long="Ningún día de esta semana tiene hueco para una sesión larga.",
    given_way="Esta semana no se mantiene: {sport}, {kind}, {minutes} min, {day}.",
    race_while_away="La carrera del {date} cae en un día de ausencia y no se planifica.",
    below_min=(
        "La semana suma una carga de {load}, menos que el mínimo de {bound}: no hay hueco para más."
    ),
    below_target=(
        "La semana suma una carga de {load} en vez de {bound}: más sesiones o más largas no serían "
        "sensatas, o no hay hueco para ellas."
    ),
    above_max="La semana suma una carga de {load}, más que el máximo de {bound}.",
    too_hard="Hay más tiempo en zona 3 o superior de lo debido: {minutes} min de más.",
    load_reason=(
        "Carga prevista: {load}. Tus últimas semanas dan un objetivo de {target} (de {low} a "
        "{high})."
    ),
    phase_reason="Es una semana de fase {phase}: {why}.",
    phase_reasons={
        Why.SICK_OBSERVED: "en la semana observada se perdieron días por enfermedad",
        Why.SICK_PLANNED: "en ella se pierden días por enfermedad",
        Why.INJURED_OBSERVED: "en la semana observada se perdieron días por una lesión",
        Why.INJURED_PLANNED: "en ella se pierden días por una lesión",
        Why.COMING_BACK: "es la semana {weeks} de {of} de la vuelta",
        Why.BREAK: "semanas sin entrenar antes de ella: {weeks}",
        Why.RACE_WEEK: "en ella está {race}",
        Why.TAPER: "ha empezado la puesta a punto para {race}",
        Why.AFTER_RACE: "sigue a {race}",
        Why.TIRED: "coinciden señales de fatiga ({signals})",
        Why.CYCLE: "semanas seguidas de entrenamiento sin una más suave: {weeks}",
        Why.LITTLE_KNOWN: (
            "semanas con entrenamiento que se conocen: {weeks}; la carga se construye desde {of}"
        ),
        Why.PERIOD: "faltan {weeks} semanas para {race}",
        Why.NO_RACE: (
            "no se conoce ninguna carrera A; semanas de construcción desde la última más suave: "
            "{weeks}, de {of} en un ciclo"
        ),
    },
    phase_race="{name} (carrera {priority})",
    form_reason="El balance (CTL - ATL) acabó la semana observada en {form}.",
    long_run_reason=(
        "La carrera a pie más larga dura {longest} min; las anteriores permiten {allowed} min."
    ),
    hard_reason="Sesiones duras esta semana: {count} (como máximo {allowed}).",
    race_reason=(
        "{name} (carrera {priority}) es el {date}; días desde el lunes de esta semana: {days}."
    ),
    signal_reason="Disposición: {signal} es {light}, {value}{baseline}.",
    signal_baseline=", normalmente {baseline}",
)
