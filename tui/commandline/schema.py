"""gradstep schema: the JSON schema of scenario files."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from gradstep.tui.commandline.options import print_json
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """It has no arguments."""
    parser.description = words.SCHEMA


def run(options: Namespace) -> int:
    """Print it."""
    from gradstep.engine.scenario.format import json_schema

    print_json(json_schema(), indent=2)
    return 0
