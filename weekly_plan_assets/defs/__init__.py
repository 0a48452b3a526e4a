"""The Dagster code location: assets, checks, jobs, schedules, sensors, resources and IO manager.

Definitions are thin: what they do is done in the domain, the planners, the sources and the storage.
"""
