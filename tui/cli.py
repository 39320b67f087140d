"""The command line: the debugger, the list of scenarios, headless replay, the format's schema.

Exit status: 0 all expectations hold, 1 one does not, 2 the input cannot be used, 130 interrupted. What cannot be used
is one line on stderr. The screen is imported only where it is needed.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from engine.positions import PositionError
from engine.scenario import bundled, load_scenario, summary
from engine.schema import ScenarioError, json_schema

FIRST = "mazur-2-2-2"
COMMANDS = ("list", "replay", "schema")
USAGE = """\
gradstep [--ascii] [--theme THEME] [SCENARIO]
       gradstep list
       gradstep replay SCENARIO... [--at POSITION] [--json]
       gradstep schema"""


class _Parser(argparse.ArgumentParser):
    """Errors in one line, with status 2."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message} (gradstep --help shows what there is)")
        raise SystemExit(2)


def _complain(line: str) -> None:
    from tui.glyphs import printable  # noqa: PLC0415 - errors are rare

    print(f"gradstep: {printable(' '.join(line.split()))}", file=sys.stderr)


def _version() -> str:
    try:
        return version("gradstep")
    except PackageNotFoundError:
        return "(not installed)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name in a script that the terminal does not know
    try:
        status = _COMMANDS[words[0]](words[1:]) if words and words[0] in COMMANDS else _debug(words)
        sys.stdout.flush()
    except (ScenarioError, PositionError) as error:
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to say.
        _discard_output()
        return 141
    except OSError as error:
        _complain(f"the output cannot be written: {(error.strerror or str(error)).lower()}")
        _discard_output()
        return 2
    return status


def _discard_output() -> None:
    """What is still buffered can go nowhere, and the interpreter must not try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speaks(text: str) -> bool:
    """Whether what we print to can show these signs."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _debug(words: Sequence[str]) -> int:
    parser = _Parser(
        "gradstep",
        usage=USAGE,
        description="A step-debugger for backpropagation. Press ? in it for the keys.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="A SCENARIO is a bundled name (gradstep list) or the path of a TOML file.",
    )
    parser.add_argument("scenario", nargs="?", default=FIRST, metavar="SCENARIO", help=f"default: {FIRST}")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    parser.add_argument("--theme", help="colours: textual-dark, textual-light, textual-ansi, nord, …")
    parser.add_argument("--version", action="version", version=f"gradstep {_version()}")
    options = parser.parse_args(words)
    scenario = load_scenario(options.scenario)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _complain(f"this is no terminal; without one there is: gradstep replay {options.scenario}")
        return 2
    from tui.app import GradstepApp, known_themes  # noqa: PLC0415 - textual takes a while to import

    if options.theme is not None and options.theme not in known_themes():
        _complain(f'--theme: found "{options.theme}", expected one of {", ".join(known_themes())}')
        return 2
    app = GradstepApp(scenario, ascii_only=options.ascii, theme=options.theme)
    app.run()
    return app.return_code or 0


def _list(words: Sequence[str]) -> int:
    parser = _Parser("gradstep list", description="The bundled scenarios.")
    parser.parse_args(words)
    from tui.report import print_list  # noqa: PLC0415 - rich takes a while to import

    print_list([summary(name) for name in bundled()])
    return 0


def _replay(words: Sequence[str]) -> int:
    parser = _Parser("gradstep replay", description="Run scenarios without a screen and check their expectations.")
    parser.add_argument("scenarios", nargs="+", metavar="SCENARIO", help="a bundled name or a path")
    parser.add_argument(
        "--at", metavar="POSITION", help="how far: I, I:K, I:SYMBOL, start or end (default: all expectations)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a scenario, one a line")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    options = parser.parse_args(words)
    from engine.replay import as_json, replay  # noqa: PLC0415 - only here
    from tui.report import print_report, watched  # noqa: PLC0415 - rich takes a while to import

    scenarios = [load_scenario(name) for name in options.scenarios]
    for scenario in scenarios:
        if options.at is not None:
            scenario.course.parse(options.at)
    passed = True
    for scenario in scenarios:
        with watched(scenario.name) as progress:
            result = replay(scenario, options.at, progress)
        passed = passed and result.passed
        if options.json:
            print(json.dumps(as_json(result), ensure_ascii=not _speaks("✓総")), flush=True)
        else:
            print_report(result, here=options.at is not None, ascii_only=options.ascii or not _speaks("✓≠δ"))
    return 0 if passed else 1


def _schema(words: Sequence[str]) -> int:
    parser = _Parser("gradstep schema", description="The JSON schema of scenario files.")
    parser.parse_args(words)
    print(json.dumps(json_schema(), indent=2, ensure_ascii=not _speaks("✓½η")))
    return 0


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {"list": _list, "replay": _replay, "schema": _schema}


if __name__ == "__main__":
    sys.exit(main())
