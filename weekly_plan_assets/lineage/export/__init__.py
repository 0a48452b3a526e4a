"""The lineage for others: OpenLineage, JSON Schemas, and migration from version 0.1."""
