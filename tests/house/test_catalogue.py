"""Every text for people is in the catalogue, is used there with its places filled, and can be translated."""

from __future__ import annotations

import ast
import importlib
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from gradstep.engine.analysis.verdicts import VERDICTS
from gradstep.engine.health.symptoms import SYMPTOMS
from gradstep.engine.stops.stops import HEALTH, LOSS_RISES, OWN_LINE
from gradstep.engine.words.language import Plural
from gradstep.tui.text.palette import DARK, ROLES

ROOT = Path(__file__).parents[2]
CATALOGUES = ("engine/words/", "tui/words/")
REGISTRIES = ("engine/scenario/format.py", "tui/debugger/registry.py")  # where a text stands beside what it is about

# Two words in a row are a text for people, unless they are:
STYLES = {"bold red", "bold underline", "panel dialog"}
COMMANDS = {f"gradstep {name}" for name in ("list", "replay", "explain", "check", "schema")}
FORMATS = {"gradstep session", "gradstep scenario"}  # what programs know a file by
KINDS = {*SYMPTOMS, *VERDICTS, *HEALTH.values(), LOSS_RISES, OWN_LINE}  # compared, and written to files
SYNTAX = {"−Σ {1} ∘ log softmax({0}) / N", "\0 every \0"}  # read as mathematics, or parsed again
# pytest asks for these in every session; the catalogue would load NumPy for all of them.
PYTEST = {
    "backpropagation scenarios",
    "collect *.toml files as gradstep scenarios",
    "patterns of scenario files, relative to the root directory",
    "first iteration",
}
NUMPY = {"Build Dependencies", "SIMD Extensions", "openblas configuration"}  # its keys
NO_TEXTS = STYLES | COMMANDS | FORMATS | KINDS | SYNTAX | PYTEST | NUMPY

# The keys of styles, or the part of one behind the colour: words of the palette and nothing else.
_OF_STYLES = "|".join(
    (
        "bold",
        "underline",
        "reverse",
        "on",
        "written",
        "heat",
        "grey",
        "series",
        "ink",
        "class",
        *ROLES,
        *DARK,
        r"-?\d+",
        "\0",
    )
)
STYLE = re.compile(rf" ?(?:(?:{_OF_STYLES}) ?)+")

TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:;.]? [A-Za-z\0]{2,}|\0 [a-z]{3,}|[a-z]{3,} \0")


@cache
def sources() -> dict[str, ast.Module]:
    """Path from the root → the tree of every module that people meet."""
    paths = (path for folder in ("engine", "tui", "scenarios") for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def is_catalogue(path: str) -> bool:
    return path.startswith(CATALOGUES)


def said(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a tree, each with its line; the places of an f-string are \\0. Not those for developers alone."""
    match node:
        case ast.Expr(value=ast.Constant()):  # the docstring of a module, function, class or field
            return
        case ast.Assert():
            return
        case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError" | "TypeError" | "LookupError" | "AssertionError"))):
            return  # by whoever called it with what it does not take
        case ast.AnnAssign(target=ast.Name(id="DEFAULT_CSS")) | ast.Assign(targets=[ast.Name(id="DEFAULT_CSS")]):
            return
        case ast.JoinedStr():
            parts = (str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
            yield node.lineno, "".join(parts)
        case ast.Constant(value=str()):
            yield node.lineno, str(node.value)
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
            yield from said(child)


@pytest.mark.parametrize("path", [path for path in sources() if not is_catalogue(path) and path not in REGISTRIES])
def test_texts_for_people_are_in_the_catalogue(path: str) -> None:
    texts = ((line, text) for line, text in said(sources()[path]) if text not in NO_TEXTS)
    assert [
        f"{path}:{line}: {text!r}" for line, text in texts if TWO_WORDS.search(text) and not STYLE.fullmatch(text)
    ] == []


def test_what_is_marked_as_a_text_is_a_literal_and_in_the_catalogue() -> None:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "plural"):
                assert is_catalogue(path) or path in REGISTRIES, f"{path}:{node.lineno}"
                assert all(isinstance(part, ast.Constant) for part in node.args), f"{path}:{node.lineno}"


# ── how texts are used ───────────────────────────────────────────────────────────────────────────────────────


def aliases(tree: ast.Module) -> dict[str, str]:
    """What a module calls the catalogue's modules → their full names."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("gradstep.engine.words", "gradstep.tui.words"):
            found |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def uses() -> Iterator[tuple[str, str, str, ast.expr, ast.AST | None]]:
    """Where a text is used: the place, its module, its name, the node, and the call that fills its places."""
    for path, tree in sources().items():
        known = aliases(tree)
        parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
                parent = parents[node]
                if isinstance(parent, ast.Attribute) and parent.attr == "format":
                    parent = parents[parent]
                call = parent if isinstance(parent, ast.Call) and node not in parent.args else None
                yield f"{path}:{node.lineno}", known[node.value.id], node.attr, node, call


def test_every_text_is_used_with_its_places_filled() -> None:
    for where, module, name, _, call in uses():
        text = getattr(importlib.import_module(module), name)
        if not isinstance(text, str | Plural):
            continue
        wanted = places(text) if isinstance(text, str) else places(text.one) | places(text.many)
        given = {word.arg for word in call.keywords} if isinstance(call, ast.Call) else set()
        if isinstance(text, Plural):
            assert isinstance(call, ast.Call), f"{where}: {name} is called with a number"
            given |= {"count"} if call.args else set()
            wanted |= {"count"}
        assert given == wanted, f"{where}: {name} has the places {wanted}"


def test_every_text_of_the_catalogue_is_used() -> None:
    used = {(module, name) for _, module, name, _, _ in uses()}
    for path, tree in sources().items():
        if not is_catalogue(path) or path.endswith("language.py") or "/steps/" in path:
            continue
        module = "gradstep." + path.removesuffix(".py").replace("/", ".")
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                assert isinstance(target, ast.Name)
                inside = sum(isinstance(n, ast.Name) and n.id == target.id for n in ast.walk(tree)) > 1
                assert inside or (module, target.id) in used, f"{module}.{target.id} is said nowhere"
