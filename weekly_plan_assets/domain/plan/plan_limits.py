"""The most that anything in a plan can be: bounds that no athlete's week reaches.

They keep nonsense out of a plan and out of the bounds it is judged by. What is right for one
athlete in one week belongs to `guardrails`.
"""

from weekly_plan_assets.domain.units import SECONDS_PER_HOUR

LONGEST_SESSION_S = 100 * SECONDS_PER_HOUR
"""A race; the longest that an athlete's file can state is 99:59:59, which covers races of four days
(practice)."""

LONGEST_TRAINING_DAY_S = 12 * SECONDS_PER_HOUR
"""All training of a day: half of it; the other half is for sleep, meals and life. Convention."""

FARTHEST_SESSION_M = 1_000_000
"""1000 km, the longest race that an athlete's file can state."""

GREATEST_LOAD = 10_000
"""Of a session, a day or a week. 100 h in zone 2 hold 4624, the hardest weeks of professionals
about 2000 (practice)."""

HIGHEST_HR_BPM = 250
"""Above any heart rate known at effort (practice)."""
