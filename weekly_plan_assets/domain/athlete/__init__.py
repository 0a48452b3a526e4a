"""The athlete: who they are, what they can do, and what their own file says."""
