"""Parts that other packages add: sources, guardrails, planners and message targets.

A package names what it adds in its `pyproject.toml`, as an entry point in the group of the seam;
from then on every process knows it: commands, code servers and workers. What a part of each kind
must be able to do is a protocol beside the parts of this project; CONTRIBUTING.md has an example.
"""

from enum import StrEnum
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from inspect import getattr_static
from typing import Any

from weekly_plan_assets.errors import WeeklyPlanError

_MISSING = object()


class ExtensionError(WeeklyPlanError, RuntimeError):
    """A part of another package cannot be used; the message names the part and its package."""


class Seam(StrEnum):
    """Where other packages can add parts. The values are entry point groups.

    Attributes:
        SOURCE: A function of settings and today's date that opens a `TrainingSource`; its name is a
            value of WEEKLY_PLAN_SOURCE.
        GUARDRAIL: A `Guardrail`, judged after those of this project; its name is the rule's id.
        PLANNER: A function without arguments that makes a `Planner`; its name is a value of
            WEEKLY_PLAN_MODEL.
        MESSAGE_TARGET: A function of a URL that makes a `MessageTarget`; its name is the scheme of
            URLs in WEEKLY_PLAN_NOTIFY.
    """

    SOURCE = "weekly_plan_assets.sources"
    GUARDRAIL = "weekly_plan_assets.guardrails"
    PLANNER = "weekly_plan_assets.planners"
    MESSAGE_TARGET = "weekly_plan_assets.message_targets"


@cache
def added_names(seam: Seam) -> tuple[str, ...]:
    """Names of the parts that installed packages add, in alphabetical order."""
    return tuple(sorted(_added(seam)))


@cache
def added_part(seam: Seam, name: str) -> Any:
    """Load a part by its name.

    Raises:
        ExtensionError: No installed package adds it, or it cannot be imported.
    """
    entry = _added(seam).get(name)
    if entry is None:
        raise ExtensionError(f"no installed package adds the {kind_of(seam)} {name!r}; install it")
    try:
        return entry.load()
    except Exception as error:  # importing runs whatever the package holds
        raise ExtensionError(
            f"the {described(seam, name)} cannot be loaded "
            f"({type(error).__name__}: {error}); correct or uninstall the package"
        ) from error


def make_part(seam: Seam, name: str, protocol: type, *arguments: object) -> Any:
    """Make a part by calling what its entry point names.

    Args:
        seam: Where the part is added.
        name: Its name.
        protocol: What it must be able to do.
        arguments: What the entry point is called with.

    Raises:
        ExtensionError: No installed package adds it, it cannot be made, or it lacks something.
    """
    factory = added_part(seam, name)
    try:
        part = factory(*arguments)
    except WeeklyPlanError:
        raise
    except Exception as error:  # making it runs whatever the package holds
        raise ExtensionError(
            f"the {described(seam, name)} cannot be made "
            f"({type(error).__name__}: {error}); correct or uninstall the package"
        ) from error
    members = [member for member in dir(protocol) if not member.startswith("_")]
    missing = [one for one in members if getattr_static(part, one, _MISSING) is _MISSING]
    if missing:
        raise ExtensionError(
            f"the {described(seam, name)} makes {type(part).__name__}, which is no "
            f"{protocol.__name__}: it has no {', '.join(missing)}"
        )
    return part


def kind_of(seam: Seam) -> str:
    """What a part of the seam is called in sentences, such as message target."""
    return seam.name.lower().replace("_", " ")


def described(seam: Seam, name: str) -> str:
    """A part with its kind and its package."""
    return f"{kind_of(seam)} {name!r} of package {package_of(seam, name)}"


def package_of(seam: Seam, name: str) -> str:
    """Name and version of the package that adds a part."""
    return _package(_added(seam)[name])


def _added(seam: Seam) -> dict[str, EntryPoint]:
    """The entry points of a seam by their names.

    Raises:
        ExtensionError: Two packages add parts of one name.
    """
    added: dict[str, EntryPoint] = {}
    for entry in entry_points(group=seam.value):
        other = added.setdefault(entry.name, entry)
        if other.value != entry.value:
            raise ExtensionError(
                f"{_package(other)} and {_package(entry)} both add the {kind_of(seam)} "
                f"{entry.name!r}; uninstall one of them"
            )
    return added


def _package(entry: EntryPoint) -> str:
    return "unknown" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"
