"""Jobs that are run from the terminal, in this process or in worker processes."""
