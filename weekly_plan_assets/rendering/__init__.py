"""What a planned session looks like elsewhere: on a calendar, a watch, a trainer, in a feed.

A session is rendered once, as parts of steps, and every format is written from those. Nothing is
read or sent here.
"""
