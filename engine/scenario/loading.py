"""Finds and reads scenario files: the bundled ones by name, others by path.

Every error is a ScenarioError that names the file, the key, what was found and what is expected. Nothing in a file is
executed; expressions are those of `conditions`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from gradstep.engine import limits
from gradstep.engine.data.files.errors import FileError
from gradstep.engine.data.files.whole import read_whole
from gradstep.engine.errors import ScenarioError, closest
from gradstep.engine.program.compiler import CompileError
from gradstep.engine.scenario.building import build
from gradstep.engine.scenario.document import check_document
from gradstep.engine.scenario.files import DATA_VARIABLE, Folders, MissingDataError
from gradstep.engine.scenario.lines import line_of
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.words import loading as words


def bundled() -> dict[str, Path]:
    """The scenarios that come with the program, by name."""
    paths = Path(str(files("gradstep.scenarios"))).glob("*.toml")
    return {path.stem: path for path in sorted(paths, key=lambda path: path.name)}


def is_bundled(scenario: Scenario) -> bool:
    """Whether it came by its bundled name, not by a path."""
    known = bundled().get(scenario.file)
    return known is not None and scenario.content == known.read_bytes()


def load_scenario(name_or_path: str | Path, data: Sequence[Path] = ()) -> Scenario:
    """The scenario of a bundled name or a path. data: where IDX files are looked for first. Raises ScenarioError."""
    known, text = bundled(), str(name_or_path)
    if not text:
        raise ScenarioError('""', "", words.NO_NAME)
    path = known.get(text) or Path(name_or_path)
    if path.suffix != ".toml" and len(path.parts) == 1 and not _is_there(path):
        raise ScenarioError(text, "", words.NO_SUCH_SCENARIO.format(hint=closest(text, known), known=", ".join(known)))
    scenario = parse_scenario(_read(path, text), path.stem, text, Folders(path.parent, tuple(data)))
    return replace(scenario, files=(path.absolute(), *scenario.files))


def _is_there(path: Path) -> bool:
    """Whether there is something of that name, be it of no use: then reading it says why."""
    try:
        os.lstat(path)
    except (FileNotFoundError, ValueError):
        return False
    except OSError:
        return True
    return True


@dataclass(frozen=True)
class Summary:
    """A scenario in a list. name: what opens it. size: the network's, or what is wrong with a file of no use."""

    name: str
    title: str
    size: str
    usable: bool = True


def summary(name_or_path: str, data: Sequence[Path] = ()) -> Summary:
    """The line of a scenario in a list, whether it can be used or not."""
    try:
        scenario = load_scenario(name_or_path, data)
    except ScenarioError as error:
        missing = isinstance(error, MissingDataError)
        problem = words.NO_DATA_FILES.format(variable=DATA_VARIABLE) if missing else error.problem
        return Summary(name_or_path, _title(name_or_path), problem, usable=False)
    return Summary(name_or_path, scenario.title, scenario.size)


def _title(name_or_path: str) -> str:
    """The title of a file that may be of no use otherwise."""
    try:
        parsed = tomllib.loads(_read(bundled().get(name_or_path, Path(name_or_path)), "").decode("utf-8-sig"))
        return " ".join(str(parsed["title"]).split())
    except (ValueError, KeyError, RecursionError):
        return words.CANNOT_BE_USED


def _read(path: Path, file: str) -> bytes:
    try:
        return read_whole(path, limits.SCENARIO, words.A_TOML_FILE)
    except FileError as error:
        raise ScenarioError(file, "", str(error)) from None


def parse_scenario(content: bytes, name: str, file: str, folders: Folders | None = None) -> Scenario:
    """The scenario that a TOML file's content describes; `file` is what errors call it. Raises ScenarioError."""
    try:
        text = content.decode("utf-8-sig")
        parsed = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ScenarioError(file, "", words.NOT_UTF8.format(byte=error.start)) from None
    except RecursionError:
        raise ScenarioError(file, "", words.TOO_DEEP) from None
    except ValueError as error:
        raise ScenarioError(file, "", words.NOT_TOML.format(problem=error)) from None
    try:
        return build(check_document(file, parsed), content, name, folders or Folders(Path()))
    except CompileError as error:
        raise ScenarioError(file, error.key, str(error), line_of(text, error.key)) from None
    except ScenarioError as error:
        raise error.in_line(line_of(text, error.key, error.within)) from None
