"""The delivery of a plan to a calendar: what is wanted, what is there, and what follows from both.

Nothing is read or written here. What a session looks like in a target is made in `rendering`; the
writing itself is done in `delivery`.
"""
