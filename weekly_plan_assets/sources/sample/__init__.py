"""The sample source: a simulated athlete, so that the project can be tried without any data.

`calendar` says how the athlete's life goes, `sessions` what a training session records, `body` how
the body answers, `source` serves the rows. Everything is drawn by generators that are seeded with
the day: a day's rows are the same on every machine, and do not change as later days come.
"""

from weekly_plan_assets.sources.sample.source import SampleSource

__all__ = ["SampleSource"]
