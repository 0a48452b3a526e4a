"""Workouts that athletes write down themselves: how they are read, planned, kept and refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from weekly_plan_assets.domain.athlete.athlete import Athlete, Language
from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile
from weekly_plan_assets.domain.athlete.own_workouts import OwnFamily
from weekly_plan_assets.domain.athlete.profile import AthleteContext
from weekly_plan_assets.domain.guardrails import judge_plan, violations
from weekly_plan_assets.domain.plan.session_parts import TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import PlannedSession, Sport
from weekly_plan_assets.lineage.records.planning import KnownWeeks, freeze_inputs
from weekly_plan_assets.lineage.records.records import PlanningInputs
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.sources.athlete_yaml import read_athlete_file
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets_tests.support.recorded_weeks import asked_after, weekly
from weekly_plan_assets_tests.support.requests import ATHLETE, an_athlete, an_envelope, request_for
from weekly_plan_assets_tests.support.week_rows import weeks_of

OWN = """
- family: river-loop
  sport: run
  name: The river loop
  phases: [base, build, specific]
  purpose: Teaches you to stay patient on the way out.
  how: Turn round at the old bridge.
  where: along the river
  stop: Walk home if the calf pulls.
  levels:
    - 2 x 9 min tempo / 2 min
    - 3 x 9 min tempo / 2 min
"""
HISTORY = weeks_of(320, 300, 310, 300, 320, 310, 300, 320)


def read(folder: Path, own: str = OWN, athlete: str = "workouts: own.yaml\n") -> AthleteFile:
    (folder / "own.yaml").write_text(own, encoding="utf-8")
    (folder / "athlete.yaml").write_text(athlete, encoding="utf-8")
    return read_athlete_file(folder / "athlete.yaml")


def asked(own: tuple[OwnFamily, ...], athlete: Athlete = ATHLETE) -> PlanningRequest:
    return replace(request_for(HISTORY, athlete, an_envelope()), own_families=own)


def planned(request: PlanningRequest) -> PlannedSession:
    plan = RulesPlanner().plan(request)
    assert not violations(judge_plan(plan, request.context))
    return next(one for one in plan.sessions if (one.workout or "").startswith("river-loop/"))


def test_a_family_beside_the_athlete_file_says_the_same_as_one_in_it(tmp_path: Path) -> None:
    beside = read(tmp_path)
    indented = "workouts:" + OWN.replace("\n", "\n  ")
    assert read(tmp_path, athlete=indented).workouts == beside.workouts
    assert beside.workouts[0].sport is Sport.RUN


def test_what_is_stored_is_read_as_the_same_families(tmp_path: Path) -> None:
    file = read(tmp_path)
    assert AthleteFile.model_validate_json(file.model_dump_json()) == file
    assert file.model_dump(mode="json")["workouts"][0]["levels"][0] == "2 x 9 min tempo / 2 min"


def test_an_own_workout_comes_before_the_library_and_says_what_the_athlete_wrote(
    tmp_path: Path,
) -> None:
    session = planned(asked(read(tmp_path).workouts))
    assert session.name == "The river loop"
    assert session.goal == "Teaches you to stay patient on the way out."
    assert session.description.endswith("Turn round at the old bridge.")
    assert session.where == "Do it along the river."
    assert session.stop_when == "Walk home if the calf pulls."


def test_a_run_that_has_frozen_its_inputs_plans_with_them(tmp_path: Path) -> None:
    rows = [*weekly("Run", {1: 60, 3: 60, 5: 100}, [1.0] * 13 + [1.0, 0.6, 1.0])]
    request = asked_after(rows, workouts=list(read(tmp_path).model_dump(mode="json")["workouts"]))
    assert [one.family for one in request.own_families] == ["river-loop"]
    file = AthleteFile(workouts=read(tmp_path).workouts)
    weeks = KnownWeeks(
        athlete_id="i1",
        metrics=[*request.history, request.metrics],
        activities=request.activities,
        wellness=[],
        context=AthleteContext(file=file),
    )
    inputs = freeze_inputs("r:2025-03-31", weeks, RulesPlanner())
    again = PlanningInputs.model_validate_json(inputs.model_dump_json(by_alias=True))
    assert again.request.own_families == file.workouts


def test_texts_in_another_language_than_the_plan_are_left_out(tmp_path: Path) -> None:
    spanish = an_athlete(language=Language.SPANISH)
    session = planned(asked(read(tmp_path).workouts, spanish))
    assert "patient" not in session.goal
    assert session.name == "The river loop"


def test_a_workout_needs_no_more_than_name_sport_and_levels(tmp_path: Path) -> None:
    bare = "- {family: river-loop, sport: run, name: River, levels: [3 x 1 km threshold / 2 min]}"
    (family,) = read(tmp_path, bare).workouts
    assert family.phases == ("base", "build", "specific")
    assert family.source == "the athlete's own"


def test_runs_may_be_in_metres_and_are_steered_by_the_threshold(tmp_path: Path) -> None:
    metres = OWN.replace("9 min", "2 km")
    session = planned(asked(read(tmp_path, metres).workouts))
    (main,) = (step for block in session.blocks for step in block.steps if step.repeats == 2)
    assert main.work.distance_m == 2000
    assert main.work.target(TargetKind.RPE) is not None
    assert "2 x 2000 m at tempo" in session.description
    assert "starting every" not in session.description


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        (
            "sport: run",
            "sport: chess",
            r"line 3: workouts, item 1, sport, is chess, but",
        ),
        ("stop: Walk", "stopp: Walk", r"there is no such key \(did you mean stop\?\)"),
        ("family: river-loop", "family: River Loop", r"line 2: .* allowed is a short name"),
        ("2 x 9 min tempo / 2 min", "2 by 9", r"line 11: .* a level such as"),
        ("name: The river loop", "name: Run 3 hours", "names '3 hours'"),
        ("along the river", "see www.example.org", "holds an address"),
        ("phases: [base, build, specific]", "phases: [summer]", "allowed is a list of base"),
        ("3 x 9 min", "2 x 8 min", "levels with more work"),
    ],
)
def test_a_wrong_family_is_refused_with_file_line_and_the_way_out(
    tmp_path: Path, wrong: str, right: str, message: str
) -> None:
    assert wrong in OWN
    with pytest.raises(SourceError, match=rf"own\.yaml, {message}|own\.yaml, .*{message}"):
        read(tmp_path, OWN.replace(wrong, right))


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ("family: river-loop", "allowed is a list of families"),
        ("", "the file holds nothing"),
        ("- [", "this is not YAML"),
        (OWN + OWN.strip("\n"), "river-loop stands twice"),
    ],
)
def test_a_file_that_is_no_list_of_families_is_refused(
    tmp_path: Path, own: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read(tmp_path, own)


def test_a_file_that_does_not_exist_is_named_with_the_key_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.yaml does not exist; set workouts of"):
        read(tmp_path, athlete="workouts: nowhere.yaml\n")
