"""The fixed words of the page; what a plan says comes from the plan itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.adherence import SessionOutcome
from weekly_plan_assets.domain.athlete.athlete import Language
from weekly_plan_assets.domain.delivery.decisions import LeftBecause
from weekly_plan_assets.domain.readiness import Light


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The words of one language; texts with `{names}` are filled with `str.format`."""

    title: str
    athlete: str
    simulated: str
    rest: str
    load: str
    hours: str
    sessions: str
    week: str
    planned: str
    done: str
    known_not: str
    fitness: str
    fitness_after: str
    readiness: str
    lights: Mapping[Light, str]
    why: str
    before_you_start: str
    last_week: str
    outcomes: Mapping[SessionOutcome, str]
    by_hand: Mapping[LeftBecause, str]
    added: str
    more: str
    chart_loads: str
    chart_fitness: str
    steps: str
    made_by: str
    links: str
    all_athletes: str


PAGE_WORDS: Mapping[Language, PageWords] = {
    Language.ENGLISH: PageWords(
        title="Training week of {first} to {last}",
        athlete="Athlete {athlete}",
        simulated="Simulated athlete: not a real person's data.",
        rest="Rest",
        load="load",
        hours="Hours",
        sessions="Sessions",
        week="Week",
        planned="planned",
        done="done",
        known_not="not known",
        fitness="Load and fitness",
        fitness_after="If all of it is done, the week ends at",
        readiness="How you are",
        lights={
            Light.GREEN: "as usual",
            Light.AMBER: "watch it",
            Light.RED: "take care",
            Light.NOT_EVALUATED: "not known",
        },
        why="Why this week looks like this",
        before_you_start="Before you start",
        last_week="Last week, planned and done",
        outcomes={
            SessionOutcome.DONE: "done",
            SessionOutcome.CHANGED: "shorter or longer",
            SessionOutcome.MOVED: "on another day",
            SessionOutcome.MISSED: "missed",
        },
        by_hand={
            LeftBecause.MOVED: "moved on the calendar",
            LeftBecause.EDITED: "edited on the calendar",
            LeftBecause.DELETED: "deleted on the calendar",
        },
        added="Also done, without being planned: {count}.",
        more="Details and other versions",
        chart_loads="Load of each week",
        chart_fitness="Fitness (CTL), fatigue (ATL) and form (TSB) at the end of each week",
        steps="Steps of the session",
        made_by="Planned by {planner} from the week of {observed}.",
        links="Where it was made",
        all_athletes="All athletes",
    ),
    Language.SPANISH: PageWords(
        title="Semana de entrenamiento del {first} al {last}",
        athlete="Atleta {athlete}",
        simulated="Atleta simulado: no son datos de una persona real.",
        rest="Descanso",
        load="carga",
        hours="Horas",
        sessions="Sesiones",
        week="Semana",
        planned="previsto",
        done="hecho",
        known_not="no se sabe",
        fitness="Carga y forma",
        fitness_after="Si se hace todo, la semana termina con",
        readiness="Cómo estás",
        lights={
            Light.GREEN: "como siempre",
            Light.AMBER: "atención",
            Light.RED: "cuidado",
            Light.NOT_EVALUATED: "no se sabe",
        },
        why="Por qué la semana es así",
        before_you_start="Antes de empezar",
        last_week="La semana pasada, previsto y hecho",
        outcomes={
            SessionOutcome.DONE: "hecha",
            SessionOutcome.CHANGED: "más corta o más larga",
            SessionOutcome.MOVED: "otro día",
            SessionOutcome.MISSED: "sin hacer",
        },
        by_hand={
            LeftBecause.MOVED: "movida en el calendario",
            LeftBecause.EDITED: "editada en el calendario",
            LeftBecause.DELETED: "borrada del calendario",
        },
        added="Además, sin estar previstas: {count}.",
        more="Detalles y otras versiones",
        chart_loads="Carga de cada semana",
        chart_fitness="Forma (CTL), fatiga (ATL) y balance (TSB) al final de cada semana",
        steps="Partes de la sesión",
        made_by="Planificado por {planner} a partir de la semana del {observed}.",
        links="Dónde se hizo",
        all_athletes="Todos los atletas",
    ),
}
