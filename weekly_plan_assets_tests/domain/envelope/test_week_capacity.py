"""What a week is sure to hold, beside what easy sessions bring."""

import pytest

from weekly_plan_assets.domain.envelope.week_capacity import STEP_S, SURE_SESSION_S, week_room
from weekly_plan_assets.domain.plan.session_load import TABLE_RATES
from weekly_plan_assets.domain.plan.session_zones import EASY_ZONE
from weekly_plan_assets.planners.workouts import PLAIN, steady_load


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.063, 1.4])
@pytest.mark.parametrize("longest_s", range(4 * STEP_S, SURE_SESSION_S + 1, STEP_S))
def test_easy_sessions_with_their_warm_up_bring_what_is_sure(longest_s: int, scale: float) -> None:
    rates = TABLE_RATES.scaled(scale, scale)
    room = week_room(
        [None] * 7,
        sure_rooms=[None] * 7,
        most_sessions=3,
        race_days=0,
        longest_run_s=longest_s,
        max_hard_share=0.23,
        rates=[rates],
    )
    brought = 3 * steady_load(EASY_ZONE, longest_s, PLAIN, rates)
    assert 0.75 * brought <= room.sure_load <= brought
