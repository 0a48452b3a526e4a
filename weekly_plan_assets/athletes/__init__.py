"""Athletes as the graph works on them: one with an open source, or many of a roster in chunks.

Nothing here knows Dagster: assets, commands and benchmarks call it. Who the athletes are is said by
the settings and the roster; what a week is made of, by the domain and `lineage`.
"""
