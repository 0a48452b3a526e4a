"""The roster: whose settings hold, and what a file may say."""

import json
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from weekly_plan_assets.settings import SettingsError, load_settings
from weekly_plan_assets.settings.intervals_credential import AccessToken
from weekly_plan_assets.settings.roster import RosterAthlete, athlete_settings
from weekly_plan_assets.settings.roster_file import (
    add_to_roster,
    read_roster,
    remove_from_roster,
)

ROSTER = """\
# Mine
athletes:
  - id: i101
    name: Anna Keller
    timezone: Europe/Berlin
    source: intervals
    key: ANNA_KEY          # from her account
    deliver: intervals
  # Ben has files only
  - id: ben
    source: folder
    folder: ben
"""


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "roster.yaml"
    path.write_text(ROSTER)
    monkeypatch.setenv("WEEKLY_PLAN_ROSTER", str(path))
    return path


def test_an_athlete_has_their_own_source_and_nothing_of_anybody_elses(
    roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNA_KEY", "secret-of-anna")
    monkeypatch.setenv("INTERVALS_API_KEY", "secret-of-the-coach")
    monkeypatch.setenv("WEEKLY_PLAN_DELIVER", "intervals")
    shared = load_settings()
    assert shared.intervals_api_key is None
    assert shared.delivery_targets == ()
    anna, ben = (athlete_settings(shared, one) for one in read_roster(roster).athletes)
    assert anna.intervals_api_key is not None
    assert anna.intervals_api_key.get_secret_value() == "secret-of-anna"
    assert (anna.intervals_athlete_id, anna.timezone) == ("i101", "Europe/Berlin")
    assert anna.delivery_targets == ("intervals",)
    assert (ben.source, ben.export_dir, ben.timezone) == ("folder", roster.parent / "ben", "UTC")
    assert ben.intervals_api_key is None
    assert ben.delivery_targets == ()


def test_one_athlete_is_chosen_by_id_or_name(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNA_KEY", "secret-of-anna")
    for chosen, timezone in (("i101", "Europe/Berlin"), ("ben", "UTC")):
        monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", chosen)
        assert load_settings().timezone == timezone
        assert load_settings().roster is None
    monkeypatch.setenv("WEEKLY_PLAN_ATHLETE_ID", "carla")
    with pytest.raises(SettingsError, match="has no such athlete"):
        load_settings()


def test_a_roster_of_one_is_that_athlete(roster: Path) -> None:
    remove_from_roster(roster, "i101")
    settings = load_settings()
    assert (settings.roster, settings.source, settings.athlete_id) == (None, "folder", "ben")


def test_a_key_that_is_not_set_is_named_by_its_variable(roster: Path) -> None:
    shared = load_settings()
    with pytest.raises(SettingsError, match="key of athlete i101 is not known: set ANNA_KEY"):
        athlete_settings(shared, read_roster(roster).athletes[0])


def test_an_athlete_may_have_a_token_in_the_place_of_a_key(
    roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster.write_text(ROSTER.replace("key: ANNA_KEY ", "token: ANNA_TOKEN"))
    monkeypatch.setenv("INTERVALS_ACCESS_TOKEN", "token-of-the-coach")
    monkeypatch.setenv("INTERVALS_API_KEY", "secret-of-the-coach")  # for nobody in the roster
    shared = load_settings()
    assert shared.intervals_credential is None
    anna, ben = read_roster(roster).athletes
    with pytest.raises(SettingsError, match="token of athlete i101 is not known: set ANNA_TOKEN"):
        athlete_settings(shared, anna)
    monkeypatch.setenv("ANNA_TOKEN", "planted token")
    with pytest.raises(SettingsError, match=r"ANNA_TOKEN, .* holds no access token") as refused:
        athlete_settings(shared, anna)
    assert "planted" not in str(refused.value)
    monkeypatch.setenv("ANNA_TOKEN", "token-of-anna")
    settings = athlete_settings(shared, anna)
    assert settings.intervals_credential == AccessToken("token-of-anna")
    assert settings.intervals_api_key is None
    assert settings.delivery_targets == ("intervals",)
    assert athlete_settings(shared, ben).intervals_credential is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "athletes:\n  - id: a\n    source: intervals\n    key: A_KEY\n    token: A_TOKEN\n",
            "key and token are both given, and only one is sent; take out token to",
        ),
        ("athletes:\n  - id: a\n    source: strava\n", r"athlete 1 \(a\): source: allowed are"),
        ("athletes:\n  - id: a\n    source: intervals\n", "source intervals needs key"),
        ("athletes:\n  - id: a\n    source: folder\n", "source folder needs folder"),
        ("athletes:\n  - id: a\n    source: sample\n", "the sample is one athlete"),
        ("athletes:\n  - id: a\n    source: simulated\n    zone: UTC\n", "zone: allowed are id"),
        ("athletes:\n  - id: a b\n    source: simulated\n", "id: allowed is a letter"),
        ("athletes:\n  - id: a\n    source: intervals\n    key: sk-123456789\n", "itself does not"),
        ("athletes:\n" + "  - id: a\n    source: simulated\n" * 2, "two athletes have the id a"),
        ("people: []\n", "allowed is one key, athletes"),
        ("- id: a\n  source: simulated\n", "allowed is one key, athletes"),
        ("athletes: anna\n", "allowed is one key, athletes"),
        ("athletes:\n  - id: a\n", r"athlete 1 \(a\): source: is missing"),
        (
            f"athletes:\n  - id: a\n    source: simulated\n    name: {'n' * 81}\n",
            "name: allowed are at most 80 characters",
        ),
        ("athletes: [\n", "line 2: this cannot be read as YAML"),
        ("athletes:\n  - id: a\n    source: simulated\n    id: b\n", "line 2: .* id stands twice"),
        ("athletes:\n  - id: a\n    sourse: folder\n", "sourse: allowed are id"),
        ("athletes:\n  - id: no\n    source: simulated\n", "id: allowed is text; put it in quot"),
        ("athletes:\n  - anna\n", "athlete 1: allowed are keys and values"),
        (
            "athletes:\n  - id: a\n    source: simulated\n"
            "  - id: b\n    source: folder\n    folder: b\n",
            "a is simulated and others are not",
        ),
    ],
)
def test_a_wrong_roster_is_refused_by_athlete_and_reason(
    text: str, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "roster.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said):
        read_roster(path)


@pytest.mark.parametrize("second", ["shared", "other/../shared", "link"])
@pytest.mark.parametrize(
    ("key", "more"),
    [("folder", {}), ("deliver_dir", {"folder": "of-{}", "deliver": "files"})],
)
def test_two_athletes_never_share_a_folder(
    tmp_path: Path, key: str, more: dict[str, str], second: str
) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "link").symlink_to("shared")
    entries = [
        {"id": one, "source": "folder", **{name: text.format(one) for name, text in more.items()}}
        | {key: folder}
        for one, folder in (("anna", "shared"), ("ben", second))
    ]
    path = tmp_path / "roster.yaml"
    path.write_text(json.dumps({"athletes": entries}))
    with pytest.raises(SettingsError, match=f"anna and ben have the same {key}, .*; give each"):
        read_roster(path)


def test_nobody_is_added_with_the_folder_of_another(roster: Path) -> None:
    carla = RosterAthlete(id="carla", source="folder", folder=roster.parent / "ben")
    with pytest.raises(SettingsError, match="ben and carla have the same folder"):
        add_to_roster(roster, [carla])
    assert roster.read_text() == ROSTER


def test_a_simulated_athlete_is_not_added_to_real_ones(roster: Path) -> None:
    with pytest.raises(SettingsError, match="simulated and others are not; keep"):
        add_to_roster(roster, [RosterAthlete(id="carla", source="simulated")])
    assert roster.read_text() == ROSTER


def test_what_several_commands_add_at_once_is_all_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "roster.yaml"
    athletes = [RosterAthlete(id=f"a{number}", source="simulated") for number in range(16)]
    with ProcessPoolExecutor(8) as pool:
        list(pool.map(partial(add_to_roster, path), [[one] for one in athletes]))
    assert {one.id for one in read_roster(path).athletes} == {one.id for one in athletes}


def test_a_key_pasted_into_the_file_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "roster.yaml"
    path.write_text("athletes:\n  - id: a\n    source: intervals\n    key: sk-123456789\n")
    with pytest.raises(SettingsError) as refused:
        read_roster(path)
    assert "123456789" not in str(refused.value)


def test_athletes_are_added_and_removed_without_touching_the_rest(roster: Path) -> None:
    carla = RosterAthlete(id="carla", source="folder", folder=roster.parent / "carla")
    add_to_roster(roster, [carla])
    assert roster.read_text() == ROSTER + "  - id: carla\n    source: folder\n    folder: carla\n"
    remove_from_roster(roster, "carla")
    assert roster.read_text() == ROSTER
    remove_from_roster(roster, "i101")
    assert roster.read_text() == (
        "# Mine\nathletes:\n  # Ben has files only\n"
        "  - id: ben\n    source: folder\n    folder: ben\n"
    )
    with pytest.raises(SettingsError, match="has an athlete ben already"):
        add_to_roster(roster, [RosterAthlete(id="ben", source="folder", folder=roster.parent)])


def test_a_layout_that_no_command_can_change_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "roster.yaml"
    path.write_text("athletes: [{id: a, source: simulated}]\n")
    with pytest.raises(SettingsError, match="change it by hand"):
        add_to_roster(path, [RosterAthlete(id="b", source="simulated")])
    assert path.read_text() == "athletes: [{id: a, source: simulated}]\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "kept", "indent"),
    [
        ("# Mine\nathletes: []  # nobody yet\n", "# Mine\nathletes:  # nobody yet\n", "  "),
        ("# Mine\nathletes: [\n]\n", "# Mine\nathletes:\n", "  "),
        ("athletes:\n", None, "  "),
        ("athletes:\n# First\n- id: anna\n  source: simulated\n", None, ""),
        ("athletes:\n    - {id: anna, source: simulated} # A.\n", None, "    "),
        ("athletes:\n - id: anna\n   source: simulated", None, " "),
    ],
)
def test_an_athlete_is_added_in_the_layout_of_the_file(
    tmp_path: Path, before: str, kept: str | None, indent: str, end: str
) -> None:
    path = tmp_path / "roster.yaml"
    path.write_bytes(before.replace("\n", end).encode())
    add_to_roster(path, [RosterAthlete(id="ben", source="simulated")])
    added = f"{indent}- id: ben\n{indent}  source: simulated\n"
    kept = f"{(kept or before).rstrip()}\n"
    assert path.read_bytes().decode() == f"{kept}{added}".replace("\n", end)
    remove_from_roster(path, "ben")
    assert path.read_bytes().decode() == kept.replace("\n", end)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_athlete_is_taken_out_of_a_list_without_indent(tmp_path: Path, end: str) -> None:
    path = tmp_path / "roster.yaml"
    lines = (
        *("# All", "athletes:", "# About Anna", "- id: anna", "  source: simulated", ""),
        *("# About Ben", "- id: ben", "  source: simulated", "# The end", ""),
    )
    path.write_bytes(end.join(lines).encode())
    remove_from_roster(path, "anna")
    assert path.read_bytes().decode() == end.join((*lines[:2], *lines[6:]))
    remove_from_roster(path, "ben")
    assert path.read_bytes().decode() == end.join((*lines[:2], *lines[9:]))
