"""`python -m weekly_plan_assets.webserver`."""

from weekly_plan_assets.webserver.command import main

main()
