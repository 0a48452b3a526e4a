"""Which imports are private."""


def is_private(module: str) -> bool:
    """Whether a module of Dagster is none of its public ones."""
    top, *below = module.split(".")
    if top == "dagster_shared":
        return True
    return top.startswith("dagster") and any(part.startswith("_") for part in below)
