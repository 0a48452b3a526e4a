"""The errors of the embedded server."""


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot do what was asked; one sentence says why, and the way out."""


class DataInUseError(EmbeddedServerError):
    """Another mongod holds the data files. A server that is just dying gives them free soon."""
