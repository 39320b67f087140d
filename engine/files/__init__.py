"""The arrays of data files: tables as CSV, NumPy's NPZ archives, and the IDX files of MNIST, each read with checks.

A file may come from anywhere. Whatever it holds, a function returns whole arrays of finite numbers or raises a
FileError, and it reserves no more memory than a file may use that announces at most MOST_NUMBERS numbers; nothing in
a file is unpickled or executed. The message of an error is one line that says where inside the file something was
found and what was expected. It does not name the file.

Left to others: which file is read and what it is called in a message, what the arrays mean, whether their sizes fit
together, labels as classes, scaling, and any choice of samples.
"""

from engine.files.archives import read_npz
from engine.files.errors import MOST_NUMBERS, FileError, MissingFileError
from engine.files.idx import find_idx, read_idx
from engine.files.tables import read_csv

__all__ = [
    "MOST_NUMBERS",
    "FileError",
    "MissingFileError",
    "find_idx",
    "read_csv",
    "read_idx",
    "read_npz",
]
