"""gradstep without a command: the debugger on a scenario or a session."""

from __future__ import annotations

import gc
import os
import shlex
import sys
from argparse import Action, ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from gradstep.engine.errors import Problem
from gradstep.engine.scenario.loading import load_scenario
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.commandline.options import UsageError, add_ascii, add_data, number
from gradstep.tui.commandline.terminal import Screen, screen_of
from gradstep.tui.words import commandline as words

if TYPE_CHECKING:
    from gradstep.tui.app import GradstepApp

FIRST = "mazur-2-2-2"


def declare(parser: ArgumentParser) -> None:
    """A scenario or a session, and how the screen looks."""
    parser.prog = "gradstep"
    parser.description, parser.epilog = words.DEBUG, words.WHAT_SCENARIO_IS
    about = words.DEFAULT_SCENARIO.format(scenario=FIRST)
    parser.add_argument("scenario", nargs="?", metavar=words.SCENARIO, help=about)
    parser.add_argument("--session", metavar=words.FILE, type=Path, help=words.SESSION)
    add_ascii(parser)
    parser.add_argument("--theme", metavar=words.THEME, help=words.THEMES)
    parser.add_argument("--history", metavar=words.MIB, type=_mebibytes, default="64", help=words.HISTORY)
    add_data(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=words.VERSION)


def run(options: Namespace) -> int:
    """Show the debugger until it is left."""
    if options.session is not None and options.scenario is not None:
        raise UsageError(words.SESSION_AND_SCENARIO)
    gc.disable()  # what is loaded now stays: it is not looked through for garbage now, while one steps, or at the end
    try:
        app = _app(options)
    finally:
        gc.freeze()
        gc.enable()
    app.run()
    return app.return_code or 0


def _app(options: Namespace) -> GradstepApp:
    """The app on the scenario or session, which alone holds it. Raises Problem where it cannot be shown."""
    session, position = options.session, None
    if session is not None:
        from gradstep.engine.sessions import read_session

        timeline, position = read_session(session, options.data, history_bytes=options.history)
    else:
        name = options.scenario if options.scenario is not None else FIRST
        timeline = Timeline(load_scenario(name, options.data), history_bytes=options.history)
    term = os.environ.get("TERM", "")
    screen = screen_of(term)
    if screen is Screen.NONE:
        raise Problem(words.NO_SCREEN.format(term=term, scenario=shlex.quote(timeline.scenario.file)))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        file = shlex.quote(timeline.scenario.file)
        if session is not None:
            raise Problem(words.NO_TERMINAL_FOR_SESSION.format(scenario=file))
        raise Problem(words.NO_TERMINAL.format(scenario=file))
    if sys.platform != "win32" and not sys.stderr.isatty():  # Textual draws there, so that stdout may be a pipe
        raise Problem(words.NO_TERMINAL_TO_DRAW_ON)
    from gradstep.engine.remembered import recall_stops, state_folder
    from gradstep.tui.app import GradstepApp, known_themes

    if options.theme is not None and options.theme not in known_themes():
        raise Problem(words.NO_SUCH_THEME.format(theme=options.theme, themes=", ".join(known_themes())))
    state = state_folder()
    if session is None:
        recall_stops(timeline, state)
    return GradstepApp(
        timeline,
        ascii_only=options.ascii,
        theme=options.theme,
        data=options.data,
        session=session,
        position=position,
        state=state,
        greeting=words.ASSUMED_SCREEN.format(term=term) if screen is Screen.ASSUMED else "",
    )


def _mebibytes(text: str) -> int:
    return int(number(text, 0, 2**20, words.NO_MEBIBYTES.format(text=text)) * 2**20)


class _Version(Action):
    """Looked up only where it is asked for: that takes a while."""

    def __call__(self, parser: ArgumentParser, *_: object, **__: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print("gradstep", version("gradstep"))
        except PackageNotFoundError:
            print(words.NOT_INSTALLED)
        raise SystemExit(0)
