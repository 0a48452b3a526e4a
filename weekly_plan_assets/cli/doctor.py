"""`weekly-plan doctor`: what is right, what is wrong, and how to mend it."""

import typer

from weekly_plan_assets.cli.arguments import AsJson
from weekly_plan_assets.cli.console import err, out, print_json


def doctor(*, as_json: AsJson = False) -> None:
    """Check the settings, the state folder, the database, the source and the planner."""
    from weekly_plan_assets.cli.import_bar import ImportBar
    from weekly_plan_assets.diagnosis import Level, diagnose

    findings = diagnose(ImportBar(err))
    healthy = all(finding.level is not Level.WRONG for finding in findings)
    if as_json:
        print_json({"healthy": healthy, "findings": findings})
    else:
        marks = {Level.RIGHT: ("ok", "green"), Level.NOTE: ("note", "yellow")}
        for finding in findings:
            mark, style = marks.get(finding.level, ("WRONG", "red"))
            out.print(f"{mark:<6}", style=style, end="")
            out.print(f"{finding.subject}: {finding.text}", markup=False, soft_wrap=True)
    raise typer.Exit(0 if healthy else 1)
