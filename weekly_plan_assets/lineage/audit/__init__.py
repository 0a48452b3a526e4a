"""Questions about past runs: explain, compare, replay, drift, bundles and invariants."""
