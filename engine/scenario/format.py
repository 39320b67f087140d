"""The scenario file's format, in one place: every table and key, its type, default and meaning.

The reader, the JSON schema for editors and the documentation's test all read this description. Shapes that must fit
and names that must exist are checked where the scenario is built.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gradstep.engine.data.datasets import DRAWS_BY_KIND
from gradstep.engine.data.starting import BIAS_RULES, RULES
from gradstep.engine.limits import LARGEST
from gradstep.engine.program.loss_kinds import KINDS, REDUCTIONS
from gradstep.engine.program.losses import LOSSES
from gradstep.engine.program.network import ACTIVATIONS, CURVES, LAYERS, PLACES
from gradstep.engine.program.optimizer_kinds import OPTIMIZERS, Choice
from gradstep.engine.program.optimizers import LEARNING_RATE, Hyperparameter
from gradstep.engine.scenario import types
from gradstep.engine.scenario.types import Json, Type
from gradstep.engine.scenario.values import value
from gradstep.engine.words import types as words
from gradstep.engine.words.language import _

REQUIRED = object()  # the default of a key that has none


@dataclass(frozen=True)
class Key:
    """A key of a table. `only`: the kinds of table (its `kind` key) that it belongs to; empty for all."""

    name: str
    type: Type
    about: str
    default: Any = REQUIRED
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of the file. many: an array of tables. others: the type of every key that is not listed.

    instead: the key that may stand in the place of `kind`; such a table is of a kind by that name. others_of: the kind
    of table that others belong to, if it is not every one.
    """

    name: str
    about: str
    keys: tuple[Key, ...]
    many: bool = False
    others: Type | None = None
    instead: str = ""
    others_of: str = ""

    def kind_of(self, content: Mapping[str, Any]) -> Any:
        """The kind that such a table says it is of; None where it does not say."""
        return self.instead if self.instead in content and "kind" not in content else content.get("kind")

    def keys_of(self, kind: Any) -> tuple[Key, ...]:
        """The keys that tables of a kind have; None: of any."""
        return tuple(key for key in self.keys if not key.only or kind is None or kind in key.only)

    def others_in(self, kind: Any) -> Type | None:
        """The type of every key that is not listed, in tables of a kind."""
        return self.others if self.others_of in ("", kind) else None


AFFINE = ("affine",)
PRINTED = types.nested(types.printed(), words.PRINTED_VALUE)
LABEL = types.nested(types.text(), words.LABEL)


UPDATE = "update"  # the key of an optimizer's own lines, in the place of its kind


def _hyperparameters() -> Iterator[Key]:
    """A key for each hyperparameter that an optimizer has; those of one name may differ from kind to kind."""
    owners: dict[Hyperparameter | Choice, list[str]] = {}
    for name, kind in OPTIMIZERS.items():
        settings: tuple[Hyperparameter | Choice, ...] = (*kind.hyperparameters, *kind.choices)
        for each in settings:
            owners.setdefault(each, []).append(name)
    for each, kinds in owners.items():
        default = REQUIRED if each.default is None else each.default
        yield Key(each.name, _type_of(each), each.about, default, tuple(kinds))


def _type_of(setting: Hyperparameter | Choice) -> Type:
    if isinstance(setting, Choice):
        texts = [option for option in setting.options if isinstance(option, str)]
        return types.one_of(*texts) if texts else types.truth()
    if setting is LEARNING_RATE:
        return types.number_or_formula()
    return types.number(setting.low, setting.high, setting.below)


def _rule(place: str, rules: Iterable[str], usual: str, about: str) -> Iterator[Key]:
    """The keys that say how weights (place "") or biases ("bias_") are drawn."""
    number = types.number(-LARGEST, LARGEST)
    yield Key(f"{place}init", types.one_of(*rules), about, usual, AFFINE)
    scale = _("standard deviation, half-width if uniform, otherwise a factor")
    yield Key(f"{place}scale", types.number(0.0, LARGEST), scale, 1.0, AFFINE)
    yield Key(f"{place}mean", number, _("of the normal distribution"), 0.0, AFFINE)
    yield Key(
        f"{place}low", number, _("of the uniform distribution, in place of a half-width: from here …"), None, AFFINE
    )
    yield Key(f"{place}high", number, _("… up to, but not including, here"), None, AFFINE)


_CURVE_SETTINGS = (
    Key("slope", types.number(), _("of leaky ReLU, where its input is not above 0"), 0.01, ("leaky_relu",)),
    Key("alpha", types.number(), _("of ELU: how far below 0 it goes"), 1.0, ("elu",)),
)

TABLES: tuple[Table, ...] = (
    Table(
        "",
        _("the file itself"),
        (
            Key("format", types.whole(1, 1), _("version of this format")),
            Key("title", types.text(), _("one line that names the scenario")),
            Key("source", types.text(), _("where it comes from"), ""),
            Key("description", types.text(), _("what it is and what to look at"), ""),
            Key("output", types.identifier(), _("of a graph or formulas: the value that is its output"), None),
        ),
    ),
    Table(
        "data",
        _("the samples: given as rows, or generated"),
        (
            Key("x", value(), _("inputs, one sample a row"), None),
            Key("t", value(), _("targets, one row a sample, or a list: of class labels, or of one output"), None),
            Key("generate", types.text_or_texts(), _("expression(s) of x0, x1, … that make the targets"), None),
            Key("inputs", types.whole(1, 10_000), _("how many inputs to generate"), None),
            Key("samples", types.whole(1, 10_000_000), _("how many samples to generate"), None),
            Key("low", types.number(), _("generated inputs are uniform from here …"), 0.0),
            Key("high", types.number(), _("… up to, but not including, here"), 1.0),
            Key("csv", types.text(), _("a file beside the scenario: a header, then a sample a line"), None),
            Key("targets", types.texts(), _("the columns of the CSV file that are targets"), None),
            Key("npz", types.text(), _("a file beside the scenario that numpy.savez wrote"), None),
            Key("arrays", types.texts(), _("its arrays: x and t, and perhaps x and t to test on"), None),
            Key(
                "idx", types.texts(), _("IDX files: images and labels, and perhaps images and labels to test on"), None
            ),
            Key("divide_by", types.number(1e-300), _("inputs are divided by it"), 1.0),
            Key("test", types.whole(0), _("how many of the last rows are set apart to test on"), 0),
            Key(
                "gradient", types.truth(), _("true: the gradient of the loss with respect to x is computed, too"), False
            ),
            Key("image", types.sizes(2), _("the inputs are images of so many rows and columns"), None),
        ),
    ),
    Table(
        "measure",
        _("what is measured now and then, after an update"),
        (
            Key("accuracy", types.texts(), _("on which rows the accuracy is measured: train, test, batch"), ()),
            Key("loss", types.texts(), _("on which rows the loss with the updated parameters is"), ()),
            Key("every", types.whole(1), _("after every so many iterations; if not given, once an epoch"), None),
            Key("offset", types.whole(0), _("in iterations that `every` divides with this rest, from which on"), 0),
        ),
    ),
    Table(
        "layer",
        _("one layer of a chain; each affine layer is followed by at most one activation"),
        (
            Key("kind", types.one_of("affine", *ACTIVATIONS, *CURVES), _("what the layer computes")),
            Key("W", value(), _("weights, inputs × outputs; a list: of one unit; a number: all of them"), None, AFFINE),
            Key("b", value(), _("biases, one an output; a number: all of them"), None, AFFINE),
            Key("bias", types.truth(), _("false: a layer without biases"), True, AFFINE),
            Key("units", types.whole(1, 100_000), _("outputs of a layer whose parameters are drawn"), None, AFFINE),
            *_rule("", RULES, "normal", _("how weights are drawn")),
            *_rule("bias_", BIAS_RULES, "zeros", _("how biases are drawn")),
            Key(
                "derivative",
                types.one_of(*ACTIVATIONS),
                _("the activation whose derivative the backward pass takes instead of the layer's own"),
                None,
                ACTIVATIONS,
            ),
            Key("derivative_at", types.one_of(*PLACES), _("where that derivative is taken"), "input", ACTIVATIONS),
            *_CURVE_SETTINGS,
        ),
        many=True,
    ),
    Table(
        "model",
        _("a network as formulas, one a line: NAME = FORMULA"),
        (
            Key("forward", types.text(), _("the forward pass; its last line is the output")),
            Key("loss", types.text(), _("what is to become small, one number"), None),
            Key(
                "backward",
                types.text(),
                _("your own gradients, which train the net and are compared line by line"),
                None,
            ),
            Key("carry", types.text(), _("what an input is in the next iteration, such as a running mean"), None),
            Key("measure", types.text(), _("what takes the place of lines where the net is measured"), None),
        ),
    ),
    Table("inputs", _("of a graph or formulas: fixed values by name"), (), others=value()),
    Table("parameters", _("of a graph or formulas: trainable values by name"), (), others=value()),
    Table(
        "node",
        _("one node of a graph"),
        (
            Key("name", types.identifier(), _("the name of its value")),
            Key("kind", types.one_of(*LAYERS, *CURVES), _("what it computes")),
            *_CURVE_SETTINGS,
            Key("inputs", types.texts(), _("names of nodes, inputs, parameters, x or t")),
            Key("derivative", types.one_of(*ACTIVATIONS), _("as in a layer"), None, ACTIVATIONS),
            Key("derivative_at", types.one_of(*PLACES), _("as in a layer"), "input", ACTIVATIONS),
        ),
        many=True,
    ),
    Table(
        "loss",
        _("what is to become small; required for layers"),
        (
            Key("kind", types.one_of(*LOSSES, *KINDS), _("which loss")),
            Key(
                "reduction",
                types.one_of(*REDUCTIONS),
                _("the sum of all terms, that divided by the samples of the batch, or the mean of all terms"),
                "sum",
                ("squared_error",),
            ),
            Key("reduction", types.one_of(*REDUCTIONS), _("the same"), "mean", (*KINDS,)),
            Key("half", types.truth(), _("½ (y − t)²; false: (y − t)²"), True, ("squared_error",)),
            Key(
                "epsilon",
                types.number(0.0),
                _("added to y inside the logarithm of the shown loss; 0: computed exactly, from the logits"),
                0.0,
                ("softmax_cross_entropy",),
            ),
            Key(
                "epsilon",
                types.number(0.0),
                _("added inside the logarithms"),
                0.0,
                ("cross_entropy", "binary_cross_entropy"),
            ),
            Key("delta", types.number(1e-300), _("from which error on the loss grows linearly"), 1.0, ("huber",)),
            Key("l2", types.number(0.0, LARGEST), _("½ l2 Σ w² is added to the loss, in a step of its own"), 0.0),
            Key("l1", types.number(0.0, LARGEST), _("l1 Σ |w| is added"), 0.0),
            Key("penalized", types.texts(), _("on which parameters; if not given, the weights of all layers"), None),
        ),
    ),
    Table(
        "optimizer",
        _("how parameters are updated; without it they are not"),
        (
            Key("kind", types.one_of(*OPTIMIZERS), _('which optimizer; or "update" in its place'), only=(*OPTIMIZERS,)),
            Key(UPDATE, types.text(), _("the lines that make the next value p of each parameter"), only=(UPDATE,)),
            *_hyperparameters(),
            Key("learning_rate", types.number_or_formula(), LEARNING_RATE.about, None, (UPDATE,)),
            Key("frozen", types.texts(), _("parameters that stay as they are"), ()),
        ),
        others=types.number(),
        instead=UPDATE,
        others_of=UPDATE,
    ),
    Table(
        "training",
        _("how often, on which samples"),
        (
            Key("iterations", types.whole(1), _("updates of the parameters"), 1),
            Key("draw", types.one_of(*DRAWS_BY_KIND), _("how the rows of an iteration are chosen"), "all"),
            Key("batch", types.whole(1), _("rows an iteration, unless all are drawn (1 if not given)"), None),
            Key("seed", types.whole(0, 2**63 - 1), _("what everything random follows from"), 0),
            Key(
                "legacy_seed",
                types.whole(0, 2**32 - 1),
                _("starting values are drawn as after np.random.seed of it"),
                None,
            ),
        ),
    ),
    Table(
        "replace",
        _("a step in the place of the program's own"),
        (Key("step", types.text(), _("SYMBOL = FORMULA, over the scenario's names")),),
        many=True,
    ),
    Table("names", _("symbol = the name that the source uses for it"), (), others=types.identifier()),
    Table("labels", _('symbol = a label for each of its elements, in its shape; "" for none'), (), others=LABEL),
    Table(
        "expect",
        _("values that the source prints: a symbol, a label or an expression = what is printed"),
        (
            Key("at", types.text(), _("the position")),
            Key("tolerance", types.number(0.0), _("relative, for values given as numbers"), 1e-12),
            Key("off_by", types.number(0.0), _("units of the last digit that a text may be off; 0.5 is rounding"), 0.5),
            Key("name", types.text(), _("what the source calls the value; for a table with one value"), ""),
            Key("note", types.text(), _("shown with the expectation"), ""),
            Key("from_source", types.truth(), _("false: the source does not print it; it comes from elsewhere"), True),
            Key("disagrees", types.text(), _("the values are known to be wrong, and why"), ""),
            Key("instead", PRINTED, _("with disagrees: what is right; for a table with one value"), None),
        ),
        many=True,
        others=PRINTED,
    ),
    Table(
        "break",
        _("a breakpoint: where a run stops"),
        (
            Key("at", types.text(), _("a symbol (just after it was written) or a phase (after its first step)"), ""),
            Key("when", types.text(), _("a condition; it stops only where that is true"), ""),
            Key("every", types.whole(1), _("stop at every so many hits, counted from the start of the run"), 1),
            Key("enabled", types.truth(), _("false: known, but switched off"), True),
        ),
        many=True,
    ),
    Table(
        "watch",
        _("an expression whose value is shown at every step"),
        (
            Key("show", types.text(), _("the expression")),
            Key("stop", types.truth(), _("whether a run stops when it changes"), False),
        ),
        many=True,
    ),
)

BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}


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
    options = next(key for key in table.keys if key.name == "kind").type.json["enum"]
    variants = []
    for option in (*options, table.instead) if table.instead else options:
        variant = _object(table.keys_of(option), table.others_in(option))
        if option in options:
            variant["properties"]["kind"] = {"const": option}
        variants.append(variant)
    return {"oneOf": variants}


def _object(keys: tuple[Key, ...], others: Type | None) -> Json:
    properties: Json = {}
    for key in keys:
        properties[key.name] = dict(key.type.json) | {"description": key.about}
        if key.default is not REQUIRED and key.default is not None:
            properties[key.name]["default"] = list(key.default) if isinstance(key.default, tuple) else key.default
    return {
        "type": "object",
        "properties": properties,
        "required": [key.name for key in keys if key.default is REQUIRED],
        "additionalProperties": dict(others.json) if others else False,
    }
