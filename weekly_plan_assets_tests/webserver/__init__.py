"""The guard in front of Dagster's webserver."""
