"""Dagster's webserver behind a guard, so that the UI serves its owner and nobody else.

`python -m weekly_plan_assets.webserver` runs it. `command` starts the server, `guard` refuses what
other web pages send, `access` refuses what other users of the machine send, `connection_owner`
reports who has opened a connection. The pages themselves are Dagster's. `intervals_webhooks` is the
one path that others may ask.
"""
