"""One bad row, value, key or character is named and left out; all others are read."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.domain.recorded.calendar import CalendarEvent
from weekly_plan_assets.domain.recorded.left_out import LeftOut
from weekly_plan_assets.domain.recorded.sport_settings import SportSettings
from weekly_plan_assets.domain.recorded.wellness import WellnessDay
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.json_rows import MOST_NAMED, ParsedRows, parse_rows
from weekly_plan_assets.storage.codec import content_hash, encode_rows
from weekly_plan_assets_tests.support.graph import activity, wellness_day

GOOD = activity("good", "2024-01-02T07:00:00")
START = "2024-01-01T08:00:00"
WAY_OUT = "export it again"


def parsed(content: str | bytes, model: Any = Activity) -> ParsedRows[Any]:
    text = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return parse_rows(text, "a.json", model, way_out=WAY_OUT)


def with_good(row: str, model: Any = Activity, good: Any = GOOD) -> ParsedRows[Any]:
    """The bad row first, and a good one after it, which is always read."""
    answer = parsed(f"[{row}, {json.dumps(good)}]", model)
    assert answer.rows[-1] == model.model_validate(good)
    for problem in answer.problems:
        assert "\n" not in str(problem)
        assert len(str(problem)) < 300
    encode_rows(answer.rows)
    return answer


def bad_activity(**values: Any) -> str:
    return json.dumps(activity("bad", START) | values)


@pytest.mark.parametrize(
    ("row", "sentence", "id_", "day"),
    [
        ("1", "row 0 is 1, no object; it is left out", None, None),
        ("null", "row 0 is None, no object", None, None),
        ("[]", "row 0 is [], no object", None, None),
        ('"text"', "row 0 is 'text', no object", None, None),
        ("9" * 5000, "row 0 is inf, no object", None, None),
        ("[" * 100_000 + "]" * 100_000, "row 0 is nested too deep", None, None),
        (
            '{"a": "]}\\"[{", "b": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "row 0 is nested",
            None,
            None,
        ),
        ("{}", "row 0 has no id", None, None),
        ('{"id": "x"}', "row 0 (id x) has no start_date_local; it is left out", "x", None),
        (bad_activity(id=None), "row 0 (2024-01-01) has id = None", None, date(2024, 1, 1)),
        (bad_activity(id=""), "row 0 (2024-01-01) has id = ''", None, date(2024, 1, 1)),
        (bad_activity(id=1.5), "has id = 1.5", None, date(2024, 1, 1)),
        (bad_activity(id=True), "has id = True", None, date(2024, 1, 1)),
        (bad_activity(id=["x"]), "has id = ['x']", None, date(2024, 1, 1)),
        (bad_activity(id="x" * 5000), "has id = 'xxx", None, date(2024, 1, 1)),
        (bad_activity(start_date_local="soon"), "has start_date_local = 'soon'", "bad", None),
        (bad_activity(start_date_local=None), "has start_date_local = None", "bad", None),
        (bad_activity(start_date_local=17e8), "has start_date_local = 1700000000.0", "bad", None),
        (bad_activity(start_date_local="0001-01-01T00:00:00"), "between the years", "bad", None),
        (bad_activity(start_date_local="9999-12-31T23:59:59"), "between the years", "bad", None),
        (
            bad_activity(start_date_local="2024-02-30T07:00:00"),
            "'2024-02-30T07:00:00'",
            "bad",
            None,
        ),
        (
            bad_activity(start_date_local="2024-01-01T25:00:00"),
            "row 0 (id bad, 2024-01-01) has start_date_local = '2024-01-01T25:00:00'",
            "bad",
            date(2024, 1, 1),
        ),
    ],
)
def test_a_row_without_name_or_day_is_left_out(
    row: str, sentence: str, id_: str | None, day: date | None
) -> None:
    answer = with_good(row)
    assert len(answer.rows) == 1
    (problem,) = answer.problems
    assert sentence in problem.reason
    left_out = problem.left_out
    assert left_out is not None
    assert (left_out.id, left_out.day, left_out.key) == (id_, day, None)


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("moving_time", "[1, 2]", "[1, 2]"),
        ("moving_time", '{"s": 5}', "{'s': 5}"),
        ("moving_time", '"an hour"', "'an hour'"),
        ("moving_time", "true", "True"),
        ("moving_time", "1e999", "inf"),
        ("moving_time", "NaN", "nan"),
        ("moving_time", "-Infinity", "-inf"),
        ("moving_time", "9223372036854775808", "9223372036854775808"),
        ("moving_time", "1" * 30, "111111111111111111111111111111"),
        ("moving_time", "-" + "1" * 5000, "-inf"),
        ("elapsed_time", "9e40", "9e+40"),
        ("distance", "1e999", "inf"),
        ("distance", '"far"', "'far'"),
        ("distance", '"1e999"', "'1e999'"),
        ("icu_training_load", "[40]", "[40]"),
        ("average_speed", '"fast"', "'fast'"),
        ("max_speed", "[3]", "[3]"),
        ("start_date", "5", "5"),
        ("interval_summary", '"3x"', "'3x'"),
        ("interval_summary", "[[1]]", "[1]"),
        ("name", '["a"]', "['a']"),
        ("type", "{}", "{}"),
        ("icu_hr_zones", "5", "5"),
        ("icu_hr_zone_times", '[60, "x", "y"]', "'x'"),
    ],
)
def test_a_value_that_is_refused_is_named_and_missing_and_its_row_stays(
    key: str, value: str, shown: str
) -> None:
    row = f'{bad_activity()[:-1]}, "{key}": {value}}}'
    answer = with_good(row)
    kept = answer.rows[0]
    assert (kept.id, kept.day) == ("bad", date(2024, 1, 1))
    assert kept.model_dump().get(key) is None
    (problem,) = answer.problems
    assert problem.reason.startswith(f"row 0 (id bad, 2024-01-01) has {key}")
    assert shown in problem.reason
    assert problem.reason.endswith("; the value is left out")
    assert problem.left_out == LeftOut(
        collection="activities",
        id="bad",
        day=date(2024, 1, 1),
        key=key,
        reason=f"a.json: {problem.reason}",
    )


def test_several_bad_values_of_a_row_are_named_one_by_one() -> None:
    answer = with_good(bad_activity(distance="far", moving_time=[], trimp={}, type=[1]))
    assert [one.key for one in answer.left_out] == ["type", "distance", "moving_time", "trimp"]
    assert answer.rows[0].training_load == 35


@pytest.mark.parametrize(("sent", "kept"), [(3600.4, 3600), ("3600", 3600), (9e18, int(9e18))])
def test_a_number_in_another_form_is_a_number(sent: Any, kept: int) -> None:
    answer = with_good(bad_activity(moving_time=sent))
    assert answer.rows[0].moving_time_s == kept
    assert answer.problems == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (r"Run with friends \ud83d", "Run with friends \ufffd"),
        (r"\udc00\ud83d x", "\ufffd\ufffd x"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"a\u0000b\u0007c", "abc"),
        ("a\\u009fb", "ab"),
    ],
)
def test_a_character_that_no_text_can_hold_is_replaced(name: str, kept: str) -> None:
    answer = with_good(f'{bad_activity()[:-1]}, "name": "{name}"}}')
    assert answer.rows[0].name == kept
    assert [problem.left_out for problem in answer.problems] == [None] * (kept != "\U0001f600")
    for problem in answer.problems:
        assert "row 0 (id bad, 2024-01-01) has a text in name with characters" in problem.reason


def test_bytes_that_are_no_text_are_replaced() -> None:
    row = bad_activity(name="NAME").encode().replace(b"NAME", b"Morning \xf0\x9f")
    answer = parsed(b"[" + row + b"]")
    assert answer.rows[0].name == "Morning \ufffd"
    assert "is not UTF-8" in answer.problems[0].reason


def test_a_control_character_in_one_name_spoils_no_other_row() -> None:
    row = bad_activity(name="NAME").replace("NAME", "Long\0 run\x1b[2J")
    answer = with_good(row)
    assert answer.rows[0].name == "Long run[2J"
    assert "with characters that no text can hold" in answer.problems[0].reason


@pytest.mark.timeout(20)
@pytest.mark.parametrize("end", ["", "\\", '"'])
def test_a_text_without_an_end_in_a_deep_value_is_found_at_once(end: str) -> None:
    text = "[" * 5000 + '"' + '\\"' * 1_000_000 + end
    with pytest.raises(SourceError, match="is not JSON"):
        parsed(text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("value", [1, "x"])
@pytest.mark.parametrize("key", ["icu_hr_zones", "icu_hr_zone_times"])
def test_a_list_without_an_end_is_left_out_and_the_row_stays(key: str, value: object) -> None:
    answer = with_good(bad_activity(**{key: [value] * 1_000_000}))
    assert len(answer.rows) == 2
    (problem,) = answer.problems
    assert f"has {key} = [" in problem.reason
    assert "at most 100 values" in problem.reason


def test_a_name_without_an_end_is_cut() -> None:
    answer = with_good(bad_activity(name="x" * 1_000_000))
    assert len(answer.rows[0].name or "") == 1000
    assert "name of 1000000 characters; it was cut" in answer.problems[0].reason


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x", "1" * 30),
        ("x", "-9223372036854775808"),
        ("x", "1e999"),
        ("x", "NaN"),
        ("x", "[" * 300 + "]" * 300),
        ("x", '{"a": ' * 300 + "1" + "}" * 300),
        ("x", "[" + "1," * 100_000 + "1]"),
        ("x", f'"{"y" * 100_000}"'),
        ("x", r'{"a\u0000": 1}'),
        ("x", r'{"$set": 1}'),
        ("x", r'{"": 1}'),
        ("x", '{"a": [1, {"b": 1e999}]}'),
        (r"\u0000", "1"),
        (r"a\u0000b", "1"),
        (r"\ud83d", "1"),
        ("", "1"),
        ("$where", "1"),
        ("a.b", "1"),
        ("k" * 1000, "1"),
        ("_id", "1"),
        ("athleteId", '"somebody"'),
        ("weekStart", '"2020-01-06"'),
        ("contentHash", '"abc"'),
        ("createdAt", "1"),
    ],
)
def test_an_unknown_key_that_cannot_be_stored_is_left_out_and_the_row_stays(
    key: str, value: str
) -> None:
    row = f'{bad_activity()[:-1]}, "{key}": {value}}}'
    answer = with_good(row)
    assert answer.rows[0] == Activity.model_validate(json.loads(bad_activity()))
    (problem,) = answer.problems
    assert problem.left_out is None
    assert problem.reason.startswith("row 0 (id bad, 2024-01-01) has ")
    assert problem.reason.endswith("; it is left out")


def test_a_key_that_is_odd_in_every_row_is_named_once() -> None:
    rows = [activity(str(n), START) | {"odd": 10**30, "fine": {"a": [1]}} for n in range(50)]
    answer = parsed(json.dumps(rows))
    assert len(answer.rows) == 50
    assert [problem.reason for problem in answer.problems] == [
        "row 0 (id 0, 2024-01-01) has 'odd', which holds a number that does not fit into 64 bits; "
        "it is left out",
        "'odd' is likewise in 49 more rows",
    ]
    assert answer.rows[0].model_dump()["fine"] == {"a": [1]}


def test_keys_without_an_end_are_left_out() -> None:
    answer = with_good(bad_activity(**{f"k{n}": n for n in range(10_000)}))
    assert len(answer.rows[0].model_dump()) < 600
    assert "comes after 500 other unknown keys" in answer.problems[0].reason


def test_the_first_of_two_rows_of_one_id_is_used() -> None:
    rows = [activity("1", START, distance=1), GOOD, activity("1", START, distance=2)]
    answer = parsed(json.dumps(rows))
    assert [row.distance_m for row in answer.rows] == [1, 7000]
    (problem,) = answer.problems
    assert "row 2 (id 1, 2024-01-01) has the id of row 0 once more" in problem.reason
    assert problem.left_out is not None
    assert problem.left_out.is_row


@pytest.mark.parametrize(
    ("row", "sentence", "id_", "rows"),
    [
        (wellness_day("soon"), "row 0 has id = 'soon'", None, 1),
        ({"hrv": 70}, "row 0 has no id", None, 1),
        (wellness_day("0001-01-01"), "row 0 has id = '0001-01-01'", None, 1),
        (wellness_day("9999-12-31"), "row 0 has id = '9999-12-31'", None, 1),
        (wellness_day("2024-01-01", hrv="n/a"), "(id 2024-01-01) has hrv = 'n/a'", "2024-01-01", 2),
        (wellness_day("2024-01-01", hrvSDNN="n/a"), "has hrvSDNN = 'n/a'", "2024-01-01", 2),
        (wellness_day("2024-01-01", fitnessModel=[1]), "has fitnessModel", "2024-01-01", 2),
        (wellness_day("2024-01-01", sleepSecs=[8]), "has sleepSecs = [8]", "2024-01-01", 2),
        (wellness_day("2024-01-02"), "has the id of row 1", "2024-01-02", 2),
    ],
)
def test_a_day_of_wellness_likewise(
    row: dict[str, Any], sentence: str, id_: str | None, rows: int
) -> None:
    good = wellness_day("2024-01-02")
    if sentence.startswith("has the id"):
        answer = parsed(json.dumps([wellness_day("2024-01-01"), good, row]), WellnessDay)
    else:
        answer = with_good(json.dumps(row), WellnessDay, good)
    assert len(answer.rows) == rows
    (problem,) = answer.problems
    assert sentence in problem.reason
    assert problem.left_out is not None
    assert (problem.left_out.collection, problem.left_out.id) == ("wellness", id_)


@pytest.mark.parametrize(
    ("model", "row"),
    [
        (SportSettings, {"types": "Run"}),
        (SportSettings, {"lthr": 170}),
        (CalendarEvent, {"id": 1}),
        (CalendarEvent, {"id": 1, "start_date_local": "2024"}),
    ],
)
def test_settings_and_calendar_entries_likewise(model: Any, row: dict[str, Any]) -> None:
    good: dict[str, Any] = {"types": ["Run"], "lthr": 170}
    if model is CalendarEvent:
        good = {"id": 2, "start_date_local": "2024-01-01T00:00:00"}
    answer = with_good(json.dumps(row), model, good)
    assert len(answer.rows) == 1
    assert len(answer.problems) == 1


def test_an_answer_in_which_most_is_wrong_is_not_believed() -> None:
    rows = [{"identifier": n} for n in range(20)]
    with pytest.raises(SourceError, match=r"a\.json: 20 of 25 rows cannot be used, the first: row"):
        parsed(json.dumps(rows + [activity(str(n), START) for n in range(5)]))
    assert len(parsed(json.dumps(rows[:4])).problems) == 4


def test_what_is_wrong_without_an_end_is_counted() -> None:
    rows = [activity(str(n), START, distance="far") for n in range(MOST_NAMED + 234)]
    answer = parsed(json.dumps(rows))
    assert len(answer.rows) == len(rows)
    assert len(answer.problems) == MOST_NAMED + 1
    assert answer.problems[-1].reason == "234 more rows or values cannot be used"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(codec=None), max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.text(st.characters(codec=None), max_size=4), inside, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("id", "start_date_local", "start_date", "type", "name", "source", "distance"),
        *("moving_time", "elapsed_time", "icu_training_load", "trimp", "average_heartrate"),
        *("icu_hr_zones", "icu_hr_zone_times", "interval_summary", "average_speed", "lthr"),
        *("hrv", "hrvSDNN", "ctl", "sleepSecs", "updated", "distance_m", "day", "_note"),
    ]
)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(st.lists(st.dictionaries(KEYS | st.text(max_size=3), JSON, max_size=8), max_size=4))
@pytest.mark.parametrize("model", [Activity, WellnessDay, CalendarEvent, SportSettings])
def test_whatever_a_row_holds_what_is_kept_can_be_stored(
    model: Any, rows: list[dict[str, Any]]
) -> None:
    answer = parsed(json.dumps(rows), model)
    for document in encode_rows(answer.rows):
        content_hash(document).encode()
    for problem in answer.problems:
        str(problem).encode()
