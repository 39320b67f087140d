"""Files of safetensors: named arrays behind a header, nothing of which is executed.

The package of that name reads them. It is wanted only for such a file, and need not be installed otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, written
from gradstep.engine.data.files.errors import FileError, check, check_count, check_finite
from gradstep.engine.data.files.npz import no_such_array
from gradstep.engine.data.files.reading import opened
from gradstep.engine.errors import quoted
from gradstep.engine.words import files as words

# NumPy has these; it has neither BF16 nor the numbers of eight bits with a point.
_TYPES = ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL")


def read_safetensors(path: Path, name: str) -> Array:
    """The array of this name, in float64 and contiguous. Of three dimensions or more all but the first become one.

    Only what is asked for is read. Raises MissingFileError where there is no such file, and FileError where the
    package is not installed, where the file is broken, has no such array, or one of numbers that NumPy has not, of no
    dimension, without elements, of too many, or with an element that is not finite.
    """
    with opened(path):
        pass  # it is a file that can be read
    try:
        package: Any = import_module("safetensors")
    except ImportError:
        raise FileError(words.NOT_INSTALLED) from None
    where = words.ARRAY.format(name=quoted(name))
    with _whole(package), package.safe_open(path, framework="numpy") as file:
        known = list(file.keys())
        check(name in known, no_such_array(name, known))
        announced = file.get_slice(name)
        shape, kind = tuple(announced.get_shape()), announced.get_dtype()
        check(kind in _TYPES, words.OTHER_TYPE.format(where=where, found=quoted(kind), known=", ".join(_TYPES)))
        check(len(shape) > 0, words.SINGLE_NUMBER.format(where=where))
        check(min(shape) > 0, words.NO_ELEMENTS.format(where=where, shape=written(shape)))
        check_count(math.prod(shape), where)
        converted = np.array(file.get_tensor(name), np.float64, order="C")
    check_finite(converted, where)
    return converted if converted.ndim == 1 else converted.reshape(len(converted), -1)


@contextmanager
def _whole(package: Any) -> Iterator[None]:
    """The package's error about a file, as a FileError."""
    try:
        yield
    except package.SafetensorError as error:
        raise FileError(words.BROKEN_TENSORS.format(reason=quoted(str(error), 60))) from None
