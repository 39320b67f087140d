"""gradstep compare: somebody's own numbers against a scenario's, and the mistake that gives them."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from gradstep.tui.commandline.options import add_output, add_with, print_json, scenario_of, speaks
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """A scenario, and what is given."""
    parser.description, parser.epilog = words.COMPARE, words.WHAT_IS_GIVEN
    parser.add_argument("scenario", metavar=words.SCENARIO, help=words.OWN_OR_BUNDLED)
    parser.add_argument("given", metavar=words.GIVEN, nargs="+", help=words.WHICH_GIVEN)
    parser.add_argument("--map", metavar=words.MAP, action="append", default=[], type=_pair, help=words.WHAT_MAP)
    add_with(parser)
    add_output(parser)


def run(options: Namespace) -> int:
    """Print what was found; status 1 where something differs."""
    from gradstep.engine.recordings.diagnosis import as_json, diagnose
    from gradstep.engine.recordings.given import parsed
    from gradstep.tui.pages.diagnosis import diagnosis_lines
    from gradstep.tui.report import print_lines, progress_bar
    from gradstep.tui.text.notation import Notation

    scenario = scenario_of(options.scenario, options)
    given = parsed(scenario, options.given, dict(options.map))
    with progress_bar(scenario.name) as reports:
        found = diagnose(scenario, given, reports.told)
    if options.json:
        print_json(as_json(found))
    else:
        notation = Notation(scenario.names, ascii=options.ascii or not speaks("∂δ×·−✓≈"))
        print_lines(diagnosis_lines(found, notation, 100))
    return 0 if found.agree == len(found.compared) else 1


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.partition("=")
    if not (equals and theirs.strip() and ours.strip()):
        raise ArgumentTypeError(words.NO_PAIR.format(text=text))
    return theirs.strip(), ours.strip()
