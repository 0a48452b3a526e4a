"""The sports of FIT, GPX, TCX and Strava under the type names of Intervals.icu."""

import re

OTHER_TYPE = "Workout"
"""A session of a sport that has no type of its own, or of none that the file names."""

_OF_FIT_SUB_SPORT = {
    ("running", "trail"): "TrailRun",
    ("running", "virtual_activity"): "VirtualRun",
    ("cycling", "virtual_activity"): "VirtualRide",
    ("cycling", "gravel_cycling"): "GravelRide",
    ("cycling", "mountain"): "MountainBikeRide",
    ("cycling", "downhill"): "MountainBikeRide",
    ("cycling", "cyclocross"): "Cyclocross",
    ("cycling", "track_cycling"): "TrackRide",
    ("cycling", "e_bike_fitness"): "EBikeRide",
    ("cycling", "e_bike_mountain"): "EMountainBikeRide",
    ("e_biking", "e_bike_mountain"): "EMountainBikeRide",
    ("swimming", "open_water"): "OpenWaterSwim",
    ("training", "strength_training"): "WeightTraining",
    ("training", "yoga"): "Yoga",
    ("training", "pilates"): "Pilates",
    ("fitness_equipment", "strength_training"): "WeightTraining",
    ("fitness_equipment", "elliptical"): "Elliptical",
    ("fitness_equipment", "indoor_rowing"): "Rowing",
    ("fitness_equipment", "stair_climbing"): "StairStepper",
}

_OF_FIT_SPORT = {
    "running": "Run",
    "cycling": "Ride",
    "e_biking": "EBikeRide",
    "swimming": "Swim",
    "walking": "Walk",
    "hiking": "Hike",
    "rowing": "Rowing",
    "transition": "Transition",
    "cross_country_skiing": "NordicSki",
    "alpine_skiing": "AlpineSki",
    "snowboarding": "Snowboard",
    "snowshoeing": "Snowshoe",
    "inline_skating": "InlineSkate",
    "ice_skating": "IceSkate",
    "rock_climbing": "RockClimbing",
    "kayaking": "Kayaking",
    "stand_up_paddleboarding": "StandUpPaddling",
    "hiit": "HighIntensityIntervalTraining",
}

_OF_WORD = {
    **{re.sub("[^a-z]", "", sport): kind for sport, kind in _OF_FIT_SPORT.items()},
    **{kind.lower(): kind for kind in (*_OF_FIT_SPORT.values(), *_OF_FIT_SUB_SPORT.values())},
    "biking": "Ride",
    "trailrunning": "TrailRun",
    "virtualrunning": "VirtualRun",
    "mountainbiking": "MountainBikeRide",
    "gravelcycling": "GravelRide",
    "virtualcycling": "VirtualRide",
    "openwaterswimming": "OpenWaterSwim",
    "lapswimming": "Swim",
    "strengthtraining": "WeightTraining",
}
"""By the word without case, spaces and hyphens."""

_OF_STRAVA_NUMBER = {"1": "Ride", "9": "Run"}
"""Strava's own GPX files name the two by number."""


def type_of_fit_sport(sport: str | None, sub_sport: str | None) -> str:
    """The type of a sport and sub-sport of the FIT profile."""
    sport = sport or ""
    found = _OF_FIT_SUB_SPORT.get((sport, sub_sport or "")) or _OF_FIT_SPORT.get(sport)
    return found or OTHER_TYPE


def type_of_word(word: str | None) -> str:
    """The type that a GPX or TCX file names, such as `Biking` or `trail_running`."""
    word = (word or "").strip().lower()
    return _OF_STRAVA_NUMBER.get(word) or _OF_WORD.get(re.sub("[^a-z]", "", word)) or OTHER_TYPE


def type_of_strava(words: str) -> str:
    """The type of Strava's words, such as `E-Bike Ride`: both sites name sports alike."""
    return re.sub("[^A-Za-z]", "", words) or OTHER_TYPE
