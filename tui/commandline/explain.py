"""gradstep explain: how one number came about."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.commandline.options import (
    add_moment,
    add_output,
    add_with,
    in_an_iteration,
    print_json,
    scenario_of,
    speaks,
)
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """A scenario, an element, and how it is explained."""
    parser.description, parser.epilog = words.EXPLAIN, words.WHAT_POSITION_IS
    add_moment(parser)
    parser.add_argument("element", metavar=words.ELEMENT, help=words.WHICH_ELEMENT)
    parser.add_argument("--unroll", action="store_true", help=words.UNROLL)
    parser.add_argument("--digits", type=int, choices=range(4, 18), default=9, metavar="N", help=words.DIGITS)
    add_with(parser)
    add_output(parser)


def run(options: Namespace) -> int:
    """Print the explanation."""
    from gradstep.engine.analysis.explain import ExplainError, element_at
    from gradstep.tui.pages.explanation import as_json, tell
    from gradstep.tui.report import print_lines
    from gradstep.tui.text.notation import Notation, as_typed

    timeline = Timeline(scenario_of(options.scenario, options))
    timeline.goto(in_an_iteration(timeline.course, options.at))
    try:
        element = element_at(timeline, as_typed(options.element, timeline.names))
    except KeyError as error:
        raise ExplainError(str(error.args[0])) from None
    if options.json:
        print_json(as_json(timeline, element, unroll=options.unroll))
        return 0
    notation = Notation(timeline.names, ascii=options.ascii or not speaks("∂δ×·−"))
    width = 10_000 if not sys.stdout.isatty() else os.get_terminal_size().columns
    print_lines(tell(timeline, element, notation, width, digits=options.digits, unroll=options.unroll).lines)
    return 0
