"""Planners: what turns planning inputs into a proposed week, and the loop that asks them.

Whether a proposal is any good is decided by the guardrails of the domain, not here.
"""
