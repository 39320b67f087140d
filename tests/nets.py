"""The pictures of a network in a test: drawn at a position, and read as text."""

from __future__ import annotations

import re
from functools import cache

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.net import net_page, net_text
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from tests.strategies import scenario_of

LEGEND = re.compile("[─-] [═=] |above a line|[·.] not computed|b bias|[◂<] read|[▸>] written")


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def moment_at(name: str, position: str) -> Moment:
    timeline = timeline_of(name)
    timeline.goto(position)
    return timeline.moment()


def notation_of(moment: Moment, **options: bool) -> Notation:
    return Notation(moment.scenario.names, **options)


def page(name: str, position: str, width: int = 76, height: int = 20, **options: bool) -> tuple[Line, ...]:
    moment = moment_at(name, position)
    return net_page(moment, notation_of(moment, **options), width, height)


def text_of(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(text for text, _ in line.pieces) for line in lines)


def parts(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], str]:
    """The drawing, without the caption, and the legend below it."""
    texts = [text_of((line,)) for line in lines]
    begin = next((y for y, text in enumerate(texts) if LEGEND.match(text)), len(lines))
    return lines[1:begin], " ".join(text_of(lines[begin:]).split())


def drawing(lines: tuple[Line, ...]) -> str:
    return text_of(parts(lines)[0])


def legend(lines: tuple[Line, ...]) -> str:
    return parts(lines)[1]


def words(name: str, position: str) -> str:
    moment = moment_at(name, position)
    return "\n".join(net_text(moment, notation_of(moment)))


def graph_of(nodes: list[tuple[str, str, str]], **inputs: float) -> Timeline:
    """A graph of products: the last of them is its output."""
    tables = [f'[[node]]\nname = "{n}"\nkind = "multiply"\ninputs = ["{p}", "{q}"]' for n, p, q in nodes]
    head = ["format = 1", 'title = "products"', f'output = "{nodes[-1][0]}"', "[inputs]"]
    return Timeline(scenario_of("\n".join([*head, *(f"{name} = {value}" for name, value in inputs.items()), *tables])))


# ── marks: what the step has written or read, as the picture and as the text have it ─────────────────────────

_TOLD = {" (read by this step)": "◂", " (written by this step)": "▸"}
_BOX = re.compile(r"╭ (\S+) *╮")
_FIGURE = re.compile(r"([▸◂ ])(\S+) (\S+) *$")
_WEIGHT = re.compile(r"([▸◂─═━┄])([Wb]\d+⁺?\[[\d,]+\]) (∂?)(?:[+-][\d.]+(?:e[+-]\d+)?|·)(?:([▸◂ ])∂)?")
_NAMED = re.compile(r"([^\s,;]+(?:\[[\d,]+\])?) = (not computed yet|[^\s,;▸◂]+)([▸◂]?)")
_ON_GRAPH = re.compile(r"([▸◂])(?:([∂Σ]?)(-?\d[\d.]*(?:e[+-]\d+)?)|([^\s│]+))")
_VALUE = re.compile(r"(value|gradient|gradients:?) ([^\s,]+)[^,]*([▸◂])")
_NODE = re.compile(r"^\S+ = (\S+) of .*([▸◂])$")


def with_signs(told: str) -> list[str]:
    """The lines of the text below its caption, with the marks of the picture in the place of its words."""
    for words, sign in _TOLD.items():
        told = told.replace(words, sign)
    return told.splitlines()[1:]


def figures_drawn(drawn: str) -> dict[str, list[tuple[str, str, str]]]:
    """Of a layered net: what a box is called → the mark, the sign and the number of each line inside it."""
    lines = drawn.splitlines()
    found: dict[str, list[tuple[str, str, str]]] = {}
    for y, line in enumerate(lines):
        for box in _BOX.finditer(line):
            inside = []
            for below in lines[y + 1 :]:
                inside.append(below[box.start() + 1 : box.end() - 1])
                if below[box.start()] == "╰":
                    break
            found[box[1]] = [(match[1], match[2], match[3]) for text in inside if (match := _FIGURE.match(text))]
    return found


def units_told(told: str) -> dict[str, list[tuple[str, str, str]]]:
    """The same of the text, for all that it tells of a unit: its biases are told with the weights."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    box = ""
    for line in with_signs(told):
        figures = [(mark or " ", name, number) for name, number, mark in _NAMED.findall(line)]
        if line.startswith("    in:"):
            bias, slope = figures[-2:]
            found[box] += [(bias[0], "b", bias[2]), (slope[0], "∂b", slope[2])]
        elif figures:
            values = [name for _, name, _ in figures if name[0] not in "∂δ"]
            box = "E" if "E" in values else values[-1]
            found[box] = [(mark, name[0], number) for mark, name, number in figures]
    return found


def weights_drawn(drawn: str) -> dict[str, str]:
    """Weight, bias or the gradient of one → its mark, of those that are drawn with their names."""
    found: dict[str, str] = {}
    for mark, name, slope, beside in _WEIGHT.findall(drawn):
        gradient = f"∂E/∂{name.replace('⁺', '')}"
        found[gradient if slope else name] = mark if mark in "▸◂" else ""
        if beside:
            found[gradient] = beside.strip()
    return found


def marks_told(told: str) -> dict[str, str]:
    """What the text tells of → its mark."""
    return {name: mark for name, _, mark in _NAMED.findall("\n".join(with_signs(told)))}


def graph_marks_drawn(drawn: str) -> list[tuple[str, str, str, float]]:
    """Of a graph: each mark, the sign after it, and the operation or the name of an input (then 0) or the number."""
    found = _ON_GRAPH.findall(drawn)
    return sorted((mark, sign, operation, float(number or 0)) for mark, sign, number, operation in found)


def graph_marks_told(told: str) -> list[tuple[str, str, str, float]]:
    """The same of the text, where an input has no line of its own: its name is written where its value is."""
    signs, lines = {"value": "", "gradient": "∂"}, with_signs(told)
    nodes = {line.split(" = ")[0] for line in lines}
    values = {match.groups() for line in lines if (match := re.match(r"  (\S+): value [^,]*(▸)", line))}
    found = [(mark, "", name, 0.0) for name, mark in values if name not in nodes]
    for line in lines:
        found += [(mark, "", operation, 0.0) for operation, mark in _NODE.findall(line)]
        for what, number, mark in _VALUE.findall(line):
            found.append((mark, signs.get(what, "Σ"), "", float(number)))
    return sorted(found)
