"""How much the next week may hold: phase, season, bounds, and what is fixed already."""
