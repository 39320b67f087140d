"""The table of all commands: bindings, footer, palette and help screen read it.

To add one, write its function in the module of its subject, and a row here.
"""

from __future__ import annotations

from functools import partial

from gradstep.engine.words.language import _
from gradstep.tui.debugger import (
    curve,
    drawing,
    explaining,
    figures,
    files,
    health,
    leaving,
    looking,
    panels,
    searching,
    stepping,
    stopping,
    touring,
    whatif,
)
from gradstep.tui.debugger.drawer import TOUR
from gradstep.tui.debugger.figures import no_figures, to_figure
from gradstep.tui.debugger.stepping import move
from gradstep.tui.debugger.stopping import to_stop
from gradstep.tui.debugger.workbench import Command, Workbench
from gradstep.tui.pages.footer import Key
from gradstep.tui.words import debugger as words

# A row is two lines: name, keys and texts; group, what it does, the reason why it cannot.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("step", ("s", "right", "space"), "s → Space", _("step"), _("one assignment on"),
            words.STEPPING, *move("step", +1)),
    Command("back", ("S", "left"), "S ←", _("back"), _("one assignment back"),
            words.STEPPING, *move("step", -1)),
    Command("layer_on", ("n",), "n", _("layer"), _("to the end of this layer's steps"),
            words.STEPPING, *move("layer", +1)),
    Command("layer_back", ("N",), "N", _("layer back"), _("to the start of this layer's steps"),
            words.STEPPING, *move("layer", -1)),
    Command("phase_on", ("f",), "f", _("phase"), _("finish this phase"),
            words.STEPPING, *move("phase", +1)),
    Command("phase_back", ("F",), "F", _("phase back"), _("back to the start of this phase"),
            words.STEPPING, *move("phase", -1)),
    Command("iteration_on", ("i",), "i", _("iteration"), _("one iteration on, same place in it"),
            words.STEPPING, *move("iteration", +1)),
    Command("iteration_back", ("I",), "I", _("iteration back"), _("one iteration back, same place in it"),
            words.STEPPING, *move("iteration", -1)),

    Command("goto", ("g", "colon"), "g :", _("go to"), _("go to a typed position: 12, 12:E, 12:5, :E, start, end"),
            words.JUMPING, stepping.GO_TO.ask),
    Command("start", ("home",), "Home", _("start"), _("to the start of the run"),
            words.JUMPING, partial(stepping.go_to_end, direction=-1)),
    Command("end", ("end",), "End", _("end"), _("to the end of the run"),
            words.JUMPING, partial(stepping.go_to_end, direction=+1), partial(stepping.ended, direction=+1)),
    Command("move_down", ("down", "j"), "↓ j", _("down"), _("the next step of the program, or entry of a list"),
            words.JUMPING, partial(panels.move, by=+1)),
    Command("move_up", ("up", "k"), "↑ k", _("up"), _("the step or entry before; a click selects, too"),
            words.JUMPING, partial(panels.move, by=-1)),
    Command("figure_on", ("right_square_bracket",), "]", _("figure"), _("to the next figure that the source prints"),
            words.JUMPING, *to_figure(+1)),
    Command("figure_back", ("left_square_bracket",), "[", _("figure back"), _("to the figure before it"),
            words.JUMPING, *to_figure(-1)),
    Command("figures", ("L",), "L", _("figures"), _("all figures of the source: which hold, which differ and why"),
            words.JUMPING, figures.list_figures, no_figures),
    Command("run_to", ("t",), "t", _("run to"), _("run to the selected step, in whichever direction it lies"),
            words.JUMPING, stepping.run_to_selected, stepping.none_selected),
    Command("stop", ("escape",), "Esc", _("stop, close"), _("stop a long run; close what is open; drop a selection"),
            words.JUMPING, stepping.stop, while_busy=True),

    Command("continue_on", ("c",), "c", _("run"), _("to the next breakpoint or other stop"),
            words.STOPPING, *to_stop(+1)),
    Command("continue_back", ("C",), "C", _("run back"), _("back to the nearest earlier stop"),
            words.STOPPING, *to_stop(-1)),
    Command("break", ("b",), "b", _("break"), _("breakpoint on the selected step, or on the one that ran"),
            words.STOPPING, stopping.toggle_here, stopping.no_step_here),
    Command("add", ("a",), "a", _("add a stop"), _("type a breakpoint: a symbol, a phase, a condition"),
            words.STOPPING, stopping.SET.ask),
    Command("stops", ("B",), "B", _("stops"), _("all breakpoints, watches and other stops: on and off"),
            words.STOPPING, stopping.list_stops),
    Command("watch", ("w",), "w", _("watch"), _("watch an expression"),
            words.STOPPING, stopping.WATCH.ask),

    Command("edit", ("e",), "e", _("what if"), _("set a number to another value from here on: a fork"),
            words.WHAT_IF, whatif.edit),
    Command("replace", ("equals_sign",), "=", _("formula"), _("compute the step by another formula: a fork"),
            words.WHAT_IF, whatif.replace_step, whatif.no_step),
    Command("derived", ("G",), "G", _("derived"), _("train by the derived gradients, not by your own lines: a fork"),
            words.WHAT_IF, whatif.train_by_derived, whatif.no_own_lines),
    Command("forks", ("f2", "asterisk"), "*", _("forks"), _("the forks: switch, compare, drop"),
            words.WHAT_IF, whatif.list_forks),
    Command("compare", ("K",), "K", _("compare"), _("compare with what this was forked from; again: no longer"),
            words.WHAT_IF, whatif.compare_again, whatif.nothing_to_compare),

    Command("explain", ("x",), "x", _("explain"), _("the picked number: its arithmetic, factor by factor"),
            words.LOOKING, explaining.explain_picked, explaining.nothing_to_explain),
    Command("health", ("H",), "H", _("health"), _("what is wrong with the run, and since when"),
            words.LOOKING, health.show_health, health.nothing_ran),
    Command("why", ("h",), "h", _("why"), _("what the selected step is, or the one that ran, and why"),
            words.LOOKING, looking.why, looking.no_step),
    Command("check", ("d",), "d", _("check"), _("check the gradients against central differences"),
            words.LOOKING, looking.check_gradients, looking.nothing_to_check),
    Command("pictures", ("y",), "y", _("pictures"), _("net, heat maps, what it learned, norms, images: the next"),
            words.LOOKING, drawing.next_picture),
    Command("turn_on", ("greater_than_sign",), ">", _("turn"), _("the next picture of the same kind …"),
            words.LOOKING, partial(drawing.turn, by=+1), drawing.no_picture),
    Command("turn_back", ("less_than_sign",), "<", _("turn back"), _("… and the one before"),
            words.LOOKING, partial(drawing.turn, by=-1), drawing.no_picture),
    Command("as_text", ("T",), "T", _("as text"), _("the picture in words and numbers"),
            words.LOOKING, drawing.as_text, drawing.no_picture),
    Command("pick_left", ("ctrl+left",), "Ctrl+←", _("pick"), _("pick the number to the left …"),
            words.LOOKING, partial(stepping.pick_beside, right=-1), stepping.nothing_to_pick),
    Command("pick_right", ("ctrl+right",), "Ctrl+→", _("pick"), _("… to the right …"),
            words.LOOKING, partial(stepping.pick_beside, right=+1), stepping.nothing_to_pick),
    Command("pick_up", ("ctrl+up",), "Ctrl+↑", _("pick"), _("… above …"),
            words.LOOKING, partial(stepping.pick_beside, down=-1), stepping.nothing_to_pick),
    Command("pick_down", ("ctrl+down",), "Ctrl+↓", _("pick"), _("… below; a click picks, too"),
            words.LOOKING, partial(stepping.pick_beside, down=+1), stepping.nothing_to_pick),
    Command("search", ("slash",), "/", _("search"), _("a symbol, name, label or element; the largest number"),
            words.LOOKING, searching.SEARCH.ask),
    Command("search_next", ("comma",), ",", _("next found"), _("the next one found"),
            words.LOOKING, partial(searching.next_found, by=+1), searching.nothing_found),
    Command("search_previous", ("full_stop",), ".", _("previous found"), _("the one found before"),
            words.LOOKING, partial(searching.next_found, by=-1), searching.nothing_found),
    Command("curve", ("l",), "l", _("curve"), _("the curve: loss, linear or logarithmic; an accuracy; a watch"),
            words.LOOKING, curve.next_curve),
    Command("names", ("m",), "m", _("names"), _("the scenario's own names, or the plain symbols"),
            words.LOOKING, looking.toggle_names),
    Command("precision", ("p",), "p", _("digits"), _("how many digits: to fit, 6, 9, 12, all"),
            words.LOOKING, looking.next_precision),

    Command("focus_next", ("tab",), "Tab", _("next panel"), _("to the next panel; 1 to 9 jump to one"),
            words.PANELS, panels.focus_next),
    Command("focus_previous", ("shift+tab",), "", _("panel before"), _("to the panel before"),
            words.PANELS, partial(panels.focus_next, by=-1)),
    Command("full", ("z",), "z", _("full size"), _("the panel with the focus takes all the room; again: its own"),
            words.PANELS, panels.toggle_full),
    Command("view", ("v",), "v", _("view"), _("in a small terminal: what stands below the step"),
            words.PANELS, panels.next_lower, panels.not_small),
    Command("open", ("enter",), "Enter", _("open"), _("open what is chosen: a factor, a matrix, an entry of a list"),
            words.PANELS, drawing.open_chosen, drawing.nothing_to_open),
    Command("back_up", ("backspace",), "", _("back up"), _("in an explanation: back to what this is a factor of"),
            words.PANELS, panels.nothing, panels.no_drawer),
    Command("unroll", ("u",), "", _("unroll"), _("in an explanation: the whole product, and the chain rule"),
            words.PANELS, panels.nothing, panels.no_drawer),
    Command("drop", ("delete", "ctrl+d"), "", _("drop"), _("in a list of stops or forks: drop the chosen one"),
            words.PANELS, panels.nothing, panels.no_drawer),
    Command("page_down", ("pagedown",), "PgDn", _("scroll"), _("scroll what is open, down …"),
            words.PANELS, partial(looking.scroll, down=+1), looking.nothing_open),
    Command("page_up", ("pageup",), "PgUp", _("scroll"), _("… and up"),
            words.PANELS, partial(looking.scroll, down=-1), looking.nothing_open),
    Command("scroll_right", ("shift+right",), "Shift+→", _("scroll right"), _("scroll what is open to the right …"),
            words.PANELS, partial(looking.scroll, right=+8), looking.nothing_open),
    Command("scroll_left", ("shift+left",), "Shift+←", _("scroll left"), _("… and to the left"),
            words.PANELS, partial(looking.scroll, right=-8), looking.nothing_open),
    Command("story", ("f1",), "F1", _("story"), _("what the scenario is, and its source"),
            words.PANELS, looking.story),

    Command("tour", ("f12",), "", _("tour"), _("ten moments of this run, and what to look at"),
            words.GRADSTEP, touring.tour),
    Command("copy", ("Y",), "Y", _("copy"), _("copy the picked number, the matrix as NumPy, or the selected formula"),
            words.GRADSTEP, looking.copy, looking.nothing_to_copy),
    Command("save", ("ctrl+s",), "Ctrl+S", _("save"), _("save the session: forks, stops, watches, position"),
            words.GRADSTEP, files.save),
    Command("scenario", ("o",), "o", _("open another"), _("open another scenario, or a session"),
            words.GRADSTEP, files.choose),
    Command("help", ("question_mark",), "?", _("help"), _("these keys, and how to read the screen"),
            words.GRADSTEP, looking.show_help),
    Command("quit", ("q", "ctrl+c"), "q", _("quit"), _("stop a long run; close what is open; quit"),
            words.GRADSTEP, leaving.leave, while_busy=True),
    Command("halt", ("ctrl+z",), "Ctrl+Z", _("halt"), _("back to the shell; fg goes on"),
            words.GRADSTEP, leaving.halt, leaving.never_woken, while_busy=True),

    *(Command(f"panel_{number}", (str(number),), "", _("panel {number}").format(number=number), _("to a panel"),
              words.PANELS, partial(panels.focus_on, number=number)) for number in range(1, 10)),
)
# fmt: on

BY_NAME = {command.name: command for command in COMMANDS}

# The footer: groups of commands, what is shown of each, and its rank: those with more are left out first.
Shown = tuple[str, str, str, int]
WIDE: tuple[tuple[Shown, ...], ...] = (
    (("step", "s", _("step"), 0), ("layer_on", "n", _("layer"), 1), ("phase_on", "f", _("phase"), 1),
     ("iteration_on", "i", _("iteration"), 1)),
    (("back", "S N F I", _("back"), 0),),
    (("continue_on", "c", _("run"), 0), ("break", "b", _("break"), 4), ("edit", "e", _("what if"), 0)),
    (("explain", "x", _("explain"), 0), ("why", "h", _("why"), 3), ("check", "d", _("check"), 6),
     ("pictures", "y", _("pictures"), 2), ("search", "/", _("search"), 5), ("goto", ":", _("go"), 5)),
    (("help", "?", _("all keys"), 0),),
)  # fmt: skip
NARROW: tuple[tuple[Shown, ...], ...] = (
    (("step", "s n f i", _("step"), 0), ("back", "S N F I", _("back"), 1)),
    (("continue_on", "c", _("run"), 1), ("edit", "e", _("what if"), 2)),
    (("explain", "x", _("explain"), 2), ("view", "v", _("view"), 1)),
    (("help", "?", _("all keys"), 0),),
)
NEXT_STAY = _("next")  # what the key that steps does in the drawer of the tour
# Keys of the footer → the same with the one that newcomers try first, where there is room.
ROOMY = {"s": "Space", "s n f i": "Space n f i"}


def footer_groups(bench: Workbench, *, wide: bool) -> list[list[Key]]:
    """The keys of the footer, and whether they can be used now."""

    def usable(name: str) -> bool:
        command = bench.commands[name]
        return command.why_not(bench) is None and (command.while_busy or not bench.window.busy)

    def says(name: str, label: str) -> str:
        return NEXT_STAY if name == "step" and bench.drawer is not None and bench.drawer.name == TOUR else label

    groups = WIDE if wide else NARROW
    return [
        [Key(shown, says(name, label), usable(name), rank, ROOMY.get(shown, "")) for name, shown, label, rank in group]
        for group in groups
    ]
