"""The code location that `workspace.yaml` and `dg` load, of the settings in the environment.

The only module that reads settings when it is imported; `defs.build` makes others.
"""

from weekly_plan_assets.defs.build import build_defs

defs = build_defs()
