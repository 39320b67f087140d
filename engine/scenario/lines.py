"""In which line of a TOML file each table and key stands: what tomllib, which reads it, does not tell.

The text must be TOML. It is cut into comments, strings, brackets and line breaks; outside of strings and brackets a
line begins with the head of a table or with a key. Paths are spelled as errors spell keys: `expect[2].at`.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r"(?P<text>\"\"\"(?:[^\\]|\\.)*?\"{3,5}|'''.*?'{3,5}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
    r"|(?P<comment>\#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<end>\n)|(?P<equals>=)",
    re.DOTALL,
)


_OPENS = re.compile(r"=\s*(\"{3}|'{3})\r?$")  # a text that begins in the next line


def line_of(content: str, key: str, within: int = 0) -> int:
    """The line of a key, or of the nearest thing around it that has one; 0 where there is none.

    within: of a text of several lines the one that is meant, from 1; 0 for where the key stands.
    """
    known = lines_of(content)
    while key:
        if key in known:
            line = known[key]
            if not within:
                return line
            return line + within - (0 if _OPENS.search(content.split("\n")[line - 1]) else 1)
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return 0


def lines_of(content: str) -> Mapping[str, int]:
    """The line, from 1, of each table and key that a line begins with."""
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table = ""
    for number, head in _heads(content.replace("\r\n", "\n")):
        if head.startswith("["):
            name = _path(head.strip("[] \t"))
            table = name
            if head.startswith("[["):
                table = f"{name}[{counts[name]}]"
                counts[name] += 1
                found.setdefault(name, number)
            found.setdefault(table, number)
        else:
            path = _path(head)
            found.setdefault(f"{table}.{path}" if table else path, number)
    return found


def _heads(content: str) -> Iterator[tuple[int, str]]:
    """Each head of a table and each key, as it is written, with its line."""
    line, depth, begin, has_key, is_table = 1, 0, 0, False, False
    for token in _TOKEN.finditer(content):
        kind, before = token.lastgroup, content[begin : token.start()].strip()
        if kind == "open":
            is_table = is_table or (not depth and not has_key and not before)
            depth += 1
        elif kind == "close":
            depth -= 1
            if not depth and is_table:
                yield line, content[begin : token.end()].strip()
                is_table, has_key = False, True
        elif kind == "equals" and not depth and not has_key:
            yield line, before
            has_key = True
        line += token[0].count("\n")
        if kind == "end" and not depth:
            begin, has_key, is_table = token.end(), False, False
        elif kind == "comment" and not depth and not before:
            begin = token.end()


def _path(head: str) -> str:
    """A key, perhaps of several parts, perhaps quoted, as errors spell it."""
    parts, inside = [], tomllib.loads(f"{head} = 0")
    while isinstance(inside, dict):
        name, inside = next(iter(inside.items()))
        parts.append(name)
    return ".".join(parts)
