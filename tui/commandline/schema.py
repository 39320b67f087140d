"""gradstep schema: the JSON schema of scenario files, or of what replay --json prints."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from gradstep.tui.commandline.options import print_json
from gradstep.tui.words import commandline as words


def declare(parser: ArgumentParser) -> None:
    """Which of the two."""
    parser.description = words.SCHEMA
    parser.add_argument("--replay", action="store_true", help=words.OF_REPLAY)


def run(options: Namespace) -> int:
    """Print it."""
    if options.replay:
        from gradstep.engine.replayed import json_schema
    else:
        from gradstep.engine.scenario.format import json_schema

    print_json(json_schema(), indent=2)
    return 0
