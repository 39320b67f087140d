"""gradstep replay: scenarios run without a screen, their expectations checked, symbols exported."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from gradstep.engine.program.positions import PositionError
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.stops.stops import Stop, StopError
from gradstep.engine.stops.trigger import parse_stop
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.commandline.options import UsageError, add_output, add_with, print_json, scenario_of, speaks
from gradstep.tui.words import commandline as words

if TYPE_CHECKING:
    from gradstep.engine.replay import Replay


def declare(parser: ArgumentParser) -> None:
    """Scenarios, how far they run, and what is written to a file."""
    parser.description, parser.epilog = words.REPLAY, words.WHAT_POSITION_IS
    parser.add_argument("scenarios", nargs="+", metavar=words.SCENARIO, help=words.NAME_OR_PATH)
    parser.add_argument("--at", metavar=words.POSITION, help=words.HOW_FAR)
    parser.add_argument("--break", dest="breaks", metavar=words.EXPR, action="append", default=[], help=words.BREAK)
    parser.add_argument("--export", metavar=words.FILE, type=Path, help=words.EXPORT)
    parser.add_argument("--symbols", metavar=words.NAMES, help=words.SYMBOLS)
    parser.add_argument("--from", dest="first", metavar=words.POSITION, help=words.FROM)
    add_with(parser)
    add_output(parser)


def run(options: Namespace) -> int:
    """Replay each scenario; status 1 where an expectation does not hold."""
    from gradstep.engine.replay import replay
    from gradstep.engine.replayed import as_json
    from gradstep.tui.report import milestone, print_report, progress_bar

    scenarios = [scenario_of(name, options) for name in options.scenarios]
    breaks = [[_stop(text, scenario) for text in options.breaks] for scenario in scenarios]
    for scenario in scenarios:
        for position in (options.at, options.first):
            if position is not None:
                scenario.course.parse(position)
    if (options.symbols is not None or options.first is not None) and options.export is None:
        raise UsageError(words.NOT_EXPORTING)
    if options.export is not None:
        if len(scenarios) > 1:
            raise UsageError(words.ONE_EXPORT)
        _check_export(scenarios[0], options)
    passed = True
    for scenario, stops in zip(scenarios, breaks, strict=True):
        each = scenario.draw is None or scenario.draw.iterations_per_epoch == 1
        with progress_bar(scenario.name) as reports:
            tell = None if options.json else lambda mark: reports.say(milestone(mark, per_iteration=each))  # noqa: B023
            at = options.at or ("end" if options.export is not None and not stops else None)
            result = replay(scenario, at, reports.told, breaks=stops, tell=tell)
            if options.export is not None:
                _export(result, options, reports.told)
        passed = passed and result.passed
        if options.json:
            print_json(as_json(result))
        else:
            here = options.at is not None or bool(options.breaks)
            print_report(result, here=here, ascii_only=options.ascii or not speaks("✓≠δ"))
    return 0 if passed else 1


def _stop(text: str, scenario: Scenario) -> Stop:
    from gradstep.tui.text.notation import as_typed

    try:
        return parse_stop(as_typed(text, scenario.names), scenario.names)
    except StopError as error:
        raise StopError(words.WRONG_BREAK.format(problem=error)) from None


def _check_export(scenario: Scenario, options: Namespace) -> None:
    """Refuse before anything runs what cannot be exported; where a breakpoint may end it, its size is not known yet."""
    from gradstep.engine.exports import check_export

    course = scenario.course
    last = course.end.iteration if options.at is None else course.parse(options.at).iteration
    names, first = _exported(scenario, options, last)
    check_export(scenario, options.export, names, first, first if options.breaks else last)


def _export(result: Replay, options: Namespace, progress: Progress) -> None:
    from gradstep.engine.exports import export

    last = result.position.iteration
    names, first = _exported(result.scenario, options, last)
    export(Timeline(result.scenario), options.export, names, first, last, progress)


def _exported(scenario: Scenario, options: Namespace, last: int) -> tuple[list[str], int]:
    """The names to export and the first iteration of them. Raises PositionError where that lies beyond the last."""
    names = options.symbols.split() if options.symbols is not None else [scenario.program.loss]
    first = 1 if options.first is None else scenario.course.parse(options.first).iteration
    if first > last:
        raise PositionError(words.FROM_BEYOND_END.format(first=first, last=last))
    return names, first
