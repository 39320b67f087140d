"""The engine of gradstep: scenarios, programs and timelines, on NumPy alone. It knows no screen and prints nothing."""

from engine.positions import Position, PositionError
from engine.scenario import Scenario, bundled, load_scenario
from engine.schema import ScenarioError
from engine.timeline import Moment, Timeline

__all__ = [
    "Moment",
    "Position",
    "PositionError",
    "Scenario",
    "ScenarioError",
    "Timeline",
    "bundled",
    "load_scenario",
]
