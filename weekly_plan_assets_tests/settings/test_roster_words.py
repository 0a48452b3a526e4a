"""Sentences about an athlete of a roster name the roster's keys, not variables of one athlete."""

import pytest

from weekly_plan_assets.settings.roster import RosterAthlete
from weekly_plan_assets.settings.roster_words import in_roster_words

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
    ],
)
def test_variables_become_the_keys_of_the_athlete(text: str, said: str | None) -> None:
    assert in_roster_words(text, ANNA) == (said or text)


def test_a_token_is_named_by_its_variable_too() -> None:
    said = in_roster_words("INTERVALS_ACCESS_TOKEN is not a token", CARLA)
    assert said == "CARLA_TOKEN (`token` of i102 in the roster) is not a token"


@pytest.mark.parametrize(
    "advice",
    [
        "set INTERVALS_ATHLETE_ID to 0, the key's owner, or to an athlete who lets you, and more",
        "set INTERVALS_ATHLETE_ID to 0, its owner and more",
    ],
)
def test_nobody_in_a_roster_is_advised_to_be_athlete_0(advice: str) -> None:
    assert in_roster_words(advice, ANNA) == "check `id` of i101 in the roster and more"
