"""The scenario file's format, in one place: every table and key, its kind, default and meaning.

The reader, the JSON schema and the documentation's test all read this description. What it cannot say (shapes that
must fit, names that must exist) is checked where the scenario is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import kinds, losses, optimizers
from engine.datasets import DRAWS_BY_KIND, INITIALIZERS
from engine.kinds import Json, Kind, Mismatch, found
from engine.layers import ACTIVATIONS, KINDS, PLACES
from engine.names import closest
from engine.problems import Problem
from engine.words import schema as words
from engine.words.language import _

LONGEST_KEY = 80  # characters of a key that an error message repeats


class ScenarioError(Problem):
    """A scenario that cannot be used. As text it is one line: file, key, what was found, what is expected."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        where = key if len(key) <= LONGEST_KEY else key[:LONGEST_KEY] + "…"
        line = ": ".join(part for part in (file, where, problem) if part)
        super().__init__(" ".join(line.split()))
        self.file = file
        self.key = key
        self.problem = problem


class _Required:
    """The default of a key that has none."""


REQUIRED = _Required()


@dataclass(frozen=True)
class Key:
    """A key of a table. `only`: the kinds of table (its `kind` key) that it belongs to; empty for all."""

    name: str
    kind: Kind
    about: str
    default: Any = REQUIRED
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of the file. many: an array of tables. others: the kind of every key that is not listed."""

    name: str
    about: str
    keys: tuple[Key, ...]
    many: bool = False
    others: Kind | None = None


def _printed_leaf() -> Kind:
    expected = words.PRINTED_LEAF

    def check(value: Any) -> Any:
        if not isinstance(value, str | int | float) or (isinstance(value, int) and abs(value) >= 2**1023):
            raise Mismatch("", found(value), expected)
        return value

    return Kind(expected, check, {"type": ["string", "number", "boolean"]})


PRINTED = kinds.nested(_printed_leaf(), words.PRINTED)
LABEL = kinds.nested(kinds.text(), words.LABEL)

TABLES: tuple[Table, ...] = (
    Table(
        "",
        _("the file itself"),
        (
            Key("format", kinds.whole(1, 1), _("version of this format")),
            Key("title", kinds.text(), _("one line that names the scenario")),
            Key("source", kinds.text(), _("where it comes from"), ""),
            Key("description", kinds.text(), _("what it is and what to look at"), ""),
            Key("output", kinds.identifier(), _("of a graph: the node that is its output"), None),
        ),
    ),
    Table(
        "data",
        _("the samples: given as rows, or generated"),
        (
            Key("x", kinds.rows(), _("inputs, one sample a row"), None),
            Key("t", kinds.rows_or_labels(), _("targets, one row a sample, or class labels"), None),
            Key("generate", kinds.text_or_texts(), _("expression(s) of x0, x1, … that make the targets"), None),
            Key("inputs", kinds.whole(1, 10_000), _("how many inputs to generate"), None),
            Key("samples", kinds.whole(1, 10_000_000), _("how many samples to generate"), None),
            Key("low", kinds.number(), _("generated inputs are uniform from here …"), 0.0),
            Key("high", kinds.number(), _("… up to, but not including, here"), 1.0),
            Key("csv", kinds.text(), _("a file beside the scenario: a header, then a sample a line"), None),
            Key("targets", kinds.texts(), _("the columns of the CSV file that are targets"), None),
            Key("npz", kinds.text(), _("a file beside the scenario that numpy.savez wrote"), None),
            Key("arrays", kinds.texts(), _("its arrays: x and t, and perhaps x and t to test on"), None),
            Key(
                "idx",
                kinds.texts(),
                _("IDX files: images and labels, and perhaps images and labels to test on"),
                None,
            ),
            Key("divide_by", kinds.number(1e-300), _("inputs are divided by it"), 1.0),
            Key("test", kinds.whole(0), _("how many of the last rows are set apart to test on"), 0),
            Key("image", kinds.sizes(2), _("the inputs are images of so many rows and columns"), None),
        ),
    ),
    Table(
        "measure",
        _("what is measured now and then, after an update"),
        (
            Key("accuracy", kinds.texts(), _("on which rows the accuracy is measured: train, test")),
            Key("every", kinds.whole(1), _("after every so many iterations; if not given, once an epoch"), None),
        ),
    ),
    Table(
        "layer",
        _("one layer of a chain; each affine layer is followed by at most one activation"),
        (
            Key("kind", kinds.one_of("affine", *ACTIVATIONS), _("what the layer computes")),
            Key("W", kinds.rows(), _("weights, inputs × outputs"), None, ("affine",)),
            Key("b", kinds.numbers(), _("biases, one an output"), None, ("affine",)),
            Key(
                "units",
                kinds.whole(1, 100_000),
                _("outputs of a layer whose parameters are drawn"),
                None,
                ("affine",),
            ),
            Key("init", kinds.one_of(*INITIALIZERS), _("how weights are drawn"), "normal", ("affine",)),
            Key("scale", kinds.number(0.0), _("standard deviation, or half-width if uniform"), 1.0, ("affine",)),
            Key("bias_init", kinds.one_of(*INITIALIZERS), _("how biases are drawn"), "zeros", ("affine",)),
            Key("bias_scale", kinds.number(0.0), _("the same for the biases"), 1.0, ("affine",)),
            Key(
                "derivative",
                kinds.one_of(*ACTIVATIONS),
                _("the activation whose derivative the backward pass takes instead of the layer's own"),
                None,
                ACTIVATIONS,
            ),
            Key("derivative_at", kinds.one_of(*PLACES), _("where that derivative is taken"), "input", ACTIVATIONS),
        ),
        many=True,
    ),
    Table("inputs", _("of a graph: fixed values by name"), (), others=kinds.array()),
    Table("parameters", _("of a graph: trainable values by name"), (), others=kinds.array()),
    Table(
        "node",
        _("one node of a graph"),
        (
            Key("name", kinds.identifier(), _("the name of its value")),
            Key("kind", kinds.one_of(*KINDS), _("what it computes")),
            Key("inputs", kinds.texts(), _("names of nodes, inputs, parameters, x or t")),
            Key("derivative", kinds.one_of(*ACTIVATIONS), _("as in a layer"), None, ACTIVATIONS),
            Key("derivative_at", kinds.one_of(*PLACES), _("as in a layer"), "input", ACTIVATIONS),
        ),
        many=True,
    ),
    Table(
        "loss",
        _("what is to become small; required for layers"),
        (
            Key("kind", kinds.one_of(*losses.KINDS), _("which loss")),
            Key(
                "reduction",
                kinds.one_of(*losses.REDUCTIONS),
                _("½ Σ (y − t)², or that divided by the samples of the batch"),
                "sum",
                ("squared_error",),
            ),
            Key(
                "epsilon",
                kinds.number(0.0),
                _("added to y inside the logarithm of the shown loss; 0: computed exactly, from the logits"),
                0.0,
                ("softmax_cross_entropy",),
            ),
        ),
    ),
    Table(
        "optimizer",
        _("how parameters are updated; without it they are not"),
        (
            Key("kind", kinds.one_of(*optimizers.KINDS), _("which optimizer")),
            Key("learning_rate", kinds.number(), _("η in p − η ∂E/∂p")),
            Key("frozen", kinds.texts(), _("parameters that stay as they are"), ()),
        ),
    ),
    Table(
        "training",
        _("how often, on which samples"),
        (
            Key("iterations", kinds.whole(1), _("updates of the parameters"), 1),
            Key("draw", kinds.one_of(*DRAWS_BY_KIND), _("how the rows of an iteration are chosen"), "all"),
            Key("batch", kinds.whole(1), _("rows an iteration, unless all are drawn (1 if not given)"), None),
            Key("seed", kinds.whole(0, 2**63 - 1), _("what everything random follows from"), 0),
        ),
    ),
    Table("names", _("symbol = the name that the source uses for it"), (), others=kinds.identifier()),
    Table("labels", _('symbol = a label for each of its elements, in its shape; "" for none'), (), others=LABEL),
    Table(
        "expect",
        _("values that the source prints: a symbol, a label or an expression = what is printed"),
        (
            Key("at", kinds.text(), _("the position")),
            Key("tolerance", kinds.number(0.0), _("relative, for values given as numbers"), 1e-12),
            Key("off_by", kinds.number(0.0), _("units of the last digit that a text may be off; 0.5 is rounding"), 0.5),
            Key("note", kinds.text(), _("shown with the expectation"), ""),
            Key("disagrees", kinds.text(), _("the values are known to be wrong, and why"), ""),
        ),
        many=True,
        others=PRINTED,
    ),
    Table(
        "break",
        _("a breakpoint: where a run stops"),
        (
            Key("at", kinds.text(), _("a symbol (just after it was written) or a phase (after its first step)"), ""),
            Key("when", kinds.text(), _("a condition; it stops only where that is true"), ""),
            Key("every", kinds.whole(1), _("stop at every so many hits, counted from the start of the run"), 1),
            Key("enabled", kinds.truth(), _("false: known, but switched off"), True),
        ),
        many=True,
    ),
    Table(
        "watch",
        _("an expression whose value is shown at every step"),
        (
            Key("show", kinds.text(), _("the expression")),
            Key("stop", kinds.truth(), _("whether a run stops when it changes"), False),
        ),
        many=True,
    ),
)

BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}

Section = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """A checked file: every known key with its converted value or default. Absent tables are None, or ()."""

    file: str
    top: Section
    one: Mapping[str, Section | None]
    many: Mapping[str, tuple[Section, ...]]


def check_document(file: str, content: Mapping[str, Any]) -> Document:
    """Check a parsed TOML file against the format; raises ScenarioError at the first thing that is wrong."""
    nested = [table for table in TABLES if table.name]
    plain = {name: value for name, value in content.items() if name not in BY_NAME}
    top = _checked(file, "", BY_NAME[""], plain, others=tuple(table.name for table in nested))
    one: dict[str, Section | None] = {}
    many: dict[str, tuple[Section, ...]] = {}
    for table in nested:
        value = content.get(table.name)
        if table.many:
            many[table.name] = _checked_many(file, table, value)
        else:
            one[table.name] = None if value is None else _checked_one(file, table, table.name, value)
    return Document(file, top, one, many)


def _checked_many(file: str, table: Table, value: Any) -> tuple[Section, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ScenarioError(file, table.name, words.NO_TABLES.format(found=found(value), table=table.name))
    return tuple(_checked_one(file, table, f"{table.name}[{place}]", item) for place, item in enumerate(value))


def _checked_one(file: str, table: Table, path: str, value: Any) -> Section:
    if not isinstance(value, dict):
        raise ScenarioError(file, path, words.NO_TABLE.format(found=found(value), table=table.name))
    return _checked(file, path, table, value)


def _checked(file: str, path: str, table: Table, value: Mapping[str, Any], others: tuple[str, ...] = ()) -> Section:
    keys = {key.name: key for key in table.keys}
    section: Section = {}
    for name, item in value.items():
        key = keys.get(name)
        kind = key.kind if key else table.others
        where = f"{path}.{name}" if path else name
        if kind is None:
            known = [*keys, *others]
            problem = words.UNKNOWN_KEY.format(hint=closest(name, known), known=", ".join(known))
            raise ScenarioError(file, where, problem)
        try:
            section[name] = kind.check(item)
        except Mismatch as mismatch:
            raise ScenarioError(file, where + mismatch.where, str(mismatch)) from None
    chosen = section.get("kind")
    for key in table.keys:
        if key.only and chosen is not None and chosen not in key.only:
            if key.name in section:
                allowed = ", ".join(k.name for k in table.keys if not k.only or chosen in k.only)
                problem = words.KEY_OF_ANOTHER_KIND.format(kind=chosen, known=allowed)
                raise ScenarioError(file, f"{path}.{key.name}", problem)
            continue
        if key.name not in section:
            if key.default is REQUIRED:
                where = f"{path}.{key.name}" if path else key.name
                raise ScenarioError(file, where, words.MISSING.format(expected=key.kind.expected, about=key.about))
            section[key.name] = key.default
    return section


def json_schema() -> Json:
    """The format as a JSON schema (draft 2020-12) of the file as parsed."""
    top = _object(BY_NAME[""].keys, None)
    for table in TABLES:
        if table.name:
            schema = _table_schema(table)
            top["properties"][table.name] = {"type": "array", "items": schema} if table.many else schema
            top["properties"][table.name]["description"] = table.about
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gradstep scenario", **top}


def _table_schema(table: Table) -> Json:
    chosen = {name for key in table.keys for name in key.only}
    if not chosen:
        return _object(table.keys, table.others)
    options = next(key for key in table.keys if key.name == "kind").kind.json["enum"]
    variants = []
    for option in options:
        keys = tuple(key for key in table.keys if not key.only or option in key.only)
        variant = _object(keys, table.others)
        variant["properties"]["kind"] = {"const": option}
        variants.append(variant)
    return {"oneOf": variants}


def _object(keys: tuple[Key, ...], others: Kind | None) -> Json:
    properties: Json = {}
    for key in keys:
        properties[key.name] = dict(key.kind.json) | {"description": key.about}
        if key.default is not REQUIRED and key.default is not None:
            properties[key.name]["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return {
        "type": "object",
        "properties": properties,
        "required": [key.name for key in keys if key.default is REQUIRED],
        "additionalProperties": dict(others.json) if others else False,
    }
