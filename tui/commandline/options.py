"""The arguments that several commands have, each declared and described in one way, and what stdout can show."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from gradstep.engine.errors import Problem
from gradstep.engine.program.positions import Course, Position, PositionError
from gradstep.engine.scenario.files import DATA_VARIABLE
from gradstep.engine.scenario.loading import load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.strictjson import dumps
from gradstep.tui.words import commandline as words


class UsageError(Problem):
    """Options that do not go together."""

    def __init__(self, message: str) -> None:
        super().__init__(words.SEE_HELP.format(message=message))


def add_moment(parser: ArgumentParser) -> None:
    """The scenario that a command is about, and --at, the moment of it that is shown."""
    parser.add_argument("scenario", metavar=words.SCENARIO, help=words.NAME_OR_PATH)
    parser.add_argument("--at", metavar=words.POSITION, default="1", help=words.AT)


def add_with(parser: ArgumentParser) -> None:
    """--with, which may be given several times."""
    parser.add_argument("--with", dest="steps", metavar=words.STEP, action="append", default=[], help=words.WITH)


def scenario_of(name: str, options: Namespace) -> Scenario:
    """The scenario of a name or path, with the steps replaced that --with replaces. Raises Problem."""
    scenario = load_scenario(name, options.data)
    if not options.steps:
        return scenario
    from gradstep.tui.text.notation import as_typed

    try:
        steps = [as_typed(step, scenario.names) for step in options.steps]
        return scenario.with_steps(steps)
    except Problem as error:
        raise Problem(words.WRONG_STEP.format(problem=error)) from None


def add_output(parser: ArgumentParser) -> None:
    """--json, --ascii and --data, of a command that runs a scenario and prints what it finds."""
    parser.add_argument("--json", action="store_true", help=words.JSON)
    add_ascii(parser)
    add_data(parser)


def add_ascii(parser: ArgumentParser) -> None:
    """--ascii."""
    parser.add_argument("--ascii", action="store_true", help=words.ASCII)


def add_data(parser: ArgumentParser) -> None:
    """--data, which may be given several times."""
    about = words.DATA.format(variable=DATA_VARIABLE)
    parser.add_argument("--data", metavar=words.FOLDER, type=Path, action="append", default=[], help=about)


def number(text: str, low: float, high: float, problem: str) -> float:
    """A typed number in a range; otherwise ArgumentTypeError with this message."""
    try:
        value = float(text)
    except ValueError:
        value = low - 1
    if not low <= value <= high:
        raise ArgumentTypeError(problem)
    return value


def in_an_iteration(course: Course, at: str) -> Position:
    """A typed position at which something has run. Raises PositionError."""
    position = course.parse(at)
    if position.step == 0:
        raise PositionError(words.NOTHING_RUN_YET)
    return position


def speaks(text: str) -> bool:
    """Whether stdout can show these signs."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_json(found: object, *, indent: int | None = None) -> None:
    """A value as JSON, in one line unless it is indented."""
    print(dumps(found, indent=indent, ascii_only=not speaks("✓½η総")), flush=True)
