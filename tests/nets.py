"""The pictures of a network in a test: drawn at a position, and read as text."""

from __future__ import annotations

import re
from functools import cache

from engine import Timeline, load_scenario
from engine.timeline import Moment
from tui.net import net_page, net_text
from tui.widgets.sheet import Line
from tui.wording import Wording

LEGEND = re.compile("[─-] [═=] |above a line|[·.] not computed|b bias|[◂<] read|[▸>] written")


@cache
def timeline_of(name: str) -> Timeline:
    return Timeline(load_scenario(name))


def moment_at(name: str, position: str) -> Moment:
    timeline = timeline_of(name)
    timeline.goto(position)
    return timeline.moment()


def wording_of(moment: Moment, **options: bool) -> Wording:
    return Wording(moment.scenario.names, **options)


def page(name: str, position: str, width: int = 76, height: int = 20, **options: bool) -> tuple[Line, ...]:
    moment = moment_at(name, position)
    return net_page(moment, wording_of(moment, **options), width, height)


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
    return "\n".join(net_text(moment, wording_of(moment)))
