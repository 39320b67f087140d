"""Where a scenario's samples come from: rows in the file, formulas, or a CSV, NPZ or IDX file.

Each source is a row of `SOURCES`: the keys it needs, the keys it may have, and what reads it. What the files look
like inside is the business of engine/data/files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Array, written
from gradstep.engine.data.datasets import Dataset, GenerateError, generated, one_hot
from gradstep.engine.data.files.errors import FileError, MissingFileError
from gradstep.engine.data.starting import named_stream
from gradstep.engine.program.loss_kinds import AS_FORMULAS, KINDS, FormulaLoss
from gradstep.engine.scenario.document import Document, Section
from gradstep.engine.scenario.files import DATA_VARIABLE, MissingDataError, reading
from gradstep.engine.scenario.lists import Targets, sample_rows
from gradstep.engine.scenario.losses import AnyLoss
from gradstep.engine.scenario.room import check_size
from gradstep.engine.scenario.starting import Starter
from gradstep.engine.words import phrases
from gradstep.engine.words import sources as words


@dataclass(frozen=True, eq=False)
class Samples:
    """Inputs and targets to train on, and apart from them to test on (none: None). Targets may be class labels."""

    x: Array
    t: Targets
    x_test: Array | None = None
    t_test: Targets | None = None


@dataclass(frozen=True)
class Source:
    """required, optional: the keys of [data] that belong to it, apart from those that belong to all."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Document, Section, Starter], Samples]


def build_samples(document: Document, starter: Starter) -> Samples | None:
    """The samples of the [data] table; None where there is none. Raises ScenarioError."""
    data = document.one["data"]
    if data is None:
        return None
    chosen = next((name for name in ("generate", "csv", "npz", "idx") if data[name] is not None), "x")
    source = SOURCES[chosen]
    foreign = {name for other in SOURCES.values() for name in (*other.required, *other.optional)}
    for name in sorted(foreign - {*source.required, *source.optional}):
        if data[name] is not None and name not in ("low", "high", "divide_by"):
            raise document.error(f"data.{name}", _foreign(name, chosen))
    for name in source.required:
        if data[name] is None:
            raise document.error(f"data.{name}", words.MISSING.format(one_source=words.ONE_SOURCE))
    samples = source.read(document, data, starter)
    if len(samples.x) != len(samples.t):
        problem = words.OTHER_NUMBER_OF_ROWS(len(samples.t), expected=len(samples.x))
        raise document.error("data.t" if chosen == "x" else f"data.{chosen}", problem)
    if data["divide_by"] != 1.0:
        samples = _divided(document, samples, data["divide_by"])
    if data["image"] is not None and int(np.prod(data["image"])) != samples.x.shape[1]:
        pixels = " × ".join(f"{size:,}" for size in data["image"])
        raise document.error("data.image", words.IMAGE_DOES_NOT_FIT.format(pixels=pixels, inputs=samples.x.shape[1]))
    return _split(document, data, samples) if data["test"] else samples


def _divided(document: Document, samples: Samples, by: float) -> Samples:
    """The same with smaller inputs. Raises ScenarioError where they are not finite then."""
    with np.errstate(over="ignore"):
        x, x_test = samples.x / by, None if samples.x_test is None else samples.x_test / by
    if not (np.isfinite(x).all() and (x_test is None or np.isfinite(x_test).all())):
        raise document.error("data.divide_by", words.TOO_SMALL_A_DIVISOR.format(divisor=by))
    return replace(samples, x=x, x_test=x_test)


def _foreign(name: str, chosen: str) -> str:
    """The error of a key that does not belong to the chosen source."""
    if chosen != "x":
        return words.BESIDE_ANOTHER.format(source=chosen, one_source=words.ONE_SOURCE)
    owner = next(key for key, source in SOURCES.items() if name in (*source.required, *source.optional))
    return words.OF_ANOTHER.format(source=owner, one_source=words.ONE_SOURCE)


def _split(document: Document, data: Section, samples: Samples) -> Samples:
    """The last rows set apart to test on."""
    rows = data["test"]
    if samples.x_test is not None:
        raise document.error("data.test", words.TWO_SETS_TO_TEST_ON)
    if rows >= len(samples.x):
        raise document.error("data.test", words.TOO_MANY_TO_TEST_ON.format(found=rows, rows=len(samples.x)))
    return Samples(samples.x[:-rows], samples.t[:-rows], samples.x[-rows:], samples.t[-rows:])


def _written(document: Document, data: Section, starter: Starter) -> Samples:
    """Those that stand in the file, as numbers or as what draws or reads them; x and t in the order of the file."""
    order = [name for name in data if name in ("x", "t")]
    made = {name: starter.value(f"data.{name}", data[name], named_stream(name)) for name in order}
    x, t = sample_rows(document, made["x"], made["t"], classes=_counts_classes(document))
    return Samples(x, t)


def _generated(document: Document, data: Section, starter: Starter) -> Samples:
    expressions = data["generate"]
    if not data["low"] < data["high"]:
        raise document.error("data.high", words.HIGH_NOT_ABOVE_LOW.format(high=data["high"], low=data["low"]))
    if not np.isfinite(data["high"] - data["low"]):
        raise document.error("data.high", words.TOO_WIDE.format(high=data["high"], low=data["low"]))
    check_size(document, "data.samples", data["samples"], max(data["inputs"], len(expressions)))
    try:
        seed = document.training["seed"]
        made = generated(expressions, data["inputs"], data["samples"], data["low"], data["high"], seed)
    except GenerateError as error:
        place = f"[{error.place}]" if len(expressions) > 1 else ""
        raise document.error(f"data.generate{place}", str(error)) from None
    if not np.isfinite(made.t).all():
        raise document.error("data.generate", words.NOT_FINITE)
    return Samples(made.x, made.t)


def _csv(document: Document, data: Section, starter: Starter) -> Samples:
    from gradstep.engine.data.files.csv import read_csv  # noqa: PLC0415 - only for such a file

    with reading(document, "data.csv", data["csv"]):
        x, t = read_csv(starter.folders.beside / data["csv"], data["targets"])
    return Samples(x, _labels(document, t))


def _npz(document: Document, data: Section, starter: Starter) -> Samples:
    from gradstep.engine.data.files.npz import read_npz  # noqa: PLC0415 - only for such a file

    names = data["arrays"] or ("x", "t")
    if len(names) not in (2, 4):
        raise document.error("data.arrays", words.NAMES_OF_ARRAYS(len(names)))
    with reading(document, "data.npz", data["npz"]):
        arrays = read_npz(starter.folders.beside / data["npz"], names)
    tables = [array.reshape(-1, 1) if array.ndim == 1 else array for array in (arrays[name] for name in names)]
    return _paired(document, "npz", tables)


def _idx(document: Document, data: Section, starter: Starter) -> Samples:
    from gradstep.engine.data.files.idx import find_idx, read_idx  # noqa: PLC0415 - only for such files

    names = data["idx"]
    if len(names) not in (2, 4):  # images and labels to train on, and perhaps to test on
        raise document.error("data.idx", words.NAMES_OF_IDX_FILES(len(names)))
    try:
        paths = find_idx(starter.folders.for_idx, names)
    except MissingFileError as error:
        problem = words.WHERE_IDX_FILES_ARE.format(problem=error, variable=DATA_VARIABLE)
        raise MissingDataError(document.file, "data.idx", problem) from None
    except FileError as error:
        raise document.error("data.idx", str(error)) from None
    arrays: list[Array] = []
    for place, path in enumerate(paths):
        with reading(document, "data.idx", str(path)):
            array = read_idx(path, 1 if place % 2 else 3)
        arrays.append(array.reshape(len(array), -1).astype(np.float64))
    return _paired(document, "idx", arrays)


def _paired(document: Document, key: str, tables: Sequence[Array]) -> Samples:
    """Inputs and targets to train on, and perhaps as much to test on."""
    samples = Samples(tables[0], _labels(document, tables[1]))
    if len(tables) == 2:
        return samples
    x, t = tables[2], _labels(document, tables[3])
    if len(x) != len(t):
        raise document.error(f"data.{key}", words.OTHER_NUMBER_TO_TEST_ON(len(t), expected=len(x)))
    if x.shape[1] != samples.x.shape[1]:
        raise document.error(f"data.{key}", words.OTHER_WIDTH_TO_TEST_ON(x.shape[1], expected=samples.x.shape[1]))
    return replace(samples, x_test=x, t_test=t)


# The losses whose targets may be class labels.
OF_CLASSES = [name for name, kind in {**AS_FORMULAS, **KINDS}.items() if kind.labels]


def _counts_classes(document: Document) -> bool:
    """Whether the loss is one of classes."""
    loss = document.one["loss"]
    return loss is not None and loss["kind"] in OF_CLASSES


def _labels(document: Document, t: Array) -> Targets:
    """A single column of whole numbers is class labels, where the loss is one of classes."""
    if not _counts_classes(document) or t.shape[1] != 1:
        return t
    column = t[:, 0]
    if (column < 0).any() or (column != np.floor(column)).any() or (column > limits.ARRAY).any():
        return t
    return [int(label) for label in column]


SOURCES: Mapping[str, Source] = {
    "x": Source(("x", "t"), ("divide_by",), _written),
    "generate": Source(("generate", "inputs", "samples"), ("low", "high"), _generated),
    "csv": Source(("csv", "targets"), ("divide_by",), _csv),
    "npz": Source(("npz",), ("arrays", "divide_by"), _npz),
    "idx": Source(("idx",), ("divide_by",), _idx),
}


def build_dataset(document: Document, samples: Samples, output: tuple[int, ...], loss: AnyLoss | None) -> Dataset:
    """The dataset, with class labels as one-hot rows; its targets must have the output's columns."""
    t = _target_rows(document, samples.t, output, loss)
    generated = any(isinstance((document.one["data"] or {}).get(key), str | tuple) for key in ("generate", "x", "t"))
    if samples.x_test is None or samples.t_test is None:
        return Dataset(samples.x, t, generated=generated)
    t_test = _target_rows(document, samples.t_test, output, loss)
    return Dataset(samples.x, t, samples.x_test, t_test, generated)


def _is_list(document: Document) -> bool:
    """Whether the targets stand in the file as a list of numbers."""
    given = (document.one["data"] or {}).get("t")
    return isinstance(given, np.ndarray) and given.ndim == 1


def may_be_labels(document: Document, t: Targets) -> bool:
    """Whether targets of a net of formulas are a list of whole numbers: class labels, where it has several outputs."""
    if document.one["model"] is None or not isinstance(t, np.ndarray) or not _is_list(document):
        return False
    return bool(((t >= 0) & (t == np.floor(t)) & (t <= limits.ARRAY)).all())


def _target_rows(document: Document, t: Targets, output: tuple[int, ...], loss: AnyLoss | None) -> Array:
    units = output[1] if len(output) == 2 else None
    softmax = loss is not None and (loss.makes_output or (isinstance(loss, FormulaLoss) and loss.kind.labels))
    if isinstance(t, np.ndarray) and (units or 0) > 1 and may_be_labels(document, t):
        t = [int(label) for label in t[:, 0]]
    if not isinstance(t, np.ndarray):
        signs = isinstance(loss, FormulaLoss) and loss.kind.either  # of which a row of 0 and 1 has none
        if not (softmax or document.one["model"] is not None) or signs or units is None:
            raise document.error("data.t", words.LABELS_NOT_EXPECTED.format(kinds=phrases.AND.join(OF_CLASSES)))
        for place, label in enumerate(t):
            if label >= units:
                raise document.error(f"data.t[{place}]", words.LABEL_OUT_OF_RANGE.format(label=label, last=units - 1))
        check_size(document, "data.t", len(t), units)
        return one_hot(t, units)
    if loss is not None and t.shape[1] != units:
        if _is_list(document) and t.shape[1] == 1 and (t == np.floor(t)).all():
            raise document.error("data.t", words.LABELS_NOT_EXPECTED.format(kinds=phrases.AND.join(OF_CLASSES)))
        raise document.error("data.t", words.TARGETS_DO_NOT_FIT(t.shape[1], shape=written(output)))
    if softmax:
        for row, column in np.argwhere(t < 0)[:1]:
            raise document.error(f"data.t[{row}][{column}]", words.NEGATIVE.format(found=t[row, column]))
        wrong = np.flatnonzero(np.abs(t.sum(axis=1) - 1.0) > 1e-9)
        if wrong.size:
            row = int(wrong[0])
            raise document.error(f"data.t[{row}]", words.SUM_NOT_1.format(total=t[row].sum()))
    if isinstance(loss, FormulaLoss):
        _check_range(document, t, loss)
    return t


def _check_range(document: Document, t: Array, loss: FormulaLoss) -> None:
    """Targets are what the loss is made for: −1 and 1, or probabilities."""
    low, high = loss.kind.targets
    fit = (t == low) | (t == high) if loss.kind.either else (t >= low) & (t <= high)
    for row, column in np.argwhere(~fit)[:1]:
        found, kind = t[row, column], loss.name
        if loss.kind.either:
            problem = words.NEITHER.format(found=found, low=low, high=high, kind=kind)
        else:
            problem = words.OUT_OF_RANGE.format(found=found, low=low, high=high, kind=kind)
        raise document.error(f"data.t[{row}][{column}]", problem)
