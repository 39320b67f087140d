"""The one registry of what can be done: key, name, help. Bindings, footer, palette and help screen read it."""

from __future__ import annotations

from dataclasses import dataclass


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


STEPPING, JUMPING, STOPPING = "Stepping", "Jumping", "Stopping where it matters"
FORKING, LOOKING, PROGRAM = "What if", "Looking", "The program itself"

COMMANDS: tuple[Command, ...] = (
    Command("step", ("s", "right"), "s →", "step", "one assignment on", STEPPING, 1),
    Command("back", ("S", "left"), "S ←", "back", "one assignment back", STEPPING, 2),
    Command("layer_on", ("n",), "n", "layer", "to the end of this layer's steps", STEPPING, 7),
    Command("layer_back", ("N",), "N", "layer back", "to the start of this layer's steps", STEPPING),
    Command("phase_on", ("f",), "f", "phase", "finish this phase", STEPPING, 7),
    Command("phase_back", ("F",), "F", "phase back", "back to the start of this phase", STEPPING),
    Command("iteration_on", ("i",), "i", "iteration", "one iteration on, same place in it", STEPPING, 6),
    Command("iteration_back", ("I",), "I", "iteration back", "one iteration back, same place in it", STEPPING),
    Command("goto", ("g",), "g", "go to", "go to a typed position: 12, 12:E, 12:5, :E, start, end", JUMPING, 8),
    Command("start", ("home",), "Home", "start", "to the start of the run", JUMPING),
    Command("end", ("end",), "End", "end", "to the end of the run", JUMPING),
    Command("select_next", ("down",), "↓", "select", "select the next step of the program", JUMPING),
    Command("select_previous", ("up",), "↑", "select", "select the step before; a click selects, too", JUMPING),
    Command("run_to", ("t",), "t", "run to", "run to the selected step, in whichever direction it lies", JUMPING, 9),
    Command("stop", ("escape",), "Esc", "stop", "stop a long run; drop a selection", JUMPING),
    Command("continue_on", ("c",), "c", "continue", "to the next breakpoint or other stop", STOPPING, 10),
    Command("continue_back", ("C",), "C", "continue back", "back to the nearest earlier stop", STOPPING),
    Command("break", ("b",), "b", "break", "breakpoint on the selected step, or on the one that ran", STOPPING, 11),
    Command("stops", ("B",), "B", "stops", "all breakpoints and watches: conditions, on and off", STOPPING),
    Command("watch", ("w",), "w", "watch", "watch an expression", STOPPING, 12),
    Command("edit", ("e",), "e", "what if", "set a number to another value from here on: a fork", FORKING, 13),
    Command("forks", ("k",), "k", "forks", "the forks: switch, compare, drop", FORKING),
    Command("compare", ("K",), "K", "compare", "compare with what this was forked from; again: no longer", FORKING),
    Command("explain", ("x",), "x", "explain", "the picked number: its arithmetic, factor by factor", LOOKING, 5),
    Command("check", ("d",), "d", "check", "check the gradients against central differences", LOOKING, 8),
    Command("why", ("h",), "h", "why", "what the selected step is, or the one that ran, and why", LOOKING, 9),
    Command("pick_left", ("ctrl+left",), "Ctrl+←", "pick", "pick the number to the left …", LOOKING),
    Command("pick_right", ("ctrl+right",), "Ctrl+→", "pick", "… to the right …", LOOKING),
    Command("pick_up", ("ctrl+up",), "Ctrl+↑", "pick", "… above …", LOOKING),
    Command("pick_down", ("ctrl+down",), "Ctrl+↓", "pick", "… below; a click picks, too", LOOKING),
    Command("search", ("slash",), "/", "search", "a symbol, name, label or element; the largest number", LOOKING),
    Command("search_next", ("comma",), ",", "next found", "the next one found", LOOKING),
    Command("search_previous", ("full_stop",), ".", "last found", "the one found before", LOOKING),
    Command("curve", ("l",), "l", "curve", "the curve: loss, linear or logarithmic; an accuracy; a watch", LOOKING),
    Command("pictures", ("y",), "y", "pictures", "the net, heat maps, what it learned, norms, images", LOOKING, 10),
    Command("view", ("v",), "v", "view", "on a small screen: step, values or loss", LOOKING, 4),
    Command("names", ("m",), "m", "names", "the scenario's own names, or the plain symbols", LOOKING, 15),
    Command("precision", ("p",), "p", "digits", "how many digits: to fit, 6, 9, 12, all", LOOKING, 16),
    Command("save", ("ctrl+s",), "Ctrl+S", "save", "save the session: forks, stops, watches, position", PROGRAM),
    Command("open", ("o",), "o", "open", "open another scenario, or a session", PROGRAM, 14),
    Command(
        "help",
        ("question_mark",),
        "?",
        "help",
        "these keys, and how to read the screen; on a selected step, what it is",
        PROGRAM,
        3,
    ),
    Command("quit", ("q", "ctrl+c"), "q", "quit", "quit", PROGRAM, 17),
)

BY_NAME = {command.name: command for command in COMMANDS}

# What is not a command of ours but can be done.
ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("Tab", "to the next panel; in it ↑ ↓ PgUp PgDn scroll, Shift+← → sideways"),
    ("click", "a step: select it; a number: see its arithmetic"),
    ("Ctrl+P", "the palette: every command by name, and themes"),
)

READING: tuple[tuple[str, str], ...] = (
    ("✓ ▶ ›", "of a step: has run; has just run; is next"),
    ("▸", "before a table: just written"),
    ("*", "after a number: differs from the iteration before"),
    ("·", "instead of a number: not computed yet"),
    ("● ○", "before a step: a breakpoint; one that is switched off"),
    ("⚠", "a step that is not the derivative of its forward pass"),
    ("∂E/∂W  δ", "the gradient of the loss with respect to W; of a layer's pre-activation u"),
    ("W⁺  η", "W after its update, what the next iteration begins with; the learning rate"),
    ("·  ∘  ᵀ", "matrix product; product element by element; transposed"),
)
