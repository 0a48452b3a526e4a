"""A planned week as one HTML page: to read on a phone, to print, to send.

It needs no script and no other file. What it says comes from the stored run; nothing is computed
here but where things are drawn. Pages of the terminal belong to `cli`, pictures of the UI to `ui`.
"""
