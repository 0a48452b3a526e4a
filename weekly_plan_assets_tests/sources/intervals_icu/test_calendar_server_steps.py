"""The test server reads steps as the real one is described to, misunderstandings included."""

from typing import Any

import pytest

from weekly_plan_assets_tests.support.calendar_server.workout_text import flat_steps, parse_workout


def steps(text: str, sport: str = "Run") -> list[dict[str, Any]]:
    return [dict(step) for step in parse_workout(text, sport)["steps"]]


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("- 10m Z2 HR", {"duration": 600, "hr": {"units": "hr_zone", "value": 2}}),
        ("- 1h30m Z2-Z3 HR", {"duration": 5400, "hr": {"units": "hr_zone", "start": 2, "end": 3}}),
        ("- 90s 70-80% HR", {"duration": 90, "hr": {"units": "%hr", "start": 70, "end": 80}}),
        ("- 5m30s 92.5% LTHR", {"duration": 330, "hr": {"units": "%lthr", "value": 92.5}}),
        ("- 10m Z2", {"duration": 600, "power": {"units": "power_zone", "value": 2}}),
        ("- 10m 70-80%", {"duration": 600, "power": {"units": "%ftp", "start": 70, "end": 80}}),
        ("- 10m 200-220w", {"duration": 600, "power": {"units": "w", "start": 200, "end": 220}}),
        ("- 10m Z3 Pace", {"duration": 600, "pace": {"units": "pace_zone", "value": 3}}),
        (
            "- 1km 4:50-5:10/km Pace",
            {
                "distance": 1000,
                "duration": 300,
                "pace": {"units": "secs/km", "start": 290, "end": 310},
            },
        ),
        ("- 10m 5:00/km", {"duration": 600}),
        ("- 10m 150-160bpm", {"duration": 600}),
        ("- 10m RPE 4", {"duration": 600}),
        ("- 2500m", {"duration": 150_000}),
        ("- 280mtr", {"distance": 280, "duration": 100}),
        ("- wake-up for Z4 5m", {"duration": 300, "power": {"units": "power_zone", "value": 4}}),
        ("- Strides best 60s fast 20s", {"duration": 20, "text": "Strides best"}),
        ("- 10m easy, then best 60s", {"duration": 60}),
        ("-3h 177w-210w", {"duration": 10_800, "power": {"units": "w", "start": 177, "end": 210}}),
        (
            "- 5m 55-65% power=1s",
            {"duration": 300, "power": {"units": "%ftp", "start": 55, "end": 65}},
        ),
        (
            "- Ramp 1 1m 200w",
            {"duration": 60, "power": {"units": "w", "value": 200}, "text": "Ramp 1"},
        ),
        ("- Under 90 & < 100 5m", {"duration": 300, "text": "Under 90 &amp; &lt; 100"}),
        (
            "- Press lap 10m ramp 60-80% LTHR",
            {
                "duration": 600,
                "hr": {"units": "%lthr", "start": 60, "end": 80},
                "text": "Press lap",
                "ramp": True,
                "until_lap_press": True,
            },
        ),
        ("- 2m intensity=recovery", {"duration": 120, "intensity": "recovery"}),
        ("- 2m intensity=recover", {"duration": 120}),
    ],
)
def test_a_line_becomes_a_step(line: str, step: dict[str, Any]) -> None:
    assert steps(line) == [step]


@pytest.mark.parametrize(
    "line", ["- Z2 HR", "- 0s Z2 HR", "- 3x", "- Easy, as you feel", "10m Z2 HR"]
)
def test_a_line_without_a_length_or_a_dash_is_dropped_without_a_word(line: str) -> None:
    assert steps(f"{line}\n- 10m Z1 HR") == [
        {"duration": 600, "hr": {"units": "hr_zone", "value": 1}}
    ]


def test_a_block_is_repeated_between_blank_lines() -> None:
    first, block, last = steps("- 10m\n\nMain set 3x\n- 4m Z4 HR\n- 2m Z1 HR\n\n- 5m")
    assert (first["duration"], last["duration"]) == (600, 300)
    assert (block["reps"], block["text"], block["duration"]) == (3, "3x", 1080)
    assert [step["duration"] for step in block["steps"]] == [240, 120]
    doc = parse_workout("3x\n- 4m\n- 2m", "Run")
    assert [step["duration"] for step in flat_steps(doc)] == [240, 120] * 3


def test_a_block_without_its_blank_lines_is_not_what_was_meant() -> None:
    assert [step["reps"] for step in steps("- 10m\n\n3x\n\n- 4m") if "reps" in step] == []
    (_, block) = steps("- 10m\n\n3x\n- 4m\n- 5m")
    assert len(block["steps"]) == 2
    lost = steps("- 10m\n3x\n- 4m\n\n- 5m")
    assert [step["duration"] for step in lost] == [600, 300, 240]


def test_headers_make_their_steps_warm_up_and_cool_down() -> None:
    doc = parse_workout("Keep it easy\n\nWarmup\n- 10m\n\n- 20m\n\nCooldown\n- 5m", "Run")
    warm, main, cool = doc["steps"]
    assert (warm["warmup"], cool["cooldown"]) == (True, True)
    assert main == {"duration": 1200}
    assert doc["description"] == "Keep it easy\nWarmup\nCooldown"
