"""The words are checked against the code: fields, indexes, settings, schemas, links."""

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest

from scripts.docs.__main__ import generated
from weekly_plan_assets.lineage.audit.broken_invariant import STATEMENTS
from weekly_plan_assets.lineage.export.json_schemas import schema_path
from weekly_plan_assets.lineage.records.provenance import Provenance
from weekly_plan_assets.settings import PROJECT_ROOT
from weekly_plan_assets.sources.export_folder import ExportFolderSource
from weekly_plan_assets.storage.index_set import INDEXES
from weekly_plan_assets_tests.support.graph import Graph, activity, wellness_day, write_export
from weekly_plan_assets_tests.support.lineage_page import table

README = (PROJECT_ROOT / "README.md").read_text()
PAGES = [*sorted(PROJECT_ROOT.glob("*.md")), *sorted((PROJECT_ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize(
    "collection", ["weekly_metrics", "run_artifacts", "plan_snapshots", "run_events"]
)
def test_the_fields_of_a_collection_are_those_of_its_documents(
    collection: str, graph: Graph
) -> None:
    write_export(
        graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [wellness_day("2024-01-09")]
    )
    graph.plan_and_record("2024-01-08")
    (document,) = graph.documents(collection)
    assert {cells[0] for cells in table(collection)} == set(document)


def test_the_fields_of_plan_adherence_are_those_of_its_documents(graph: Graph) -> None:
    write_export(graph.export_dir, [activity("1", "2024-01-09T07:00:00")], [])
    graph.plan("2024-01-08")
    graph.metrics("2024-01-15", "2024-01-15")
    (document,) = graph.documents("plan_adherence")
    assert {cells[0] for cells in table("plan_adherence")} == set(document)


def test_the_keys_of_provenance_are_told() -> None:
    told = {cells[0] for cells in table("Provenance")}
    assert told == {field.alias or name for name, field in Provenance.model_fields.items()}


def test_the_indexes_are_those_that_are_made() -> None:
    def option(seconds: int | None, *, unique: bool) -> str:
        return "unique" if unique else f"TTL {seconds // 86400} days" if seconds else ""

    made = [
        [index.collection, index.name, option(index.expire_after_s, unique=index.unique)]
        for index in INDEXES
    ]
    assert table("Indexes") == made


@pytest.mark.parametrize("page", generated(), ids=lambda page: page.name)
def test_a_generated_page_is_what_make_docs_writes(page: Path) -> None:
    assert page.read_text() == generated()[page], "run `make docs`"


def test_the_contract_of_the_plan_refuses_unknown_fields() -> None:
    assert json.loads(schema_path("weekly_plan").read_text())["additionalProperties"] is False


def test_the_page_of_audits_lists_the_invariants_as_they_are_checked() -> None:
    audit = (PROJECT_ROOT / "docs" / "audit.md").read_text()
    for invariant, statement in STATEMENTS.items():
        assert f"| `{invariant.value}` | {statement} |" in audit


def test_the_rows_of_json_files_that_are_shown_can_be_read(tmp_path: Path) -> None:
    page = (PROJECT_ROOT / "docs" / "your_data.md").read_text()
    activities, wellness = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (tmp_path / "activities.json").write_text(activities)
    (tmp_path / "wellness.json").write_text(wellness)
    source = ExportFolderSource(tmp_path)
    ever = date(2026, 1, 1), date(2026, 12, 31)
    run, strength = source.activities(*ever)
    assert (run.moving_time_s, run.distance_m, run.training_load) == (2700, 7600, 38)
    assert strength.type == "WeightTraining"
    (measured,) = [day for day in source.wellness(*ever) if day.hrv_rmssd_ms is not None]
    assert (measured.day, measured.sleep_s) == (date(2026, 11, 17), 27_000)
    assert not source.problems


def test_the_index_names_every_page() -> None:
    index = (PROJECT_ROOT / "docs" / "README.md").read_text()
    pages = {page.name for page in (PROJECT_ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_what_the_architecture_page_names_exists() -> None:
    text = (PROJECT_ROOT / "docs" / "architecture.md").read_text()
    named = set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", text))
    assert len(named) > 20
    roots = (PROJECT_ROOT, PROJECT_ROOT / "weekly_plan_assets")
    assert {path for path in named if not any((root / path).exists() for root in roots)} == set()


def links(page: Path) -> set[str]:
    """The targets of a page's links, as paths from the root of the project; headings stay."""
    found = re.findall(r"\]\(([^)]+)\)", page.read_text())
    return {
        os.path.relpath((page.parent / target).resolve(), PROJECT_ROOT)
        for target in found
        if "://" not in target and not target.startswith("#")
    }


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "Where is the plan's validity checked?",
            "weekly_plan_assets/domain/guardrails/registry.py",
        ),
        ("Where does a run event come from?", "weekly_plan_assets/runs/events.py"),
        ("How do I add a rule?", "CONTRIBUTING.md#add-a-guardrail"),
        ("What does WEEKLY_PLAN_MODEL do?", "docs/settings.md"),
        ("What happens when MongoDB is away?", "docs/architecture.md#when-mongodb-is-away"),
    ],
)
def test_from_the_index_two_clicks_lead_to_the_answer(question: str, answer: str) -> None:
    first = links(PROJECT_ROOT / "docs" / "README.md")
    pages = {PROJECT_ROOT / target.partition("#")[0] for target in first}
    second = {target for page in pages if page.suffix == ".md" for target in links(page)}
    assert answer in first | second, question


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_every_link_to_a_heading_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\(([^):]*#[^)]+)\)", page.read_text()):
        path, _, heading = target.partition("#")
        text = (page.parent / path if path else page).read_text()
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert heading in {
            re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in headings
        }, target


def test_every_variable_that_the_project_reads_is_on_the_page_of_settings() -> None:
    page = (PROJECT_ROOT / "docs" / "settings.md").read_text()
    variable = re.compile(r'"((?:WEEKLY_PLAN|INTERVALS|MONGO|OPENLINEAGE)_[A-Z_]+|DAGSTER_HOME)"')
    package = (PROJECT_ROOT / "weekly_plan_assets").rglob("*.py")
    read = {name for module in package for name in variable.findall(module.read_text())}
    assert len(read) > 25
    assert {name for name in read if f"| `{name}` |" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target
