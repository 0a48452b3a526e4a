"""The fixed words of messages; what a plan says comes from the plan itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from weekly_plan_assets.domain.athlete.athlete import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWords:
    """The words of one language; texts with `{names}` are filled with `str.format`.

    Attributes:
        week_title: The title of the weekly message.
        changed: Stands before what a new plan of the same week changes.
        day_title: The title of a reminder.
        failed: The title where a week could not be planned.
        more: Where to read on; `{athlete}` is the option of commands, with a blank before it.
        way_out: What to do then; `{athlete}` as in `more`.
    """

    week_title: str
    rest: str
    key_session: str
    before_you_start: str
    changed: str
    was: str
    dropped: str
    last_week: str
    more: str
    day_title: str
    failed: str
    way_out: tuple[str, ...]


MESSAGE_WORDS: Mapping[Language, MessageWords] = {
    Language.ENGLISH: MessageWords(
        week_title="Your training week, {first} to {last}: {hours} h",
        rest="rest",
        key_session="Key session",
        before_you_start="Before you start",
        changed="Changed since the last plan for this week",
        was="{day}: {new} instead of {old}",
        dropped="{day}: no {old}",
        last_week="Last week: {done} of {planned} sessions done.",
        more="Why it looks like this: weekly-plan explain {week}{athlete}",
        day_title="Today: {title}, {duration}",
        failed="Plan for {first} to {last} failed",
        way_out=(
            "Nothing was published, and the last plan stays as it is.",
            "Try again with: weekly-plan run{athlete} --week {observed}",
            "What was read and judged: weekly-plan explain {week}{athlete}",
            "What is wrong with the installation: weekly-plan doctor",
        ),
    ),
    Language.SPANISH: MessageWords(
        week_title="Tu semana de entrenamiento, del {first} al {last}: {hours} h",
        rest="descanso",
        key_session="Sesión clave",
        before_you_start="Antes de empezar",
        changed="Lo que cambia desde el último plan de esta semana",
        was="{day}: {new} en lugar de {old}",
        dropped="{day}: sin {old}",
        last_week="La semana pasada: {done} de {planned} sesiones hechas.",
        more="Por qué es así: weekly-plan explain {week}{athlete}",
        day_title="Hoy: {title}, {duration}",
        failed="El plan del {first} al {last} ha fallado",
        way_out=(
            "No se ha publicado nada; el último plan sigue como estaba.",
            "Para probar otra vez: weekly-plan run{athlete} --week {observed}",
            "Qué se leyó y cómo se juzgó: weekly-plan explain {week}{athlete}",
            "Qué falla en la instalación: weekly-plan doctor",
        ),
    ),
}
