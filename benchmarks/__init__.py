"""Figures that anyone can reproduce with `make bench`: each with the floor measured beside it."""
