import re
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete_file import AthleteFile
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.sources.athlete_file import read_athlete_file
from weekly_plan_assets.sources.base import SourceError

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
    assert read_athlete_file(EXAMPLE).model_fields_set == set(AthleteFile.model_fields)


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
        ("shoes: red", ", line 1: shoes is red, but there is no such key; allowed are resting_hr"),
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
