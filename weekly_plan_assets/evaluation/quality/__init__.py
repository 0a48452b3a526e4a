"""The plan quality score: what plans ask for, measured against what the athlete does.

`loops` makes the plans, `measures` counts what each week asks for, `volume`, `habits` and
`intensity` are the items with their bounds, `score` puts all of it together. That a plan is valid
is decided by the guardrails; whether it is good training for this athlete is measured here.
"""
