"""The fixed words of a plan in a terminal; what a plan says comes from the plan itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.athlete.athlete import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWords:
    """The words of one language; texts with `{names}` are filled with `str.format`."""

    title: str
    load: str
    source: str
    simulated: str
    rest: str
    at_its_end: str


PLAN_WORDS: Mapping[Language, PlanWords] = {
    Language.ENGLISH: PlanWords(
        title="Plan for {first} to {last}",
        load="load",
        source="athlete {athlete}, planned from the week of {observed}",
        simulated="simulated athlete: not a real person's data",
        rest="rest",
        at_its_end="At its end, if all is done: {fitness}.",
    ),
    Language.SPANISH: PlanWords(
        title="Plan del {first} al {last}",
        load="carga",
        source="atleta {athlete}, planificado a partir de la semana del {observed}",
        simulated="atleta simulado: no son datos de una persona real",
        rest="descanso",
        at_its_end="Al final, si se hace todo: {fitness}.",
    ),
}
