"""Everything that knows MongoDB: connections, the codec, indexes, queries, the embedded server.

What the documents mean is said in `lineage` and `domain`.
"""
