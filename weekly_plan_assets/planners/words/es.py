"""The words of the rules planner in Spanish."""

from weekly_plan_assets.domain.plan.session_parts import BlockPart, Intent, TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import AlternativeWhen, SessionKind, Sport
from weekly_plan_assets.planners.words.catalogue import Words
from weekly_plan_assets.planners.words.phase_words import (
    ABSENCE_REASONS_IN_SPANISH,
    NEXT_WEEKS_IN_SPANISH,
    OBJECTIVES_IN_SPANISH,
    PHASE_NAMES_IN_SPANISH,
    PHASE_REASONS_IN_SPANISH,
)
from weekly_plan_assets.planners.words.session_words import (
    GOALS_IN_SPANISH,
    NAMES_IN_SPANISH,
    RIDE_GOALS_IN_SPANISH,
    RIDE_NAMES_IN_SPANISH,
)
from weekly_plan_assets.planners.words.signal_words import SIGNAL_REASONS_IN_SPANISH
from weekly_plan_assets.planners.words.strength import STRENGTH_IN_SPANISH

SPANISH = Words(
    objectives=OBJECTIVES_IN_SPANISH,
    objective_easy="Una semana suave: seguir en movimiento, sin nada duro.",
    objective_rest="Una semana de descanso.",
    objective_begin="Empezar a entrenar con regularidad, con sesiones cortas y suaves.",
    objective_taper_easy="Soltar fatiga antes de la carrera con sesiones cortas y suaves.",
    phases=PHASE_NAMES_IN_SPANISH,
    phase_easy="entrenamiento suave",
    goals=GOALS_IN_SPANISH,
    names=NAMES_IN_SPANISH,
    ride_goals=RIDE_GOALS_IN_SPANISH,
    ride_names=RIDE_NAMES_IN_SPANISH,
    sessions={
        Sport.RUN: "Rodaje",
        Sport.RIDE: "Rodaje",
        Sport.SWIM: "Nado",
        Sport.STRENGTH: "Fuerza",
    },
    on={Sport.RUN: "", Sport.RIDE: " en bici", Sport.SWIM: "", Sport.STRENGTH: ""},
    apart="{steps} Deja unas horas entre esta y la otra sesión del día.",
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
    intents={
        Intent.RECOVERY: "muy suave",
        Intent.EASY: "suave",
        Intent.STEADY: "a ritmo constante",
        Intent.TEMPO: "a tempo",
        Intent.THRESHOLD: "a ritmo de umbral",
        Intent.VO2: "fuerte",
        Intent.SPRINT: "rápido y suelto, sin esprintar",
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
    whole_hours="{hours} h",
    minutes="{minutes} min",
    seconds="{seconds} s",
    stretch="{time} {how}",
    repeats="{repeats} x {work}",
    recovery="{work}, {rest} después de cada repetición",
    then=", luego ",
    walk_run=(
        "Anda {walk} min a buen paso y después {repeats} x {run} min de carrera suave con 1 min "
        "andando tras cada uno."
    ),
    strength=STRENGTH_IN_SPANISH,
    strength_own=(
        "Sigue tu propio programa, si lo tienes, también en sus otros días. Si no: {what}"
    ),
    strength_after="{what} Hazlo después de la otra sesión del día, no antes.",
    race=(
        "Competición: {name}. Calienta bien, sal algo más despacio de lo que podrías y mantén "
        "después {targets}."
    ),
    race_long=(
        "Competición: {name}. Calienta solo unos minutos, sal más despacio de lo que podrías, bebe "
        "y come desde pronto y mantén {targets}."
    ),
    brick="Empieza enseguida, con zapatillas y ropa ya preparadas: {steps}",
    race_unnamed="la carrera del día",
    race_by_time="{name}, objetivo {time}",
    race_by_feel="{name}",
    alternatives={
        AlternativeWhen.TIRED: "Si notas cansancio: {what}",
        AlternativeWhen.SHORT_OF_TIME: "Si tienes poco tiempo: {what}",
    },
    where="Hazlo {where}.",
    last_time="La última vez, el {date}: {what}; {became}.",
    last_done="hecha como estaba prevista",
    last_partly="no la terminaste",
    last_missed="no la hiciste",
    wall_rest="{work} y {rest} de descanso",
    send_off="{work}, saliendo cada {every}",
    metres="{metres} m",
    nothing_recorded=(
        "No hay nada registrado de la semana pasada, así que cuenta como una semana sin entrenar; "
        "si entrenaste, añade esas sesiones a tus datos y planifica otra vez."
    ),
    under_way=(
        "La semana pasada no había terminado al planificar; se conocen {days} de ella. Los demás "
        "cuentan como estaban previstos, o como son de costumbre."
    ),
    return_week=(
        "Es la primera semana tras una pausa: mejor parar demasiado pronto que demasiado tarde."
    ),
    first_week="Es una primera semana: mejor parar demasiado pronto que demasiado tarde.",
    way_back="Es la semana {week} de {weeks} de la vuelta: mejor parar pronto que tarde.",
    healed=(
        "Tu lesión no queda lejos. Si duele al correr, para y vuelve andando; si a la mañana "
        "siguiente duele más, deja pasar la próxima sesión de correr."
    ),
    stop_rule=(
        "Si duele al entrenar, para; si a la mañana siguiente duele más, sáltate la próxima "
        "sesión y repite el paso de esta semana antes de seguir."
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
    hrv_not_measured="Tu VFC no se midió la semana pasada.",
    rest_hr_not_measured="Tu frecuencia cardíaca en reposo no se midió la semana pasada.",
    fitness_not_known=(
        "Tu forma y tu fatiga (CTL, ATL) no se conocían al final de la semana pasada."
    ),
    loads_not_known=(
        "Sesiones de la semana pasada sin carga conocida: {count}. Tu carga fue mayor de lo que "
        "consta."
    ),
    no_room="Ningún día de esta semana tiene hueco para entrenar.",
    no_long="Ningún día de esta semana tiene hueco para una sesión larga.",
    given_way="Esta semana se queda fuera: {sport}, {kind}, {minutes} min, {day}.",
    anchored_shortened=(
        "Esta semana se acorta de {minutes} a {now} min, lo máximo que conviene: {sport}, {kind}, "
        "{day}."
    ),
    race_while_away="La carrera del {date} cae en un día de ausencia y no se planifica.",
    race_too_soon=(
        "{race} llega cuando todavía estás de vuelta. Sal solo si te encuentras bien, ve suave y "
        "para si algo duele; no pierdes nada si la dejas pasar."
    ),
    race_untrained=(
        "{race} dura unas {time}, y tu sesión más larga de las últimas semanas ({sport}) fue de "
        "{longest}: sal más despacio de lo que crees poder y no persigas un tiempo."
    ),
    race_ambitious=(
        "{race} dura unas {time}, y tu sesión más larga de las últimas semanas ({sport}) fue de "
        "{longest}; hasta entonces puede crecer hasta unas {reach}. Te convendría más una carrera "
        "más corta, o más adelante."
    ),
    race_far=(
        "{race} dura unas {time}, y tu sesión más larga de las últimas semanas ({sport}) fue de "
        "{longest}. La sesión larga de {sport} crece hacia ella paso a paso: es la que "
        "conviene mantener, también en semanas en que faltan otras."
    ),
    race_unprepared=(
        "{race} dura unas {time}, y no se conoce ninguna sesión tuya de las últimas semanas "
        "({sport}). Si no te has preparado, déjala pasar."
    ),
    out_of_reach=(
        "{name}: {target} pide más de lo que puedes ahora. Tu ritmo de umbral da para unas "
        "{supported} (fórmula de Riegel); sal a ese ritmo si el entrenamiento no dice otra cosa."
    ),
    below_min=(
        "Tus días tienen poco hueco esta semana para mantener el entrenamiento; sigue la próxima."
    ),
    below_target=(
        "Esta semana podría ser más larga, pero en los días que tienes no caben más sesiones de "
        "una duración y un número adecuados para ti."
    ),
    above_max=(
        "Las carreras y sesiones fijas hacen esta semana más dura de lo debido; haz lo suave muy "
        "suave."
    ),
    too_hard=(
        "Las sesiones fijas hacen dura una parte mayor de la semana de lo debido; haz lo suave muy "
        "suave."
    ),
    weeks_one="1 semana",
    weeks_many="{count} semanas",
    weeks_or_more="{count} semanas o más",
    days_one="1 día",
    days_many="{count} días",
    date="{day} de {month}",
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto"),
        *("septiembre", "octubre", "noviembre", "diciembre"),
    ),
    decimal=",",
    hours="{hours} h",
    past_week="La semana pasada entrenaste {last}",
    past_so_far="La semana pasada no había terminado al planificar: llevabas {last}",
    past_to_come="{past} y faltaban unas {rest}",
    past_race="{past}; esta semana no hay más que la carrera.",
    race_apart="{text} La carrera va aparte: unas {time}.",
    past_jump=(
        "{text} Es un {share} más que en la semana corta de antes, así que empieza con calma y "
        "quita una sesión suave si sigues con las piernas pesadas."
    ),
    past="{past}; para esta semana hay previstas {now}.",
    past_usual=("{past}, lo habitual son {usual}; para esta semana hay previstas {now}."),
    strength_apart="{text} La fuerza va aparte.",
    past_below=(
        "{past}, lo habitual son {usual}. Alguna de las últimas semanas fue mucho más corta "
        "({mean} de media en las cuatro últimas), así que para esta hay previstas {now}, y las "
        "horas de siempre vuelven en las próximas."
    ),
    past_after_effort=(
        "{past}, lo habitual son {usual}. Para esta semana hay "
        "previstas {now}. Todavía te estás recuperando de {effort}."
    ),
    past_away=(
        "{past}, lo habitual son {usual}. Para esta semana hay "
        "previstas {now}, porque algunos de sus días no son para entrenar; lo que faltaría no se "
        "recupera."
    ),
    past_room=(
        "{past}, lo habitual son {usual}. Para esta semana hay "
        "previstas {now}, que es lo que cabe en sus días."
    ),
    past_rest="{past}; esta semana es para descansar.",
    past_nothing=(
        "No hay nada registrado de la semana pasada; para esta semana hay previstas {now}."
    ),
    period_easy="Faltan {weeks} para {race}; esta semana es suave.",
    phase_reasons=PHASE_REASONS_IN_SPANISH,
    no_race_short="No tienes ninguna carrera A por delante, así que esta semana no hay prisa.",
    absence_reasons=ABSENCE_REASONS_IN_SPANISH,
    taper_easy="Ha empezado la puesta a punto para {race}: esta semana es corta y suave.",
    after_effort=(
        "Todavía te estás recuperando de {effort}, así que no hay nada duro ni rápido antes del "
        "{day} y la semana es más corta de lo habitual."
    ),
    after_effort_all_week=(
        "Todavía te estás recuperando de {effort}, así que esta semana no tiene nada duro ni "
        "rápido y es más corta de lo habitual."
    ),
    long_effort="un esfuerzo largo ({date})",
    phase_race="{name} (carrera {priority}, {date})",
    form_reason=(
        "Tu balance, forma menos fatiga, era de {form} al final de la semana pasada: {meaning}."
    ),
    forms=(
        "la fatiga es mucha, así que esta semana lo suave debe ser suave de verdad",
        "llevas la fatiga propia de entrenar, así que esta semana lo suave debe ser suave",
        "hay poca fatiga, así que esta semana puede traer algo de carga",
    ),
    long_longer=(
        "Tu sesión más larga de {sport} de las últimas semanas fue de {last}; esta semana sube a "
        "{now}."
    ),
    long_same=(
        "Tu sesión más larga de {sport} de las últimas semanas fue de {last}; esta semana es más o "
        "menos igual, {now}."
    ),
    long_shorter=(
        "Tu sesión más larga de {sport} de las últimas semanas fue de {last}, más que la mayoría; "
        "esta semana es de {now}, cerca de lo habitual."
    ),
    long_eased=(
        "Tu sesión más larga de {sport} de las últimas semanas fue de {last}; esta semana es de "
        "{now}, porque toda la semana es más corta de lo habitual."
    ),
    long_first="La sesión larga de {sport} dura {now} esta semana.",
    key_first=(
        "{day}: {name}, la primera sesión de este tipo en un tiempo, así que empieza con poco."
    ),
    key_small="{sessions}: con la serie más pequeña que hay.",
    key_of_day="{day} ({name})",
    key_new=("{day}: {name}, sesión nueva, con no más trabajo del que hiciste a ese esfuerzo."),
    key_up="{day}: {name}, un paso más que la última vez, que salió como estaba previsto.",
    key_again=(
        "{day}: {name}, lo mismo que la última vez, porque no la completaste; aumentará cuando la "
        "completes."
    ),
    key_missed="{day}: {name}, en el nivel previsto la última vez, que no llegaste a hacer.",
    key_top="{day}: {name}, tanto como la última vez, que basta para una semana de este tamaño.",
    key_down="{day}: {name}, un paso menos que la última vez, para recuperar el ritmo.",
    no_hard="Esta semana no hay ninguna sesión dura; ahora te conviene más entrenar suave.",
    race_reason=(
        "{name} (carrera {priority}) será {when}, el {date}; las próximas semanas llevan a ella."
    ),
    race_today="{name} (carrera {priority}) es esta semana, el {day}.",
    in_time="dentro de {time}",
    signal_reasons=SIGNAL_REASONS_IN_SPANISH,
    signal_red="{reason} Por eso esta semana es más corta de lo habitual, y más suave.",
    signal_values={
        "hrv": "{value:.0f} ms",
        "resting_hr": "{value:.0f} ppm",
        "sleep": "{value:.1f} h por noche",
        "form": "{value:.0f}",
        "monotony": "{value:.1f}",
        "ramp": "{value:.1f} por semana",
        "adherence": "{value:.0%} de lo previsto",
    },
    next=NEXT_WEEKS_IN_SPANISH,
    next_taper="La próxima semana empieza la puesta a punto: sesiones más cortas, igual de vivas.",
    next_race_week="{race} es la próxima semana; hasta entonces solo hay lo que te deja fresco.",
    next_rest="El entrenamiento sigue en cuanto haya hueco, con algo menos que antes.",
    next_tired=(
        "Si al final de esta semana vuelves a notarte con fuerzas, la próxima se acerca de nuevo a "
        "su duración habitual; si no, sigue siendo suave."
    ),
    condition_easy=(
        "Si esta semana notas que viene un resfriado, descansa hasta estar bien. Puedes cambiar "
        "los días. No intentes recuperar lo que pierdas."
    ),
    condition=(
        "Si esta semana notas que viene un resfriado, descansa hasta estar bien. Si solo notas "
        "cansancio, en las sesiones clave haz la versión para ese caso y omite lo rápido. Puedes "
        "cambiar los días si entre dos sesiones clave queda uno suave. No intentes recuperar lo "
        "que pierdas."
    ),
)
