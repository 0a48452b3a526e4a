from datetime import date

import pytest

from weekly_plan_assets.domain.plan.session_id import (
    OwnEntryId,
    is_own,
    parse_own_id,
    session_id,
    week_note_id,
)

MONDAY = date(2026, 11, 30)


def test_a_session_is_named_by_its_week_its_day_and_its_number() -> None:
    named = session_id(MONDAY, date(2026, 12, 2), 1)
    assert named == "weekly-plan:2026-11-30:2026-12-02:1"
    assert parse_own_id(named) == OwnEntryId(MONDAY, date(2026, 12, 2), 1)


def test_the_note_of_a_week_is_named_by_its_week() -> None:
    named = week_note_id(MONDAY)
    assert named == "weekly-plan:2026-11-30:note"
    assert parse_own_id(named) == OwnEntryId(MONDAY)
    assert OwnEntryId(MONDAY).is_week_note
    assert not OwnEntryId(MONDAY, MONDAY, 1).is_week_note


@pytest.mark.parametrize(
    ("monday", "day", "number"),
    [
        (date(2026, 12, 1), date(2026, 12, 2), 1),
        (MONDAY, date(2026, 12, 7), 1),
        (MONDAY, date(2026, 11, 29), 1),
        (MONDAY, MONDAY, 0),
    ],
)
def test_what_is_no_slot_of_a_week_has_no_id(monday: date, day: date, number: int) -> None:
    with pytest.raises(ValueError, match=r"Monday|week|numbered"):
        session_id(monday, day, number)


@pytest.mark.parametrize(
    "external_id",
    [
        *(
            "weekly-plan:",
            "weekly-plan:note",
            "weekly-plan:2026-11-30",
            "weekly-plan:2026-12-01:note",
        ),
        *("weekly-plan:2026-11-30:2026-12-02", "weekly-plan:2026-11-30:2026-12-02:01"),
        *("weekly-plan:2026-11-30:2026-12-07:1", "weekly-plan:2026-11-30:2026-12-02:1:2"),
        *("weekly-plan:20261130:note", "weekly-plan:2026-11-30:2026-12-02:٣"),
    ],
)
def test_an_id_with_our_prefix_is_ours_even_where_it_names_nothing(external_id: str) -> None:
    assert is_own(external_id)
    assert parse_own_id(external_id) is None


@pytest.mark.parametrize(
    "external_id", [None, "", 7, "weekly-plan", "weekly-planner:2026-11-30:note", "WEEKLY-PLAN:x"]
)
def test_an_id_of_others_is_not_ours(external_id: object) -> None:
    assert not is_own(external_id)
    assert parse_own_id(external_id) is None
