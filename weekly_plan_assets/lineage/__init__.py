"""Records of what happened: the run-keyed documents and how they join by runId."""
