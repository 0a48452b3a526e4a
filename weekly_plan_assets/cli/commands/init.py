"""`weekly-plan init`: the first settings, asked for, tried and written.

What is written, and how, is in `first_settings`. Nothing is written before every answer is known.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from weekly_plan_assets.cli.questions import (
    Answers,
    access_token,
    api_key,
    athlete_id_of,
    existing_folder,
    heart_rate,
    own_id,
    source_named,
    time_zone,
)
from weekly_plan_assets.terminal.console import err, out
from weekly_plan_assets.terminal.failures import FAILED, INTERRUPTED, say_failed

if TYPE_CHECKING:
    from weekly_plan_assets.operations.diagnosis import Diagnosis
    from weekly_plan_assets.operations.first_settings import FirstSettings
    from weekly_plan_assets.settings import SourceName

_SOURCES = """\
Where does your training data come from?
  intervals  an Intervals.icu account, with an API key
  folder     files: FIT, GPX, TCX, a Strava export, JSON
  sample     nowhere yet: try it with a simulated athlete"""
_KEY = "INTERVALS_API_KEY"
_TOKEN = "INTERVALS_ACCESS_TOKEN"  # noqa: S105 - a name
_ATHLETE = "WEEKLY_PLAN_ATHLETE"
_QUESTIONS = {
    "resting_hr_bpm": ("--resting-hr", "Resting heart rate"),
    "threshold_hr_bpm": ("--threshold-hr", "Heart rate at lactate threshold"),
    "max_hr_bpm": ("--max-hr", "Highest heart rate"),
}


def init(  # noqa: PLR0913 - each is an option
    *,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE", help="Where your data comes from: intervals, folder or sample."
        ),
    ] = None,
    folder: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder with your training files.")
    ] = None,
    athlete_id: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Athlete id on Intervals.icu (0 is the owner of the key or token), or a short "
            "name if you use files.",
        ),
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Your time zone, such as Europe/Madrid.")
    ] = None,
    resting_hr: Annotated[
        str | None, typer.Option(metavar="BPM", help="Resting heart rate.")
    ] = None,
    threshold_hr: Annotated[
        str | None, typer.Option(metavar="BPM", help="Heart rate at lactate threshold.")
    ] = None,
    max_hr: Annotated[str | None, typer.Option(metavar="BPM", help="Highest heart rate.")] = None,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", help="Folder to write to, if you plan for several athletes."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; use defaults for everything not given.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace existing files without asking.")
    ] = False,
    check: Annotated[
        bool, typer.Option(help="Read the folder or query the API before writing anything.")
    ] = True,
) -> None:
    """Ask for your data source, time zone and heart rates, test them, and write the settings.

    Writes `.env` and `athlete.yaml`, readable by you alone. An API key is taken from
    INTERVALS_API_KEY or asked for, unless INTERVALS_ACCESS_TOKEN holds an OAuth token; there is no
    option for either, because other users can see command lines.
    """
    heart_rates = dict(zip(_QUESTIONS, (resting_hr, threshold_hr, max_hr), strict=True))
    answers = Answers(quiet=yes)
    try:
        target = _target(directory)
        first = _asked(
            answers,
            target,
            {"source": source, "folder": folder, "athlete_id": athlete_id, "timezone": timezone},
            heart_rates,
            check=check,
        )
        _write(answers, target, first, force=force)
    except (EOFError, KeyboardInterrupt) as error:
        interrupted = isinstance(error, KeyboardInterrupt)
        err.print(
            f"\n{'interrupted' if interrupted else 'the answers ended early'}; nothing was written",
            style="yellow",
        )
        raise typer.Exit(INTERRUPTED if interrupted else FAILED) from None


def _target(directory: Path | None) -> Path:
    from weekly_plan_assets.settings.installation import config_dir

    return config_dir() if directory is None else directory.expanduser().absolute()


def _asked(
    answers: Answers,
    target: Path,
    given: Mapping[str, str | None],
    heart_rates: Mapping[str, str | None],
    *,
    check: bool,
) -> "FirstSettings":
    """All answers, tried unless `check` is off."""
    from weekly_plan_assets.operations.first_settings import FirstSettings, present_settings
    from weekly_plan_assets.settings import SourceName

    try:
        present = present_settings(target) | {k: v for k, v in os.environ.items() if v}
    except (OSError, UnicodeDecodeError) as error:
        say_failed(f"{target / '.env'} cannot be read as text in UTF-8: {error}")
        raise typer.Exit(FAILED) from None
    zone = None
    while True:
        source = _source(answers, given["source"], given["folder"], present)
        path = key = token = name = None
        athlete_id = "0"
        if source is SourceName.FOLDER:
            path = answers.ask(
                "--folder",
                "Folder with your training files",
                existing_folder,
                given=given["folder"],
                default=present.get("WEEKLY_PLAN_EXPORT_DIR"),
            )
            name = answers.ask(
                "--athlete-id",
                "A short name for you, such as anna, if several people plan on this machine; "
                "Enter leaves it out",
                own_id,
                given=given["athlete_id"],
                default=present.get("WEEKLY_PLAN_ATHLETE_ID", ""),
            )
        elif source is SourceName.INTERVALS:
            key, token = _credential(answers, present)
            athlete_id = answers.ask(
                "--athlete-id",
                "Athlete id, 0 for the owner of the key or token",
                athlete_id_of,
                given=given["athlete_id"],
                default=present.get("INTERVALS_ATHLETE_ID", "0"),
            )
        zone = zone or answers.ask(
            "--timezone",
            "Your time zone",
            time_zone,
            given=given["timezone"],
            default=_default_zone(present),
        )
        first = FirstSettings(source, zone, path, key, token, athlete_id, own_id=name)
        findings = _tried(first, present) if check else []
        if not _is_wrong(findings) or answers.agree("Save these settings all the same?"):
            break
        if answers.quiet or given["source"] is not None:
            say_failed("nothing was written; correct this, or leave the check out with --no-check")
            raise typer.Exit(FAILED)
    bpm = _heart_rates(answers, heart_rates, findings, source)
    return replace(first, heart_rates_bpm=bpm)


def _credential(
    answers: Answers, present: Mapping[str, str]
) -> tuple[str, None] | tuple[None, str]:
    """The key for Intervals.icu, or the token that is set already."""
    from weekly_plan_assets.settings.intervals_credential import TWO_CREDENTIALS

    if _TOKEN in present:
        if _KEY in present:
            say_failed(TWO_CREDENTIALS)
            raise typer.Exit(FAILED)
        if not answers.quiet:
            err.print(f"{_TOKEN} is set, so no API key is needed.")
        return None, answers.ask(
            _TOKEN, "Access token", access_token, given=present[_TOKEN], default=None, secret=True
        )
    if not answers.quiet:
        err.print("The API key is at the bottom of your settings on intervals.icu.")
    key = answers.ask(_KEY, "API key", api_key, given=None, default=present.get(_KEY), secret=True)
    return key, None


def _source(
    answers: Answers, given: str | None, folder: str | None, present: Mapping[str, str]
) -> "SourceName":
    likely = "sample"
    if folder or present.get("WEEKLY_PLAN_EXPORT_DIR"):
        likely = "folder"
    elif present.get(_KEY) or present.get(_TOKEN):
        likely = "intervals"
    if given is None and not answers.quiet:
        err.print(_SOURCES, markup=False)
    default = present.get("WEEKLY_PLAN_SOURCE") if folder is None else likely
    return answers.ask("--source", "Source", source_named, given=given, default=default or likely)


def _default_zone(present: Mapping[str, str]) -> str:
    from tzlocal import get_localzone_name

    try:
        return present.get("WEEKLY_PLAN_TIMEZONE") or get_localzone_name() or "UTC"
    except (LookupError, OSError, ValueError):  # the system names none, or several
        return "UTC"


def _tried(first: "FirstSettings", present: Mapping[str, str]) -> "list[Diagnosis]":
    """Read the source once, and show what was found."""
    from weekly_plan_assets.cli.commands.doctor import show_findings
    from weekly_plan_assets.operations.doctor import ATHLETE_FILE, try_source
    from weekly_plan_assets.settings import Settings
    from weekly_plan_assets.settings.installation import default_state_dir
    from weekly_plan_assets.terminal.import_bar import ImportBar

    state = Path(present.get("WEEKLY_PLAN_STATE_DIR") or default_state_dir()).expanduser()
    tried = {
        "WEEKLY_PLAN_STATE_DIR": str(state),
        "INTERVALS_BASE_URL": present.get("INTERVALS_BASE_URL", ""),
        **first.variables(None),
    }
    settings = Settings.model_validate({name: value for name, value in tried.items() if value})
    settings = settings.model_copy(update={"athlete_file": None})
    with err.status("trying it"):
        found = try_source(settings, ImportBar(err))
    # The heart rates are asked for next, so there is no need to say that they are absent.
    findings = [finding for finding in found if finding.subject != ATHLETE_FILE]
    show_findings(findings, err)
    return findings


def _is_wrong(findings: "list[Diagnosis]") -> bool:
    from weekly_plan_assets.operations.diagnosis import Level

    return any(finding.level is Level.WRONG for finding in findings)


def _heart_rates(
    answers: Answers,
    given: Mapping[str, str | None],
    findings: "list[Diagnosis]",
    source: "SourceName",
) -> dict[str, int]:
    """The heart rates, asked for where the source knows no zones."""
    from weekly_plan_assets.settings import SourceName

    known = any(finding.subject == "heart-rate zones" for finding in findings)
    asks = not answers.quiet and source is not SourceName.SAMPLE and not known
    if asks:
        err.print("Heart rates in beats a minute; Enter leaves one out.")
    rates: dict[str, int] = {}
    for key, (option, question) in _QUESTIONS.items():
        text = given[key]
        if text is None and not asks:
            continue

        def read(text: str, key: str = key) -> int | None:
            return heart_rate(key, text, rates)

        bpm = answers.ask(option, question, read, given=text, default="")
        if bpm is not None:
            rates[key] = bpm
    return rates


def _write(answers: Answers, target: Path, first: "FirstSettings", *, force: bool) -> None:
    """Write both files, if the user agrees to what would be replaced."""
    from weekly_plan_assets.operations.first_settings import (
        ATHLETE_FILE_NAME,
        merged,
        present_settings,
        write_private,
    )
    from weekly_plan_assets.settings import SourceName
    from weekly_plan_assets.settings.env_file import FILE_NAME

    env = target / FILE_NAME
    athlete = Path(present_settings(target).get(_ATHLETE) or target / ATHLETE_FILE_NAME)
    needs_athlete = first.source is not SourceName.SAMPLE or bool(first.heart_rates_bpm)
    writes_athlete = needs_athlete and not athlete.exists()
    if athlete.exists() and first.heart_rates_bpm:
        writes_athlete = _may_replace(answers, athlete, force=force, needed=False)
    present = env.read_text(encoding="utf-8") if env.exists() else ""
    variables = first.variables(athlete if needs_athlete else None)
    text = merged(present, variables)
    if env.exists() and text != present:
        _may_replace(answers, env, force=force, needed=True)
    if writes_athlete:
        kept = write_private(athlete, first.athlete_text(), keep_previous=True)
        out.print(f"wrote {athlete}", soft_wrap=True)
        if kept is not None:
            out.print(f"the previous one is {kept}", soft_wrap=True)
    write_private(env, text, keep_previous=False)
    out.print(f"wrote {env}", soft_wrap=True)
    _warn_of_others(env, variables)
    out.print("next: `weekly-plan run` plans a week, `weekly-plan doctor` checks everything")


def _may_replace(answers: Answers, file: Path, *, force: bool, needed: bool) -> bool:
    """Whether an existing file is replaced; where it is needed, a no ends the command."""
    what = "Change these settings in" if needed else "Replace"
    if force or answers.agree(f"{file} exists. {what} it?"):
        return True
    if needed or answers.quiet:
        say_failed(f"{file} exists, so nothing was written; --force replaces it")
        raise typer.Exit(FAILED)
    err.print(f"{file} stays as it is", style="yellow", soft_wrap=True)
    return False


def _warn_of_others(env: Path, variables: Mapping[str, str]) -> None:
    """Name what will take precedence over the file that was written."""
    from weekly_plan_assets.settings.env_file import found_file

    for name, value in variables.items():
        if os.environ.get(name, value) != value:
            err.print(
                f"{name} is set in the environment to something else, which takes precedence",
                style="yellow",
                soft_wrap=True,
            )
    used = found_file()
    if used != env:
        where = f"in {env.parent}" if used is None else f"in {env.parent}, because here {used} is"
        sentence = f"commands use these settings when they are typed {where}"
        err.print(sentence, style="yellow", soft_wrap=True)
