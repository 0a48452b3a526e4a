"""Runs on several machines, here as processes of one, on real servers; `make distributed`."""
