"""Simulated athletes: who they are, as data, and one simulator that lives their weeks.

`table` says who they are, `persona` what can be said of one, `life` what they do day by day,
`recording` what a watch makes of it, `body` how they sleep and recover, `known` what the planner
gets to know. Nothing here looks at a planner's rules.
"""
