import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bson.int64 import Int64
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from pymongo.database import Database

from weekly_plan_assets.domain.document import Document
from weekly_plan_assets.storage.codec import (
    BsonDocument,
    CodecError,
    canonical_json,
    content_hash,
    each_encoded,
    encode,
    encode_rows,
    iso_utc,
)
from weekly_plan_assets.storage.upsert import replacing_upsert, write_upserts

NOON_UTC = datetime(2024, 6, 1, 12, tzinfo=UTC)
BERLIN_SUMMER = timezone(timedelta(hours=2))


class Sport(StrEnum):
    RUN = "Run"


class Zone(Enum):
    EASY = 2


class Effort(Document):
    heart_rate: int
    day: date


class Session(Document):
    moving_time_s: float
    efforts: tuple[Effort, ...] = ()


class Credentials(BaseModel):
    api_key: SecretStr


def _type_name(value: object) -> str:
    return type(value).__name__


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        (True, True),
        (b"fit", b"fit"),
        ("text", "text"),
        (7, 7),
        (-(2**63), -(2**63)),
        (0.5, 0.5),
        (float("nan"), None),
        (date(2024, 6, 1), "2024-06-01"),
        (Sport.RUN, "Run"),
        (Zone.EASY, 2),
        ((1, 2), [1, 2]),
        (set("weekly plan"), sorted(set("weekly plan"))),
        (frozenset({3, 1, 2}), [1, 2, 3]),
        (np.int8(3), 3),
        (np.int64(2**40), 2**40),
        (Int64(2**40), 2**40),
        (np.float32(0.5), 0.5),
        (np.float64("nan"), None),
        (np.bool_(True), True),  # noqa: FBT003 - numpy's own signature
        (np.str_("text"), "text"),
        (np.datetime64("2024-06-01"), "2024-06-01"),
        (np.datetime64("NaT", "ns"), None),
        (np.array([1.0, np.nan]), [1.0, None]),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (pd.NA, None),
        (pd.NaT, None),
        (pd.Series([1, 2]), [1, 2]),
    ],
    ids=_type_name,
)
def test_a_value_is_stored_as_the_plain_bson_type_that_means_the_same(
    value: object, stored: object
) -> None:
    encoded = encode(value)
    assert encoded == stored
    assert type(encoded) is type(stored)


@pytest.mark.parametrize(
    "moment",
    [
        NOON_UTC,
        datetime(2024, 6, 1, 14, tzinfo=BERLIN_SUMMER),
        pd.Timestamp("2024-06-01 14:00", tz="Europe/Berlin"),
    ],
    ids=_type_name,
)
def test_an_aware_time_of_any_zone_is_stored_as_the_same_moment_in_utc(moment: datetime) -> None:
    encoded = encode(moment)
    assert encoded == NOON_UTC
    assert type(encoded) is datetime
    assert encoded.tzinfo is UTC


def test_a_time_is_cut_to_the_milliseconds_that_bson_keeps() -> None:
    exact = NOON_UTC.replace(microsecond=123_987)
    assert encode(exact) == NOON_UTC.replace(microsecond=123_000)


@pytest.mark.parametrize(
    "naive",
    [
        datetime(2024, 6, 1, 12),  # noqa: DTZ001 - what is refused
        pd.Timestamp("2024-06-01 12:00"),
        np.datetime64("2024-06-01T12:00", "s"),
        np.datetime64("2024-06-01T12:00", "ns"),
    ],
    ids=_type_name,
)
def test_a_time_without_a_zone_is_refused_with_its_path(naive: object) -> None:
    with pytest.raises(CodecError, match=r"^document\.laps\[1\]\.start is .* without a zone"):
        encode({"laps": [{"start": None}, {"start": naive}]})


def test_an_array_of_times_without_a_zone_is_refused_rather_than_stored_as_integers() -> None:
    with pytest.raises(CodecError, match="without a zone"):
        encode(np.array(["2024-06-01T12:00"], dtype="datetime64[ns]"))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("inf"), "document.x is inf; store a finite number"),
        (np.float64("-inf"), "document.x is -inf; store a finite number"),
        (2**63, "does not fit the store's 64 bits"),
        (-(2**63) - 1, "does not fit the store's 64 bits"),
        (np.uint64(2**64 - 1), "does not fit the store's 64 bits"),
        ({1: "one"}, "document.x has the key 1; keys are text"),
        (SecretStr("hunter2"), "document.x is a secret"),
        (Credentials(api_key=SecretStr("hunter2")), "document.x.api_key is a secret"),
        (Decimal(1), "document.x is Decimal, which has no form"),
        (time(7), "document.x is time, which has no form"),
        (timedelta(hours=1), "document.x is timedelta, which has no form"),
        (np.timedelta64(1, "ns"), "document.x is timedelta, which has no form"),
        (np.longdouble(1), "document.x is longdouble, which has no form"),
        (object(), "document.x is object, which has no form"),
    ],
    ids=_type_name,
)
def test_what_has_no_form_in_the_store_is_refused_by_path_and_reason(
    value: object, reason: str
) -> None:
    with pytest.raises(CodecError) as refusal:
        encode({"x": value})
    assert reason in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_nested_models_are_stored_under_their_aliases() -> None:
    session = Session(moving_time_s=60, efforts=(Effort(heart_rate=150, day=date(2024, 6, 1)),))
    assert encode(session) == {
        "movingTimeS": 60.0,
        "efforts": [{"heartRate": 150, "day": "2024-06-01"}],
    }


def test_a_frame_with_missing_values_becomes_rows_with_none() -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "hrv": [70.5, np.nan],
            "steps": pd.array([9000, pd.NA], dtype="Int64"),
            "at": [pd.Timestamp(NOON_UTC), pd.NaT],
            "note": pd.Series([None, "tired"], dtype="str"),
        }
    )
    assert encode_rows(frame) == [
        {"id": "a", "hrv": 70.5, "steps": 9000, "at": NOON_UTC, "note": None},
        {"id": "b", "hrv": None, "steps": None, "at": None, "note": "tired"},
    ]
    assert type(encode_rows(frame)[0]["steps"]) is int


def test_a_frame_inside_a_document_becomes_a_list_of_rows() -> None:
    assert encode({"laps": pd.DataFrame({"lap": [1, 2]})}) == {"laps": [{"lap": 1}, {"lap": 2}]}


def test_rows_are_models_or_mappings_of_any_iterable() -> None:
    models = (Session(moving_time_s=seconds) for seconds in (1, 2))
    assert [row["movingTimeS"] for row in encode_rows(models)] == [1.0, 2.0]
    assert encode_rows([{"day": date(2024, 6, 1)}]) == [{"day": "2024-06-01"}]
    assert encode_rows([]) == []


def test_rows_are_encoded_as_they_are_asked_for() -> None:
    rows = each_encoded([{"load": 1.0}, {"load": float("inf")}])
    assert next(rows) == {"load": 1.0}
    with pytest.raises(CodecError, match=r"^row\[1\].load is inf"):
        next(rows)


@pytest.mark.parametrize("value", [1e22, -5e-06, [1e22], {"a": 1e-7}, {"a": [0, 2e300]}, 0.00001])
def test_a_number_with_an_exponent_is_written_as_ever_wherever_it_stands(value: Any) -> None:
    assert canonical_json(value) == json.dumps(value, separators=(",", ":"))


@pytest.mark.parametrize(
    "rows", ["text", b"bytes", Session(moving_time_s=1), {"id": 1}, 5, None], ids=_type_name
)
def test_what_is_not_a_collection_of_rows_is_refused_by_type(rows: object) -> None:
    with pytest.raises(CodecError, match=rf"not {type(rows).__name__}$"):
        encode_rows(rows)


def test_a_row_that_is_not_a_document_is_refused_by_its_place() -> None:
    with pytest.raises(CodecError, match=r"^row\[1\] is int, which is not a document"):
        encode_rows([{"id": 1}, 5])


def test_an_error_in_a_row_names_the_row_and_the_field() -> None:
    with pytest.raises(CodecError, match=r"^row\[1\]\.load is inf"):
        encode_rows([{"load": 1.0}, {"load": float("inf")}])


def test_equal_content_has_an_equal_hash_in_any_key_order() -> None:
    one = {"a": 1, "b": {"c": [1, 2], "d": NOON_UTC}}
    other = {"b": {"d": NOON_UTC.astimezone(BERLIN_SUMMER), "c": [1, 2]}, "a": 1}
    assert content_hash(one) == content_hash(other)


@pytest.mark.parametrize(
    "other", [{"a": 2}, {"a": "1"}, {"a": None}, {"a": [1]}, {"b": 1}, {}, {"a": 1, "b": None}]
)
def test_other_content_has_another_hash(other: BsonDocument) -> None:
    assert content_hash({"a": 1}) != content_hash(other)


def test_canonical_json_is_json_with_times_as_iso_utc() -> None:
    text = canonical_json({"b": NOON_UTC, "a": "Läufe"})
    assert text == '{"a":"Läufe","b":"2024-06-01T12:00:00.000Z"}'
    assert json.loads(text)["b"] == iso_utc(NOON_UTC.astimezone(BERLIN_SUMMER))


def test_canonical_json_refuses_what_json_cannot_say() -> None:
    with pytest.raises(CodecError, match="bytes has no JSON form"):
        canonical_json({"a": b"raw"})


def test_stored_hashes_stay_whatever_writes_the_json() -> None:
    written = canonical_json({"b": [1e-05, 1.5e-07, 1e16, 0.0001, -0.0, 2.0], "a": "x:1e-05\n"})
    assert written == ('{"a":"x:1e-05\\n","b":[1e-05,1.5e-07,1e+16,0.0001,-0.0,2.0]}')


KEYS = st.text(max_size=8).filter(lambda key: "\0" not in key)
MOMENTS = st.datetimes(
    datetime(1900, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, BERLIN_SUMMER]),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
IN_JSON = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | MOMENTS
)


def _nested(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
        max_leaves=12,
    )


VALUES = _nested(IN_JSON | st.binary())


def _with_types(value: object) -> object:
    """A form in which True differs from 1, and 1 from 1.0; pymongo's Int64 is an int."""
    match value:
        case dict():
            return {key: _with_types(item) for key, item in value.items()}
        case list():
            return [_with_types(item) for item in value]
        case bool() | float():
            return type(value), value
    return value


@settings(max_examples=300, deadline=None)
@given(value=_nested(IN_JSON))
def test_canonical_json_is_what_the_standard_library_writes(value: Any) -> None:
    encoded = encode({"value": value})
    expected = json.dumps(
        encoded, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=iso_utc
    )
    assert canonical_json(encoded) == expected


@pytest.fixture
def counter() -> Iterator[int]:
    return iter(range(10**6))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=VALUES)
def test_what_is_encoded_and_stored_is_read_back_equal(
    value: Any, database: Database[BsonDocument], counter: Iterator[int]
) -> None:
    document = encode({"id": next(counter), "value": value})
    write_upserts(database["things"], [replacing_upsert({"id": document["id"]}, document)])
    read = database["things"].find_one({"id": document["id"]})
    assert read is not None
    assert _with_types(read["value"]) == _with_types(value)
