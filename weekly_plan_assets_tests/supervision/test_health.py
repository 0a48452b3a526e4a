"""What `weekly-plan dev` reads of the runs that ended."""

import pytest

from weekly_plan_assets.supervision.health import EndedRun


@pytest.mark.parametrize(
    ("tags", "weeks"),
    [
        ({}, None),
        ({"partition": "2026-11-16"}, "2026-11-16"),
        (
            {
                "asset_partition_range_start": "2026-11-16",
                "asset_partition_range_end": "2026-11-16",
            },
            "2026-11-16",
        ),
        (
            {
                "asset_partition_range_start": "2026-09-28",
                "asset_partition_range_end": "2026-11-16",
            },
            "2026-09-28 to 2026-11-16",
        ),
    ],
)
def test_a_run_of_the_ui_names_its_weeks_also_as_part_of_a_backfill(
    tags: dict[str, str], weeks: str | None
) -> None:
    run = EndedRun.model_validate(
        {
            "runId": "r",
            "jobName": "__ASSET_JOB",
            "status": "SUCCESS",
            "endTime": 1.0,
            "tags": [{"key": f"dagster/{name}", "value": value} for name, value in tags.items()],
        }
    )
    assert run.weeks == weeks
