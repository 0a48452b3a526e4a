from datetime import timedelta

import pytest

from weekly_plan_assets.domain.athlete.athlete import Absence, AbsenceKind, Athlete
from weekly_plan_assets.domain.athlete.injury import Tissue, tissue_of
from weekly_plan_assets.domain.envelope.comeback import SHARES, Comeback, comeback
from weekly_plan_assets.domain.week import TrainingWeek

OBSERVED = TrainingWeek.parse("2025-03-31")
HOURS_S = 5 * 3600.0


def away(kind: AbsenceKind, days: int, ended_weeks_ago: int, hurt: Tissue | None = None) -> Athlete:
    """Who was away for so many days up to a Sunday, 0 for that of the observed week."""
    last = OBSERVED.shift(-ended_weeks_ago).end
    absence = Absence(first=last - timedelta(days=days - 1), last=last, kind=kind, hurt=hurt)
    return Athlete(athlete_id="i1", absences=(absence,))


def way_back(
    kind: AbsenceKind, days: int, hurt: Tissue | None = None, weeks: int = 8
) -> list[Comeback | None]:
    """The weeks after the absence, one after another."""
    return [comeback(away(kind, days, ago, hurt), OBSERVED, {}) for ago in range(weeks)]


@pytest.mark.parametrize(
    ("days", "weeks"), [(3, 1), (7, 1), (8, 2), (10, 2), (15, 3), (22, 4), (60, 4)]
)
def test_the_way_back_takes_about_as_long_as_the_illness(days: int, weeks: int) -> None:
    found = way_back(AbsenceKind.SICK, days)
    back = [one for one in found if one is not None]
    assert [one.week for one in back] == list(range(1, weeks + 1))
    assert tuple(one.share for one in back) == SHARES[weeks]
    assert all(one is None for one in found[weeks:])


def test_a_cold_of_a_day_or_two_calls_for_no_way_back_and_an_injury_of_a_day_does() -> None:
    assert way_back(AbsenceKind.SICK, 2)[0] is None
    assert way_back(AbsenceKind.INJURED, 1)[0] is not None


@pytest.mark.parametrize("hurt", [Tissue.BONE, Tissue.TENDON])
def test_after_bone_or_tendon_running_comes_back_over_four_weeks_every_other_day(
    hurt: Tissue,
) -> None:
    back = [one for one in way_back(AbsenceKind.INJURED, 10, hurt) if one is not None]
    assert [one.weeks for one in back] == [4] * 4
    assert {one.run_every_days for one in back} == {2}
    stretches_s = [one.run_stretch_s for one in back]
    assert stretches_s == [120, 240, 480, None]
    longest_s = [one.longest_run_s or 0 for one in back]
    assert longest_s == sorted(longest_s)


def test_after_another_injury_runs_are_apart_without_walks() -> None:
    for hurt in (Tissue.OTHER, None):
        back = [one for one in way_back(AbsenceKind.INJURED, 10, hurt) if one is not None]
        assert [(one.weeks, one.run_every_days, one.run_stretch_s) for one in back] == [
            (2, 2, None)
        ] * 2


def test_after_illness_runs_may_follow_one_another() -> None:
    back = comeback(away(AbsenceKind.SICK, 10, 0), OBSERVED, {})
    assert back is not None
    assert (back.run_every_days, back.hurt) == (1, None)


def test_a_holiday_is_nothing_to_come_back_from() -> None:
    assert way_back(AbsenceKind.HOLIDAY, 14) == [None] * 8


def test_an_illness_that_begins_later_is_not_looked_at() -> None:
    ahead = Absence(
        first=OBSERVED.shift(2).start, last=OBSERVED.shift(3).end, kind=AbsenceKind.SICK
    )
    athlete = Athlete(athlete_id="i1", absences=(ahead,))
    assert comeback(athlete, OBSERVED, {}) is None


def weeks_of(*trained: bool) -> dict[object, float]:
    """Weeks with and without training, the observed one last."""
    return {
        OBSERVED.shift(-back).start: HOURS_S if one else 0.0
        for back, one in enumerate(reversed(trained))
    }


@pytest.mark.parametrize(
    ("trained", "expected"),
    [
        ((True, True, False, False), (1, 2)),
        ((True, True, False, False, True), (2, 2)),
        ((True, True, False, False, True, True), None),
        ((True, *[False] * 5), (1, 4)),
        ((True, *[False] * 5, True, True, True), (4, 4)),
        ((True, True, False, True), None),
        ((True, True, True), None),
        ((False, False), None),
    ],
)
def test_after_weeks_without_training_the_way_back_depends_on_how_many_they_were(
    trained: tuple[bool, ...], expected: tuple[int, int] | None
) -> None:
    back = comeback(Athlete(athlete_id="i1"), OBSERVED, weeks_of(*trained))  # type: ignore[arg-type]
    assert (back and (back.week, back.weeks)) == expected


def test_of_two_ways_back_the_one_that_leaves_less_decides() -> None:
    ill = away(AbsenceKind.SICK, 20, 2)
    hurt = away(AbsenceKind.INJURED, 8, 0, Tissue.BONE)
    both = ill.model_copy(update={"absences": (*ill.absences, *hurt.absences)})
    assert comeback(both, OBSERVED, {}) == comeback(hurt, OBSERVED, {})


@pytest.mark.parametrize(
    ("words", "tissue"),
    [
        ("Stress fracture of the tibia", Tissue.BONE),
        ("shin splints", Tissue.BONE),
        ("Fractura de metatarso", Tissue.BONE),
        ("Achilles, left", Tissue.TENDON),
        ("tendinitis rotuliana", Tissue.TENDON),
        ("plantar fasciitis", Tissue.TENDON),
        ("calf strain", Tissue.OTHER),
        ("Lesionado", Tissue.OTHER),
        ("  ", None),
        (None, None),
    ],
)
def test_what_is_hurt_is_read_from_the_words_for_it(
    words: str | None, tissue: Tissue | None
) -> None:
    assert tissue_of(words) is tissue
