"""The files of Dagster's history: what is wrong with them, and how they are repaired.

Nothing here imports Dagster, so that a command can look at a damaged history without opening it.
"""
