"""Tools of the project that are run by `make` and are no part of the package."""
