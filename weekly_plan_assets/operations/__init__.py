"""Looking after an installation: the state of Dagster's history, and errors in words.

Nothing here plans, reads training data or shows anything.
"""
