"""A week as models decide it: written by hand as a strong, a sloppy and a small one answer."""

from typing import Any

from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets_tests.support.recorded_weeks import asked_after, weekly

STEADY = [1.0] * 13 + [1.0, 0.6, 1.0]
ROWS = [
    *weekly("Run", {1: 60, 3: 60, 4: 45, 5: 110}, STEADY),
    *weekly("Ride", {6: 90}, STEADY),
]
"""Six hours a week: four runs and a ride, no hard session of which zone times are known."""

STRONG = {
    "objective": "A steady week with one tempo run and one threshold run.",
    "sessions": [
        {"day": "tue", "sport": "run", "do": "run-tempo-continuous/1", "note": "Start calmly."},
        {
            "day": "thu",
            "sport": "run",
            "do": "15 min easy; 4 x 4 min threshold / 1 min; 10 min easy",
            "note": "Keep the pace even.",
        },
        {"day": "fri", "sport": "run", "do": "45 min easy", "note": "Loosen up."},
        {"day": "sat", "sport": "run", "do": "110 min easy", "long": True, "note": "Stay easy."},
        {"day": "sun", "sport": "ride", "do": "100 min easy", "note": "Legs without impact."},
    ],
    "warnings": [],
    "reasons": [
        {"text": "Last week went as usual, so this week repeats it.", "metrics": ["trainingLoad"]},
        {"text": "Tuesday brings some tempo, Thursday some threshold.", "metrics": []},
    ],
}
"""As a strong model answers: nothing but decisions."""

SLOPPY = """Here is your plan for the week! I hope it helps.

```json
{"Objective": "A steady week.",
 "week_load": 392, "distanceM": 21097.5,
 "days": {
  "Monday": "rest",
  "Tuesday": [{"sport": "Running", "workout": "run-tempo-continuous/1", "load": 44, "bpm": null}],
  "Wednesday": [],
  "Thursday": {"type": "run", "steps": ["15 minutes easy", "4x4 min threshold / 1 min", "10 mins"],
               "durationS": 2700.0, "rpe": "7", "notes": "Even pace."},
  "Friday": [{"sport": "jog", "minutes": "45", "intent": "z2", "distanceM": 8000.0}],
  "Saturday": [{"sport": "run", "do": "1 h 50 min easy", "kind": "long"}],
  "Sunday": [{"sport": "Cycling", "duration": 100, "intent": "endurance"}]
 },
 "reasons": ["You trained as usual last week.", {"text": "Fitness is stable.", "metrics": ["form"]}]
}
```
Let me know if you want changes."""
"""As a sloppy one does: words around, sums wrong, bpm missing, metres as floats, own keys."""

SMALL = {
    "objective": "Train.",
    "sessions": [
        {"day": "2025-04-08", "sport": "run", "do": "tempo run: 10 min warm-up, 12 min z3, 10 min"},
        {"day": "Thursday", "sport": "run", "do": "45 min"},
        {"day": "fri.", "sport": "bike", "do": "90 min at aerobic effort"},
        {"day": "sábado", "sport": "run", "do": "110 min", "long": "yes", "kind": "long"},
        {"day": 6, "sport": "run", "do": "60 min easy run"},
    ],
}
"""As a small one does: few words, days and steps in its own spelling."""


def week_to_decide(**file: Any) -> PlanningRequest:
    return asked_after(ROWS, **file)
