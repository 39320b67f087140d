"""gradstep mistakes: the mistakes that can be made in a scenario, each as the lines that stand for its steps."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from gradstep.engine.errors import Problem, closest, quoted
from gradstep.tui.commandline.options import add_output, print_json, speaks
from gradstep.tui.words import commandline as words

if TYPE_CHECKING:
    from gradstep.engine.recordings.mistakes import Mistake


def declare(parser: ArgumentParser) -> None:
    """A scenario, and which mistakes of it."""
    parser.description, parser.epilog = words.MISTAKES, words.WHAT_A_LINE_IS_FOR
    parser.add_argument("scenario", metavar=words.SCENARIO, help=words.OWN_OR_BUNDLED)
    parser.add_argument("ids", metavar=words.MISTAKE, nargs="*", help=words.WHICH_MISTAKES)
    add_output(parser)


def run(options: Namespace) -> int:
    """Print them; status 0."""
    from gradstep.engine.recordings.mistakes import mistakes
    from gradstep.engine.scenario.loading import load_scenario
    from gradstep.engine.words.mistakes import SAYS
    from gradstep.tui.report import print_lines
    from gradstep.tui.text.folding import folded
    from gradstep.tui.text.notation import Notation

    for wanted in options.ids:
        if wanted not in SAYS:
            hint = closest(wanted, SAYS)
            raise Problem(words.NO_SUCH_MISTAKE.format(name=quoted(wanted), hint=hint))
    scenario = load_scenario(options.scenario, options.data)
    found = [each for each in mistakes(scenario.names) if not options.ids or each.id in options.ids]
    if options.json:
        print_json({"scenario": scenario.name, "mistakes": [*map(_as_json, found)]})
        return 0
    notation = Notation(scenario.names, ascii=options.ascii or not speaks("∂δ×·−✓≈"))
    texts = [words.MISTAKES_OF(len(found), scenario=scenario.name)]
    for each in found:
        texts += [notation.sign(f"{each.id}: {each.says}"), *(f"    {line}" for line in each.lines)]
    print_lines([line for text in texts for line in folded(text, 100, "text", 2)])
    return 0


def _as_json(mistake: Mistake) -> dict[str, object]:
    return {"id": mistake.id, "says": mistake.says, "at": [*mistake.at], "lines": [*mistake.lines]}
