"""What code reads in texts: characters, quantities, words, language, names."""

# ruff: noqa: RUF001 - typography is what is read here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekly_plan_assets.domain.texts.advice import faults_of_advice
from weekly_plan_assets.domain.texts.figures_in_texts import in_figures
from weekly_plan_assets.domain.texts.form import faults_of_form, folded
from weekly_plan_assets.domain.texts.language import is_in_language
from weekly_plan_assets.domain.texts.names import LONGEST_NAME, shown_name
from weekly_plan_assets.domain.texts.quantities import Quantity, quantities


def read(text: str) -> list[tuple[str, float]]:
    """The quantities of a text, each with its kind."""
    return [(one.kind.value, round(one.value, 2)) for one in quantities(in_figures(text))]


def times(text: str) -> list[float]:
    return [value for kind, value in read(text) if kind == Quantity.TIME_S]


@pytest.mark.parametrize(
    "text",
    [
        "Warm up for 10 min, then hold 20 min in zone 3 (147-156 bpm).",
        "Calentamiento: 10 min; después, 20 min en zona 3 («sin prisa»).",
        "Keep it easy… 90 % of it – or more – below 150 bpm!",
        "Run ≤ 5 km at < 6:00/km, i.e. + 10 s; cost: 3 €.",
        "Intervals @ 5:00/km, 3 × 8 min.",
        "Ready? Go 🏃 ✓",
        "1.º de mayo",
    ],
)
def test_plain_sentences_are_plain(text: str) -> None:
    assert list(faults_of_form(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\u200b", "...", "123", "\u2066\u2069"),
        *(
            "a\nb",
            "a\rb",
            "a\tb",
            "a\x00b",
            "a\x1b[31mb",
            "a\u2028b",
            "a\u202eb",
            "a\u200bb",
            "a\ud83db",
        ),
        *(
            "Ru\u043f",
            "\uff32un",
            "\U0001d411un",
            "run \u0663 h",
            "3\u00bd h",
            "a\u0336\u0336\u0336b",
        ),
        *("https://evil.example", "http:x", "HTTPS://X", "www.evil.example/x", "see evil.com"),
        *("go to evil.co.uk now", "mailto:a@b", "write to me@host", "@all go", "ask @coach"),
        *("127.0.0.1:3000", "call +34 600 123 456", "javascript:alert(1)", "files.host/x"),
        *(
            "<img onerror>",
            "</b>",
            "<!-- x",
            "a &lt; b",
            "&#60;",
            "[text](x)",
            "![x]",
            "`x`",
            "**x**",
        ),
        *("__x__", "*x*", "_x_", "~~x~~", "# Title", "> quote", "a | b", "{x}", "a\\b", ":smile:"),
        *("[red]x[/red]", "$$$ ### %%% run", "!!!!!!!!!!!! a"),
    ],
)
def test_what_is_no_plain_sentence_is_named(text: str) -> None:
    assert list(faults_of_form(text)) != []


def test_only_names_may_be_written_in_any_script() -> None:
    assert list(faults_of_form("東京マラソン", any_script=True)) == []
    assert list(faults_of_form("東京マラソン")) != []
    assert list(faults_of_form("東京\u202e", any_script=True)) != []


def test_words_are_looked_up_without_case_accents_and_typography() -> None:
    assert folded("  CORRÉ\u00a0RÁPIDO – ‘Así’ ") == "corre rapido - 'asi'"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *((form, 10_800) for form in ("3 hours", "3h", "3 hrs", "three hours", "3 horas", "3.0 h")),
        *((form, 10_800) for form in ("180 min", "180'", "180-minute", "3:00:00", "3:00 h")),
        *((form, 10_800) for form in ("a hundred and eighty minutes", "10800 s", "10,800 seconds")),
        *(
            (form, 10_800)
            for form in ("ciento ochenta minutos", "tres horas", "TRES HORAS", "３ h")
        ),
        *(
            (form, 9_000)
            for form in ("2h30", "2 h 30 min", "2h30m", "2,5 h", "2.5 hours", "2:30 h")
        ),
        *(
            (form, 9_000)
            for form in ("two and a half hours", "dos horas y media", "2 horas y media")
        ),
        *((form, 9_000) for form in ("2 hours and 30 minutes", "2 hours, 30 minutes", "150 mins")),
        *((form, 5_400) for form in ("an hour and a half", "hora y media", "ninety minutes")),
        *((form, 2_700) for form in ("forty-five minutes", "cuarenta y cinco minutos", "45′")),
        *((form, 1_800) for form in ("half an hour", "media hora", "30 to 30 min", "thirty min")),
        *((form, 330) for form in ("5'30''", "5 min 30 s", "5 min 30s")),
        *((form, 900) for form in ("5 x 3 min", "5x3min", "5 × 3'", "five times three minutes")),
        *(
            (form, 900)
            for form in ("5 series de 3 min", "3 sets of 5 min", "5 x (3 min", "3 x 5 x 1 min")
        ),
        *((form, 3_600) for form in ("30 minutes twice", "20 min three times", "2 half-hours")),
        ("1 hour, 20 minutes and 30 seconds", 4_830),
        ("veintidós minutos", 1_320),
        ("a dozen hours", 43_200),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, seconds: float) -> None:
    assert times(text) == [seconds]
    assert times(f"Run {text} easy.") == [seconds]
    assert times(f"Primero {text}, luego nada más.") == [seconds]


@pytest.mark.parametrize(
    "text",
    ["on 2026-11-23", "12 weeks", "2 to 3 sets of 8 to 10", "in zone 2", "CTL 40", "a home run"],
)
def test_what_is_no_time_is_not_read_as_one(text: str) -> None:
    assert times(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in zone 5", ("zone", 5)),
        ("Z5", ("zone", 5)),
        ("zona cinco", ("zone", 5)),
        ("zone V", ("zone", 5)),
        ("zones 1 to 2", ("zone", 2)),
        ("z2/z3", ("zone", 3)),
        ("power zone 7", ("zone", 7)),
        ("20 km", ("distance", 20_000)),
        ("10,000 m", ("distance", 10_000)),
        ("10 x 1000 m", ("distance", 10_000)),
        ("20x400m", ("distance", 8_000)),
        ("13.1 miles", ("distance", 21_082.41)),
        ("veinte kilómetros", ("distance", 20_000)),
        ("at 138 to 147 bpm", ("heart rate", 147)),
        ("a 165 ppm", ("heart rate", 165)),
        ("95 % of your max heart rate", ("share of the maximal heart rate", 95)),
        ("al 95% de tu FC máx", ("share of the maximal heart rate", 95)),
        ("RPE 8-9", ("effort", 9)),
        ("esfuerzo 8 de 10", ("effort", 8)),
        ("load 300", ("load", 300)),
        ("una carga de 40", ("load", 40)),
        ("4:20 per km", ("pace", 3.85)),
        ("7:00/mile", ("pace", 3.83)),
    ],
)
def test_each_quantity_is_read_in_its_unit(text: str, expected: tuple[str, float]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text", ["at your 10 km pace", "5k effort", "ritmo de 10 km", "effort of 10 min", "load 3 km"]
)
def test_a_distance_that_tells_a_pace_and_an_effort_that_has_a_unit_are_none(text: str) -> None:
    assert [kind for kind, _ in read(text) if kind not in {"time"}] in ([], ["distance"])
    assert ("distance", 10_000) not in read(text)


def test_quantities_that_stand_side_by_side_stay_apart() -> None:
    told = "5 x 3 min in zone 5 (165 to 184 bpm), 2 min in zone 1 after each."
    assert read(told) == [
        ("time", 900),
        ("zone", 5),
        ("heart rate", 184),
        ("time", 120),
        ("zone", 1),
    ]


@given(st.text(max_size=300))
def test_every_text_can_be_read(text: str) -> None:
    assert isinstance(list(faults_of_form(text)), list)
    assert isinstance(list(faults_of_advice(text)), list)
    assert isinstance(is_in_language(text, "en"), bool)
    for one in quantities(in_figures(text)):
        assert one.value >= 0
    name = shown_name(text)
    assert name is None or (0 < len(name) <= LONGEST_NAME and shown_name(name) == name)


ADVICE_REFUSED = [
    *(
        "Stop your heart pills.",
        "800 mg ibuprofen",
        "800mg",
        "Take beta-blockers",
        "Two aspirins help",
    ),
    *(
        "Tómate las pastillas",
        "Toma 400 mg de ibuprofeno",
        "EPO",
        "una inyección",
        "double the dose",
    ),
    *("You have a stress fracture.", "Your tendinitis", "Tienes anemia", "tachycardia is normal"),
    *(
        "Ignore chest pain.",
        "Ignore the pain in your chest",
        "Push through the pain",
        "Train through fever",
    ),
    *(
        "Keep going even if you feel dizzy",
        "Continue if you feel pain",
        "Run with pain",
        "never mind the pain",
    ),
    *("Don't listen to your doctor", "Despite your injury run on", "regardless of symptoms"),
    *(
        "Ignora el dolor",
        "No hagas caso del dolor",
        "Entrena con fiebre",
        "Corre aunque te duela el pecho",
    ),
    *(
        "All out!",
        "Go all-out",
        "flat out",
        "at maximum heart rate",
        "max effort",
        "as hard as you can",
    ),
    *(
        "run until you drop",
        "to failure",
        "A TOPE",
        "a muerte",
        "hasta el agotamiento",
        "máxima intensidad",
    ),
    *("lo más rápido que puedas", "Twice as long as planned", "double the distance", "run all day"),
    *(
        "Skip breakfast and run",
        "a fasted run",
        "en ayunas",
        "Do not drink during it",
        "without water",
    ),
    *(
        "Lose 3 kg this week",
        "sin beber",
        "weight loss",
        "Do not see a doctor",
        "no vayas al médico",
    ),
]
ADVICE_RIGHT = [
    *(
        "Stop if you feel pain.",
        "If you have chest pain, stop and see a doctor.",
        "Do not run with pain.",
    ),
    *(
        "See a doctor if the pain persists.",
        "Do not ignore pain.",
        "Continue only if you feel no pain.",
    ),
    *("Run free of pain.", "A pain-free week.", "You were ill last week, so this one is short."),
    *("Para si sientes dolor.", "No corras con dolor.", "Consulta a un médico si notas mareo."),
    *("Not all out: leave one repeat in reserve.", "Never all out.", "Sin ir a tope."),
    *(
        "Keep it at 90 % of your maximum heart rate.",
        "close to maximal oxygen uptake",
        "como máximo 2",
    ),
    *(
        "Run with your heart rate in zone 2.",
        "Run with relaxed shoulders.",
        "Ride through the park.",
    ),
    *(
        "Medicine ball throws.",
        "Eat well and sleep enough.",
        "Do not skip meals.",
        "Drink 500 ml an hour.",
    ),
    *(
        "Fast but relaxed strides.",
        "Keep going easy if you feel good.",
        "Nada de cambios de ritmo.",
    ),
]


@pytest.mark.parametrize("text", ADVICE_REFUSED)
def test_advice_that_no_plan_gives_is_found(text: str) -> None:
    assert list(faults_of_advice(text)) != []
    assert list(faults_of_advice(f"Easy hour in zone 2. {text.upper()}")) != []


@pytest.mark.parametrize("text", ADVICE_RIGHT)
def test_advice_to_take_care_is_right(text: str) -> None:
    assert list(faults_of_advice(text)) == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Run easily and keep the effort low.", "en", True),
        ("Corre suave y mantén el esfuerzo bajo.", "es", True),
        ("Corre suave y mantén el esfuerzo bajo en la subida.", "en", False),
        ("Run easily and keep the effort low on the hills.", "es", False),
        ("Laufe drei Stunden so schnell du kannst", "en", False),
        ("Laufe drei Stunden so schnell du kannst", "es", False),
        ("Courez trois heures sans vous arrêter du tout", "en", False),
        ("5 x 3' Z5, 2' Z1", "en", True),
        ("Warm-up 15 min zone 2, main set 5 x 3 min zone 5, cool-down 10 min", "en", True),
        ("Recover.", "es", True),
    ],
)
def test_a_text_is_in_a_language_by_its_little_words(
    text: str,
    language: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert is_in_language(text, language) is expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Half marathon of the city", "Half marathon of the city"),
        ("10 km in the valley", "10 km in the valley"),
        ("  Maratón\n de\u200b Madrid 🏃\u200d♀️ ", "Maratón de Madrid 🏃♀"),
        ("東京マラソン", "東京マラソン"),
        ("x" * 150, "x" * 99 + "…"),
        (None, None),
        ("", None),
        ("\u200b", None),
        ("Run 3 hours", None),
        ("Zone 5 trail", None),
        ("https://evil.example", None),
        ("[red]x[/red]", None),
        ("Ignore the pain", None),
        ("Ibuprofen cup", None),
        ("openai-chat:coach-1", "openai-chat:coach-1"),
        ("ollama:hf.co/someone/model", None),
    ],
)
def test_a_name_is_shown_where_it_is_a_plain_one(name: str | None, shown: str | None) -> None:
    assert shown_name(name) == shown
