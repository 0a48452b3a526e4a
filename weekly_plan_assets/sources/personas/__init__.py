"""Simulated athletes: who they are, as data, and one simulator that lives their weeks.

`persona_table` says who they are, `persona` what can be said of one, `life` what they do day by
day, `persona_recording` what a watch makes of it, `persona_body` how they sleep and recover,
`persona_account` what their account says of them; `source` serves all of it by date. Nothing here
looks at a planner's rules.
"""
