"""The texts of breakpoints and watches: setting one, running to the next, the list of all."""

from __future__ import annotations

from gradstep.engine.words.language import _

SET_HERE = _("breakpoint on {symbol}; c runs to the next, C back; B lists all and sets conditions")
NONE_HERE = _("no breakpoint on {symbol} any more")
BREAKPOINT_ALREADY = _("there is a breakpoint {stop} already")

# ── watching ─────────────────────────────────────────────────────────────────────────────────────────────────

WATCH = _("watch an expression: its value at every step; Enter watches, Esc does not")
WATCHED_ALREADY = _("{expression} is watched already")
WATCHING = _("watching {expression}; B lists the watches and breakpoints")

# ── running ──────────────────────────────────────────────────────────────────────────────────────────────────

RUNNING_ON = _("running to the next stop")
SEARCHING_BACK = _("searching back for a stop")
STOPPED_BEFORE = _("stopped at {position}; no stop was hit so far")
NONE_AHEAD = _("no stop lies ahead; this is the end of the run")
NONE_BEFORE = _("no stop lies before; this is the start")
STOPPED_AT = _("stopped at {position}: {stop}")
BREAKPOINT = _("a breakpoint")
BREAKPOINT_AT = _("a breakpoint on {stop}")
NON_FINITE = _("{symbol} became {value} at {position}, from finite operands; S shows what led to it")
NOT_FINITE = _("not finite")

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = _("breakpoints and watches")
HEADS = _("stops"), _("whose"), _("where or when")
ON = _("on")
OFF = _("off")
YOURS = _("yours")
BUILT_IN = _("built in")
KEYS = _("Enter switches on/off, Del drops, a adds, w watches, Esc closes")
SET_ONE = _("a breakpoint: a symbol, a phase, a condition, or a symbol if a condition")
ALWAYS_THERE = _("this one is always there; Enter switches it off")
DROPPED = _("dropped {stop}")
SET = _("set {stop}")
ALWAYS = _(": always true, c stops in every iteration")
ALWAYS_AT = _(": always true, c stops at every {place}")
NEVER = _(": never true, c does not stop there")
