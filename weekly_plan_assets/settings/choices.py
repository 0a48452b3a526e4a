"""Settings that name one of several things: their values, and what refuses another one."""

import os
import re
from enum import StrEnum

from weekly_plan_assets.domain.extensions import Seam, added_names
from weekly_plan_assets.settings.refused_settings import NotAllowedError, looks_like_a_key


class SourceName(StrEnum):
    """Where training data comes from."""

    SAMPLE = "sample"
    INTERVALS = "intervals"
    FOLDER = "folder"
    SIMULATED = "simulated"


class Fallback(StrEnum):
    """Planner to fall back to when a model produces no valid plan."""

    NONE = "none"
    RULES = "rules"


class NotifyOn(StrEnum):
    """Which ends of planned weeks are sent."""

    FAILURE = "failure"
    ALWAYS = "always"


class ScheduleState(StrEnum):
    """What starts runs by itself, together with the daemon."""

    STOPPED = "stopped"
    RUNNING = "running"
    AUTOMATION = "automation"


class DeliveryTarget(StrEnum):
    """Where published plans are delivered: the Intervals.icu calendar, a folder of files."""

    INTERVALS = "intervals"
    FILES = "files"


def known_source(name: str) -> str:
    """Refuse what is neither a source of the project nor that of an installed package."""
    added = added_names(Seam.SOURCE)
    if name not in {*SourceName, *added}:
        allowed = ", ".join([*SourceName, *added])
        raise NotAllowedError(f"allowed are {allowed}")
    return SourceName(name) if name in set(SourceName) else name


def known_planner(name: str) -> str:
    """Refuse what is no planner, and a key that was given in the place of a model's name."""
    added = added_names(Seam.PLANNER)
    is_model = re.fullmatch(r"[a-z][a-z0-9/-]*:(?!//)\S+", name)
    is_known = name in {"rules", *added}
    if not is_known and (not is_model or looks_like_a_key(name, os.environ)):
        allowed = ", ".join(["rules", *added])
        raise NotAllowedError(
            f"allowed are {allowed}, or a model as provider:name, such as openai:gpt-5, whose key "
            "is in a variable of its own"
        )
    return name


def known_targets(names: str) -> str:
    """Refuse what is no target of a delivery; the names come back separated by blanks."""
    chosen = [name for name in re.split(r"[\s,]+", names) if name]
    if not chosen or not set(chosen) <= set(DeliveryTarget):
        raise NotAllowedError(f"allowed are {', '.join(DeliveryTarget)}, separated by commas")
    return " ".join(dict.fromkeys(chosen))
