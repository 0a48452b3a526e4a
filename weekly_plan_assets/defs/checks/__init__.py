"""Asset checks, named as assertions: `plan` blocks, `data_quality` warns."""
