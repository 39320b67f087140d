"""The command line: the debugger, the list of scenarios, headless replay, explanations and checks, the schema.

Exit status: 0 all expectations hold (or gradients agree), 1 one does not, 2 the input cannot be used, 130 interrupted.
What cannot be used is one line on stderr. The screen is imported only where it is needed.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gradstep.engine.errors import Problem
from gradstep.engine.program.positions import Course, Position, PositionError
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.loading import bundled, load_scenario, summary
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.scenario.schema import json_schema
from gradstep.engine.scenario.sources import DATA_VARIABLE
from gradstep.engine.stops.stops import Stop, StopError
from gradstep.engine.stops.trigger import parse_stop
from gradstep.engine.strictjson import dumps
from gradstep.engine.timeline.series import HistoryError
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.words import commandline as words

if TYPE_CHECKING:
    from gradstep.engine.replay import Replay
    from gradstep.tui.app import GradstepApp

FIRST = "mazur-2-2-2"


class _Parser(argparse.ArgumentParser):
    """Errors in one line, with status 2."""

    def error(self, message: str) -> NoReturn:
        _complain(words.SEE_HELP.format(message=message))
        raise SystemExit(2)


def _complain(line: str) -> None:
    from gradstep.tui.text.glyphs import printable  # noqa: PLC0415 - errors are rare

    print(f"gradstep: {printable(' '.join(line.split()))}", file=sys.stderr)


class _Version(argparse.Action):
    """Looked up only where it is asked for: that takes a while."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

        try:
            print("gradstep", version("gradstep"))
        except PackageNotFoundError:
            print(words.NOT_INSTALLED)
        raise SystemExit(0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit status."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name in a script that the terminal does not know
    try:
        run = _COMMANDS.get(typed[0]) if typed else None
        status = run(typed[1:]) if run else _debug(typed)
        sys.stdout.flush()
    except (Problem, HistoryError) as error:
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain(words.INTERRUPTED)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to say.
        _discard_output()
        return 141
    except OSError as error:
        _complain(words.CANNOT_WRITE.format(reason=(error.strerror or str(error)).lower()))
        _discard_output()
        return 2
    return status


def _discard_output() -> None:
    """What is still buffered can go nowhere, and the interpreter must not try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(found: object) -> None:
    """One line of it."""
    print(dumps(found, ascii_only=not _speaks("✓総")), flush=True)


def _speaks(text: str) -> bool:
    """Whether what we print to can show these signs."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _debug(typed: Sequence[str]) -> int:
    parser = _Parser(
        "gradstep",
        usage=words.USAGE,
        description=words.DEBUG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=words.WHAT_SCENARIO_IS,
    )
    parser.add_argument(
        "scenario", nargs="?", metavar=words.SCENARIO, help=words.DEFAULT_SCENARIO.format(scenario=FIRST)
    )
    parser.add_argument("--session", metavar=words.FILE, help=words.SESSION)
    parser.add_argument("--ascii", action="store_true", help=words.ASCII)
    parser.add_argument("--theme", metavar=words.THEME, help=words.THEMES)
    parser.add_argument("--history", metavar=words.MIB, type=_mebibytes, default="64", help=words.HISTORY)
    _add_data(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=words.VERSION)
    options = parser.parse_args(typed)
    if options.session is not None and options.scenario is not None:
        parser.error(words.SESSION_AND_SCENARIO)
    app = _app(options)
    if app is None:
        return 2
    gc.freeze()  # what is there by now stays: not to be looked through for garbage while somebody steps, or at the end
    app.run()
    return app.return_code or 0


def _app(options: argparse.Namespace) -> GradstepApp | None:
    """The app on what was asked for, which alone holds it; None where it cannot be shown, which has been said then."""
    session = None if options.session is None else Path(options.session)
    if session is not None:
        from gradstep.engine.sessions import read_session  # noqa: PLC0415 - only here

        timeline, position = read_session(session, options.data, history_bytes=options.history)
    else:
        name = options.scenario if options.scenario is not None else FIRST
        timeline, position = Timeline(load_scenario(name, options.data), history_bytes=options.history), None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _complain(_without_terminal(timeline.scenario, session=session is not None))
        return None
    from gradstep.tui.app import GradstepApp, known_themes  # noqa: PLC0415 - textual takes a while to import

    if options.theme is not None and options.theme not in known_themes():
        _complain(words.NO_SUCH_THEME.format(theme=options.theme, themes=", ".join(known_themes())))
        return None
    return GradstepApp(
        timeline,
        ascii_only=options.ascii,
        theme=options.theme,
        data=options.data,
        session=session,
        position=position,
    )


def _without_terminal(scenario: Scenario, *, session: bool) -> str:
    """What there is instead, to be typed as it stands."""
    import shlex  # noqa: PLC0415 - only here

    file = shlex.quote(scenario.file)
    if session:
        return words.NO_TERMINAL_FOR_SESSION.format(scenario=file)
    return words.NO_TERMINAL.format(scenario=file)


def _mebibytes(text: str) -> int:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 2**20:
        raise argparse.ArgumentTypeError(words.NO_MEBIBYTES.format(text=text))
    return int(number * 2**20)


def _add_data(parser: argparse.ArgumentParser) -> None:
    about = words.DATA.format(variable=DATA_VARIABLE)
    parser.add_argument("--data", metavar=words.FOLDER, type=Path, action="append", default=[], help=about)


def _list(typed: Sequence[str]) -> int:
    parser = _Parser("gradstep list", description=words.LIST)
    parser.parse_args(typed)
    from gradstep.tui.report import print_list  # noqa: PLC0415 - rich takes a while to import

    print_list([summary(name) for name in bundled()])
    return 0


def _replay(typed: Sequence[str]) -> int:
    parser = _Parser("gradstep replay", description=words.REPLAY, epilog=words.WHAT_POSITION_IS)
    parser.add_argument("scenarios", nargs="+", metavar=words.SCENARIO, help=words.NAME_OR_PATH)
    parser.add_argument("--at", metavar=words.POSITION, help=words.HOW_FAR)
    parser.add_argument("--break", dest="breaks", metavar=words.EXPR, action="append", default=[], help=words.BREAK)
    parser.add_argument("--export", metavar=words.FILE, type=Path, help=words.EXPORT)
    parser.add_argument("--symbols", metavar=words.NAMES, help=words.SYMBOLS)
    parser.add_argument("--from", dest="first", metavar=words.POSITION, help=words.FROM)
    parser.add_argument("--json", action="store_true", help=words.JSON)
    parser.add_argument("--ascii", action="store_true", help=words.ASCII)
    _add_data(parser)
    options = parser.parse_args(typed)
    from gradstep.engine.replay import as_json, replay  # noqa: PLC0415 - only here
    from gradstep.tui.report import milestone, print_report, watched  # noqa: PLC0415 - rich takes a while to import

    scenarios = [load_scenario(name, options.data) for name in options.scenarios]
    breaks = [[_stop(text, scenario) for text in options.breaks] for scenario in scenarios]
    for scenario in scenarios:
        for position in (options.at, options.first):
            if position is not None:
                scenario.course.parse(position)
    if (options.symbols is not None or options.first is not None) and options.export is None:
        parser.error(words.NOT_EXPORTING)
    if options.export is not None:
        if len(scenarios) > 1:
            parser.error(words.ONE_EXPORT)
        _check_export(scenarios[0], options)
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
            _print_json(as_json(result))
        else:
            here = options.at is not None or bool(options.breaks)
            print_report(result, here=here, ascii_only=options.ascii or not _speaks("✓≠δ"))
    return 0 if passed else 1


def _stop(text: str, scenario: Scenario) -> Stop:
    from gradstep.tui.text.notation import as_typed  # noqa: PLC0415

    try:
        return parse_stop(as_typed(text, scenario.names), scenario.names)
    except StopError as error:
        raise StopError(words.WRONG_BREAK.format(problem=error)) from None


def _check_export(scenario: Scenario, options: argparse.Namespace) -> None:
    """Refuse before anything runs what cannot be exported; where a breakpoint may end it, its size is not known yet."""
    from gradstep.engine.exports import check_export  # noqa: PLC0415 - only here

    course = scenario.course
    last = course.end.iteration if options.at is None else course.parse(options.at).iteration
    names, first = _exported(scenario, options, last)
    check_export(course, options.export, names, first, first if options.breaks else last)


def _export(result: Replay, options: argparse.Namespace, progress: Progress) -> None:
    from gradstep.engine.exports import export  # noqa: PLC0415 - only here

    last = result.position.iteration
    names, first = _exported(result.scenario, options, last)
    export(Timeline(result.scenario), options.export, names, first, last, progress)


def _exported(scenario: Scenario, options: argparse.Namespace, last: int) -> tuple[list[str], int]:
    """What is to be exported, and from which iteration on. Raises PositionError where that lies beyond the last."""
    names = options.symbols.split() if options.symbols is not None else [scenario.program.loss]
    first = 1 if options.first is None else scenario.course.parse(options.first).iteration
    if first > last:
        raise PositionError(words.FROM_BEYOND_END.format(first=first, last=last))
    return names, first


def _explain(typed: Sequence[str]) -> int:
    parser = _Parser("gradstep explain", description=words.EXPLAIN, epilog=words.WHAT_POSITION_IS)
    parser.add_argument("scenario", metavar=words.SCENARIO, help=words.NAME_OR_PATH)
    parser.add_argument("element", metavar=words.ELEMENT, help=words.WHICH_ELEMENT)
    parser.add_argument("--at", metavar=words.POSITION, default="1", help=words.AT)
    parser.add_argument("--unroll", action="store_true", help=words.UNROLL)
    parser.add_argument("--digits", type=int, choices=range(4, 18), default=9, metavar="N", help=words.DIGITS)
    parser.add_argument("--json", action="store_true", help=words.JSON)
    parser.add_argument("--ascii", action="store_true", help=words.ASCII)
    _add_data(parser)
    options = parser.parse_args(typed)
    from gradstep.engine.analysis.explain import ExplainError, element_at  # noqa: PLC0415 - only here
    from gradstep.tui.pages.explanation import as_json, tell  # noqa: PLC0415
    from gradstep.tui.report import print_lines  # noqa: PLC0415
    from gradstep.tui.text.notation import Notation, as_typed  # noqa: PLC0415

    timeline = Timeline(load_scenario(options.scenario, options.data))
    timeline.goto(_in_an_iteration(timeline.course, options.at))
    try:
        element = element_at(timeline, as_typed(options.element, timeline.names))
    except KeyError as error:
        raise ExplainError(str(error.args[0])) from None
    if options.json:
        _print_json(as_json(timeline, element, unroll=options.unroll))
        return 0
    notation = Notation(timeline.names, ascii=options.ascii or not _speaks("∂δ×·−"))
    width = 10_000 if not sys.stdout.isatty() else os.get_terminal_size().columns
    print_lines(tell(timeline, element, notation, width, digits=options.digits, unroll=options.unroll).lines)
    return 0


def _check(typed: Sequence[str]) -> int:
    parser = _Parser("gradstep check", description=words.CHECK, epilog=words.WHAT_POSITION_IS)
    parser.add_argument("scenario", metavar=words.SCENARIO, help=words.NAME_OR_PATH)
    parser.add_argument("--at", metavar=words.POSITION, default="1", help=words.AT)
    parser.add_argument("--h", metavar="H", type=_step, default=1e-4, help=words.H)
    parser.add_argument("--most", metavar="N", type=_count, default=2000, help=words.MOST)
    parser.add_argument("--json", action="store_true", help=words.JSON)
    parser.add_argument("--ascii", action="store_true", help=words.ASCII)
    _add_data(parser)
    options = parser.parse_args(typed)
    from gradstep.engine.analysis.gradcheck import check  # noqa: PLC0415 - only here
    from gradstep.engine.analysis.verdicts import as_json  # noqa: PLC0415 - only here
    from gradstep.tui.pages.check import check_lines  # noqa: PLC0415
    from gradstep.tui.report import print_lines, watched  # noqa: PLC0415
    from gradstep.tui.text.notation import Notation  # noqa: PLC0415

    timeline = Timeline(load_scenario(options.scenario, options.data))
    with watched(timeline.scenario.name) as reports:
        timeline.goto(_in_an_iteration(timeline.course, options.at), reports.told)
        result = check(timeline, options.h, reports.told, options.most)
    if options.json:
        _print_json(as_json(result))
    else:
        notation = Notation(timeline.names, ascii=options.ascii or not _speaks("∂δ×·−✓≈"))
        print(words.CHECKED.format(scenario=timeline.scenario.name, position=timeline.position))
        print_lines(check_lines(result, notation, 100))
    return 0 if result.passed else 1


def _in_an_iteration(course: Course, at: str) -> Position:
    """A typed position at which something has run. Raises PositionError."""
    position = course.parse(at)
    if position.step == 0:
        raise PositionError(words.NOTHING_RUN_YET)
    return position


def _step(text: str) -> float:
    """A step for central differences, not so small that a loss differs by less than its rounding."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 1e-10 <= number <= 1:
        raise argparse.ArgumentTypeError(words.NO_STEP.format(text=text))
    return number


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= len(text) <= 9 or not int(text):
        raise argparse.ArgumentTypeError(words.NO_COUNT.format(text=text))
    return int(text)


def _schema(typed: Sequence[str]) -> int:
    parser = _Parser("gradstep schema", description=words.SCHEMA)
    parser.parse_args(typed)
    print(dumps(json_schema(), indent=2, ascii_only=not _speaks("✓½η")))
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
