"""A file as a whole, read within a bound."""

from __future__ import annotations

from pathlib import Path

from gradstep.engine.data.files.errors import FileError, check
from gradstep.engine.data.files.opening import NotRegularError, open_regular
from gradstep.engine.errors import reason_of
from gradstep.engine.words import files as words


def read_whole(path: Path, most: int, expected: str) -> bytes:
    """The bytes of a file of at most `most` MiB; raises FileError, which says what was expected."""
    try:
        with open_regular(path) as file:
            check(path.stat().st_size <= most * 2**20, words.TOO_LARGE.format(most=most, expected=expected))
            content = file.read(most * 2**20 + 1)  # it may have grown meanwhile
        check(len(content) <= most * 2**20, words.TOO_LARGE.format(most=most, expected=expected))
        return content
    except FileError:
        raise
    except IsADirectoryError:
        raise FileError(words.DIRECTORY.format(expected=expected)) from None
    except NotRegularError:
        raise FileError(words.NO_REGULAR_FILE.format(expected=expected)) from None
    except (OSError, ValueError) as error:
        raise FileError(words.CANNOT_BE_READ_AS.format(reason=reason_of(error).lower(), expected=expected)) from None
