"""Claims about sessions: what was saved comes back to the bit, a broken file is one line, writing is all or nothing."""

from __future__ import annotations

import json
import math
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.sessions import SessionError, load_session, save_session
from gradstep.engine.stops.stops import ALWAYS, Stop
from gradstep.engine.stops.trigger import parse_stop, watch
from tests.strategies import layered
from tests.walks import bits

pytestmark = pytest.mark.filterwarnings("error")

ROWS = """
format = 1
title = "three rows"
data = {x = [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]], t = [[1.0, 0.0], [0.0, 0.5], [0.5, 0.5]]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5}
layer = [{kind = "affine", W = [[0.3, -0.2], [0.1, 0.4]], b = [0.1, -0.1]}, {kind = "sigmoid"}]
training = {iterations = 9, seed = 3, draw = "without_replacement", batch = 2}
"""

TABLE = """
format = 1
title = "from a table"
data = {csv = "table.csv", targets = ["y"]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5}
layer = [{kind = "affine", units = 1, init = "normal"}]
training = {iterations = 9}
"""

STOPS = (
    "E",
    "update",
    "E < 0.5",
    "E < 0.5 every 3",
    "dW1 if iteration > 2",
    "changed(W1) and step > 3",
    "max(x) > 0.5",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rows.toml").write_text(ROWS)
    return tmp_path


def placed(timeline: Timeline, share: float, within: float) -> None:
    """The cursor to a share of the run."""
    iteration = 1 + round(share * (timeline.course.iterations - 1))
    timeline.goto(timeline.course.at(iteration, round(within * timeline.course.length(iteration))))


def changed(timeline: Timeline, which: int, element: int, value: float) -> None:
    """An edit of any element of anything that has a value here."""
    values = timeline.values()
    symbol = [*values][which % len(values)]
    index = np.unravel_index(element % values[symbol].size, values[symbol].shape)
    timeline.edit(symbol + (f"[{','.join(map(str, index))}]" if index else ""), value)


def edited(folder: Path) -> Timeline:
    """A timeline with a fork of a fork, one of a dropped one, and stops, in the middle of the run."""
    timeline = Timeline(load_scenario(folder / "rows.toml"))
    for share, name in ((0.3, "W1[0,1]"), (0.5, "x[1,0]"), (0.7, "b1[1]")):
        placed(timeline, share, 0.9)
        timeline.edit(name, share)
    timeline.drop("fork-2")
    for text in STOPS:
        timeline.add_stop(parse_stop(text, timeline.names))
    timeline.add_stop(watch("norm(dW1)", timeline.names))
    return timeline


def check_same(saved: Timeline, loaded: Timeline) -> None:
    """Everything that a session keeps, and every value here on every branch."""
    assert [*loaded.branches] == [*saved.branches]
    assert loaded.branch.name == saved.branch.name
    assert str(loaded.position) == str(saved.position)
    assert loaded.position == saved.position
    assert loaded.stops == saved.stops
    assert bits(loaded.values()) == bits(saved.values())
    for name, branch in saved.branches.items():
        assert repr(loaded.branches[name].edits) == repr(branch.edits)
        assert bits(loaded.values_in(name)) == bits(saved.values_in(name))


# ── there and back ───────────────────────────────────────────────────────────────────────────────────────────

shares = st.floats(0, 1)
numbers = st.floats()
acts = st.one_of(
    st.tuples(st.just("edit"), st.tuples(shares, shares, st.integers(0, 99), st.integers(0, 99), numbers)),
    st.tuples(st.sampled_from(["switch", "drop"]), st.integers(0, 99)),
)


@given(
    layered(iterations=12),
    st.lists(acts, max_size=12),
    st.tuples(shares, shares),
    st.lists(st.tuples(st.sampled_from(STOPS), st.booleans()), max_size=4),
    st.sampled_from([0, 2048, 2**26]),
)
@settings(max_examples=150, deadline=None)
def test_what_is_loaded_is_what_was_saved(
    text: str, path: list[tuple[str, Any]], here: tuple[float, float], stops: list[tuple[str, bool]], budget: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "random.toml").write_text(text)
        timeline = Timeline(load_scenario(Path(name) / "random.toml"))
        for kind, how in path:
            if kind == "edit":
                placed(timeline, *how[:2])
                changed(timeline, *how[2:])
            else:
                branch = [*timeline.branches][how % len(timeline.branches)]
                timeline.switch(branch)
                if kind == "drop" and branch != "original":
                    timeline.drop(branch)
        placed(timeline, *here)
        for typed, enabled in stops:
            if "update" not in typed or "update" in {step.phase for step in timeline.program.steps}:
                stop = parse_stop(typed, timeline.names)
                timeline.add_stop(Stop(stop.kind, stop.at, stop.when, stop.every, enabled))
        session = Path(name) / "one.gradstep"
        save_session(timeline, session)
        loaded = load_session(session, history_bytes=budget)
        check_same(timeline, loaded)
        again = Path(name) / "two.gradstep"
        save_session(loaded, again)
        one, two = (json.loads(path.read_text(encoding="utf-8")) for path in (session, again))
        states = {one.pop("state"), two.pop("state")} - {""}  # of numbers that are not computed there is no digest
        assert one == two
        assert len(states) <= 1


@pytest.mark.parametrize("value", [math.nan, -0.0, 5e-324, -1.7976931348623157e308, 0.1, 1 / 3])
def test_an_edit_to_any_double_survives(value: float, folder: Path) -> None:
    timeline = Timeline(load_scenario(folder / "rows.toml"))
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", value)
    save_session(timeline, folder / "a.gradstep")
    check_same(timeline, load_session(folder / "a.gradstep"))


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_an_edit_to_an_infinity_survives(value: float, folder: Path) -> None:
    timeline = Timeline(load_scenario(folder / "rows.toml"))
    timeline.goto("4:y")
    timeline.edit("W1[0,0]", value)
    save_session(timeline, folder / "a.gradstep")
    check_same(timeline, load_session(folder / "a.gradstep"))


def test_a_new_fork_of_a_loaded_session_takes_a_number_that_none_has(folder: Path) -> None:
    save_session(edited(folder), folder / "a.gradstep")
    assert load_session(folder / "a.gradstep").edit("W1[0,0]", 1.0).name == "fork-4"


# ── the scenario beside it ───────────────────────────────────────────────────────────────────────────────────


def test_a_scenario_beside_the_session_is_found_from_anywhere_and_after_both_have_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, away = tmp_path / "here", tmp_path / "away"
    (here / "deep").mkdir(parents=True)
    away.mkdir()
    (here / "rows.toml").write_text(ROWS)
    monkeypatch.chdir(here)
    timeline = Timeline(load_scenario("rows.toml"))
    timeline.goto("3:y")
    for path in ("a.gradstep", "deep/b.gradstep"):
        save_session(timeline, Path(path))
    assert json.loads(Path("a.gradstep").read_text())["scenario"] == "rows.toml"
    assert json.loads(Path("deep/b.gradstep").read_text())["scenario"] == "../rows.toml"
    monkeypatch.chdir(away)
    check_same(timeline, load_session(here / "a.gradstep"))
    check_same(timeline, load_session(Path("../here/deep/b.gradstep")))
    here.rename(tmp_path / "there")
    loaded = load_session(Path("../there/a.gradstep"))
    check_same(timeline, loaded)
    save_session(loaded, Path("../there/deep/c.gradstep"))
    check_same(timeline, load_session(tmp_path / "there/deep/c.gradstep"))


def test_which_stops_are_off_is_kept_and_those_that_a_session_does_not_know_are_on(tmp_path: Path) -> None:
    timeline, file = Timeline(load_scenario("mazur-2-2-2")), tmp_path / "a.gradstep"
    timeline.stops = [replace(stop, enabled=stop.kind not in ("dead ReLU", "loss rises")) for stop in ALWAYS]
    save_session(timeline, file)
    assert load_session(file).stops == timeline.stops
    older = json.loads(file.read_text())
    older["stops"] = [stop for stop in older["stops"] if stop["kind"] == "loss rises"]
    file.write_text(json.dumps(older))
    assert load_session(file).stops == (*(s for s in ALWAYS if s.kind != "loss rises"), timeline.stops[1])


def test_a_bundled_scenario_is_called_by_its_name(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("100:E")
    save_session(timeline, tmp_path / "a.gradstep")
    assert json.loads((tmp_path / "a.gradstep").read_text())["scenario"] == "mazur-2-2-2"
    check_same(timeline, load_session(tmp_path / "a.gradstep"))


def test_a_file_that_is_called_like_a_bundled_scenario_is_still_that_file(tmp_path: Path) -> None:
    (tmp_path / "apples").write_text(ROWS)
    timeline = Timeline(load_scenario(tmp_path / "apples"))
    save_session(timeline, tmp_path / "a.gradstep")
    check_same(timeline, load_session(tmp_path / "a.gradstep"))


def refused(session: Path, *words: str) -> None:
    """The session is refused with one line that names the file and says these words."""
    with pytest.raises(SessionError) as caught:
        load_session(session)
    line = str(caught.value)
    assert line.startswith(str(session))
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_a_scenario_that_has_changed_is_refused(folder: Path) -> None:
    session, scenario = folder / "a.gradstep", folder / "rows.toml"
    save_session(edited(folder), session)
    for text in (ROWS.replace("0.3", "0.30000001"), ROWS + "# a remark\n", ROWS.replace("seed = 3", "seed = 4")):
        scenario.write_text(text)
        refused(session, "digest", "rows.toml or its data have changed since this session was saved")
    scenario.write_text("format = 1")
    refused(session, "scenario", "rows.toml")
    scenario.unlink()
    refused(session, "scenario", "rows.toml", "no such file")


def tabled(folder: Path, table: str) -> Path:
    (folder / "table.toml").write_text(TABLE)
    (folder / "table.csv").write_text(table)
    session = folder / "a.gradstep"
    save_session(Timeline(load_scenario(folder / "table.toml")), session)
    return session


def test_data_that_have_changed_are_refused_and_written_otherwise_are_not(folder: Path) -> None:
    session = tabled(folder, "a,b,y\n1,2,5\n3,4,6\n")
    (folder / "table.csv").write_text("a,b,y\n1,2,5\n3,4,7\n")
    refused(session, "digest", "have changed")
    (folder / "table.csv").write_text("a,b,y\n1.0, 2e0 ,5\n3,4.00,6\n")
    load_session(session)
    (folder / "table.csv").unlink()
    refused(session, "scenario", "table.csv")


def test_a_table_of_another_shape_with_the_same_numbers_is_refused(folder: Path) -> None:
    session = tabled(folder, "a,b,y\n1,2,5\n3,4,6\n")  # x is 1 2 3 4, t is 5 6
    (folder / "table.csv").write_text("a,y\n1,4\n2,5\n3,6\n")  # x is 1 2 3, t is 4 5 6
    refused(session, "digest", "have changed")


# ── broken sessions ──────────────────────────────────────────────────────────────────────────────────────────

anything = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 40),
        st.integers(-(10**300), 10**300),
        st.floats(),
        st.text(max_size=6),
        st.sampled_from(["E", "W1", "start", "end", "9:3", "original", "fork-1", "fork-3", "condition", "loss rises"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every list or table with each of its keys."""
    keys = range(len(tree)) if isinstance(tree, list) else list(tree) if isinstance(tree, dict) else []
    return [found for key in keys for found in ((tree, key), *places(tree[key]))]


def opened(content: bytes, folder: Path) -> None:
    """A session's file is refused in one line, or it is a session that can be worked with."""
    session = folder / "broken.gradstep"
    session.write_bytes(content)
    try:
        timeline = load_session(session)
    except SessionError as error:
        if "\n" in str(error):
            raise
        return
    timeline.moment()
    timeline.run_on()
    for name in timeline.branches:
        timeline.switch(name)
    save_session(timeline, folder / "again.gradstep")
    check_same(timeline, load_session(folder / "again.gradstep"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario and a session that is in order."""
    folder = tmp_path_factory.mktemp("sessions")
    (folder / "rows.toml").write_text(ROWS)
    save_session(edited(folder), folder / "whole.gradstep")
    return folder


@pytest.mark.parametrize(("step", "steps"), [(1, "1 step"), (2, "2 steps")])
def test_an_edit_of_what_has_no_value_yet_is_refused(kept: Path, step: int, steps: str) -> None:
    tree = json.loads((kept / "whole.gradstep").read_text())
    tree["forks"][0]["edits"][0] |= {"iteration": 2, "step": step, "symbol": "E", "index": []}
    (kept / "early.gradstep").write_text(json.dumps(tree))
    with pytest.raises(SessionError, match=f"step: E has no value yet after {steps}, expected a later one"):
        load_session(kept / "early.gradstep")


@given(st.data())
@settings(max_examples=600, deadline=None)
def test_whatever_is_in_the_tree_of_a_session_it_is_refused_or_works(kept: Path, data: st.DataObject) -> None:
    tree = json.loads((kept / "whole.gradstep").read_text())
    for _ in range(data.draw(st.integers(1, 3))):
        found = places(tree)
        if not found:
            break
        inside, key = found[data.draw(st.integers(0, len(found) - 1))]
        act = data.draw(st.sampled_from(["replace", "drop", "repeat", "copy"]))
        if act == "drop":
            del inside[key]
        elif act == "repeat" and isinstance(inside, list):
            inside.insert(key, json.loads(json.dumps(inside[key])))
        elif act == "copy":
            other, at = found[data.draw(st.integers(0, len(found) - 1))]
            inside[key] = json.loads(json.dumps(other[at]))
        else:
            inside[key] = data.draw(anything)
    opened(json.dumps(tree).encode(), kept)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
@settings(max_examples=600, deadline=None)
def test_whatever_bytes_a_session_is_made_of_it_is_refused_or_works(kept: Path, seed: int, count: int) -> None:
    chance, content = random.Random(seed), bytearray((kept / "whole.gradstep").read_bytes())
    for _ in range(count):
        at = chance.randrange(len(content) or 1)
        byte = chance.choice([chance.randrange(256), ord(chance.choice('0123456789-.eE"[]{},:\\'))])
        kind = chance.choice(["set", "insert", "cut", "repeat", *(["end"] if count == 1 else [])])
        size = {"set": 1, "cut": chance.randrange(9), "end": len(content)}.get(kind, 0)
        new = content[at : at + 30] if kind == "repeat" else [byte] if kind in ("set", "insert") else []
        content[at : at + size] = bytes(new)
    opened(bytes(content), kept)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"null", b"[]", b"{}", b"[" * 100_000, b'"', b"9" * 9999])
def test_what_is_no_session_at_all_is_refused(content: bytes, folder: Path) -> None:
    (folder / "a.gradstep").write_bytes(content)
    refused(folder / "a.gradstep")


def test_folders_and_missing_and_endless_files_are_refused(folder: Path) -> None:
    refused(folder)
    refused(folder / "none.gradstep", "no such file")
    with open(folder / "long.gradstep", "wb") as file:
        file.truncate(2**30)
    refused(folder / "long.gradstep", "larger than")


def test_a_pipe_is_refused_as_it_is_as_a_scenario(folder: Path) -> None:
    os.mkfifo(folder / "pipe.gradstep")
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            load_session(folder / "pipe.gradstep")
        except SessionError as error:
            caught.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(1.0)
    refused_at_once = len(caught) == 1
    if thread.is_alive():  # let it go: an end of file
        os.close(os.open(folder / "pipe.gradstep", os.O_WRONLY))
        thread.join(5.0)
    assert refused_at_once


@pytest.mark.parametrize("value", [2**1024 - 1, -(2**1024) + 1, 2**1024 - 2**970])
def test_a_whole_number_that_no_double_comes_near_is_refused(value: int, folder: Path) -> None:
    save_session(edited(folder), folder / "a.gradstep")
    tree = json.loads((folder / "a.gradstep").read_text())
    tree["forks"][0]["edits"][0]["value"] = value
    opened(json.dumps(tree).encode(), folder)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_process_that_is_killed_while_it_saves_leaves_a_whole_session_old_or_new(folder: Path) -> None:
    chance, session = random.Random(5), folder / "a.gradstep"
    timelines = [Timeline(load_scenario(folder / "rows.toml")), edited(folder)]
    texts = []
    for timeline in timelines:
        save_session(timeline, session)
        texts.append(session.read_bytes())
    assert texts[0] != texts[1]
    for attempt in range(20):
        session.write_bytes(texts[1])
        before = session.stat().st_ino
        child = os.fork()
        if not child:
            try:
                while True:
                    for timeline in timelines:
                        save_session(timeline, session)
            finally:
                os._exit(1)
        while attempt % 2 and session.stat().st_ino == before:  # every other one is killed after it has written
            assert not os.waitpid(child, os.WNOHANG)[0]
        time.sleep(chance.uniform(0.0, 0.04))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert session.read_bytes() in texts
        load_session(session)
    save_session(timelines[0], session)
    assert {path.name for path in folder.iterdir()} == {"rows.toml", "a.gradstep"}, "what was begun is cleaned up"


def failing(what: str) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", what)

    return fail


@pytest.mark.parametrize("what", ["os.replace", "os.fsync", "os.open"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    what: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, timeline = folder / "a.gradstep", edited(folder)
    save_session(Timeline(load_scenario(folder / "rows.toml")), session)
    old, before = session.read_bytes(), sorted(folder.iterdir())
    with monkeypatch.context() as patched:
        patched.setattr(what, failing(what))
        with pytest.raises(SessionError, match=r"a\.gradstep: cannot be written: no space left on device$"):
            save_session(timeline, session)
    assert session.read_bytes() == old
    assert sorted(folder.iterdir()) == before
    save_session(timeline, session)
    check_same(timeline, load_session(session))


def test_a_place_that_cannot_be_written_to_is_one_line_and_nothing_else(folder: Path) -> None:
    timeline = edited(folder)
    (folder / "locked").mkdir(mode=0o500)
    before = sorted(folder.rglob("*"))
    paths = [folder / "none" / "a.gradstep", folder / "rows.toml" / "a.gradstep", folder, folder / ("a" * 300)]
    for path in [*paths, *([folder / "locked" / "a.gradstep"] if os.geteuid() else [])]:
        with pytest.raises(SessionError, match="cannot be written: "):
            save_session(timeline, path)
    assert sorted(folder.rglob("*")) == before


def test_nobody_is_told_that_a_session_cannot_be_written_once_it_is_in_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, timeline = folder / "a.gradstep", edited(folder)
    real = os.open

    def no_folders(path: Any, flags: int, mode: int = 0o777) -> int:  # a folder that may be written to but not read
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr("os.open", no_folders)
    save_session(timeline, session)


@pytest.mark.parametrize("content", ['{"gradstep session": 2}', '{"gradstep session": "new"}'])
def test_a_session_of_a_later_format_is_not_written_over(content: str, tmp_path: Path) -> None:
    file = tmp_path / "a.gradstep"
    file.write_text(content)
    with pytest.raises(SessionError, match=r"is there already, found .* expected 1 at most"):
        save_session(Timeline(load_scenario("mazur-2-2-2")), file)
    assert file.read_text() == content


@pytest.mark.parametrize("name", ["table.csv", "made.toml"])
def test_no_session_is_written_over_what_the_scenario_is_made_of(name: str, tmp_path: Path) -> None:
    (tmp_path / "made.toml").write_text(TABLE)
    (tmp_path / "table.csv").write_text("x,y\n1,2\n")
    timeline = Timeline(load_scenario(tmp_path / "made.toml"))
    before = (tmp_path / name).read_bytes()
    with pytest.raises(SessionError, match="the scenario is made of it"):
        save_session(timeline, tmp_path / name)
    assert (tmp_path / name).read_bytes() == before
