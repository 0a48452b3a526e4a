"""The embedded MongoDB server: a real mongod that the project runs where MONGO_URL is unset.

`binary` finds mongod, `endpoint` says where it listens, `folder` holds its files and locks,
`mongod` is the process, `failure` says why it did not start, `server` shares it among processes.
Nothing here knows a collection, or reads a setting other than WEEKLY_PLAN_MONGOD.
"""

from weekly_plan_assets.storage.embedded.errors import EmbeddedServerError
from weekly_plan_assets.storage.embedded.server import EmbeddedServer, ServerStatus

__all__ = ["EmbeddedServer", "EmbeddedServerError", "ServerStatus"]
