import os
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED
from weekly_plan_assets.domain.athlete.file_fields import HalfDays
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.storage.codec import encode

NEXT_YEAR = datetime.now(UTC).year + 1
EXAMPLE = PROJECT_ROOT / "docs" / "athlete.example.yaml"


def read(folder: Path, text: str) -> AthleteFile:
    path = folder / "athlete.yaml"
    path.write_text(text, encoding="utf-8")
    return read_athlete_file(path)


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(SourceError) as refused:
        read(folder, text)
    return str(refused.value).removeprefix(str(folder / "athlete.yaml"))


def test_the_example_is_valid_and_tells_every_key() -> None:
    assert read_athlete_file(EXAMPLE).model_fields_set == set(AthleteFile.model_fields) - {"id"}
    assert "\n# id: " in EXAMPLE.read_text(), "an id that everybody copied would tell nobody apart"


def test_what_is_left_out_is_not_known(tmp_path: Path) -> None:
    file = read(tmp_path, "max_hr_bpm: 190\nresting_hr_bpm:\n")
    assert file == AthleteFile(max_hr_bpm=190)
    assert file.heart_rates_bpm == {"max_hr_bpm": 190}


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\ufeff", "---\n"])
def test_an_empty_file_says_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == AthleteFile()


def test_the_last_zone_tells_the_maximum(tmp_path: Path) -> None:
    file = read(tmp_path, "zone_upper_bpm: [130, 145, 160, 175, 188]")
    assert file.heart_rates_bpm == {"max_hr_bpm": 188}


def test_weekdays_and_sports_may_be_written_in_any_case_and_days_in_spanish(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "availability: {LUNES: 0, Miercoles: 45, sábado: 90, Sunday: 120}\n"
        "strength_days: [Jueves]\nlong_run_day: domingo\nsports: [Run, SWIM]\n",
    )
    assert file.availability == {"Monday": 0, "Wednesday": 45, "Saturday": 90, "Sunday": 120}
    assert (file.strength_days, file.long_run_day) == ((3,), 6)
    assert file.sports == (Sport.RUN, Sport.SWIM)


def test_halves_of_days_and_sports_of_days_may_be_written_in_spanish_too(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "half_days:\n  martes: {am: 45, pm: 60}\n  Friday: {pm: 30}\n"
        "sports_by_day:\n  jueves: [swim, Run]\n",
    )
    assert file.half_days == {"Tuesday": HalfDays(am=45, pm=60), "Friday": HalfDays(am=0, pm=30)}
    assert file.sports_by_day == {"Thursday": (Sport.SWIM, Sport.RUN)}


def test_clocks_and_cycles_are_not_taken_for_numbers_of_sixties(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        "load_cycle: 3:1\nraces:\n  - {date: 2026-05-10, priority: A, target: 1:35:00}\n"
        "  - {date: '2026-06-10', priority: B, target: 0:45:30}\n",
    )
    assert file.load_cycle == "3:1"
    assert [race.target_time_s for race in file.races] == [5700, 2730]
    assert [race.date for race in file.races] == [date(2026, 5, 10), date(2026, 6, 10)]


@pytest.mark.parametrize("key", ["races", "availability", "anchored", "absences", "timezone"])
def test_a_key_that_is_left_empty_says_nothing(tmp_path: Path, key: str) -> None:
    assert read(tmp_path, f"{key}:\n  # later") == AthleteFile()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "resting_hr_bpm: 50\nmax_hr_bpm: fast\n",
            ", line 2: max_hr_bpm is fast, but allowed is a whole number of bpm from 100 to 240",
        ),
        (
            "max_hr_bpm: 190.5",
            ", line 1: max_hr_bpm is 190.5, but allowed is a whole number of bpm from 100 to 240",
        ),
        (
            "# mine\nresting_hr_bpm: 250",
            ", line 2: resting_hr_bpm is 250, but allowed is a whole number of bpm from 25 to 120",
        ),
        (
            "max_hr_bpm: 2024-13-45",
            ", line 1: max_hr_bpm is 2024-13-45, but allowed is a whole number of bpm from 100 to "
            "240",
        ),
        (
            "max_hr_bpm: 105\n\nresting_hr_bpm: 110",
            ", line 1: max_hr_bpm is 105, but allowed is a heart rate above resting_hr_bpm, which "
            "is 110",
        ),
        (
            "threshold_hr_bpm: 190\nmax_hr_bpm: 190",
            ", line 2: max_hr_bpm is 190, but allowed is a heart rate above threshold_hr_bpm, "
            "which is 190",
        ),
        (
            "zone_upper_bpm:\n  - 130\n  - 145\n  - high\n  - 175\n  - 188\n",
            ", line 4: zone_upper_bpm, item 3, is high, but allowed is a list of five ascending "
            "whole numbers of bpm from 50 to 240",
        ),
        (
            "zone_upper_bpm: [130, 145, 160, 175]",
            ", line 1: zone_upper_bpm is [130, 145, 160, 175], but allowed is a list of five "
            "ascending whole numbers of bpm from 50 to 240",
        ),
        (
            "zone_upper_bpm: [130, 160, 145, 175, 188]",
            ", line 1: zone_upper_bpm is [130, 160, 145, 175, 188], but allowed is a list of five "
            "ascending whole numbers of bpm from 50 to 240",
        ),
        (
            "max_hr_bpm: 190\nzone_upper_bpm: [130, 145, 160, 175, 188]",
            ", line 2: zone_upper_bpm is [130, 145, 160, 175, 188], but allowed is a list that "
            "ends with max_hr_bpm, which is 190",
        ),
        (
            "threshold_hr_bpm: 190\nzone_upper_bpm: [130, 145, 160, 175, 188]",
            ", line 2: zone_upper_bpm is [130, 145, 160, 175, 188], but allowed is a list that "
            "ends above threshold_hr_bpm, which is 190",
        ),
        (
            "trimp_weighting: Men",
            ", line 1: trimp_weighting is Men, but allowed is men or women",
        ),
        (
            "trimp_weighting:",
            ", line 1: trimp_weighting is empty, but allowed is men or women",
        ),
        (
            "strength_feeds_ctl: 'no'",
            ", line 1: strength_feeds_ctl is 'no', but allowed is true or false",
        ),
        (
            "max_hr_bpm: 3:10",
            ", line 1: max_hr_bpm is 3:10, but allowed is a whole number of bpm from 100 to 240",
        ),
        (
            "races:\n- date: 2026-05-10\n  priority: D",
            ", line 3: races, item 1, priority, is D, but allowed is A, B or C",
        ),
        (
            "races:\n- date: 2026-13-10\n  priority: A",
            ", line 2: races, item 1, date, is 2026-13-10, but allowed is a date as YYYY-MM-DD",
        ),
        (
            "races:\n- date: 2026-05-10 10:00\n  priority: A",
            ", line 2: races, item 1, date, is 2026-05-10 10:00, but allowed is a date as "
            "YYYY-MM-DD",
        ),
        (
            "races:\n- date: 20260510\n  priority: A",
            ", line 2: races, item 1, date, is 20260510, but allowed is a date as YYYY-MM-DD",
        ),
        (
            "races:\n- date: '2026-02-30'\n  priority: A",
            ", line 2: races, item 1, date, is '2026-02-30', but allowed is a date as YYYY-MM-DD",
        ),
        (
            "races:\n- {date: 2026-05-10, priority: A}\n- date: 2026-05-17\n",
            ", line 3: races, item 2, has no priority; add it, A, B or C",
        ),
        (
            "races:\n- date: 2026-05-10\n  priority: A\n  target: 1:35",
            ", line 4: races, item 1, target, is 1:35, but allowed is a time as h:mm:ss",
        ),
        (
            "races:\n- date: 2026-05-10\n  priority: A\n  distance: 10",
            ", line 4: races, item 1, distance, is 10, but there is no such key (did you mean "
            "distance_km?); allowed are date, priority, name, sport, distance_km, target",
        ),
        (
            "races:\n- date: 2026-05-10\n  priority: A\n  distance_km: .nan",
            ", line 4: races, item 1, distance_km, is .nan, but allowed is a number of km above 0 "
            "and up to 1000",
        ),
        (
            "races: next year",
            ", line 1: races is next year, but allowed is a list of races, each with date and "
            "priority",
        ),
        (
            "availability:\n  monday: 30\n  no: 30",
            ", line 3: availability has the key no, but allowed is a weekday in English or "
            "Spanish, such as monday or lunes",
        ),
        (
            "availability:\n  ? [a]\n  : 30",
            ", line 2: availability has the key ?, but allowed is a weekday in English or "
            "Spanish, such as monday or lunes",
        ),
        (
            "availability:\n  martes: 1:30",
            ", line 2: availability, martes, is 1:30, but allowed is for each weekday a whole "
            "number of minutes from 0 to 1440",
        ),
        (
            "availability: {monday: 30, lunes: 40}",
            ", line 1: availability is {monday: 30, lunes: 40}, but allowed is each weekday once, "
            "but Monday stands twice",
        ),
        (
            "availability:\n  monday: 30\n  monday: 40",
            ", line 3: monday stands in line 2 already, but allowed is each key once; remove one "
            "of them",
        ),
        (
            "anchored:\n- {day: friday, sport: run, kind: race, minutes: 60}",
            ", line 2: anchored, item 1, kind, is race, but allowed is one of recovery, easy, "
            "long, tempo, threshold, vo2, strength",
        ),
        (
            "anchored:\n- {day: friday, sport: run, kind: easy, minutes: 0}",
            ", line 2: anchored, item 1, minutes, is 0, but allowed is a whole number of minutes "
            "from 1 to 1440",
        ),
        (
            "anchored:\n- {day: friday, sport: run, kind: strength, minutes: 9}",
            ", line 2: anchored, item 1, is {day: friday, sport: run, kind: strength, minutes: "
            "9}, but allowed is sport strength with kind strength, and no other",
        ),
        (
            "strength_days: [tuesday, no]",
            ", line 1: strength_days, item 2, is no, but allowed is a weekday in English or "
            "Spanish, such as monday or lunes",
        ),
        (
            "long_run_day: 6",
            ", line 1: long_run_day is 6, but allowed is a weekday in English or Spanish, such as "
            "monday or lunes",
        ),
        (
            "sports: [run, strength]",
            ", line 1: sports, item 2, is strength, but allowed is run, ride or swim; strength "
            "goes by strength_days",
        ),
        (
            "sports: []",
            ", line 1: sports is [], but allowed is a list of run, ride or swim; strength goes by "
            "strength_days",
        ),
        ("language: no", ", line 1: language is no, but allowed is en or es"),
        ("load_cycle: 4:1", ", line 1: load_cycle is 4:1, but allowed is 3:1 or 2:1"),
        (
            "birth_year: 85",
            ", line 1: birth_year is 85, but allowed is a year from 1900 to the present one",
        ),
        (
            f"birth_year: {NEXT_YEAR}",
            f", line 1: birth_year is {NEXT_YEAR}, but allowed is a year from 1900 to the present "
            "one",
        ),
        ("id: 101", f", line 1: id is 101, but allowed is {ID_ALLOWED}"),
        ("id: unknown", f", line 1: id is unknown, but allowed is {ID_ALLOWED}"),
        (
            "experience: expert",
            ", line 1: experience is expert, but allowed is novice, regular or advanced",
        ),
        (
            "timezone: Madrid",
            ", line 1: timezone is Madrid, but allowed is an IANA name such as Europe/Madrid",
        ),
        (
            "absences:\n- {first: 2026-05-10, last: 2026-05-01, kind: sick}",
            ", line 2: absences, item 1, is {first: 2026-05-10, last: 2026-05-01, kind: sick}, but "
            "allowed is a last day that is not before the first",
        ),
        (
            "max_hr_bpm: 190\nmax_hr_bpm: 185",
            ", line 2: max_hr_bpm stands in line 1 already, but allowed is each key once; remove "
            "one of them",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_line_and_what_is_allowed(
    tmp_path: Path, text: str, sentence: str
) -> None:
    assert refusal(tmp_path, text) == sentence


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("\nmax_hr: 190", ", line 2: max_hr is 190, but there is no such key (did you mean max_hr"),
        ("xylophone: red", ", line 1: xylophone is red, but there is no such key; allowed are r"),
        ("1: 2", ", line 1: 1 is 2, but there is no such key; allowed are resting_hr_bpm, "),
        ("? [a]\n: 3", ", line 1: [a] is 3, but there is no such key; allowed are resting_hr_bpm"),
    ],
)
def test_an_unknown_key_is_refused_with_the_known_ones(
    tmp_path: Path, text: str, beginning: str
) -> None:
    sentence = refusal(tmp_path, text)
    assert sentence.startswith(beginning)
    assert sentence.endswith(", ".join(AthleteFile.model_fields))


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("max_hr_bpm: 190\n  x: 3", r", line 2: this is not YAML, mapping values are not allowed"),
        ("\tmax_hr_bpm: 190", r", line 1: this is not YAML, found character '\\t'"),
        ("max_hr_bpm: [190", r", line 1: this is not YAML, expected"),
        ("max_hr_bpm: !!python/name:os.sep", r", line 1: this is not YAML, could not determine"),
        ("max_hr_bpm: 190\n---\nmax_hr_bpm: 180", r", line 2: this is not YAML, but found another"),
        ("max_hr_bpm: \x00", r" is not YAML: unacceptable character"),
        ("[" * 1000, r" is not YAML: maximum recursion depth"),
        ("- 190", r", line 1: the file holds - 190, but allowed are lines of key: value"),
        ("fast", r", line 1: the file holds fast, but allowed are lines of key: value"),
    ],
)
def test_what_is_no_yaml_of_keys_and_values_is_refused(
    tmp_path: Path, text: str, pattern: str
) -> None:
    sentence = refusal(tmp_path, text)
    assert re.match(pattern, sentence)
    assert "\n" not in sentence


def test_a_long_value_is_cut_short_in_the_sentence(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, f"max_hr_bpm: {'9' * 5000}")) < 200


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.yaml does not exist; set WEEKLY_PLAN_ATHLETE"):
        read_athlete_file(tmp_path / "nowhere.yaml")
    with pytest.raises(SourceError, match=r"cannot be read: .*must name a YAML file in UTF-8"):
        read_athlete_file(tmp_path)
    (tmp_path / "latin.yaml").write_bytes("# für mich".encode("latin-1"))
    with pytest.raises(SourceError, match=r"cannot be read: .*must name a YAML file in UTF-8"):
        read_athlete_file(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#" * 1024**2 + "#", "holds more than 1 MiB"),
        ("races:\n" + "- a\n" * 200_000, "holds more than 20,000 values"),
        ("races: [" + "a," * 400_000 + "]", "holds more than 20,000 values"),
        ("".join(f"key{number}: 1\n" for number in range(60_000)), "more than 20,000 values"),
        (
            "races:\n- &a {" + ",".join(f"k{number}: 1" for number in range(2_000)) + "}\n"
            "- {<<: [" + ",".join(["*a"] * 5_000) + "]}\n",
            "holds more than 20,000 values",
        ),
        ("races: " + "[" * 900_000, "is not YAML"),
        ('name: "' + "\\n" * 400_000 + '"', "there is no such key"),
        ("? " + "a" * 900_000 + "\n: 1", "there is no such key"),
        ("max_hr_bpm: " + "1:" * 400_000 + "1", "allowed is a whole number"),
        ("races: !<" + "a" * 900_000 + "> 1", "is not YAML"),
    ],
)
def test_a_file_that_is_far_too_much_ends_soon_and_in_one_sentence(
    tmp_path: Path, text: str, reason: str
) -> None:
    began_s = time.process_time()
    sentence = refusal(tmp_path, text)
    assert time.process_time() - began_s < 10
    assert reason in sentence
    assert len(sentence) < 1_000
    assert "\n" not in sentence


def test_a_named_pipe_a_device_and_a_huge_file_are_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(10 * 1024**3)
    for name, reason in (
        ("pipe", "it is a named pipe, not a file"),
        ("device", "it is a device, not a file"),
        ("huge", "it holds more than 1 MiB"),
    ):
        with pytest.raises(SourceError, match=f"{name}.yaml cannot be read: {reason}; "):
            read_athlete_file(tmp_path / f"{name}.yaml")


def test_the_file_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "linked.yaml").symlink_to(EXAMPLE)
    assert read_athlete_file(tmp_path / "linked.yaml") == read_athlete_file(EXAMPLE)


def test_a_key_cannot_forge_a_line_of_output(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, '"races\\nno plan: \\e[31mforged": 1\n')
    assert "races\\nno plan: \\x1b[31mforged is 1" in sentence


def test_a_file_that_was_stored_is_read_again_as_it_was() -> None:
    file = read_athlete_file(PROJECT_ROOT / "docs" / "athlete.example.yaml")
    assert AthleteFile.model_validate(encode(file)) == file


@pytest.mark.parametrize(
    ("race", "least"),
    [
        ("sport: run, distance_km: 42.2, target: 0:10:00", "1:51"),
        ("sport: run, distance_km: 42.2, target: 1:10:00", "1:51"),
        ("sport: run, distance_km: 10, target: 0:04:00", "0:24"),
        ("sport: ride, distance_km: 100, target: 0:30:00", "1:35"),
        ("sport: swim, distance_km: 3.8, target: 0:15:00", "0:31"),
        ("distance_km: 42.2, target: 0:10:00", "0:38"),
    ],
)
def test_a_target_that_nobody_reaches_is_refused_with_its_line(
    tmp_path: Path, race: str, least: str
) -> None:
    text = f"races:\n  - {{date: 2026-11-29, priority: A, {race}}}\n"
    with pytest.raises(SourceError) as refused:
        read(tmp_path, text)
    assert "line 2: races, item 1, target, is" in str(refused.value)
    assert f"km take more than {least}" in str(refused.value)


@pytest.mark.parametrize(
    "race",
    [
        "sport: run, distance_km: 42.195, target: 1:59:40",
        "sport: run, distance_km: 21.1, target: 0:56:42",
        "sport: run, distance_km: 0.4, target: 0:00:43",
        "sport: run, distance_km: 0.8, target: 0:01:41",
        "sport: ride, distance_km: 40, target: 0:42:00",
        "sport: swim, distance_km: 0.05, target: 0:00:21",
        "distance_km: 42.2, target: 1:10:00",
        "sport: run, target: 0:10:00",
    ],
)
def test_a_record_is_a_target(tmp_path: Path, race: str) -> None:
    text = f"races: [{{date: 2026-11-29, priority: A, {race}}}]"
    assert read(tmp_path, text).races[0].target_time_s is not None
