"""What stands in the line to type in and above it, and what comes of what was typed."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── what may be typed, and what for ──────────────────────────────────────────────────────────────────────────

GOTO_SUCH_AS = _("12 or 12:E or 12:5 or :E or start or end")
GOTO = _("go to: iteration, iteration:step or iteration:symbol; Enter goes, Esc does not")
WATCH_SUCH_AS = _("E or norm(dW1) or W1[0,0] - prev(W1[0,0])")
WATCH = _("watch an expression: its value at every step; Enter watches, Esc does not")
EDIT_SUCH_AS = _("w5 = 0.9 or learning_rate = 0.1 or x[0,0] = 2*x[0,1]")
EDIT = _("what if: set a number to another value from here on; Enter forks, Esc does not")
SEARCH_SUCH_AS = _("dW or w5 or W1[300,20] or largest W1")
SEARCH = _("search: a symbol, name, label or element; largest or smallest and a symbol")
SAVE_SUCH_AS = _("a file")
SAVE = _("save the session: forks, stops, watches, position; Enter saves, Esc does not")

# ── what was done, or is wrong ───────────────────────────────────────────────────────────────────────────────

WATCHED_ALREADY = _("{expression} is watched already")
WATCHING = _("watching {expression}; B lists the watches and breakpoints")
BREAKPOINT_ALREADY = _("there is a breakpoint {stop} already")
NOTHING_SET = _('nothing is set: a name, "=" and a value are expected, such as W1[0,0] = 0.5')
FORKED = _("{fork}: {edit} (was {before}); k lists the forks")
NOTHING_CHANGED = _("nothing was changed: {element} is {value} already")
SAVED = _("saved; gradstep --session {path} goes on from here")

# ── what was found ───────────────────────────────────────────────────────────────────────────────────────────

NOT_COMPUTED = _("{symbol} is not computed yet")
NOTHING_SEARCHED = _("nothing was searched for: / searches symbols, names, labels and elements")
FOUND_NOT_COMPUTED = _("{name}, not computed yet")
ONE_OF_FOUND = _("{place:,} of {count:,}: {found}; , and . go on")
