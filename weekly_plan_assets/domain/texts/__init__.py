"""What code can read in a plan's free texts: their characters, their quantities, certain words.

`form` says what a plain sentence is made of, `quantities` which times, distances, zones, heart
rates and loads a text names, `advice` what no text may advise, `language` in which language it is.
The words that they look for are data, in `words.txt`, in English and Spanish. Nothing here
understands a sentence; what a plan's texts must not say is decided in `guardrails`.
"""
