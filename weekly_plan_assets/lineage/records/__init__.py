"""The documents of a run, how they are made, and how stored ones are read."""
