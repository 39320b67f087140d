"""What is said of a scenario's file, and of its tables as far as they belong to no single part of the network."""

from __future__ import annotations

from engine.words.language import _, plural

# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────

NODES = plural("{count:,} node", "{count:,} nodes")
SAMPLES = plural("{count:,} sample", "{count:,} samples")
TO_TEST_ON = _("{rows:,} to test on")
ITERATIONS = plural("{count:,} iteration", "{count:,} iterations")

# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────

NO_NAME = _("is no name, expected a bundled scenario or the path of a TOML file")
NO_SUCH_SCENARIO = _("no bundled scenario and no file of this name{hint}; bundled are {known}")
NO_DATA_FILES = _("its data files are not here: --data FOLDER or {variable} says where they are")
CANNOT_BE_USED = _("cannot be used")
DIRECTORY = _("is a directory, expected a TOML file")
NO_REGULAR_FILE = _("is not a regular file, expected a TOML file")
TOO_LARGE = _("is larger than {most} MiB, expected a TOML file")
CANNOT_BE_READ = _("cannot be read: {reason}, expected a TOML file")
NOT_UTF8 = _("byte {byte} is not UTF-8 text, expected a TOML file")
TOO_DEEP = _("is nested too deeply, expected a TOML file")
NOT_TOML = _("is not TOML: {problem}")

# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────

NODES_BESIDE_LAYERS = _("stands beside [[layer]], expected either layers or nodes")
OF_A_GRAPH = _("found beside [[layer]]s, expected beside the [[node]]s of a graph")
NO_DATA_FOR_LAYERS = _("missing, expected a table [data] with x and t for the layers")
NO_DATA_FOR_THE_LOSS = _("missing, expected a table [data] with the loss's targets t")
NO_LOSS = _("missing, expected a table [loss] with a kind")
NO_NETWORK = _("missing, expected [[layer]] tables, or [[node]] tables of a graph")
NOT_A_SYMBOL = _("is not a symbol of this network{hint}")
NOT_ONE_LABEL = _("found {found}, expected one label: {symbol} is {shape}")
OTHER_NUMBER_OF_LABELS = _("found {found}, expected a list of {count:,}: {symbol} is {shape}")
EXPECTS_NOTHING = _('found "at" alone, expected a symbol and its value beside it, such as E = 0.5')
