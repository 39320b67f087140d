"""From the table [optimizer] of a checked document to an optimizer: a kind, or lines of the file's own."""

from __future__ import annotations

from dataclasses import replace

from gradstep.engine.data.datasets import Draw
from gradstep.engine.errors import closest
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.network import Network
from gradstep.engine.program.optimizer_kinds import OPTIMIZERS
from gradstep.engine.program.optimizers import LEARNING_RATE, Hyperparameter, Optimizer
from gradstep.engine.program.updates import GIVEN, optimizer_of, scheduled
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.scenario.format import UPDATE
from gradstep.engine.scenario.naming import check_name
from gradstep.engine.words import updates as words

RATE = LEARNING_RATE.name


def build_optimizer(document: Document, network: Network, draw: Draw | None) -> Optimizer | None:
    """The optimizer; None where parameters are not updated. Raises ScenarioError."""
    section = document.one["optimizer"]
    if section is None:
        return None
    for place, name in enumerate(section["frozen"]):
        if name not in network.parameters:
            problem = words.NOT_A_PARAMETER.format(name=name, hint=closest(name, network.parameters))
            raise document.error(f"optimizer.frozen[{place}]", problem)
    optimizer = _of_kind(document, section) if UPDATE not in section else _of_lines(document, section, draw)
    if isinstance(section[RATE], str):
        optimizer = _scheduled(document, section, optimizer)
    for each in optimizer.hyperparameters if optimizer.key else ():
        if each.name not in {RATE, *optimizer.read}:
            raise document.error(f"optimizer.{each.name}", words.NOT_READ)
    return optimizer.using(section, frozenset(section["frozen"]))


def _of_kind(document: Document, section: Section) -> Optimizer:
    kind = OPTIMIZERS[section["kind"]]
    key, problem = kind.problem(section)
    if problem:
        raise document.error(f"optimizer.{key}", problem)
    return kind.optimizer(section["kind"], section)


def _of_lines(document: Document, section: Section, draw: Draw | None) -> Optimizer:
    """The optimizer of the file's own lines, whose settings are its own, too."""
    names = [name for name in section if name not in (UPDATE, "frozen", RATE)]
    for name in names:
        check_name(document, f"optimizer.{name}", name)
        if name in GIVEN:
            raise document.error(f"optimizer.{name}", words.NAME_GIVEN)
    settings = [Hyperparameter(name, "") for name in names]
    if section[RATE] is not None:
        settings.insert(0, LEARNING_RATE)
    rows = {} if draw is None else {"N": float(draw.batch)}
    try:
        optimizer = optimizer_of(UPDATE, section[UPDATE], settings, rows)
    except ExpressionError as error:
        raise document.error(f"optimizer.{UPDATE}", str(error)) from None
    return replace(optimizer, key=f"optimizer.{UPDATE}")


def _scheduled(document: Document, section: Section, optimizer: Optimizer) -> Optimizer:
    """With a learning rate that is a formula, of the other settings, too."""
    if RATE not in optimizer.read:
        raise document.error(f"optimizer.{RATE}", words.NOT_READ)
    others = [each.name for each in optimizer.hyperparameters if each.name != RATE]
    try:
        return scheduled(optimizer, RATE, section[RATE], others)
    except ExpressionError as error:
        raise document.error(f"optimizer.{RATE}", str(error)) from None
