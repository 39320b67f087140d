"""The engine of gradstep: scenarios, programs and timelines, on NumPy alone. It knows no screen and prints nothing."""

from gradstep.engine.errors import ScenarioError
from gradstep.engine.program.positions import Position, PositionError
from gradstep.engine.scenario.files import MissingDataError
from gradstep.engine.scenario.loading import bundled, load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.timeline.timeline import Timeline

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
