"""The groups in which the UI shows the assets."""

INGEST = "ingest"
METRICS = "metrics"
PLANNING = "planning"
