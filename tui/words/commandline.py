"""What the command line says of itself: usage, the help of every option, what is wrong with what was given."""

from __future__ import annotations

from engine.words.language import _

USAGE = _("""\
gradstep [--ascii] [--theme THEME] [--history MIB] [--data FOLDER] [SCENARIO | --session FILE]
       gradstep list
       gradstep replay SCENARIO... [--at POSITION] [--break EXPR]... [--json]
                       [--export FILE [--symbols NAMES] [--from POSITION]] [--data FOLDER]
       gradstep explain SCENARIO ELEMENT [--at POSITION] [--unroll] [--json]
       gradstep check SCENARIO [--at POSITION] [--h H] [--json]
       gradstep schema""")

# ── what stands for what is to be given, in the usage and the help ───────────────────────────────────────────

SCENARIO = _("SCENARIO")
ELEMENT = _("ELEMENT")
POSITION = _("POSITION")
NAMES = _("NAMES")
EXPR = _("EXPR")
FILE = _("FILE")
FOLDER = _("FOLDER")
THEME = _("THEME")
MIB = _("MIB")

# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────

DEBUG = _("A step-debugger for backpropagation. Press ? in it for the keys.")
LIST = _("The bundled scenarios.")
REPLAY = _("Run scenarios without a screen and check their expectations.")
EXPLAIN = _("How one number came about, and what it is for.")
CHECK = _("Backpropagation against central differences.")
SCHEMA = _("The JSON schema of scenario files.")

# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────

WHAT_SCENARIO_IS = _("A SCENARIO is a bundled name (gradstep list) or the path of a TOML file.")
DEFAULT_SCENARIO = _("default: {scenario}")
SESSION = _("go on with a session that was saved with Ctrl+S")
THEMES = _("colours: textual-dark, textual-light, textual-ansi, nord, …")
HISTORY = _("memory for going back (64)")
VERSION = _("which this is")
NAME_OR_PATH = _("a bundled name or a path")
DATA = _("a folder with IDX files; may be given again (also: the environment variable {variable})")

# of replay
HOW_FAR = _("how far: I, I:K, I:SYMBOL, start or end (default: all expectations)")
BREAK = _('stop there: a symbol, a phase, a condition, "dW1 if E < 0.1", "E every 10"; may be given again')
EXPORT = _("write symbols to a .csv or .npz file")
SYMBOLS = _("which, apart by blanks (default: the loss)")
FROM = _("from this iteration on (default: 1)")
JSON_LINES = _("one JSON object a scenario, one a line")

# of explain
WHICH_ELEMENT = _("dW2[0,0], or by its label: dw5")
UNROLL = _("down to the forward pass, and the chain rule")

# of check
H = _("half the difference (1e-4)")
MOST = _("check so many elements at most (2000)")

# of several
AT = _("I, I:K, I:SYMBOL or end (default: 1)")
JSON = _("one JSON object")
DRAW_ASCII = _("draw with ASCII characters only")
ASCII = _("ASCII characters only")

# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────

SEE_HELP = _("{message} (gradstep --help shows what there is)")
INTERRUPTED = _("interrupted")
CANNOT_WRITE = _("the output cannot be written: {reason}")
NO_TERMINAL = _("this is no terminal; without one there is: gradstep replay {scenario}")
NO_TERMINAL_FOR_SESSION = _("this is no terminal; without one there is: gradstep replay --session {session}")
SESSION_AND_SCENARIO = _("a session has a scenario of its own: SCENARIO or --session FILE expected, not both")
NO_SUCH_THEME = _('--theme: found "{theme}", expected one of {themes}')
NO_MEBIBYTES = _('found "{text}", expected mebibytes, such as 64')
NOT_POSITIVE = _('found "{text}", expected a number above 0, such as 1e-4')
NO_COUNT = _('found "{text}", expected a whole number from 1 on')
NOT_EXPORTING = _("--symbols and --from belong to --export FILE")
ONE_EXPORT = _("--export takes one scenario")
FROM_BEYOND_END = _("--from: found {first}, expected at most {last}, where it ends")
WRONG_BREAK = _("--break: {problem}")
NOTHING_RUN_YET = _("--at: nothing has run at the start, expected a position in an iteration")

# ── what is printed ──────────────────────────────────────────────────────────────────────────────────────────

NOT_INSTALLED = _("gradstep (not installed)")
CHECKED = _("{scenario} at {position}")
