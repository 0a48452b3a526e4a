"""Dagster's code server, which first settles the starts that its predecessor left unfinished.

`python -m weekly_plan_assets.runs.code_server ARGUMENTS...` is `dagster ARGUMENTS...` after that.
Run monitoring asks for the process of a run only once the run has begun; one that was killed with
its code server before that would hold a place in the queue until it is timed out.
"""

import logging
import runpy

from dagster import DagsterInstance, DagsterRunStatus

from weekly_plan_assets.runs.launcher import fail_lost_runs

log = logging.getLogger(__name__)


def _main() -> None:
    try:
        with DagsterInstance.get() as instance:
            fail_lost_runs(instance, DagsterRunStatus.STARTING)
    except Exception:
        # The code server itself may do without; where it does not, it says why.
        log.exception("the runs that were killed while they started are not settled")
    runpy.run_module("dagster", run_name="__main__")


if __name__ == "__main__":
    _main()
