"""From the tables [loss], [optimizer], [training] and [measure] of a checked document to how a network is trained."""

from __future__ import annotations

from gradstep.engine.data.datasets import Draw
from gradstep.engine.errors import closest
from gradstep.engine.program.losses import LOSSES, Loss
from gradstep.engine.program.network import Network
from gradstep.engine.program.optimizers import OPTIMIZERS, Optimizer
from gradstep.engine.program.program import Measure
from gradstep.engine.scenario.document import Document
from gradstep.engine.scenario.sources import Samples
from gradstep.engine.words import training as words


def build_draw(document: Document, samples: Samples | None) -> Draw | None:
    """The rows that each iteration draws; None where there are no data."""
    training = document.training
    kind, batch = training["draw"], training["batch"]
    if samples is None:
        if kind != "all":
            raise document.error("training.draw", words.DRAWS_FROM_DATA.format(kind=kind))
        return None
    there = len(samples.x)
    if kind == "all":
        if batch is not None:
            raise document.error("training.batch", words.BATCH_OF_ALL)
        return Draw(kind, there, there, training["seed"])
    batch = batch or 1
    if batch > there and kind != "with_replacement":
        raise document.error("training.batch", words.TOO_LARGE_BATCH.format(batch=batch, samples=there))
    return Draw(kind, batch, there, training["seed"])


def build_measure(document: Document, samples: Samples | None, draw: Draw | None) -> Measure | None:
    """The accuracies that are measured once an epoch, or at other intervals; None where none are."""
    section = document.one["measure"]
    if section is None:
        return None
    if samples is None or draw is None:
        raise document.error("measure", words.MEASURED_WITHOUT_DATA)
    if document.one["optimizer"] is None:
        raise document.error("measure", words.MEASURED_WITHOUT_UPDATE)
    known = {"train": len(samples.x), "test": 0 if samples.x_test is None else len(samples.x_test)}
    sets: dict[str, int] = {}
    for place, name in enumerate(section["accuracy"]):
        if name not in known or name in sets:
            problem = words.NO_SET_OF_ROWS.format(name=name, hint=closest(name, known))
            raise document.error(f"measure.accuracy[{place}]", problem)
        if not known[name]:
            raise document.error(f"measure.accuracy[{place}]", words.NO_ROWS_TO_TEST_ON)
        sets[name] = known[name]
    return Measure(sets, section["every"] or draw.iterations_per_epoch)


def build_loss(document: Document) -> Loss | None:
    """The loss; None where there is none."""
    section = document.one["loss"]
    if section is None:
        return None
    return LOSSES[section["kind"]](**{name: value for name, value in section.items() if name != "kind"})


def build_optimizer(document: Document, network: Network) -> Optimizer | None:
    """The optimizer; None where parameters are not updated."""
    section = document.one["optimizer"]
    if section is None:
        return None
    for place, name in enumerate(section["frozen"]):
        if name not in network.parameters:
            problem = words.NOT_A_PARAMETER.format(name=name, hint=closest(name, network.parameters))
            raise document.error(f"optimizer.frozen[{place}]", problem)
    return OPTIMIZERS[section["kind"]].using(section, frozenset(section["frozen"]))
