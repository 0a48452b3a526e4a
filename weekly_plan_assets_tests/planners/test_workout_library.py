"""The library of hard workouts: what its files hold, and how a wrong file is refused."""

import pytest

from weekly_plan_assets.domain.plan.session_parts import Intent
from weekly_plan_assets.domain.plan.session_zones import zone_times_s
from weekly_plan_assets.domain.plan.weekly_plan import Phase, Sport
from weekly_plan_assets.domain.plan.workout_family import Family, SetPlace
from weekly_plan_assets.domain.texts.advice import faults_of_advice
from weekly_plan_assets.domain.texts.form import faults_of_form
from weekly_plan_assets.domain.texts.language import is_in_language
from weekly_plan_assets.planners.workout_library import (
    LibraryError,
    library,
    read_families,
)

OWN = """
- family: own-hills
  sport: run
  phases: [base, build]
  name: {en: My hills, es: Mis cuestas}
  purpose: {en: Strength., es: Fuerza.}
  where: {en: on my hill, es: en mi cuesta}
  stop: {en: Stop when tired., es: Para si te cansas.}
  uphill: true
  source: own practice
  levels: [LEVELS]
"""


def own(*levels: str) -> str:
    return OWN.replace("LEVELS", ", ".join(f"'{level}'" for level in levels))


def test_the_library_holds_sixty_workouts_and_more_for_each_kind_of_athlete() -> None:
    families = library().values()
    assert sum(len(family.levels) for family in families) >= 60
    for sport in (Sport.RUN, Sport.RIDE, Sport.SWIM):
        hard = [one for one in families if one.place is SetPlace.HARD]
        assert {one.zone for one in hard if one.sport is sport} == {3, 4, 5}
        race_zones = {one.race_zone for one in families if one.sport is sport}
        assert race_zones - {None}


def test_every_building_phase_has_work_in_every_sport() -> None:
    for sport in (Sport.RUN, Sport.RIDE, Sport.SWIM):
        for phase in (Phase.BASE, Phase.BUILD, Phase.SPECIFIC):
            assert any(one.sport is sport and phase in one.phases for one in library().values()), (
                sport,
                phase,
            )


NAMED_BY_INTENT = {"steady": Intent.STEADY, "tempo": Intent.TEMPO, "threshold": Intent.THRESHOLD}


@pytest.mark.parametrize("word", list(NAMED_BY_INTENT))
def test_a_workout_that_is_named_by_an_intent_is_done_at_it(word: str) -> None:
    hard = [one for one in library().values() if one.place is not SetPlace.EASY]
    named = [one for one in hard if word in one.name.in_language("en").lower()]
    assert named
    for family in named:
        works = [step.work for step in family.block(0).steps if step.work.zone >= 3]
        assert {work.intent for work in works} == {NAMED_BY_INTENT[word]}, family.family


def test_rests_that_are_said_to_be_no_longer_than_the_work_are_not() -> None:
    family = library()["ride-vo2-short"]
    for level in range(len(family.levels)):
        hard = [step for step in family.block(level).steps if step.work.intent is Intent.VO2]
        for step in hard:
            assert step.recovery is not None
            assert step.recovery.duration_s <= step.work.duration_s


def test_levels_are_read_as_they_are_written() -> None:
    (family,) = read_families(
        own("6 x 1 min vo2 / 90 s", "2 rounds of 6 x 1 min vo2 / 1 min 30 s; 3 min easy"), "own"
    )
    first, second = family.block(0), family.block(1)
    assert zone_times_s((first,)) == {1: 540, 5: 360}
    assert zone_times_s((second,)) == {1: 1080, 2: 360, 5: 720}
    assert second.repeats == 2
    assert first.steps[0].work.uphill
    assert first.steps[0].work.intent is Intent.VO2
    assert first.steps[0].recovery is not None
    assert not first.steps[0].recovery.uphill


def test_metres_become_time_by_the_speed_and_rests_end_with_a_send_off() -> None:
    family = library()["swim-css"]
    (step,) = family.block(0, lambda _: 0.93).steps
    assert step.recovery is not None
    assert step.work.distance_m == 100
    assert step.work.duration_s == 108
    assert (step.work.duration_s + step.recovery.duration_s) % 5 == 0
    assert step.recovery.duration_s >= 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("levels: [", "is no YAML"),
        ("family: own", "must hold a list"),
        (own("3 by 5 min", "4 x 5 min tempo"), "a level such as"),
        (own("3 x 5 min flat", "4 x 5 min tempo"), "a level such as"),
        (own("4 x 5 min tempo / 1 min", "2 x 5 min tempo / 1 min"), "levels with more work"),
        (own("4 x 5 min easy / 1 min"), "steady work or harder"),
        (own("4 x 5 min race / 1 min"), "race_zone"),
        (own("100 x 90 min tempo"), "less than four hours"),
        (own("0 x 5 min tempo"), "greater than or equal to 1"),
        (own("3 x 0 min tempo"), "a level such as"),
        (own("5 x 1 km tempo").replace("sport: run", "sport: ride"), "rides in minutes"),
        (own("1 min vo2", "2 min vo2").replace("sport: run", "sport: chess"), "sport"),
        (own("1 min vo2", "2 min vo2").replace("own-hills", "Own Hills"), "family"),
        (own("1 min vo2", "2 min vo2").replace("uphill: true", "downhill: true"), "downhill"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_the_way_out(text: str, message: str) -> None:
    with pytest.raises(LibraryError, match=r"own\.yaml") as refused:
        read_families(text, "own.yaml")
    assert message in str(refused.value)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("family", library().values(), ids=library())
def test_what_is_said_of_a_workout_is_plain_safe_and_in_its_language(
    family: Family, language: str
) -> None:
    said = (family.name, family.purpose, family.where, family.stop, family.how)
    assert len([one for one in said if one is not None]) >= 4
    assert len(family.levels) >= 4
    for text in (one.in_language(language) for one in said if one is not None):
        assert not [*faults_of_form(text), *faults_of_advice(text)], text
        assert is_in_language(text, language), text
