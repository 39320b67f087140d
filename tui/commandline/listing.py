"""gradstep list: the bundled scenarios."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from gradstep.engine.scenario.loading import bundled, summary
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """It has no arguments."""
    parser.description = words.LIST


def run(options: Namespace) -> int:
    """Print name, title and size of each."""
    from gradstep.tui.report import print_list

    print_list([summary(name) for name in bundled()])
    return 0
