"""The graph of a roster: the same assets, for the athletes of a cohort instead of one.

Athletes are documents in the store and never events of Dagster: a run is one cohort and one week,
and says in its metadata whom it could not plan for. What is done for an athlete lies in `athletes`.
"""
