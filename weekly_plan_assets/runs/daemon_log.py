"""What of Dagster's daemon is not worth a line in its log.

A sensor with nothing to do is announced and dismissed in two lines every 15 seconds, in which a
line that matters is not found. What went wrong or was done stays.
"""

import logging

_SENSORS = "dagster.daemon.SensorDaemon"
_ANNOUNCED = "Checking for new runs for sensor: "
_DISMISSED = "No run requests returned for "


class _WithoutIdleTicks(logging.Filter):
    """Lets through all but the lines of a sensor that had nothing to do."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is worth it."""
        return not record.getMessage().startswith((_ANNOUNCED, _DISMISSED))


def quiet_sensor_ticks() -> None:
    """Keep the lines of sensors that have nothing to do out of the log of this process."""
    logger = logging.getLogger(_SENSORS)
    if not any(isinstance(known, _WithoutIdleTicks) for known in logger.filters):
        logger.addFilter(_WithoutIdleTicks())
