"""The overview of a roster as one HTML page, in the look of the page of a week.

It needs no script and no other file. What it says comes from `athletes.overview`.
"""
