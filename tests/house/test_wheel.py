"""Claims about what is installed: one import name, everything that is needed, and peace with people's own modules.

A wheel is built by way of an sdist and unpacked, and processes use it as if the editable install were not there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import PathDistribution, entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSES = ("engine", "scenarios", "tui")

BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_{}(sys.argv[1]))"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel alone in it, built once for all of xdist's workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder = shared / "installed"
    with (shared / "wheel.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            build(shared).rename(folder)
    return folder


def build(shared: Path) -> Path:
    """Copy the sources, make an sdist of them, a wheel of that, and unpack it; gives the folder."""
    copy, made, wheel = (shared / name for name in ("copy", "made", "wheel"))
    for name in (*ours(), Path("pyproject.toml"), Path("README.md"), Path("LICENSE")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    sdist = run(sys.executable, "-P", "-c", BUILD.format("sdist"), str(made), cwd=copy).splitlines()[-1]
    shutil.unpack_archive(made / sdist, made)
    source = made / sdist.removesuffix(".tar.gz")
    built = run(sys.executable, "-P", "-c", BUILD.format("wheel"), str(made), cwd=source).splitlines()[-1]
    shutil.unpack_archive(made / built, wheel, "zip")
    return wheel


def ours() -> set[Path]:
    """The files of the houses, from the root."""
    return {house / path for house in map(Path, HOUSES) for path in files(ROOT / house)}


def files(folder: Path) -> set[Path]:
    """The files in a folder, from there, but for those that Python leaves."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    return {path.relative_to(folder) for path in paths}


def run(*words: str, cwd: Path, path: tuple[str, ...] = ()) -> str:
    """The output of a process, which must succeed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
    environment.pop("PYTEST_ADDOPTS", None)
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def use(installed: Path, cwd: Path, *words: str, first: tuple[str, ...] = ()) -> str:
    """The output of Python with the unpacked wheel and the tests' other packages; -S leaves out an editable install."""
    others = [folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")]
    return run(sys.executable, "-S", *words, cwd=cwd, path=(*first, str(installed), *others))


# ── what is in it ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_packages_of_the_wheel_are_the_folders_with_modules() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = {path.parent.relative_to(ROOT) for house in HOUSES for path in (ROOT / house).rglob("*.py")}
    assert project["tool"]["setuptools"]["packages"] == sorted(f"gradstep.{'.'.join(path.parts)}" for path in folders)


def test_the_wheel_holds_our_files_and_no_others(installed: Path) -> None:
    here = files(installed)
    assert {path.relative_to("gradstep") for path in here if path.parts[0] == "gradstep"} == {
        path for path in ours() if path.suffix not in (".md", ".svg")
    }
    assert {Path(house, "py.typed") for house in HOUSES} <= ours()
    (metadata,) = {path.parts[0] for path in here} - {"gradstep"}
    assert (installed / metadata / "top_level.txt").read_text().split() == ["gradstep"]


def test_the_licence_goes_with_it(installed: Path) -> None:
    (folder,) = installed.glob("*.dist-info")
    told = PathDistribution(folder).metadata
    assert (told["License-Expression"], told.get_all("License-File")) == ("MIT", ["LICENSE"])
    assert (folder / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


# ── beside people's own modules ──────────────────────────────────────────────────────────────────────────────

# A person's `engine`, `scenarios` and `tui`: the files, and what is imported of them.
PROJECTS = {
    "modules": ("{}.py", "{}"),
    "packages": ("{}/__init__.py", "{}"),
    "namespaces": ("{}/own.py", "{}.own"),
}
THEIR_TESTS = """
import importlib, sys
from pathlib import Path
import pytest

loaded = set(sys.modules)

@pytest.mark.parametrize("name", {names})
def test_ours_is_ours(name):
    assert Path(importlib.import_module(name).__file__).is_relative_to({project!r})

@pytest.mark.parametrize("name", {houses})
def test_gradstep_is_the_installed_one(name):
    assert Path(importlib.import_module("gradstep." + name).__file__).is_relative_to({installed!r})

def test_the_plugin_is_the_installed_one_and_waits_to_be_asked(pytestconfig):
    assert Path(pytestconfig.pluginmanager.get_plugin("gradstep").__file__).is_relative_to({installed!r})
    assert pytestconfig.getoption("gradstep") or not loaded & {{"numpy", "gradstep.engine"}}
"""
THEIR_COMMANDS = """
import sys
from importlib.metadata import entry_points
(command,) = entry_points(group="console_scripts", name="gradstep")
main = command.load()
assert main(["list"]) == main(["replay", "mazur-2-2-2"]) == main(["replay", "two-layer-digits", "--at", "1"]) == 0
assert {names}.isdisjoint(sys.modules)
print(sys.modules["gradstep.engine"].__file__)
"""
OTHER_PLUGINS = [
    word
    for plugin in entry_points(group="pytest11")
    if plugin.name != "gradstep"
    for word in ("-p", f"no:{plugin.name}")
]


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path, installed: Path) -> Path:
    """A person's folder, with modules named as ours, tests, and a scenario."""
    file, module = PROJECTS[request.param]
    for house in HOUSES:
        path = tmp_path / file.format(house)
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        if path.parent != tmp_path:
            (path.parent / "pytest_plugin.py").write_text("raise AssertionError('nobody asked for this plugin')")
    names = [module.format(house) for house in HOUSES]
    (tmp_path / "test_theirs.py").write_text(
        THEIR_TESTS.format(names=names, houses=HOUSES, project=str(tmp_path), installed=str(installed))
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(ROOT / "scenarios" / "apples.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("way", ["pytest", "python -m pytest", "PYTHONPATH=. pytest --gradstep"])
def test_a_project_with_modules_of_our_names_is_tested_as_before(project: Path, installed: Path, way: str) -> None:
    safe = [] if way.startswith("python") else ["-P"]  # only `python -m` puts the folder on the path
    first = (".",) if "PYTHONPATH=." in way else ()
    asked = ["--gradstep"] if "--gradstep" in way else []
    words = [*safe, "-m", "pytest", "-q", *OTHER_PLUGINS, "-p", "no:cacheprovider", *asked]
    assert f"{14 if asked else 7} passed" in use(installed, project, *words, first=first)


def test_gradstep_runs_in_a_project_with_modules_of_our_names(project: Path, installed: Path) -> None:
    shown = use(installed, project, "-c", THEIR_COMMANDS.format(names=set(HOUSES)))
    assert Path(shown.splitlines()[-1]).is_relative_to(installed)
