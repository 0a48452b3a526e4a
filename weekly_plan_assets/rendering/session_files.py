"""The files of one session, by name: for a watch, and for a trainer where it is a ride by power."""

import re
import unicodedata

from weekly_plan_assets.rendering.fit_workout import fit_workout
from weekly_plan_assets.rendering.rendered_session import RenderedSession
from weekly_plan_assets.rendering.trainer_files import can_go_to_a_trainer, erg, zwo

_LONGEST_NAME = 40
_UNSAFE = re.compile(r"[^a-z0-9]+")


def session_files(session: RenderedSession, ftp_w: float | None) -> dict[str, bytes]:
    """The files that can be made of a session; none for one without steps.

    Names begin with the day, because many devices show no other date.

    Args:
        session: The session.
        ftp_w: The athlete's FTP in watts; None where it is not known, and no trainer can follow.
    """
    if not session.parts:
        return {}
    number = session.session_id.rpartition(":")[2]
    name = f"{session.day}-{number}-{_slug(session.title)}"
    files = {f"{name}.fit": fit_workout(session)}
    if ftp_w is not None and can_go_to_a_trainer(session):
        files[f"{name}.zwo"] = zwo(session, round(ftp_w)).encode()
        files[f"{name}.erg"] = erg(session, round(ftp_w)).encode()
    return files


def _slug(title: str) -> str:
    """A title as a part of a file name that every system takes."""
    bare = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", bare).strip("-")[:_LONGEST_NAME].rstrip("-") or "session"
