"""The command line: the commands, each of which is a module of `commandline` that declares its arguments and runs.

Exit status: 0 all expectations hold (or gradients agree), 1 one does not, 2 the input cannot be used, 3 a fault
of gradstep's own, 130 interrupted.
An input that cannot be used is one line on stderr. A command imports the screen only where it needs it.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, TextIO

import gradstep.tui.threads  # noqa: F401 - before NumPy is imported, which the engine does
from gradstep.engine.errors import LONGEST_LINE, Problem, one_line, reason_of
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.commandline import check, compare, debug, explain, listing, mistakes, replay, schema
from gradstep.tui.commandline.options import UsageError
from gradstep.tui.words import commandline as words

DEBUG = "debug"  # added where no other command comes first: what is typed then is a scenario's
COMMANDS = {
    DEBUG: debug,
    "list": listing,
    "replay": replay,
    "explain": explain,
    "check": check,
    "compare": compare,
    "mistakes": mistakes,
    "schema": schema,
}


class _Parser(argparse.ArgumentParser):
    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.color = False  # of Python 3.14, which would come between the usages

    def error(self, message: str) -> NoReturn:
        """Errors are for `main` to print."""
        raise UsageError(message)

    def _print_message(self, message: str, file: Any = None) -> None:
        """What cannot be written is not passed over."""
        print(message, end="", file=file, flush=True)


def _parser() -> _Parser:
    """A parser for each command. The help of the debugger shows the usage of all."""
    parser = _Parser(prog="gradstep")
    commands = parser.add_subparsers()
    for name, command in COMMANDS.items():
        each = commands.add_parser(name)
        command.declare(each)
        each.set_defaults(run=command.run)
    usages = (each.format_usage().partition(": ")[2].rstrip() for each in commands.choices.values())
    commands.choices[DEBUG].usage = "\n       ".join(usages).replace("%", "%%")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    if not _has_streams():
        return 2
    typed = [*(sys.argv[1:] if arguments is None else arguments)]
    if not typed or typed[0] not in COMMANDS or typed[0] == DEBUG:
        typed = [DEBUG, *typed]
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name in a script that the terminal does not know
    try:
        options = _parser().parse_args(typed)
        status: int = options.run(options)
        sys.stdout.flush()
    except (Problem, HistoryError) as error:
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain(words.INTERRUPTED)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to say.
        _discard(sys.stdout)
        return 141
    except OSError as error:
        _complain(words.CANNOT_WRITE.format(reason=reason_of(error).lower()))
        _discard(sys.stdout)
        return 2
    except Exception as error:  # of whatever kind: one line, and no other
        _complain(_told(error))
        return 2 if isinstance(error, MemoryError) else 3
    return status


def _has_streams() -> bool:
    """Whether there is somewhere to write to; what is closed otherwise is as if nothing were there."""
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - to the end
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115 - to the end
    if sys.stdout is None:
        _complain(words.CANNOT_WRITE.format(reason=words.CLOSED))
    return sys.stdout is not None


def _told(error: Exception) -> str:
    from gradstep.tui.text.faults import told  # noqa: PLC0415 - faults are rarer still

    return told(error)


def _complain(line: str) -> None:
    """One line on stderr; where that takes nothing the status alone says it."""
    try:
        print(one_line(f"gradstep: {line}", LONGEST_LINE), file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """What is still buffered can go nowhere, and the interpreter must not try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
