"""Four parts for weekly-plan, one of each kind; `pyproject.toml` beside this names them.

`WEEKLY_PLAN_SOURCE=logbook` reads the CSV file that LOGBOOK names, `WEEKLY_PLAN_MODEL=easy-week`
plans without hard sessions, `WEEKLY_PLAN_NOTIFY=ledger:///path/to/file` appends messages to a file,
and every plan is judged by `club.longest_session` too.
"""

import csv
import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from weekly_plan_assets.domain.guardrails import Guardrail, PlanContext, RuleOutcome
from weekly_plan_assets.domain.plan.weekly_plan import WeeklyPlan
from weekly_plan_assets.domain.recorded.activity import Activity
from weekly_plan_assets.planners.base import PlanningRequest
from weekly_plan_assets.planners.rules import RulesPlanner
from weekly_plan_assets.settings import Settings
from weekly_plan_assets.sources.base import SourceError
from weekly_plan_assets.sources.in_memory import InMemorySource

LONGEST_S = 6 * 3600


def open_logbook(settings: Settings, today: date) -> InMemorySource:
    """Open a CSV file with the columns start, sport, minutes and load.

    Raises:
        SourceError: LOGBOOK names no such file.
    """
    path = Path(os.environ.get("LOGBOOK", "logbook.csv"))
    try:
        with path.open(newline="") as file:
            rows = [_activity(row) for row in csv.DictReader(file)]
    except OSError as error:
        raise SourceError(f"the logbook {path} cannot be read: {error}; set LOGBOOK") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"the logbook {path} has a row without start, sport, minutes and load: {error}"
        ) from error
    until_today = [row for row in rows if row.day <= today]
    return InMemorySource("logbook", settings.athlete_id or "logbook", until_today)


def _activity(row: dict[str, str]) -> Activity:
    start = datetime.fromisoformat(row["start"])
    return Activity.model_validate(
        {
            "id": start.isoformat(),
            "start_date_local": start.isoformat(),
            "type": row["sport"],
            "moving_time": round(float(row["minutes"]) * 60),
            "icu_training_load": float(row["load"]),
        }
    )


def _no_longer(plan: WeeklyPlan, context: PlanContext) -> tuple[RuleOutcome, str]:
    del context
    longest_s = max((s.duration_s for day in plan.days for s in day.sessions), default=0)
    outcome = RuleOutcome.PASS if longest_s <= LONGEST_S else RuleOutcome.FAIL
    return outcome, f"the longest session takes {longest_s / 3600:.1f} h"


LONGEST_SESSION = Guardrail(
    id="club.longest_session",
    version=1,
    statement="No session is longer than six hours.",
    threshold="duration of the longest session, at most 6 h",
    source="Rule of the club.",
    grade="practice",
    check=_no_longer,
)


class EasyWeekPlanner(RulesPlanner):
    """The rules planner with easy sessions only."""

    model_id = "easy-week"
    prompt_version = "easy-week-1"

    def plan(self, request: PlanningRequest) -> WeeklyPlan:
        """Plan as the rules would for a week that allows no hard session."""
        easy = request.context.envelope.model_copy(update={"hard_sessions": 0})
        return super().plan(replace(request, context=replace(request.context, envelope=easy)))


class LedgerFile:
    """Appends each message to the file of its URL."""

    name = "ledger"

    def __init__(self, url: str) -> None:
        """Take a URL such as ledger:///var/log/plans.txt."""
        self._path = Path(urlsplit(url).path)

    def send(self, title: str, body: str, *, failed: bool) -> bool:
        """Append the message, and return that it was taken."""
        mark = "!" if failed else "-"
        with self._path.open("a") as file:
            file.write(f"{mark} {title}\n{body}\n")
        return True
