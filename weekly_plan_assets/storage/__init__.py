"""Everything that knows MongoDB: the resource, the IO manager, the codec, indexes, the server.

What the documents mean is said in `lineage` and `domain`.
"""
