"""A ride by power as the files that smart trainers follow: ZWO and ERG."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from weekly_plan_assets.domain.plan.session_parts import TargetKind
from weekly_plan_assets.domain.plan.weekly_plan import Sport
from weekly_plan_assets.domain.units import SECONDS_PER_MINUTE
from weekly_plan_assets.rendering.rendered_session import (
    RenderedPart,
    RenderedSession,
    RenderedStep,
)

FREE_SHARE = 0.5
"""Power of a step without a target, as a share of FTP: very easy (Coggan's level 1)."""


def can_go_to_a_trainer(session: RenderedSession) -> bool:
    """Whether it is a ride of which at least one step is steered by power, and none by distance."""
    steps = [step for part in session.parts for step in part.steps]
    is_timed = all(step.distance_m is None for step in steps)
    has_power = any(_watts(step) is not None for step in steps)
    return session.session.sport is Sport.RIDE and is_timed and has_power


def zwo(session: RenderedSession, ftp_w: int) -> str:
    """The file of Zwift, in shares of FTP.

    Args:
        session: A ride that can go to a trainer.
        ftp_w: The athlete's FTP in watts.
    """
    root = ET.Element("workout_file")
    for name, text in (
        ("author", "weekly-plan"),
        ("name", session.title),
        ("description", session.description),
        ("sportType", "bike"),
    ):
        ET.SubElement(root, name).text = text
    workout = ET.SubElement(root, "workout")
    for part in session.parts:
        _add(part, workout, ftp_w)
    ET.indent(root)
    return f"{ET.tostring(root, encoding='unicode')}\n"


def _add(part: RenderedPart, workout: ET.Element, ftp_w: int) -> None:
    """Add a part: pairs as intervals, anything else step by step."""
    shares = [_share(step, ftp_w) for step in part.steps]
    if part.repeats > 1 and len(part.steps) == 2:  # noqa: PLR2004 - on and off
        (on, off), (on_share, off_share) = part.steps, shares
        attributes = {
            "Repeat": str(part.repeats),
            "OnDuration": str(on.duration_s),
            "OffDuration": str(off.duration_s),
            "OnPower": f"{on_share:.3f}",
            "OffPower": f"{off_share:.3f}",
        }
        made = ET.SubElement(workout, "IntervalsT", attributes)
        ET.SubElement(made, "textevent", {"timeoffset": "0", "message": on.cue})
        return
    for _ in range(part.repeats):
        for step, share in zip(part.steps, shares, strict=True):
            attributes = {"Duration": str(step.duration_s), "Power": f"{share:.3f}"}
            made = ET.SubElement(workout, "SteadyState", attributes)
            ET.SubElement(made, "textevent", {"timeoffset": "0", "message": step.cue})


def erg(session: RenderedSession, ftp_w: int) -> str:
    """The file of minutes and watts that most trainer programs read.

    Args:
        session: A ride that can go to a trainer.
        ftp_w: The athlete's FTP in watts, for steps without a target.
    """
    lines = [
        "[COURSE HEADER]",
        "VERSION = 2",
        "UNITS = ENGLISH",
        f"DESCRIPTION = {session.title}",
        f"FTP = {ftp_w}",
        "MINUTES WATTS",
        "[END COURSE HEADER]",
        "[COURSE DATA]",
        *_course(session, ftp_w),
        "[END COURSE DATA]",
    ]
    return "\r\n".join([*lines, ""])


def _course(session: RenderedSession, ftp_w: int) -> Iterator[str]:
    at_s = 0
    for part in session.parts:
        for _ in range(part.repeats):
            for step in part.steps:
                watts = _watts(step) or FREE_SHARE * ftp_w
                for moment_s in (at_s, at_s + step.duration_s):
                    yield f"{moment_s / SECONDS_PER_MINUTE:.2f}\t{watts:.0f}"
                at_s += step.duration_s


def _share(step: RenderedStep, ftp_w: int) -> float:
    watts = _watts(step)
    return FREE_SHARE if watts is None else watts / ftp_w


def _watts(step: RenderedStep) -> float | None:
    """The middle of the range, or its upper end where only that is set; None without power."""
    if step.steering is None or step.steering.kind is not TargetKind.POWER:
        return None
    target = step.steering.target
    return target.high if target.low is None else (target.low + target.high) / 2
