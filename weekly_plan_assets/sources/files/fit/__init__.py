"""FIT files, the format of watches and bike computers.

A file is taken apart (`parts`), the messages of each part are read by one of two readers that agree
(`columns`, quick, for whole files; `decoding`, by fitdecode, for all others), and what they say
about sessions is made of their columns in `recordings`, in one place for both.
"""
