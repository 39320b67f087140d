"""The one registry of what can be done: key, name, help. Bindings, footer, palette and help screen read it."""

from __future__ import annotations

from dataclasses import dataclass

from gradstep.engine.words.language import _
from gradstep.tui.text import glyphs
from gradstep.tui.text.glyphs import Mark


@dataclass(frozen=True)
class Command:
    """name: what the screen's handler is found by. keys: as Textual spells them. label: for the footer.

    footer: its rank there, 0 for not at all. shown: how the keys are written for people.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    group: str
    footer: int = 0


STEPPING, JUMPING, STOPPING = _("Stepping"), _("Jumping"), _("Stopping where it matters")
FORKING, LOOKING, PROGRAM = _("What if"), _("Looking"), _("The program itself")

COMMANDS: tuple[Command, ...] = (
    Command("step", ("s", "right"), "s →", _("step"), _("one assignment on"), STEPPING, 1),
    Command("back", ("S", "left"), "S ←", _("back"), _("one assignment back"), STEPPING, 2),
    Command("layer_on", ("n",), "n", _("layer"), _("to the end of this layer's steps"), STEPPING, 7),
    Command("layer_back", ("N",), "N", _("layer back"), _("to the start of this layer's steps"), STEPPING),
    Command("phase_on", ("f",), "f", _("phase"), _("finish this phase"), STEPPING, 7),
    Command("phase_back", ("F",), "F", _("phase back"), _("back to the start of this phase"), STEPPING),
    Command("iteration_on", ("i",), "i", _("iteration"), _("one iteration on, same place in it"), STEPPING, 6),
    Command("iteration_back", ("I",), "I", _("iteration back"), _("one iteration back, same place in it"), STEPPING),
    Command("goto", ("g",), "g", _("go to"), _("go to a typed position: 12, 12:E, 12:5, :E, start, end"), JUMPING, 8),
    Command("start", ("home",), "Home", _("start"), _("to the start of the run"), JUMPING),
    Command("end", ("end",), "End", _("end"), _("to the end of the run"), JUMPING),
    Command("select_next", ("down",), "↓", _("select"), _("select the next step of the program"), JUMPING),
    Command("select_previous", ("up",), "↑", _("select"), _("select the step before; a click selects, too"), JUMPING),
    Command(
        "run_to", ("t",), "t", _("run to"), _("run to the selected step, in whichever direction it lies"), JUMPING, 9
    ),
    Command("stop", ("escape",), "Esc", _("stop"), _("stop a long run; drop a selection"), JUMPING),
    Command("continue_on", ("c",), "c", _("continue"), _("to the next breakpoint or other stop"), STOPPING, 10),
    Command("continue_back", ("C",), "C", _("continue back"), _("back to the nearest earlier stop"), STOPPING),
    Command(
        "break", ("b",), "b", _("break"), _("breakpoint on the selected step, or on the one that ran"), STOPPING, 11
    ),
    Command("stops", ("B",), "B", _("stops"), _("all breakpoints and watches: conditions, on and off"), STOPPING),
    Command("watch", ("w",), "w", _("watch"), _("watch an expression"), STOPPING, 12),
    Command("edit", ("e",), "e", _("what if"), _("set a number to another value from here on: a fork"), FORKING, 13),
    Command("forks", ("k",), "k", _("forks"), _("the forks: switch, compare, drop"), FORKING),
    Command(
        "compare", ("K",), "K", _("compare"), _("compare with what this was forked from; again: no longer"), FORKING
    ),
    Command("explain", ("x",), "x", _("explain"), _("the picked number: its arithmetic, factor by factor"), LOOKING, 5),
    Command("check", ("d",), "d", _("check"), _("check the gradients against central differences"), LOOKING, 8),
    Command("why", ("h",), "h", _("why"), _("what the selected step is, or the one that ran, and why"), LOOKING, 9),
    Command("pick_left", ("ctrl+left",), "Ctrl+←", _("pick"), _("pick the number to the left …"), LOOKING),
    Command("pick_right", ("ctrl+right",), "Ctrl+→", _("pick"), _("… to the right …"), LOOKING),
    Command("pick_up", ("ctrl+up",), "Ctrl+↑", _("pick"), _("… above …"), LOOKING),
    Command("pick_down", ("ctrl+down",), "Ctrl+↓", _("pick"), _("… below; a click picks, too"), LOOKING),
    Command("search", ("slash",), "/", _("search"), _("a symbol, name, label or element; the largest number"), LOOKING),
    Command("search_next", ("comma",), ",", _("next found"), _("the next one found"), LOOKING),
    Command("search_previous", ("full_stop",), ".", _("previous found"), _("the one found before"), LOOKING),
    Command(
        "curve", ("l",), "l", _("curve"), _("the curve: loss, linear or logarithmic; an accuracy; a watch"), LOOKING
    ),
    Command(
        "pictures", ("y",), "y", _("pictures"), _("the net, heat maps, what it learned, norms, images"), LOOKING, 10
    ),
    Command("view", ("v",), "v", _("view"), _("on a small screen: step, values or loss"), LOOKING, 4),
    Command("names", ("m",), "m", _("names"), _("the scenario's own names, or the plain symbols"), LOOKING, 15),
    Command("precision", ("p",), "p", _("digits"), _("how many digits: to fit, 6, 9, 12, all"), LOOKING, 16),
    Command("save", ("ctrl+s",), "Ctrl+S", _("save"), _("save the session: forks, stops, watches, position"), PROGRAM),
    Command("open", ("o",), "o", _("open"), _("open another scenario, or a session"), PROGRAM, 14),
    Command(
        "help",
        ("question_mark",),
        "?",
        _("help"),
        _("these keys, and how to read the screen; on a selected step, what it is"),
        PROGRAM,
        3,
    ),
    Command("quit", ("q", "ctrl+c"), "q", _("quit"), _("quit"), PROGRAM, 17),
)

BY_NAME = {command.name: command for command in COMMANDS}

# What is not a command of ours but can be done.
ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("Tab", _("to the next panel; in it ↑ ↓ PgUp PgDn scroll, Shift+← → sideways")),
    (_("click"), _("a step: select it; a number: see its arithmetic")),
    ("Ctrl+P", _("the palette: every command by name, and themes")),
)


def _signs(*signs: str) -> tuple[Mark, ...]:
    """Signs that are written alike wherever they stand."""
    return tuple(Mark(sign, glyphs.plain(sign)) for sign in signs)


# How to read the screen: signs as they are drawn, and what they say.
READING: tuple[tuple[tuple[Mark, ...], str], ...] = (
    ((glyphs.DONE, glyphs.NOW, glyphs.NEXT), _("of a step: has run; has just run; is next")),
    ((glyphs.WRITTEN,), _("before a table: just written")),
    ((glyphs.CHANGED,), _("after a number: differs from the iteration before")),
    ((glyphs.MISSING,), _("instead of a number: not computed yet")),
    ((glyphs.DIFFERS,), _("between two tables: the same in two forks; * marks what differs")),
    ((glyphs.GOES_ON,), _("at the edge of a panel: more stands there; Shift+→ scrolls")),
    ((glyphs.NO_NUMBER,), _("above the curve: NaN or infinite there")),
    ((glyphs.BREAKPOINT, glyphs.SWITCHED_OFF), _("before a step: a breakpoint; one that is switched off")),
    ((glyphs.FOREIGN,), _("a step that is not the derivative of its forward pass")),
    (_signs("∂E/∂W", "δ"), _("the gradient of the loss with respect to W; of a layer's pre-activation u")),
    (_signs("W⁺", "η"), _("W after its update, what the next iteration begins with; the learning rate")),
    (
        (glyphs.MATRIX_PRODUCT, glyphs.ELEMENTWISE, glyphs.TRANSPOSED),
        _("matrix product; product element by element; transposed"),
    ),
)
