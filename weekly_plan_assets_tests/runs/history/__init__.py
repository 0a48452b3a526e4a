"""Damaged histories of Dagster."""
