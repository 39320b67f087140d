"""The engine of gradstep: scenarios, programs and timelines, on NumPy alone. It knows no screen and prints nothing."""

from engine.positions import Position, PositionError
from engine.scenario import Scenario, bundled, load_scenario
from engine.schema import ScenarioError
from engine.sources import MissingDataError
from engine.timeline import Moment, Timeline

__all__ = [
    "MissingDataError",
    "Moment",
    "Position",
    "PositionError",
    "Scenario",
    "ScenarioError",
    "Timeline",
    "bundled",
    "load_scenario",
]
