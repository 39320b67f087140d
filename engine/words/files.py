"""Errors of data files."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── places, and what stands there ────────────────────────────────────────────────────────────────────────────

AT_BYTE = _("byte {number}")
AFTER_BYTES = plural("after {count:,} byte", "after {count:,} bytes")
LINE = _("line {number}")
ROW = _("row {number}")
THE_ARCHIVE = _("the archive")
THE_ARRAY = _("the array")
ARRAY = _("array {name}")
NOTHING = _("nothing")
NO_TEXT = _("what is no text")

# ── opening and reading ──────────────────────────────────────────────────────────────────────────────────────

FOLDER = _("found a folder, expected a file")
PIPE_OR_DEVICE = _("found a pipe or device, expected a file")
NO_SUCH_FILE = _("found no such file")
FOUND_LINK_TO_NOTHING = _("found a link to a file that is not there")
IMPOSSIBLE_NAME = _("found a name that no file can have")
CANNOT_BE_OPENED = _("the file cannot be opened: {reason}")
CANNOT_BE_READ = _("the file cannot be read: {reason}")
NOT_ENOUGH_MEMORY = _("found more numbers than fit into memory, expected fewer")
BROKEN_GZIP = _("{where}: found broken gzip data ({reason}), expected a whole file")
OTHER_SIZE = plural(
    "{where}: found {count:,} byte of data, expected {size:,}",
    "{where}: found {count:,} bytes of data, expected {size:,}",
)
MORE_BYTES = plural(
    "{where}: found more than {count:,} byte of data, expected no more",
    "{where}: found more than {count:,} bytes of data, expected no more",
)

# ── files read as a whole ────────────────────────────────────────────────────────────────────────────────────

DIRECTORY = _("is a directory, expected {expected}")
NO_REGULAR_FILE = _("is not a regular file, expected {expected}")
LINK_TO_NOTHING = _("it is a link to a file that is not there")
TOO_LARGE = _("is larger than {most} MiB, expected {expected}")
CANNOT_BE_READ_AS = _("cannot be read: {reason}, expected {expected}")

# ── files written as a whole: reasons why one cannot be ─────────────────────────────────────────────────────

NOT_A_REGULAR_FILE = _("it is not a regular file")
A_DIRECTORY = _("it is a directory")
IS_READ = _("the scenario is made of it")
WRITE_PROTECTED = _("it is write-protected")

# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────

TOO_MANY_NUMBERS = _("{where}: found {found:,} numbers in an array, expected at most {most:,}")
FAR_TOO_MANY_NUMBERS = _("{where}: found more than 10^30 numbers in an array, expected at most {most:,}")
NOT_FINITE = _("{where}, index {index}: found {found}, expected a finite number")

# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────

TOO_LONG_LINE = _("line {line}: found more than {most:,} bytes, expected no more in a line")
TOO_MUCH_TEXT_AT = _("line {line}: found more than {most:,} bytes of text, expected no more")
TOO_MUCH_TEXT = _("found more than {most:,} bytes of text, expected no more")
BLANK_LINE = _("line {line}: found a blank line, expected one at the end only")
NOT_UTF8 = _("line {line}, byte {byte}: found 0x{found:02x}, expected text in UTF-8")
CARRIAGE_RETURN = _("line {line}, column {column}: found a carriage return, expected one at the end of a line only")
BROKEN_HEADER_LINE = _("line {line}: found {problem}, expected the names of the columns")
EMPTY_HEADER_LINE = _("line 1: found nothing, expected the names of the columns")
HEADER_IS_NO_TEXT = _("line 1, column {column}: found what is no text, expected the name of a column")
NO_COLUMN_NAME = _("line 1, column {column}: found no name, expected one for each column")
SAME_COLUMN_NAME = _(
    "line 1, column {column}: found the name {name} again, as of column {first}, expected names that differ"
)
NO_TARGET = _("found no target, expected at least one column as a target")
NO_SUCH_COLUMN = _("line 1: found no column {name}{hint}, expected one of {known}")
SAME_TARGET = _("found the target {name} twice, expected targets that differ")
ONLY_TARGETS = _("line 1: found only targets, expected at least one column as an input")
ONLY_HEADER_LINE = _("found a header only, expected at least one row")
OTHER_NUMBER_OF_VALUES = plural(
    "line {line}: found {count:,} value, expected {expected:,} as in the header",
    "line {line}: found {count:,} values, expected {expected:,} as in the header",
)
BROKEN_ROW = plural(
    "line {line}: found {problem}, expected {count:,} number",
    "line {line}: found {problem}, expected {count:,} numbers",
)
EMPTY_CELL = _("line {line}, column {column}: found an empty cell, expected a number")
NO_NUMBER = _("line {line}, column {column}: found {found}, expected a number")
NO_FINITE_NUMBER = _("line {line}, column {column}: found {found}, expected a finite number")

# ── archives ─────────────────────────────────────────────────────────────────────────────────────────────────

NO_BYTES = _("found no bytes, expected an .npz archive")
SINGLE_ARRAY = _("byte 0: found a single array (.npy), expected an .npz archive of named arrays")
NO_ARCHIVE = _("byte 0: found {found}, expected an .npz archive, so {magic}")
NO_SUCH_ARRAY = _("found no array {name}{hint}, expected one of {known}")
EMPTY_ARCHIVE = _("found no array {name}{hint}, the archive is empty")
NO_BYTES_OF_ARRAY = _("found no bytes, expected a .npy file")
ARCHIVE_OF_ARRAYS = _("byte 0: found an archive (.npz), expected a single array (.npy)")
NO_SINGLE_ARRAY = _("byte 0: found {found}, expected a .npy file, so {magic}")
COMPRESSION_METHOD = _("{where}: found compression method {found}, expected 0 (none) or 8 (deflate)")
ENCRYPTED = _("{where}: found it encrypted, expected an archive without a password")
BROKEN_ARCHIVE = _("{where}: found broken data ({reason}), expected a whole .npz archive")

# ── arrays in archives ───────────────────────────────────────────────────────────────────────────────────────

UNCLEAR_HEADER = _("{where}, byte 0: found a header that cannot be understood, expected a .npy header")
NO_REAL_NUMBERS = _("{where}: found {found}, expected real numbers")
COMPLEX_NUMBERS = _("complex numbers")
OBJECTS = _("objects")
TEXT = _("text")
DATES = _("dates")
DURATIONS = _("durations")
RECORDS = _("records")
SINGLE_NUMBER = _("{where}: found a single number, expected one dimension or more")
MANY_DIMENSIONS = _("{where}: found {dimensions:,} dimensions, expected at most {most:,}")
NEGATIVE_SIZE = _("{where}: found a negative size, expected sizes of 1 or more")
NO_ELEMENTS = _("{where}: found no elements (shape {shape}), expected at least one")

# ── safetensors ──────────────────────────────────────────────────────────────────────────────────────────────

NOT_INSTALLED = _("the package safetensors is not installed, expected it: pip install gradstep[safetensors]")
BROKEN_TENSORS = _("found broken data ({reason}), expected a whole .safetensors file")
OTHER_TYPE = _("{where}: found numbers of type {found}, expected one of {known}")

# ── IDX ──────────────────────────────────────────────────────────────────────────────────────────────────────

SHORT_IDX = plural(
    "found {count:,} byte, expected an IDX file, which has at least 8",
    "found {count:,} bytes, expected an IDX file, which has at least 8",
)
NO_IDX = _("byte 0: found {found}, expected 00 00, a type of 08, 09 or 0b to 0e, and the number of dimensions")
OTHER_DIMENSIONS = _("byte 3: found {found}, expected {expected}")
LABELS = _("labels (1 dimension)")
IMAGES = _("images (3 dimensions)")
ARRAY_OF_DIMENSIONS = plural("an array of {count:,} dimension", "an array of {count:,} dimensions")
SHORT_HEADER = plural(
    "found {count:,} byte, expected a header of {size:,}", "found {count:,} bytes, expected a header of {size:,}"
)
SIZE_OF_0 = _("byte {byte}: found a size of 0, expected 1 or more")
NO_FILE_IN = _("found no file {files} in {folders}")
NO_FOLDER = _("no folder")
CANNOT_BE_LOOKED_FOR = _("{path} cannot be looked for: {reason}")
