"""How the command line asks questions, and what it accepts as an answer."""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from weekly_plan_assets.errors import WeeklyPlanError
from weekly_plan_assets.terminal.console import err

if TYPE_CHECKING:
    from weekly_plan_assets.settings import SourceName

T = TypeVar("T")


class RefusedAnswerError(WeeklyPlanError):
    """An answer cannot be used; the message says why."""


@dataclass(frozen=True)
class Answers:
    """Where answers come from: options, then questions, or defaults where nothing may be asked."""

    quiet: bool

    def ask(
        self,
        option: str,
        question: str,
        read: Callable[[str], T],
        *,
        given: str | None,
        default: str | None = None,
        secret: bool = False,
    ) -> T:
        """An answer that `read` accepts.

        Args:
            option: The option that gives it.
            question: What to ask.
            read: Makes a value of the text; raises `RefusedAnswerError` if it cannot be used.
            given: The option's value.
            default: The answer where nothing is typed; None: there must be one.
            secret: Whether the answer and the default are not shown.

        Raises:
            typer.BadParameter: The option's value is refused, or there is none and no default.
        """
        if given is not None or self.quiet:
            if given is None and default is None:
                raise typer.BadParameter("it is needed with --yes", param_hint=option)
            try:
                return read(given if given is not None else default or "")
            except RefusedAnswerError as error:
                raise typer.BadParameter(str(error), param_hint=option) from None
        while True:
            try:
                return read(_typed(question, default, secret=secret))
            except RefusedAnswerError as error:
                err.print(str(error), style="yellow", markup=False, soft_wrap=True)

    def agree(self, question: str) -> bool:
        """Whether the user says yes; never where nothing may be asked."""
        return not self.quiet and _typed(f"{question} (y/N)", None).strip().lower() in {"y", "yes"}


def _typed(question: str, default: str | None, *, secret: bool = False) -> str:
    """What is typed. The end of the input raises EOFError, a Ctrl-C KeyboardInterrupt."""
    shown = f" [{'keep the present one' if secret else default}]" if default else ""
    hidden = secret and sys.stdin.isatty()
    text = err.input(f"{question}{shown}: ", markup=False, password=hidden).strip()
    return text or default or ""


def source_named(text: str) -> "SourceName":
    """A source, by its name or the beginning of it."""
    from weekly_plan_assets.settings import SourceName

    names = [name.value for name in SourceName]
    found = [name for name in names if text and name.startswith(text.strip().lower())]
    if len(found) != 1:
        raise RefusedAnswerError(f"{text!r} is none of intervals, folder and sample")
    return SourceName(found[0])


def time_zone(text: str) -> str:
    """The name of a time zone that is known here."""
    import difflib
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = sorted(available_timezones())
        cities = {zone.rpartition("/")[2].lower(): zone for zone in zones}
        near = difflib.get_close_matches(text.lower().replace(" ", "_"), cities, n=1)
        hint = f"; did you mean {cities[near[0]]}?" if near else ""
        raise RefusedAnswerError(
            f"{text!r} is not a time zone such as Europe/Madrid or UTC{hint}"
        ) from None
    return text


def existing_folder(text: str) -> Path:
    """The absolute path of a folder that exists."""
    try:
        path = Path(text).expanduser().absolute() if text else None
        if path is not None and path.is_dir():
            return path
    except (OSError, RuntimeError, ValueError):
        pass
    raise RefusedAnswerError(f"{text!r} is not a folder")


def api_key(text: str) -> str:
    """A key as services make them; it appears in no message."""
    if not text or any(character.isspace() or not character.isprintable() for character in text):
        raise RefusedAnswerError("an API key is needed, without blanks")
    return text


def access_token(text: str) -> str:
    """An OAuth access token; it appears in no message."""
    from pydantic import SecretStr

    from weekly_plan_assets.settings.intervals_credential import bearer_token
    from weekly_plan_assets.settings.refused_settings import NotAllowedError

    try:
        return bearer_token(SecretStr(text)).get_secret_value()
    except NotAllowedError as error:
        raise RefusedAnswerError(f"this is no access token: {error}") from None


def athlete_id_of(text: str) -> str:
    """The id of an athlete on Intervals.icu."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise RefusedAnswerError(f"{text!r} is not an athlete id such as i12345, or 0")
    return text


def own_id(text: str) -> str | None:
    """The id that an athlete of files gives; None if none is given."""
    from weekly_plan_assets.domain.athlete.athlete_id import ID_ALLOWED, is_athlete_id

    if not text:
        return None
    if not is_athlete_id(text):
        raise RefusedAnswerError(f"{text!r} is not an id: {ID_ALLOWED}")
    return text


def heart_rate(key: str, text: str, before: Mapping[str, int]) -> int | None:
    """A heart rate that fits those before it; None if none is given."""
    from pydantic import ValidationError

    from weekly_plan_assets.domain.athlete.athlete_file import AthleteFile

    if not text:
        return None
    allowed = AthleteFile.model_fields[key].description
    if not text.isdecimal():
        raise RefusedAnswerError(f"{text!r} is not {allowed}")
    try:
        AthleteFile.model_validate({**before, key: int(text)})
    except ValidationError as error:
        fault = error.errors()[0]
        reason = fault["ctx"]["error"] if fault["type"] == "value_error" else allowed
        raise RefusedAnswerError(f"{text} is not {reason}") from None
    return int(text)
