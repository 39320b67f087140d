"""The command line: the help of every command and option, and errors of what was given."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── placeholders in the usage and the help ───────────────────────────────────────────────────────────────────

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
REPLAY = _(
    "Run scenarios without a screen and check their expectations. The exit status is 0 if all of them hold, 1 if one does not or a number became NaN or infinite that nothing expects to, 2 if the input cannot be used."
)
EXPLAIN = _("How one number came about, and what it is for.")
CHECK = _(
    "Compare backpropagation with central differences. The exit status is 0 if all elements that are checked agree, 1 if one differs or is NaN or infinite, 2 if the input cannot be used."
)
SCHEMA = _("The JSON schema of scenario files, or of the objects that gradstep replay prints.")

# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────

WHAT_SCENARIO_IS = _("A SCENARIO is a bundled name (gradstep list) or the path of a TOML file.")
WHAT_POSITION_IS = _(
    "A POSITION is 12 (all of iteration 12 has run), 12:5 (five of its steps have run), 12:dW1 (just after dW1 was written), start or end."
)
DEFAULT_SCENARIO = _("default: {scenario}")
SESSION = _("go on with a session that was saved with Ctrl+S")
THEMES = _("colours: gradstep-dark, gradstep-light, or a theme of Textual's: nord, dracula, … (default: gradstep-dark)")
HISTORY = _("mebibytes of memory for going back (default: 64)")
VERSION = _("show gradstep's version and exit")
NAME_OR_PATH = _("a bundled name or a path")
DATA = _("a folder with IDX files; may be given again (also: the environment variable {variable})")

# of replay
HOW_FAR = _(
    "how far to run (default: as far as the expectations reach; without any to the scenario's first breakpoint, or one iteration; with --break or --export to the end)"
)
BREAK = _('stop there: a symbol, a phase, a condition, "dW1 if E < 0.1", "E every 10"; may be given again')
EXPORT = _("write symbols to a .csv or .npz file")
SYMBOLS = _("which symbols, names, labels or elements, separated by blanks (default: the loss)")
FROM = _("export from this iteration on (default: 1)")

# of explain
WHICH_ELEMENT = _("dW2[0,0], or by its label: dw5")
UNROLL = _("down to the forward pass, and the chain rule")
DIGITS = _("digits of every number, 4 to 17 (default: 9)")

# of check
H = _("h in (E(p + h) - E(p - h)) / 2h (default: 1e-4)")
MOST = _("check at most so many elements, but at least one of each matrix (default: 2000)")

# of schema
OF_REPLAY = _("the schema of what replay prints as JSON")

# of several
AT = _("where, but not at the start (default: 1)")
JSON = _("print JSON, one object a scenario, each in a line of its own")
ASCII = _("show ASCII characters only")

# ── errors ───────────────────────────────────────────────────────────────────────────────────────────────────

SEE_HELP = _("{message} (gradstep --help shows what there is)")
INTERRUPTED = _("interrupted")
CANNOT_WRITE = _("the output cannot be written: {reason}")
CLOSED = _("it is closed")
NO_SCREEN = _(
    "found TERM={term}, expected that of a terminal with a screen, as xterm-256color; "
    "without one there is: gradstep replay {scenario}"
)
ASSUMED_SCREEN = _("this system has no description of TERM={term}: the screen is drawn as for xterm-256color")
NO_TERMINAL = _("this is no terminal; without one there is: gradstep replay {scenario}")
NO_TERMINAL_FOR_SESSION = _(
    "this is no terminal; without one there is, of the session's scenario and without its forks: gradstep replay {scenario}"
)
NO_TERMINAL_TO_DRAW_ON = _("standard error is no terminal, and the screen is drawn there: start it without 2>")
SESSION_AND_SCENARIO = _("found both SCENARIO and --session FILE, expected one: a session has a scenario of its own")
NO_SUCH_THEME = _('--theme: found "{theme}", expected one of {themes}')
NO_MEBIBYTES = _('found "{text}", expected mebibytes, such as 64')
NO_STEP = _('found "{text}", expected a number from 1e-10 to 1, such as 1e-4')
NO_COUNT = _('found "{text}", expected a whole number of at least 1')
NOT_EXPORTING = _("--symbols and --from belong to --export FILE")
ONE_EXPORT = _("--export takes one scenario")
FROM_BEYOND_END = _("--from: found {first:,}, expected at most {last:,}, where it ends")
WRONG_BREAK = _("--break: {problem}")
NOTHING_RUN_YET = _("--at: nothing has run at the start, expected a position in an iteration")

# ── output ───────────────────────────────────────────────────────────────────────────────────────────────────

NOT_INSTALLED = _("gradstep (not installed)")
CHECKED = _("{scenario} at {position}")

STEP = _("STEP")
WITH = _("another formula for a step, such as 'delta1 = (delta2 @ W2.T) * z1 * (1 - z1)'; may be given several times")
WRONG_STEP = _("--with: {problem}")

# ── compare ──────────────────────────────────────────────────────────────────────────────────────────────────

COMPARE = _("compare your own numbers with a scenario's: what agrees, where they part, and which mistake gives them")
WHAT_IS_GIVEN = _(
    "What is given is POSITION:SYMBOL=VALUE, such as 2:E=0.291027924, compared to as many digits as are written, or a"
    " file .npz or .json of names and numbers; a name is a symbol of iteration 1 or ITERATION:SYMBOL."
)
OWN_OR_BUNDLED = _("a bundled name or a path")
GIVEN = _("GIVEN")
WHICH_GIVEN = _("a number at a position, or a file")
MAP = _("THEIRS=OURS")
WHAT_MAP = _("a name of theirs and the scenario's name for it; may be given more than once")
NO_PAIR = _('"{text}": expected THEIRS=OURS')

# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────────────────

MISTAKES = _("list the mistakes that can be made in a scenario's program, each with the lines that make it")
WHAT_A_LINE_IS_FOR = _(
    "A line stands in place of the step of its symbol. In the debugger = takes one, and K compares with the right run;"
    " replay, explain and check take one as --with."
)
MISTAKE = _("MISTAKE")
WHICH_MISTAKES = _("the id of a mistake, such as early-update; without one, all are listed")
NO_SUCH_MISTAKE = _("{name}: no mistake has this id{hint}")
MISTAKES_OF = plural("{count:,} mistake can be made in {scenario}", "{count:,} mistakes can be made in {scenario}")
