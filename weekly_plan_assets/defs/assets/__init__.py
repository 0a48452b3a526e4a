"""The asset graph, one file an asset: load, call the domain, return.

Arithmetic, rules and queries belong to the domain, the planners and the storage.
"""
