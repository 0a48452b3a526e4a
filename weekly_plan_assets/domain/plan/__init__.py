"""The plan of a week: its documents, its limits, and the load and zones of its sessions."""
