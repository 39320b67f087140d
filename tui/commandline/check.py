"""gradstep check: backpropagation against central differences."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.commandline.options import (
    add_moment,
    add_output,
    add_with,
    in_an_iteration,
    number,
    print_json,
    scenario_of,
    speaks,
)
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """A scenario, where, and how closely it is looked at."""
    parser.description, parser.epilog = words.CHECK, words.WHAT_POSITION_IS
    add_moment(parser)
    parser.add_argument("--h", metavar="H", type=_step, default=1e-4, help=words.H)
    parser.add_argument("--most", metavar="N", type=_count, default=2000, help=words.MOST)
    add_with(parser)
    add_output(parser)


def run(options: Namespace) -> int:
    """Print the verdicts; status 1 where one does not hold."""
    from gradstep.engine.analysis.gradcheck import check
    from gradstep.engine.analysis.verdicts import as_json
    from gradstep.engine.program.claims import as_json as claims_json
    from gradstep.tui.pages.check import check_lines
    from gradstep.tui.pages.claims import claim_lines
    from gradstep.tui.report import print_lines, progress_bar
    from gradstep.tui.text.notation import Notation
    from gradstep.tui.text.slips import slips

    timeline = Timeline(scenario_of(options.scenario, options))
    with progress_bar(timeline.scenario.name) as reports:
        timeline.goto(in_an_iteration(timeline.course, options.at), reports.told)
        result = check(timeline, options.h, reports.told, options.most)
    if options.json:
        own = {"own": claims_json(timeline.program, timeline.values())} if timeline.program.own_lines else {}
        print_json(as_json(result) | own)
    else:
        notation = Notation(timeline.names, ascii=options.ascii or not speaks("∂δ×·−✓≈"))
        print(words.CHECKED.format(scenario=timeline.scenario.name, position=notation.position(timeline.position)))
        for text in slips(timeline.program, timeline.values(), notation):
            print(text)
        print_lines([*claim_lines(timeline.program, timeline.values(), notation, 100)])
        print_lines(check_lines(result, notation, 100))
    return 0 if result.passed else 1


def _step(text: str) -> float:
    """A step for central differences, not so small that a loss differs by less than its rounding."""
    return number(text, 1e-10, 1, words.NO_STEP.format(text=text))


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 9 or not int(text):
        raise ArgumentTypeError(words.NO_COUNT.format(text=text))
    return int(text)
