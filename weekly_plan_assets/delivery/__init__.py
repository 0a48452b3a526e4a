"""Deliveries: a published plan on the athlete's calendar and in a folder, with a receipt for each.

What is decided is said in `domain.delivery`, what a session looks like in `rendering`. Here the
calendar and the folder are read and written, and the receipts are kept.
"""
