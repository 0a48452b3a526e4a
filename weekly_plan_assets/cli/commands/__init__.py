"""The commands of `weekly-plan`, one a module."""
