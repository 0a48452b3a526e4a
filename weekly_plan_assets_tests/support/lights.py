"""Readiness for tests of what signals lead to: signals of which only the light is told."""

from weekly_plan_assets.domain.readiness import Light, Readiness, Signal


def a_readiness(**lights: Light) -> Readiness:
    """One signal for each light, by its name."""
    return Readiness(
        signals=tuple(
            Signal(
                name=name,
                light=light,
                value=1.0,
                unit="",
                measured=1,
                needed=1,
                text=f"This is what {name} said.",
                source="",
            )
            for name, light in lights.items()
        )
    )
