"""The catalogue can be translated with gettext's usual tools, and a translation reaches everything that is shown.

The language of this test writes every letter of a text with an accent, so that a plain word on the screen is one that
no translator was asked about.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

from gradstep.engine.words.language import DOMAIN, LOCALE_VARIABLE

ROOT = Path(__file__).parents[2]
LANGUAGE = "eo"
KEYWORDS = {"_": None, "plural": (1, 2)}

PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀćďéƒǵĥíǰķĺḿńóṕʠŕśťúṽẃẋýźÁƁĆĎÉƑǴĤÍĴḰĹḾŃÓṔɊŔŚŤÚṼẂẊÝŹ"
PLACE = re.compile(r"(\{\{|\}\}|\{[^{}]*\})")

Message = tuple[str, ...]


def accented(text: str) -> str:
    """The text with its letters accented, but for its places."""
    table = str.maketrans(PLAIN, ACCENTED)
    return "".join(part if PLACE.fullmatch(part) else part.translate(table) for part in PLACE.split(text))


def messages() -> Iterator[Message]:
    """All messages that gettext's tools find: a text, or the two forms of one that depends on a number."""
    for folder in ("engine", "tui", "scenarios"):
        for _, _, message, _, _ in extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS):
            yield (message,) if isinstance(message, str) else tuple(message)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process that speaks the accented language."""
    catalog = Catalog(locale=LANGUAGE, domain=DOMAIN)
    for message in messages():
        if len(message) == 1:
            catalog.add(message[0], accented(message[0]))
        else:
            catalog.add(message, tuple(map(accented, message)))
    folder = tmp_path_factory.mktemp("locale") / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalog)
    return {**os.environ, "LANGUAGE": LANGUAGE, LOCALE_VARIABLE: str(folder.parent.parent), "PYTHONUTF8": "1"}


def run(environment: dict[str, str], *words: str) -> str:
    """What a Python process prints, on either stream."""
    done = subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("damage", ["not a catalogue", "a place with another name"])
def test_a_catalogue_that_cannot_be_used_leaves_the_text_as_it_is(damage: str, tmp_path: Path) -> None:
    folder = tmp_path / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / f"{DOMAIN}.mo"
    path.write_bytes(b"not a catalogue")
    if damage != "not a catalogue":
        catalog = Catalog(locale=LANGUAGE, domain=DOMAIN)
        for message in messages():
            if len(message) == 1 and "{" in message[0]:
                catalog.add(message[0], PLACE.sub("{other}", message[0]))
        with path.open("wb") as file:
            write_mo(file, catalog)
    environment = {**os.environ, "LANGUAGE": LANGUAGE, LOCALE_VARIABLE: str(tmp_path)}
    for line in ("replay apples", "check apples --at 7:nothing", "explain mazur-2-2-2 dw5"):
        damaged, plain = (
            run(each, "-m", "gradstep.tui.cli", *line.split()) for each in (environment, dict(os.environ))
        )
        assert damaged == plain
        assert "Traceback" not in plain


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────

# Without a word of its own that could be taken for one of ours; trained until one unit of its ReLU layer is dead.
SCENARIO = """
format = 1
title = "2-3-2"
[data]
x = [[1.0, -2.0], [0.5, 3.0], [2.0, 0.0]]
t = [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
[[layer]]
kind = "affine"
W = [[0.5, -1.0, 0.1], [0.3, 0.2, -0.2]]
b = [0.0, -9.0, 0.1]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[0.5, -1.0], [0.3, 0.2], [0.1, 0.7]]
b = [0.0, 0.1]
[loss]
kind = "softmax_cross_entropy"
[optimizer]
kind = "sgd"
learning_rate = 0.1
frozen = ["b1"]
[training]
iterations = 9
[measure]
accuracy = ["train"]
"""

SHOW = """
import asyncio, sys
from gradstep.engine import load_scenario
from tests import idle
from tests.screen import driven

async def show(path, *presses, size):
    async with driven(load_scenario(path), size) as screen:
        print(screen.text)
        for keys in presses:
            await screen.press(*keys.split())
            print(screen.text)

idle.use()
for size in (80, 24), (120, 40):
    asyncio.run(show(*sys.argv[1:], size=size))
"""

# Plain words that stay as they are: what is typed or stands in files, and what comes from elsewhere.
PHASES = "draw forward loss backward update measure"
NAMES = "accuracy_train relu ReLU softmax affine data layer train gradstep start original mean argmax equal every"
KEYS = "Ctrl Shift Home Enter PgUp PgDn Del Esc Tab Space"
ARGPARSE = "usage options positional argument arguments show this help message and exit"
SUBCOMMANDS = "list replay explain check compare mistakes schema"
KNOWN = {*PHASES.split(), *NAMES.split(), *KEYS.split()}


def plain_words(shown: str) -> set[str]:
    """The words of four letters and more that no translation has reached; a known one may be cut."""
    words = set(re.findall(r"(?<![\w/.-])[A-Za-z]{4,}(?![\w/.-])", shown))
    return {word for word in words if not any(known.startswith(word) for known in KNOWN)}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of the scenario."""
    path = tmp_path_factory.mktemp("scenario") / "s.toml"
    path.write_text(SCENARIO)
    return str(path)


def test_texts_are_many_and_all_are_translated() -> None:
    found = {message[0] for message in messages()}
    assert len(found) > 800
    assert not any(re.search(r"[a-zA-Z]{4,}", PLACE.sub("", accented(text))) for text in found)


COMMANDS = (
    "check {} --at 2",
    "explain {} dW1[0,0] --at 2 --unroll",
    "replay {} --at 3",
    "check {} --h 0",
    "explain {} W9",
)


@pytest.mark.parametrize(
    "line", ["--help", "list --help", "replay --help", "explain --help", "check --help", *COMMANDS]
)
def test_what_the_command_line_says_is_translated(line: str, environment: dict[str, str], scenario: str) -> None:
    shown = run(environment, "-m", "gradstep.tui.cli", *line.format(scenario).split())
    assert re.search(r"[áéíóú]", shown)
    assert plain_words(shown) - {*ARGPARSE.split(), *SUBCOMMANDS.split()} == set()


WALKS = {
    "stepping and what a step is": ("s", "s s s h", "escape", "n", "f", "f f", "home", "S", "end", "s", "g 1 enter"),
    "explaining": ("g 2 colon d W 1 enter", "x", "u", "enter", "escape", "d", "escape", "slash W 1 enter", "comma"),
    "stops and watches": ("b", "w E enter", "B", "escape", "c", "C", "l", "l", "l", "w E + enter", "escape"),
    "forks": ("g 2 enter", "e ctrl+u W 1 left_square_bracket 0 comma 0 right_square_bracket equals_sign 2 enter", "k"),
    "pictures": ("g 3 enter", "y", "t", "t tab", "t", "t tab", "t", "t tab", "t", "escape"),
    "the rest": ("question_mark", "escape", "m", "p", "v", "g z enter", "escape", "ctrl+s", "escape"),
}


@pytest.mark.parametrize("walk", WALKS)
def test_what_the_screen_shows_is_translated(walk: str, environment: dict[str, str], scenario: str) -> None:
    shown = run(environment, "-c", SHOW, scenario, *WALKS[walk])
    assert shown.count("╰") > 2 * len(WALKS[walk])  # it was drawn
    assert plain_words(shown) == set()
