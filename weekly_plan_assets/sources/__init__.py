"""Sources of training data: each reads activities and wellness for a range of days.

Summaries and judgements belong to the domain; what is kept belongs to the storage.
"""
