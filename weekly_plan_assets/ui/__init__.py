"""How training is shown: figures in words, and tables and pictures in the Dagster UI.

Knows the records, and Dagster's metadata values where it speaks to the UI. Nothing is found out
here; how a page of the terminal is laid out belongs to `cli`.
"""
