"""What tests ask of mongod's own deletion of expired documents."""

from time import monotonic, sleep

from pymongo.database import Database

from weekly_plan_assets.storage.codec import BsonDocument

DEADLINE_S = 20


def wait_for_whole_ttl_pass(database: Database[BsonDocument]) -> None:
    """Wait until the server has looked through all collections for expired documents.

    Two passes end in that time: the one that is under way at the call may have seen a
    collection before its documents were there.
    """

    def ended() -> int:
        passes: int = database.command("serverStatus")["metrics"]["ttl"]["passes"]
        return passes

    wanted = ended() + 2
    deadline_s = monotonic() + DEADLINE_S
    while ended() < wanted:
        assert monotonic() < deadline_s, f"the server made no two passes in {DEADLINE_S} s"
        sleep(0.05)
