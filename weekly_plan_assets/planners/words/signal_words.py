"""What a signal of readiness says, in both languages side by side.

By the signal's name and the side that it is off; with its light where that says something else.
"""

from collections.abc import Mapping

SIGNAL_REASONS_IN_ENGLISH: Mapping[str, str] = {
    "hrv_low": (
        "Your HRV was below your usual range last week, {value} instead of {baseline}: "
        "recovery lags behind training."
    ),
    "hrv_low_amber": (
        "Your HRV was a little below your usual range last week, {value} instead of "
        "{baseline}, which happens by chance too: if you feel tired as well, take the easy way "
        "this week."
    ),
    "hrv_high": (
        "Your HRV was above your usual range last week, {value} instead of {baseline}: often "
        "harmless, sometimes a sign of fatigue, so watch how you feel this week."
    ),
    "resting_hr_high": (
        "Your resting heart rate was higher than usual last week, {value} instead of "
        "{baseline}: recovery lags behind training."
    ),
    "sleep_low": (
        "You slept {value} last week: earlier nights would do more for you than any session."
    ),
    "monotony_high": (
        "The days of last week were much alike, which tires more than a mix of hard and easy ones."
    ),
    "ramp_high": "Your fitness (CTL) rose by {value} last week, which is fast enough.",
    "adherence_low": "You did {value} last week, so this week is planned by what you did.",
    "adherence_high": (
        "You did {value} last week: what is added to a plan has to be recovered from too."
    ),
}

SIGNAL_REASONS_IN_SPANISH: Mapping[str, str] = {
    "hrv_low": (
        "Tu VFC estuvo por debajo de lo habitual la semana pasada, {value} en vez de "
        "{baseline}: la recuperación va por detrás del entrenamiento."
    ),
    "hrv_low_amber": (
        "Tu VFC estuvo algo por debajo de lo habitual la semana pasada, {value} en vez de "
        "{baseline}, lo que también pasa por azar: si además te notas cansado, elige lo suave "
        "esta semana."
    ),
    "hrv_high": (
        "Tu VFC estuvo por encima de lo habitual la semana pasada, {value} en vez de "
        "{baseline}: a menudo no importa y a veces es señal de fatiga, así que fíjate esta "
        "semana en cómo te sientes."
    ),
    "resting_hr_high": (
        "Tu frecuencia cardíaca en reposo estuvo más alta de lo normal la semana pasada, "
        "{value} en vez de {baseline}: la recuperación va por detrás del entrenamiento."
    ),
    "sleep_low": (
        "La semana pasada dormiste {value}: acostarte antes te ayudaría más que cualquier sesión."
    ),
    "monotony_high": (
        "Los días de la semana pasada fueron muy parecidos, y eso cansa más que alternar días "
        "duros y suaves."
    ),
    "ramp_high": "Tu forma (CTL) subió {value} la semana pasada, que ya es bastante rápido.",
    "adherence_low": (
        "La semana pasada hiciste el {value}, así que esta semana parte de lo que hiciste."
    ),
    "adherence_high": (
        "La semana pasada hiciste el {value}: lo que se añade a un plan también hay que "
        "recuperarlo."
    ),
}
