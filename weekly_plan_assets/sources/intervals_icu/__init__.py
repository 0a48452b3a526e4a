"""The Intervals.icu API: what is asked, how patiently, and what the answers must look like.

Which days and fields the project wants is said in `source`; how one question is asked in `client`.
"""
