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
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from engine.history import HistoryError
from engine.positions import PositionError
from engine.problems import Problem
from engine.progress import Progress
from engine.scenario import Scenario, bundled, load_scenario, summary
from engine.schema import json_schema
from engine.sources import DATA_VARIABLE
from engine.stops import Stop, StopError, parse_stop
from engine.timeline import Timeline

if TYPE_CHECKING:
    from engine.replay import Replay

FIRST = "mazur-2-2-2"
COMMANDS = ("list", "replay", "explain", "check", "schema")
USAGE = """\
gradstep [--ascii] [--theme THEME] [--history MIB] [--data FOLDER] [SCENARIO | --session FILE]
       gradstep list
       gradstep replay SCENARIO... [--at POSITION] [--break EXPR]... [--json]
                       [--export FILE [--symbols NAMES] [--from POSITION]] [--data FOLDER]
       gradstep explain SCENARIO ELEMENT [--at POSITION] [--unroll] [--json]
       gradstep check SCENARIO [--at POSITION] [--h H] [--json]
       gradstep schema"""


class _Parser(argparse.ArgumentParser):
    """Errors in one line, with status 2."""

    def error(self, message: str) -> NoReturn:
        _complain(f"{message} (gradstep --help shows what there is)")
        raise SystemExit(2)


def _complain(line: str) -> None:
    from tui.glyphs import printable  # noqa: PLC0415 - errors are rare

    print(f"gradstep: {printable(' '.join(line.split()))}", file=sys.stderr)


class _Version(argparse.Action):
    """Looked up only where it is asked for: that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

        try:
            print(f"gradstep {version('gradstep')}")
        except PackageNotFoundError:
            print("gradstep (not installed)")
        raise SystemExit(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name in a script that the terminal does not know
    try:
        status = _COMMANDS[words[0]](words[1:]) if words and words[0] in COMMANDS else _debug(words)
        sys.stdout.flush()
    except (Problem, HistoryError) as error:
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
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help=f"default: {FIRST}")
    parser.add_argument("--session", metavar="FILE", help="go on with a session that was saved with Ctrl+S")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    parser.add_argument("--theme", help="colours: textual-dark, textual-light, textual-ansi, nord, …")
    parser.add_argument("--history", metavar="MIB", type=_mebibytes, default="64", help="memory for going back (64)")
    _add_data(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help="which this is")
    options = parser.parse_args(words)
    if options.session is not None and options.scenario is not None:
        parser.error("a session has a scenario of its own: SCENARIO or --session FILE expected, not both")
    named = f"--session {options.session}" if options.session is not None else options.scenario or FIRST
    if options.session is not None:
        from engine.sessions import load_session  # noqa: PLC0415 - only here

        timeline = load_session(Path(options.session), options.data, history_bytes=options.history)
    else:
        scenario = load_scenario(options.scenario if options.scenario is not None else FIRST, options.data)
        timeline = Timeline(scenario, history_bytes=options.history)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _complain(f"this is no terminal; without one there is: gradstep replay {named}")
        return 2
    from tui.app import GradstepApp, known_themes  # noqa: PLC0415 - textual takes a while to import

    if options.theme is not None and options.theme not in known_themes():
        _complain(f'--theme: found "{options.theme}", expected one of {", ".join(known_themes())}')
        return 2
    session = None if options.session is None else Path(options.session)
    app = GradstepApp(timeline, ascii_only=options.ascii, theme=options.theme, data=options.data, session=session)
    app.run()
    return app.return_code or 0


def _mebibytes(text: str) -> int:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 2**20:
        raise argparse.ArgumentTypeError(f'found "{text}", expected mebibytes, such as 64')
    return int(number * 2**20)


def _add_data(parser: argparse.ArgumentParser) -> None:
    about = f"a folder with IDX files; may be given again (also: the environment variable {DATA_VARIABLE})"
    parser.add_argument("--data", metavar="FOLDER", type=Path, action="append", default=[], help=about)


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
    parser.add_argument(
        "--break",
        dest="breaks",
        metavar="EXPR",
        action="append",
        default=[],
        help='stop there: a symbol, a phase, a condition, "dW1 if E < 0.1", "E every 10"; may be given again',
    )
    parser.add_argument("--export", metavar="FILE", type=Path, help="write symbols to a .csv or .npz file")
    parser.add_argument("--symbols", metavar="NAMES", help="which, apart by blanks (default: the loss)")
    parser.add_argument("--from", dest="first", metavar="POSITION", help="from this iteration on (default: 1)")
    parser.add_argument("--json", action="store_true", help="one JSON object a scenario, one a line")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    _add_data(parser)
    options = parser.parse_args(words)
    from engine.replay import as_json, replay  # noqa: PLC0415 - only here
    from tui.report import milestone, print_report, watched  # noqa: PLC0415 - rich takes a while to import

    scenarios = [load_scenario(name, options.data) for name in options.scenarios]
    breaks = [[_stop(text, scenario) for text in options.breaks] for scenario in scenarios]
    for scenario in scenarios:
        for position in (options.at, options.first):
            if position is not None:
                scenario.course.parse(position)
    if (options.symbols is not None or options.first is not None) and options.export is None:
        parser.error("--symbols and --from belong to --export FILE")
    if options.export is not None and len(scenarios) > 1:
        parser.error("--export takes one scenario")
    passed = True
    for scenario, stops in zip(scenarios, breaks, strict=True):
        each = scenario.draw is None or scenario.draw.iterations_per_epoch == 1
        with watched(scenario.name) as reports:
            tell = None if options.json else lambda mark: reports.say(milestone(mark, per_iteration=each))  # noqa: B023
            at = options.at or ("end" if options.export is not None and not stops else None)
            result = replay(scenario, at, reports.told, breaks=stops, tell=tell)
            if options.export is not None:
                _export(result, options, reports.told)
        passed = passed and result.passed
        if options.json:
            print(json.dumps(as_json(result), ensure_ascii=not _speaks("✓総")), flush=True)
        else:
            here = options.at is not None or bool(options.breaks)
            print_report(result, here=here, ascii_only=options.ascii or not _speaks("✓≠δ"))
    return 0 if passed else 1


def _stop(text: str, scenario: Scenario) -> Stop:
    try:
        return parse_stop(text, scenario.names)
    except StopError as error:
        raise StopError(f"--break: {error}") from None


def _export(result: Replay, options: argparse.Namespace, progress: Progress) -> None:
    from engine.exports import export  # noqa: PLC0415 - only here

    scenario = result.scenario
    names = options.symbols.split() if options.symbols is not None else [scenario.program.loss]
    first = 1 if options.first is None else scenario.course.parse(options.first).iteration
    if first > result.position.iteration:
        raise PositionError(f"--from: found {first}, expected at most {result.position.iteration}, where it ends")
    export(Timeline(scenario), options.export, names, first, result.position.iteration, progress)


def _explain(words: Sequence[str]) -> int:
    parser = _Parser("gradstep explain", description="How one number came about, and what it is for.")
    parser.add_argument("scenario", metavar="SCENARIO", help="a bundled name or a path")
    parser.add_argument("element", metavar="ELEMENT", help="dW2[0,0], or by its label: dw5")
    parser.add_argument("--at", metavar="POSITION", default="1", help="I, I:K, I:SYMBOL or end (default: 1)")
    parser.add_argument("--unroll", action="store_true", help="down to the forward pass, and the chain rule")
    parser.add_argument("--digits", type=int, choices=range(4, 18), default=9, metavar="4..17", help="(9)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--ascii", action="store_true", help="ASCII characters only")
    _add_data(parser)
    options = parser.parse_args(words)
    from engine.explain import ExplainError, element_at  # noqa: PLC0415 - only here
    from tui.explaining import as_json, tell  # noqa: PLC0415
    from tui.report import print_lines  # noqa: PLC0415
    from tui.wording import Wording  # noqa: PLC0415

    timeline = Timeline(load_scenario(options.scenario, options.data))
    timeline.goto(options.at)
    try:
        element = element_at(timeline, options.element)
    except KeyError as error:
        raise ExplainError(str(error.args[0])) from None
    if options.json:
        found = as_json(timeline, element, unroll=options.unroll)
        print(json.dumps(found, ensure_ascii=not _speaks("✓総")), flush=True)
        return 0
    wording = Wording(timeline.names, ascii=options.ascii or not _speaks("∂δ×·−"))
    width = 10_000 if not sys.stdout.isatty() else os.get_terminal_size().columns
    print_lines(tell(timeline, element, wording, width, digits=options.digits, unroll=options.unroll).lines)
    return 0


def _check(words: Sequence[str]) -> int:
    parser = _Parser("gradstep check", description="Backpropagation against central differences.")
    parser.add_argument("scenario", metavar="SCENARIO", help="a bundled name or a path")
    parser.add_argument("--at", metavar="POSITION", default="1", help="I, I:K, I:SYMBOL or end (default: 1)")
    parser.add_argument("--h", metavar="H", type=_positive, default=1e-4, help="half the difference (1e-4)")
    parser.add_argument("--most", metavar="N", type=_count, default=2000, help="check so many elements at most (2000)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--ascii", action="store_true", help="ASCII characters only")
    _add_data(parser)
    options = parser.parse_args(words)
    from engine.gradcheck import check  # noqa: PLC0415 - only here
    from engine.verdicts import as_json  # noqa: PLC0415 - only here
    from tui.checking import check_lines  # noqa: PLC0415
    from tui.report import print_lines, watched  # noqa: PLC0415
    from tui.wording import Wording  # noqa: PLC0415

    timeline = Timeline(load_scenario(options.scenario, options.data))
    with watched(timeline.scenario.name) as reports:
        timeline.goto(options.at, reports.told)
        if timeline.position.step == 0:
            raise PositionError("--at: nothing has run at the start, expected a position in an iteration")
        result = check(timeline, options.h, reports.told, options.most)
    if options.json:
        print(json.dumps(as_json(result), ensure_ascii=not _speaks("✓総")), flush=True)
    else:
        wording = Wording(timeline.names, ascii=options.ascii or not _speaks("∂δ×·−✓≈"))
        print(f"{timeline.scenario.name} at {timeline.position}")
        print_lines(check_lines(result, wording, 100))
    return 0 if result.passed else 1


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e3:
        raise argparse.ArgumentTypeError(f'found "{text}", expected a number above 0, such as 1e-4')
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 9 or not int(text):
        raise argparse.ArgumentTypeError(f'found "{text}", expected a whole number from 1 on')
    return int(text)


def _schema(words: Sequence[str]) -> int:
    parser = _Parser("gradstep schema", description="The JSON schema of scenario files.")
    parser.parse_args(words)
    print(json.dumps(json_schema(), indent=2, ensure_ascii=not _speaks("✓½η")))
    return 0


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "list": _list,
    "replay": _replay,
    "explain": _explain,
    "check": _check,
    "schema": _schema,
}


if __name__ == "__main__":
    sys.exit(main())
