"""What a user of MongoDB may not do, said in a sentence that names the right and the role."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.database import Database
from pymongo.errors import OperationFailure

from weekly_plan_assets.storage.codec import BsonDocument
from weekly_plan_assets.storage.collection_shapes import UNAUTHORIZED
from weekly_plan_assets.storage.errors import MissingRightError

_COMMAND = re.compile(r"to execute command \{ (\w+):")
_ADMINISTERING = frozenset({"collMod"})
"""Commands of ours that `readWrite` does not include."""


@contextmanager
def named_rights(database: Database[BsonDocument], purpose: str) -> Iterator[None]:
    """Turn a missing right into a sentence.

    Args:
        database: Where the rights are needed.
        purpose: What they are needed for, as the beginning of a sentence.

    Raises:
        MissingRightError: The server refused a command for want of a right.
    """
    try:
        yield
    except OperationFailure as error:
        if error.code != UNAUTHORIZED:
            raise
        found = _COMMAND.search(str((error.details or {}).get("errmsg", "")))
        command = found[1] if found else "do that"
        role = "dbAdmin" if command in _ADMINISTERING else "readWrite"
        raise MissingRightError(
            f"{purpose} needs the right to {command} in the database {database.name}, which the "
            f"user of MONGO_URL does not have; the role {role} on that database grants it"
        ) from error
