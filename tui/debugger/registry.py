"""The table of all commands: bindings, footer, palette and help screen read it.

To add one, write its function in the module of its subject, and a row here.
"""

from __future__ import annotations

from functools import partial

from gradstep.engine.words.language import _
from gradstep.tui.debugger import curve, figures, files, looking, panels, searching, stepping, stopping, whatif
from gradstep.tui.debugger.figures import no_figures, to_figure
from gradstep.tui.debugger.stepping import move
from gradstep.tui.debugger.stopping import to_stop
from gradstep.tui.debugger.workbench import Command
from gradstep.tui.words import debugger as words

# A row is two lines: name, keys and texts; group, what it does, the reason why it cannot, its place in the footer.
# fmt: off
COMMANDS: tuple[Command, ...] = (
    Command("step", ("s", "right"), "s →", _("step"), _("one assignment on"),
            words.STEPPING, *move("step", +1), footer=1),
    Command("back", ("S", "left"), "S ←", _("back"), _("one assignment back"),
            words.STEPPING, *move("step", -1), footer=2),
    Command("layer_on", ("n",), "n", _("layer"), _("to the end of this layer's steps"),
            words.STEPPING, *move("layer", +1), footer=7),
    Command("layer_back", ("N",), "N", _("layer back"), _("to the start of this layer's steps"),
            words.STEPPING, *move("layer", -1)),
    Command("phase_on", ("f",), "f", _("phase"), _("finish this phase"),
            words.STEPPING, *move("phase", +1), footer=7),
    Command("phase_back", ("F",), "F", _("phase back"), _("back to the start of this phase"),
            words.STEPPING, *move("phase", -1)),
    Command("iteration_on", ("i",), "i", _("iteration"), _("one iteration on, same place in it"),
            words.STEPPING, *move("iteration", +1), footer=6),
    Command("iteration_back", ("I",), "I", _("iteration back"), _("one iteration back, same place in it"),
            words.STEPPING, *move("iteration", -1)),

    Command("goto", ("g",), "g", _("go to"), _("go to a typed position: 12, 12:E, 12:5, :E, start, end"),
            words.JUMPING, stepping.GO_TO.ask, footer=8),
    Command("start", ("home",), "Home", _("start"), _("to the start of the run"),
            words.JUMPING, partial(stepping.go_to_end, direction=-1)),
    Command("end", ("end",), "End", _("end"), _("to the end of the run"),
            words.JUMPING, partial(stepping.go_to_end, direction=+1), partial(stepping.ended, direction=+1)),
    Command("figure_on", ("right_square_bracket",), "]", _("figure"), _("to the next figure that the source prints"),
            words.JUMPING, *to_figure(+1)),
    Command("figure_back", ("left_square_bracket",), "[", _("figure back"), _("to the figure before it"),
            words.JUMPING, *to_figure(-1)),
    Command("figures", ("L",), "L", _("figures"), _("all figures of the source: which hold, which differ and why"),
            words.JUMPING, figures.list_figures, no_figures),
    Command("select_next", ("down",), "↓", _("select"), _("select the next step of the program"),
            words.JUMPING, partial(stepping.select_by, direction=+1), priority=False),
    Command("select_previous", ("up",), "↑", _("select"), _("select the step before; a click selects, too"),
            words.JUMPING, partial(stepping.select_by, direction=-1), priority=False),
    Command("run_to", ("t",), "t", _("run to"), _("run to the selected step, in whichever direction it lies"),
            words.JUMPING, stepping.run_to_selected, stepping.none_selected, footer=9),
    Command("stop", ("escape",), "Esc", _("stop"), _("stop a long run; drop a selection"),
            words.JUMPING, stepping.stop, while_busy=True),

    Command("continue_on", ("c",), "c", _("continue"), _("to the next breakpoint or other stop"),
            words.STOPPING, *to_stop(+1), footer=10),
    Command("continue_back", ("C",), "C", _("continue back"), _("back to the nearest earlier stop"),
            words.STOPPING, *to_stop(-1)),
    Command("break", ("b",), "b", _("break"), _("breakpoint on the selected step, or on the one that ran"),
            words.STOPPING, stopping.toggle_here, stopping.no_step_here, footer=11),
    Command("stops", ("B",), "B", _("stops"), _("all breakpoints and watches: conditions, on and off"),
            words.STOPPING, stopping.list_stops),
    Command("watch", ("w",), "w", _("watch"), _("watch an expression"),
            words.STOPPING, stopping.WATCH.ask, footer=12),

    Command("edit", ("e",), "e", _("what if"), _("set a number to another value from here on: a fork"),
            words.WHAT_IF, whatif.edit, footer=13),
    Command("forks", ("k",), "k", _("forks"), _("the forks: switch, compare, drop"),
            words.WHAT_IF, whatif.list_forks),
    Command("compare", ("K",), "K", _("compare"), _("compare with what this was forked from; again: no longer"),
            words.WHAT_IF, whatif.compare_again, whatif.nothing_to_compare),

    Command("explain", ("x",), "x", _("explain"), _("the picked number: its arithmetic, factor by factor"),
            words.LOOKING, looking.explain_picked, looking.nothing_to_explain, footer=5),
    Command("check", ("d",), "d", _("check"), _("check the gradients against central differences"),
            words.LOOKING, looking.check_gradients, looking.nothing_to_check, footer=8),
    Command("why", ("h",), "h", _("why"), _("what the selected step is, or the one that ran, and why"),
            words.LOOKING, looking.why, looking.no_step, footer=9),
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
    Command("pictures", ("y",), "y", _("pictures"), _("the net, heat maps, what it learned, norms, images"),
            words.LOOKING, looking.show_pictures, footer=10),
    Command("view", ("v",), "v", _("view"), _("on a small screen: step, values or loss"),
            words.LOOKING, panels.next_panel, footer=4),
    Command("names", ("m",), "m", _("names"), _("the scenario's own names, or the plain symbols"),
            words.LOOKING, looking.toggle_names, footer=15),
    Command("precision", ("p",), "p", _("digits"), _("how many digits: to fit, 6, 9, 12, all"),
            words.LOOKING, looking.next_precision, footer=16),

    Command("save", ("ctrl+s",), "Ctrl+S", _("save"), _("save the session: forks, stops, watches, position"),
            words.GRADSTEP, files.save),
    Command("open", ("o",), "o", _("open"), _("open another scenario, or a session"),
            words.GRADSTEP, files.choose, footer=14),
    Command("help", ("question_mark",), "?", _("help"),
            _("these keys, and how to read the screen; on a selected step, what it is"),
            words.GRADSTEP, looking.show_help, footer=3),
    Command("quit", ("q", "ctrl+c"), "q", _("quit"), _("quit"),
            words.GRADSTEP, lambda bench: bench.window.quit(), while_busy=True, footer=17),
)
# fmt: on

BY_NAME = {command.name: command for command in COMMANDS}

# Of each command of the footer its first key and its label, those first that are the last to be left out.
FOOTER = tuple(
    (command.shown.split()[0], command.label)
    for command in sorted(COMMANDS, key=lambda command: command.footer)
    if command.footer
)
