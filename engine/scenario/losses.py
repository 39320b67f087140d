"""From the [loss] table to a loss: one of one step, or lines of formulas, with what is penalized beside it."""

from __future__ import annotations

from gradstep.engine.errors import closest
from gradstep.engine.program.loss_kinds import AS_FORMULAS, KINDS, FormulaLoss, Penalty, formula_loss
from gradstep.engine.program.losses import LOSSES, REDUCTIONS, Loss
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.words import networks as words

AnyLoss = Loss | FormulaLoss


def build_loss(document: Document) -> AnyLoss | None:
    """The loss; None where there is none. Raises ScenarioError."""
    section = document.one["loss"]
    if section is None:
        return None
    kind = section["kind"]
    penalty = Penalty(section["l1"], section["l2"], _penalized(document, section))
    reduction, half = section.get("reduction", "mean"), section.get("half", True)
    if kind in KINDS or penalty.text or not half or (kind == "squared_error" and reduction not in REDUCTIONS):
        if kind in AS_FORMULAS and section.get("epsilon"):
            raise document.error("loss.epsilon", words.NO_EPSILON_HERE)
        return formula_loss(kind, reduction, section, penalty, half=half)
    names = {"squared_error": ("reduction",), "softmax_cross_entropy": ("epsilon",)}[kind]
    return LOSSES[kind](**{name: section[name] for name in names})


def _penalized(document: Document, section: Section) -> tuple[str, ...]:
    """The parameters that a penalty is on: those that are named, or the weights of all layers, or all parameters."""
    layers = [layer for layer in document.many["layer"] if layer["kind"] == "affine"]
    known = [
        f"{name}{number}"
        for number, layer in enumerate(layers, start=1)
        for name in ("W", *(["b"] if layer["bias"] else []))
    ]
    known += [*(document.one["parameters"] or {})]
    given = section["penalized"]
    if given is not None and not (section["l1"] or section["l2"]):
        raise document.error("loss.penalized", words.NO_PENALTY)
    for place, name in enumerate(given or ()):
        if name in given[:place]:
            raise document.error(f"loss.penalized[{place}]", words.PENALIZED_TWICE.format(name=name))
        if name not in known:
            problem = words.NOT_A_PARAMETER.format(name=name, hint=closest(name, known))
            raise document.error(f"loss.penalized[{place}]", problem)
    usual = [name for name in known if not layers or name.startswith("W")]
    return tuple(usual if given is None else given)
