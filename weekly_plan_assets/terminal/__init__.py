"""How commands write to a terminal, and what they say when they fail."""
