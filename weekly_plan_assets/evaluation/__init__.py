"""Evaluation: planners asked again about past weeks, without hindsight, and measured side by side.

Nothing here reads a source or touches the lineage; results go to a collection of their own.
"""
