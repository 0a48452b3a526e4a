"""Another package adds a source, a guardrail, a planner and a message target."""

import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from weekly_plan_assets.domain.extensions import (
    ExtensionError,
    Seam,
    added_names,
    added_part,
    package_of,
)
from weekly_plan_assets.domain.guardrails import (
    GUARDRAILS,
    guardrails_in_force,
    registry_version,
)
from weekly_plan_assets.operations.message_targets import message_targets
from weekly_plan_assets.planners.named import is_language_model, planner_named
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets_tests.support.terminal import Terminal

OWN_PARTS = PROJECT_ROOT / "examples" / "own_parts"


OF_OURS = (
    "from weekly_plan_assets.domain.guardrails import GUARDRAILS\n"
    "RULE = next(rule for rule in GUARDRAILS if rule.id == 'time.envelope')"
)
OTHER_OF_OURS = f"from dataclasses import replace\n{OF_OURS}\nRULE = replace(RULE, version=99)"


def installed(folder: Path, pyproject: str, code: dict[str, str]) -> Path:
    """A folder for PYTHONPATH, as an installer leaves one: the code, and what it adds."""
    project = tomllib.loads(pyproject)["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"].items()
    lines = [
        line
        for group, parts in groups
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in parts.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))
    for name, text in code.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def own_parts(tmp_path: Path) -> Path:
    """The example, as installed."""
    return installed(
        tmp_path / "installed",
        (OWN_PARTS / "pyproject.toml").read_text(),
        {"own_parts.py": (OWN_PARTS / "own_parts.py").read_text()},
    )


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """This process forgets, before and after, which parts it knows."""
    known = (added_names, added_part, guardrails_in_force)
    for one in known:
        one.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    sys.modules.pop("own_parts", None)
    for one in known:
        one.cache_clear()


def logbook(path: Path, weeks: int) -> None:
    """Three rides a week, the last today."""
    today = datetime.combine(date.today(), datetime.min.time())  # noqa: DTZ011 - local days
    days = [today - timedelta(days=7 * week + day) for week in range(weeks) for day in (0, 2, 5)]
    lines = [f"{day + timedelta(hours=7)},Ride,{75 + day.day},{60 + day.day}" for day in days]
    path.write_text("\n".join(["start,sport,minutes,load", *lines]))


@pytest.mark.slow
def test_a_week_is_read_planned_judged_and_sent_by_parts_of_another_package(
    terminal: Terminal, own_parts: Path, tmp_path: Path
) -> None:
    logbook(tmp_path / "logbook.csv", 20)
    terminal.environment |= {
        "PYTHONPATH": str(own_parts),
        "LOGBOOK": str(tmp_path / "logbook.csv"),
        "WEEKLY_PLAN_SOURCE": "logbook",
        "WEEKLY_PLAN_MODEL": "easy-week",
        "WEEKLY_PLAN_NOTIFY": f"ledger://{tmp_path}/ledger.txt",
        "WEEKLY_PLAN_NOTIFY_ON": "always",
    }
    run = terminal.run("run")
    assert run.returncode == 0, run.stderr
    assert "Your training week" in (tmp_path / "ledger.txt").read_text()
    explained = terminal.run("explain", "latest", "--json")
    assert '"easy-week"' in explained.stdout
    assert "club.longest_session" in explained.stdout
    assert '"own-parts 1.0"' in terminal.run("show", "--json").stdout + explained.stdout
    replayed = terminal.run("replay", "latest")
    assert replayed.returncode == 0, replayed.stdout
    doctor = terminal.run("doctor")
    assert "source logbook is added by own-parts 1.0" in doctor.stdout


def test_a_rule_of_another_package_is_part_of_the_registry_version(
    own_parts: Path, here: pytest.MonkeyPatch
) -> None:
    before = registry_version()
    guardrails_in_force.cache_clear()
    added_names.cache_clear()
    here.syspath_prepend(str(own_parts))
    assert [rule.id for rule in guardrails_in_force()[len(GUARDRAILS) :]] == [
        "club.longest_session"
    ]
    assert registry_version() != before
    assert package_of(Seam.GUARDRAIL, "club.longest_session") == "own-parts 1.0"
    assert not is_language_model("easy-week")
    assert planner_named("easy-week", timeout_s=1, max_tokens=1).model_id == "easy-week"


@pytest.mark.parametrize(
    ("entry", "code", "sentence"),
    [
        (
            '"load.envelope" = "bad:RULE"',
            "RULE = 1",
            "of package bad 1.0 is a int, not a Guardrail",
        ),
        ('"bad.rule" = "bad:RULE"', "import no_such_module", "cannot be loaded"),
        ('"bad.rule" = "bad:OTHER"', "RULE = 1", "bad 1.0 cannot be loaded"),
        ('"bad.rule" = "bad:RULE"', OF_OURS, "has the id 'time.envelope'; make them the same"),
        (
            '"time.envelope" = "bad:RULE"',
            OTHER_OF_OURS,
            "has the id of a rule of weekly-plan-assets",
        ),
    ],
)
def test_a_wrong_rule_of_another_package_is_a_sentence_that_names_it(
    tmp_path: Path, here: pytest.MonkeyPatch, entry: str, code: str, sentence: str
) -> None:
    pyproject = dedent(f"""
        [project]
        name = "bad"
        version = "1.0"
        [project.entry-points."weekly_plan_assets.guardrails"]
        {entry}
    """)
    here.syspath_prepend(str(installed(tmp_path / "bad", pyproject, {"bad.py": code})))
    here.delitem(sys.modules, "bad", raising=False)
    with pytest.raises(ExtensionError, match=sentence):
        guardrails_in_force()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def make(): return None", "makes NoneType, which is no Planner: it has no model_id"),
        ("def make(): return 1 / 0", "cannot be made (ZeroDivisionError: division by zero)"),
        ("make = 3", "cannot be made (TypeError: 'int' object is not callable)"),
        (
            "from weekly_plan_assets.planners.rules import RulesPlanner as make",
            "the planner 'odd' of package bad 1.0 calls itself 'rules' in model_id",
        ),
    ],
)
def test_a_part_that_is_none_is_a_sentence_that_names_it(
    tmp_path: Path, here: pytest.MonkeyPatch, code: str, sentence: str
) -> None:
    pyproject = dedent("""
        [project]
        name = "bad"
        version = "1.0"
        [project.entry-points."weekly_plan_assets.planners"]
        odd = "bad:make"
    """)
    here.syspath_prepend(str(installed(tmp_path / "bad", pyproject, {"bad.py": code})))
    here.delitem(sys.modules, "bad", raising=False)
    with pytest.raises(ExtensionError, match=re.escape(sentence)):
        planner_named("odd", timeout_s=1, max_tokens=1)


def test_two_packages_with_one_name_for_a_part_are_both_named(
    tmp_path: Path, here: pytest.MonkeyPatch
) -> None:
    for package in ("one", "two"):
        pyproject = dedent(f"""
            [project]
            name = "{package}"
            version = "1.0"
            [project.entry-points."weekly_plan_assets.planners"]
            odd = "{package}:make"
        """)
        here.syspath_prepend(str(installed(tmp_path / package, pyproject, {})))
    with pytest.raises(ExtensionError, match="both add the planner 'odd'; uninstall one of them"):
        added_names(Seam.PLANNER)


def test_a_message_target_that_cannot_be_made_stops_no_other_and_shows_no_url(
    tmp_path: Path, here: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, own_parts: Path
) -> None:
    pyproject = dedent("""
        [project]
        name = "bad"
        version = "1.0"
        [project.entry-points."weekly_plan_assets.message_targets"]
        broken = "bad:make"
    """)
    code = "def make(url): raise RuntimeError(url)"
    here.syspath_prepend(str(installed(tmp_path / "bad", pyproject, {"bad.py": code})))
    here.delitem(sys.modules, "bad", raising=False)
    here.syspath_prepend(str(own_parts))
    targets = message_targets(f"broken://s3cret@x ledger://{tmp_path}/ledger.txt")
    assert [one.target.name for one in targets] == ["ledger"]
    assert "message target broken of package bad 1.0 cannot be made (RuntimeError)" in caplog.text
    assert "s3cret" not in caplog.text


def test_a_source_that_no_package_adds_is_refused_with_those_that_are(
    terminal: Terminal, own_parts: Path
) -> None:
    refused = terminal.run("run", WEEKLY_PLAN_SOURCE="diary", PYTHONPATH=str(own_parts))
    assert refused.returncode == 1
    assert (
        "'diary', which is refused: allowed are sample, intervals, folder, simulated, logbook"
        in refused.stderr
    )
