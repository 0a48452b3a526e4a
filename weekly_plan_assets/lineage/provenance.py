"""Hashes of what went into a plan, so that a later reader can tell whether it has changed."""

import hashlib

from weekly_plan_assets.storage.codec import canonical_json, encode


def sha256_of(value: object) -> str:
    """SHA-256 over the canonical JSON of a value in its stored form."""
    return hashlib.sha256(canonical_json(encode(value)).encode()).hexdigest()
