"""`python -m weekly_plan_assets.cli` is `weekly-plan`."""

from weekly_plan_assets.cli import main

main()
