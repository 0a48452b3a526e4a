"""Sentences about an athlete of a roster name the roster's keys, not variables of one athlete."""

from pathlib import Path

import pytest

from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.settings.roster_words import in_roster_words, in_words_in_force

ANNA = RosterAthlete(id="i101", source="intervals", key="ANNA_KEY")
CARLA = RosterAthlete(id="i102", source="intervals", token="CARLA_TOKEN")  # noqa: S106 - a name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("set WEEKLY_PLAN_EXPORT_DIR to it", "set `folder` of i101 in the roster to it"),
        ("WEEKLY_PLAN_ATHLETE names no file", "`athlete_file` of i101 in the roster names no file"),
        ("set WEEKLY_PLAN_DELIVER_DIR", "set `deliver_dir` of i101 in the roster"),
        ("check INTERVALS_ATHLETE_ID and", "check `id` of i101 in the roster and"),
        (
            "INTERVALS_API_KEY is not a key",
            "ANNA_KEY (`key` of i101 in the roster) is not a key",
        ),
        ("INTERVALS_BASE_URL and WEEKLY_PLAN_TIMEZONE", None),
        ("no such file; run again later", None),
        ("`weekly-plan deliver` asks", "`weekly-plan deliver --athlete i101` asks"),
        ("`weekly-plan deliver --athlete i101` asks", None),
        ("`weekly-plan run` makes them", "`weekly-plan run --athlete i101` makes them"),
        ("`weekly-plan run --all` makes them", None),
        (
            "set WEEKLY_PLAN_ATHLETE_ID=folder or give no id",
            "set `id` of i101 in the roster to folder or give no id",
        ),
        (
            "put `id: ben` back into the athlete file, or set WEEKLY_PLAN_ATHLETE_ID=ben, and",
            "put `id: ben` back into the athlete file, or set `id` of i101 in the roster to ben, "
            "and",
        ),
        (
            "(`id: NAME` in the file that WEEKLY_PLAN_ATHLETE names, or "
            "WEEKLY_PLAN_ATHLETE_ID=NAME)",
            "(`id: NAME` in the file that `athlete_file` of i101 in the roster names, or `id: NAME`"
            " of i101 in the roster)",
        ),
        (
            "set INTERVALS_ATHLETE_ID, or set WEEKLY_PLAN_SOURCE=folder if it was made from files",
            "set `id` of i101 in the roster, or set `source` of i101 in the roster to folder if it "
            "was made from files",
        ),
        (
            "a.yaml does not exist; set WEEKLY_PLAN_ATHLETE to a file that does, or unset it",
            "a.yaml does not exist; set `athlete_file` of i101 in the roster to a file that does, "
            "or leave it out",
        ),
        ("correct MONGO_URL, or unset it", None),
        (
            "no plan yet; for your own data set INTERVALS_API_KEY or WEEKLY_PLAN_EXPORT_DIR",
            "no plan yet",
        ),
    ],
)
def test_variables_become_the_keys_of_the_athlete(text: str, said: str | None) -> None:
    assert in_roster_words(text, ANNA) == (said or text)


def test_a_token_is_named_by_its_variable_too() -> None:
    said = in_roster_words("INTERVALS_ACCESS_TOKEN is not a token", CARLA)
    assert said == "CARLA_TOKEN (`token` of i102 in the roster) is not a token"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("Ben", "set `deliver` of ben in the roster"),
        ("nobody", "set WEEKLY_PLAN_DELIVER"),
        ("", "set WEEKLY_PLAN_DELIVER"),
    ],
)
def test_only_where_one_athlete_is_chosen_a_sentence_is_about_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, said: str
) -> None:
    roster = tmp_path / "roster.yaml"
    roster.write_text(
        "athletes:\n- {id: ben, name: Ben, source: simulated}\n- {id: carl, source: simulated}\n"
    )
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", chosen)
    assert in_words_in_force("set WEEKLY_PLAN_DELIVER") == "set WEEKLY_PLAN_DELIVER"
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(roster))
    assert in_words_in_force("set WEEKLY_PLAN_DELIVER") == said


@pytest.mark.parametrize(
    "advice",
    [
        "set INTERVALS_ATHLETE_ID to 0, the key's owner, or to an athlete who lets you, and more",
        "set INTERVALS_ATHLETE_ID to 0, its owner and more",
    ],
)
def test_nobody_in_a_roster_is_advised_to_be_athlete_0(advice: str) -> None:
    assert in_roster_words(advice, ANNA) == "check `id` of i101 in the roster and more"
