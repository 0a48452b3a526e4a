"""Send how planned weeks ended to WEEKLY_PLAN_NOTIFY, at the end of a command that plans."""

from typing import TYPE_CHECKING

from weekly_plan_assets.settings import Settings
from weekly_plan_assets.terminal.console import err

if TYPE_CHECKING:
    from pymongo.database import Database

    from weekly_plan_assets.storage.codec import BsonDocument


def notify(settings: Settings, database: "Database[BsonDocument]") -> None:
    """Tell how planned weeks ended; what goes wrong is a warning, and the daemon's to repeat."""
    if settings.notify is None:
        return
    from weekly_plan_assets.operations.notifications import notify_ends

    with err.status("notifying"):
        notify_ends(database, settings)
