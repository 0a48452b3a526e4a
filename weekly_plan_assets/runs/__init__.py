"""What Dagster knows of runs, and what happens when one ends: facts, events, launcher, tags."""
