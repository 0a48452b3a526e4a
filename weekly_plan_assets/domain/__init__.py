"""What the project knows of training: weeks, sessions, fitness, plans and their rules.

Everything here is plain Python, pydantic and pandas. Nothing here imports Dagster or pymongo, reads
a setting, or touches a file or the network.
"""
