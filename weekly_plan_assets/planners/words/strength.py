"""Strength work in words, by phase: general in the base, heavy while building, a little after that.

Eihara 2022 for heavy weights; the order is coaching practice. `{minutes}` are those between warm-up
and cool-down.
"""

from collections.abc import Mapping

from weekly_plan_assets.domain.plan.weekly_plan import Phase


def _by_phase(general: str, heavy: str, light: str) -> Mapping[Phase, str]:
    return dict.fromkeys(Phase, light) | {Phase.BASE: general, Phase.BUILD: heavy}


STRENGTH_IN_ENGLISH = _by_phase(
    general=(
        "Warm-up: 5 min of mobility. Main set: {minutes} min of squats, lunges, calf raises, "
        "rows and planks, 2 to 3 sets of 8 to 10, each ending with two repetitions in "
        "reserve. Cool-down: 5 min of stretching."
    ),
    heavy=(
        "Warm-up: 5 min of mobility and light sets. Main set: {minutes} min of squats, "
        "deadlifts, calf raises and rows, 3 to 4 sets of 4 to 6 with a weight that leaves one"
        " or two repetitions in reserve, and long rests. Cool-down: 5 min of stretching."
    ),
    light=(
        "Warm-up: 5 min of mobility. Main set: {minutes} min of squats, calf raises and rows,"
        " 1 to 2 sets of 5 to 6 repetitions with a familiar weight, and a short plank, so "
        "that strength stays and the legs do not tire. Cool-down: 5 min of stretching."
    ),
)

STRENGTH_IN_SPANISH = _by_phase(
    general=(
        "Calentamiento: 5 min de movilidad. Parte principal: {minutes} min de sentadillas, "
        "zancadas, elevaciones de talón, remo y plancha, 2 a 3 series de 8 a 10, cada una con"
        " dos repeticiones de reserva. Vuelta a la calma: 5 min de estiramientos."
    ),
    heavy=(
        "Calentamiento: 5 min de movilidad y series ligeras. Parte principal: {minutes} min "
        "de sentadillas, peso muerto, elevaciones de talón y remo, 3 a 4 series de 4 a 6 con "
        "un peso que deje una o dos repeticiones de reserva, y pausas largas. Vuelta a la "
        "calma: 5 min de estiramientos."
    ),
    light=(
        "Calentamiento: 5 min de movilidad. Parte principal: {minutes} min de sentadillas, "
        "elevaciones de talón y remo, 1 a 2 series de 5 a 6 repeticiones con un peso "
        "conocido, y una plancha corta, para mantener la fuerza sin cansar las piernas. "
        "Vuelta a la calma: 5 min de estiramientos."
    ),
)
