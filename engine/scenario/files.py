"""Where the files that a scenario names are looked for, and their errors as those of the keys that name them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradstep.engine.data.files.errors import FileError, MissingFileError
from gradstep.engine.errors import ScenarioError
from gradstep.engine.scenario.document import Document

DATA_VARIABLE = "GRADSTEP_DATA"


class MissingDataError(ScenarioError):
    """Data files that the scenario needs and that are not here."""


def current_folder() -> list[Path]:
    """The current folder; none where it is there no more."""
    try:
        return [Path.cwd()]
    except OSError:
        return []


@dataclass(frozen=True)
class Folders:
    """Where data files are looked for: beside the scenario, and for IDX files in the folders of `data` before."""

    beside: Path
    data: tuple[Path, ...] = ()

    @property
    def for_idx(self) -> list[Path]:
        """The folders given, those of the environment variable, the scenario's own and the current one."""
        named = [Path(name) for name in os.environ.get(DATA_VARIABLE, "").split(os.pathsep) if name]
        return list(dict.fromkeys([*self.data, *named, self.beside, *current_folder()]))


@contextmanager
def reading(document: Document, key: str, name: str) -> Iterator[None]:
    """A file that is missing or of no use, as the error of its key."""
    try:
        yield
    except FileError as error:
        kind = MissingDataError if isinstance(error, MissingFileError) else ScenarioError
        raise kind(document.file, key, f"{name}: {error}") from None
