"""Claims about the pytest plugin: it keeps out of the way unless asked, and makes a test of every expectation."""

from __future__ import annotations

import pytest

from gradstep.engine import bundled, load_scenario

HERE = ("-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:asyncio")


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a good scenario, and a pyproject.toml that is none."""
    pytester.makefile(".toml", good=bundled()["apples"].read_text(encoding="utf-8"))
    pytester.makefile(".toml", pyproject="[project]\n")
    return pytester


def test_nobody_s_toml_is_touched_unasked(folder: pytest.Pytester) -> None:
    folder.runpytest_inprocess(*HERE).assert_outcomes()


def test_the_flag_makes_an_item_of_every_expectation(folder: pytest.Pytester) -> None:
    result = folder.runpytest_inprocess(*HERE, "--gradstep", "-v")
    result.assert_outcomes(passed=len(load_scenario("apples").expectations))
    result.stdout.fnmatch_lines(["*good.toml::1 dtax PASSED*"])


def test_patterns_in_the_configuration_do_the_same(folder: pytest.Pytester) -> None:
    folder.makefile(".toml", other="not a scenario\n")
    folder.makeini("[pytest]\ngradstep_files = goo*.toml\n")
    folder.runpytest_inprocess(*HERE).assert_outcomes(passed=7)


def test_a_failure_says_what_is_printed_and_what_is_computed(folder: pytest.Pytester) -> None:
    text = bundled()["apples"].read_text(encoding="utf-8")
    folder.makefile(".toml", wrong=text.replace('price = "220"', 'price = "221"'))
    result = folder.runpytest_inprocess(*HERE, "--gradstep", "wrong.toml")
    result.assert_outcomes(passed=6, failed=1)
    result.stdout.fnmatch_lines(["*printed:*221*", "*computed: 220.0*"])
    assert "Traceback" not in result.stdout.str()


def test_a_broken_scenario_is_one_line(folder: pytest.Pytester) -> None:
    folder.makefile(".toml", broken="format = 1\n")
    result = folder.runpytest_inprocess(*HERE, "--gradstep", "broken.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*broken.toml: title: missing*"])
    assert "Traceback" not in result.stdout.str()


def test_a_scenario_that_expects_nothing_must_run(folder: pytest.Pytester) -> None:
    text = bundled()["apples"].read_text(encoding="utf-8").partition("[[expect]]")[0]
    folder.makefile(".toml", bare=text)
    folder.runpytest_inprocess(*HERE, "--gradstep", "bare.toml").assert_outcomes(passed=1)
