"""`weekly-plan dev`: Dagster's code server, daemon and webserver, kept running side by side.

`dagster_programs` says what is run, `part` is one running process, `restarts` how often it may die,
`health` how it does, `supervisor` what follows from that. `guard` cleans up after a `dev` that was
killed, `single` keeps a second one away, `mongod_watch` brings the embedded server back.
Nothing here imports Dagster or writes to the terminal: events are logged, the CLI shows them.
"""
