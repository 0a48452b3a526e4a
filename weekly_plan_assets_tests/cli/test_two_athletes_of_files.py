"""Two people with the files of their watches on one machine: no plan ever mixes them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.connection import open_client
from weekly_plan_assets_tests.support.fit_encoder import fit_file
from weekly_plan_assets_tests.support.terminal import Terminal

WEEK = "2024-01-22"
FIRST_DAY = datetime(2024, 1, 2, tzinfo=UTC)


def record(
    folder: Path,
    *,
    hour: int,
    every_days: int,
    sessions: int = 10,
    bpm: int = 150,
    first_day: datetime = FIRST_DAY,
) -> Path:
    """A folder with runs of half an hour."""
    folder.mkdir(exist_ok=True)
    for number in range(sessions):
        start = first_day + timedelta(days=every_days * number, hours=hour)
        (folder / f"{number}.fit").write_bytes(fit_file(start, heart_bpm=[bpm] * 1800))
    return folder


@pytest.fixture
def anna(terminal: Terminal, tmp_path: Path) -> Terminal:
    """Anna has planned from her folder, as in version 0.1 without any id."""
    folder = record(tmp_path / "anna", hour=7, every_days=2, sessions=12)
    terminal.environment["WEEKLY_PLAN_EXPORT_DIR"] = str(folder)
    run = terminal.run("run", "--week", WEEK)
    assert run.returncode == 0, run.stderr
    return terminal


@pytest.fixture
def ben(tmp_path: Path) -> Path:
    return record(tmp_path / "ben", hour=18, every_days=3, sessions=8, bpm=130)


@pytest.fixture
def stored(anna: Terminal) -> Iterator[Database[BsonDocument]]:
    with open_client(anna.environment["MONGO_URL"]) as client:
        yield client[anna.environment["MONGO_DATABASE"]]


def rows(database: Database[BsonDocument], *collections: str) -> Sequence[BsonDocument]:
    return [row for name in collections for row in database[name].find().sort("_id")]


OF_ANNA = ("activities", "wellness", "weekly_metrics", "plan_snapshots", "stored_weeks")


@pytest.mark.slow
@pytest.mark.parametrize("allowed", ["false", "true"])
def test_a_folder_that_changed_hands_is_refused_whatever_may_be_removed(
    anna: Terminal, ben: Path, stored: Database[BsonDocument], allowed: str
) -> None:
    before = rows(stored, *OF_ANNA)
    run = anna.run(
        *("run", "--week", WEEK),
        WEEKLY_PLAN_EXPORT_DIR=str(ben),
        WEEKLY_PLAN_ALLOW_REMOVAL=allowed,
    )
    assert run.returncode == 1
    said = " ".join(run.stderr.split())
    assert "the files are not those of athlete 'folder'" in said
    assert "0 are the same" in said
    assert "WEEKLY_PLAN_ATHLETE_ID=NAME" in said
    assert "Traceback" not in said
    assert rows(stored, *OF_ANNA) == before
    doctor = anna.run("doctor", WEEKLY_PLAN_EXPORT_DIR=str(ben), WEEKLY_PLAN_ALLOW_REMOVAL=allowed)
    assert doctor.returncode == 1
    assert "WRONG athlete: the files are not those of athlete 'folder'" in doctor.stdout
    backfill = anna.run(
        *("backfill", "--from", WEEK, "--to", WEEK, "--force"),
        WEEKLY_PLAN_EXPORT_DIR=str(ben),
        WEEKLY_PLAN_ALLOW_REMOVAL=allowed,
    )
    assert backfill.returncode == 1
    assert "the files are not those of athlete 'folder'" in " ".join(backfill.stderr.split())
    assert rows(stored, *OF_ANNA) == before


@pytest.fixture
def as_ben(ben: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of Ben, who has given himself an id."""
    own_file = tmp_path / "ben.yaml"
    own_file.write_text("id: ben\nresting_hr_bpm: 50\nmax_hr_bpm: 190\n")
    return {"WEEKLY_PLAN_EXPORT_DIR": str(ben), "WEEKLY_PLAN_ATHLETE": str(own_file)}


@pytest.mark.slow
def test_an_id_leads_on_to_plans_that_do_not_mix(
    anna: Terminal, as_ben: dict[str, str], stored: Database[BsonDocument]
) -> None:
    assert anna.run("db", "migrate", "--multi-athlete", "--apply").returncode == 0
    plan = anna.run("run", "--week", WEEK, **as_ben)
    assert plan.returncode == 0, plan.stderr
    of_ben = list(stored["activities"].find({"athleteId": "ben"}))
    assert len(of_ben) == 8
    assert {row["start_date"][11:13] for row in of_ben} == {"18"}
    assert stored["activities"].count_documents({"athleteId": "folder"}) == 12


@pytest.mark.slow
def test_a_second_id_in_a_database_of_one_is_told_how_an_earlier_history_goes_on(
    anna: Terminal, as_ben: dict[str, str]
) -> None:
    second = anna.run("run", "--week", WEEK, **as_ben)
    assert second.returncode == 1
    said = " ".join(second.stderr.split())
    assert "holds the data of athlete 'folder' and takes no second one" in said
    assert "set WEEKLY_PLAN_ATHLETE_ID=folder or give no id, and the history goes on" in said
    mixed = anna.run("run", "--week", WEEK, **as_ben, WEEKLY_PLAN_ATHLETE_ID="anna")
    assert mixed.returncode == 1
    assert "is the file of athlete ben" in " ".join(mixed.stderr.split())


@pytest.mark.slow
def test_the_folder_of_another_is_refused_under_a_given_id_too(
    anna: Terminal, ben: Path, stored: Database[BsonDocument]
) -> None:
    before = rows(stored, *OF_ANNA)
    run = anna.run(
        "run", "--week", WEEK, WEEKLY_PLAN_EXPORT_DIR=str(ben), WEEKLY_PLAN_ATHLETE_ID="folder"
    )
    assert run.returncode == 1
    assert "set WEEKLY_PLAN_EXPORT_DIR to the folder of folder" in " ".join(run.stderr.split())
    assert rows(stored, *OF_ANNA) == before


@pytest.mark.slow
def test_a_folder_of_version_0_1_that_was_moved_and_grew_goes_on(
    anna: Terminal, tmp_path: Path
) -> None:
    moved = tmp_path / "moved"
    (tmp_path / "anna").rename(moved)
    (moved / "0.fit").unlink()
    record(moved, hour=7, every_days=2, sessions=14)
    run = anna.run("run", "--week", WEEK, WEEKLY_PLAN_EXPORT_DIR=str(moved))
    assert run.returncode == 0, run.stderr


@pytest.mark.slow
def test_files_of_other_weeks_need_an_id_that_says_whose_they_are(
    anna: Terminal, tmp_path: Path
) -> None:
    later = tmp_path / "later"
    later.mkdir()
    for number in range(4):
        start = FIRST_DAY + timedelta(days=35 + 2 * number, hours=7)
        (later / f"{number}.fit").write_bytes(fit_file(start, heart_bpm=[150] * 1800))
    week = "2024-02-05"
    refused = anna.run("run", "--week", week, WEEKLY_PLAN_EXPORT_DIR=str(later))
    assert refused.returncode == 1
    said = " ".join(refused.stderr.split())
    assert "nothing shows that they are the same person's" in said
    assert "set WEEKLY_PLAN_ATHLETE_ID=folder" in said
    same = {"WEEKLY_PLAN_EXPORT_DIR": str(later), "WEEKLY_PLAN_ATHLETE_ID": "folder"}
    assert anna.run("run", "--week", week, **same).returncode == 0


@pytest.mark.slow
def test_the_first_plan_of_a_second_athlete_rests_on_their_whole_history(
    anna: Terminal, stored: Database[BsonDocument], tmp_path: Path
) -> None:
    first_day = FIRST_DAY - timedelta(weeks=6)
    folder = record(
        tmp_path / "ben", hour=18, every_days=3, sessions=20, first_day=first_day, bpm=130
    )
    assert anna.run("db", "migrate", "--multi-athlete", "--apply").returncode == 0
    run = anna.run(
        *("run", "--week", WEEK),
        WEEKLY_PLAN_EXPORT_DIR=str(folder),
        WEEKLY_PLAN_ATHLETE_ID="ben",
    )
    assert run.returncode == 0, run.stderr
    assert "were not read" not in run.stderr
    weeks = stored["weekly_metrics"].distinct("weekStart", {"athleteId": "ben"})
    assert min(map(str, weeks)).startswith("2023-11-20")
