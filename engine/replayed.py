"""A replay as one object of JSON, and the schema of that object: what a program reads of a run."""

from __future__ import annotations

from typing import Any

from gradstep.engine.health.record import Begin
from gradstep.engine.program.positions import Position, position_json
from gradstep.engine.replay import Replay
from gradstep.engine.scenario.expectations import Verdict
from gradstep.engine.stops.stops import Stop
from gradstep.engine.words import replayed as words

Json = dict[str, Any]


def as_json(result: Replay) -> Json:
    """The replay as one object. Python's json writes its doubles so that they are read back exactly."""
    return {
        "scenario": result.scenario.name,
        "passed": result.passed,
        "position": position_json(result.position),
        "values": {name: value.tolist() for name, value in result.values.items()},
        "expectations": [_verdict_json(verdict, passed=result.holds(verdict)) for verdict in result.verdicts],
        "health": [_health_json(begin) for begin in result.health],
        "breaks": [_break_json(stop, position) for stop, position in result.breaks],
    } | ({} if result.stopped is None else {"stopped": [str(stop) for stop in result.stopped]})


def _break_json(stop: Stop, position: Position | None) -> Json:
    return {"stop": str(stop), "first": None if position is None else position_json(position)}


def _health_json(begin: Begin) -> Json:
    symptom = begin.symptom
    found = {"kind": symptom.kind, "iteration": begin.iteration, "step": begin.step, "symbol": symptom.symbol}
    return found | ({"units": list(symptom.units)} if symptom.units else {}) | {"text": symptom.text}


def _verdict_json(verdict: Verdict, *, passed: bool) -> Json:
    expectation = verdict.expectation
    found = {
        "at": expectation.at,
        "symbol": expectation.symbol,
        "passed": passed,
        "printed": expectation.printed,
        "value": verdict.value,
    }
    found |= {"disagrees": expectation.disagrees} if expectation.disagrees else {}
    return found | ({} if expectation.instead is None else {"instead": expectation.instead})


def json_schema() -> Json:
    """The schema (draft 2020-12) of the object, whose numbers that are not finite are texts."""
    position = _object(
        {
            "iteration": {"type": "integer", "minimum": 1},
            "step": {"type": "integer", "minimum": 0},
            "phase": {"type": ["string", "null"]},
            "symbol": {"type": ["string", "null"]},
        }
    )
    expectation = {
        "at": _told("string", words.AT),
        "symbol": _told("string", words.SYMBOL),
        "passed": _told("boolean", words.HOLDS),
        "printed": {"description": words.PRINTED},
        "value": {"description": words.VALUE},
        "disagrees": _told("string", words.DISAGREES),
        "instead": {"description": words.INSTEAD},
    }
    health = {
        "kind": _told("string", words.KIND),
        "iteration": _told("integer", words.ITERATION),
        "step": _told("integer", words.STEP),
        "symbol": _told("string", words.SHOWN_BY),
        "units": {"type": "array", "items": {"type": "integer"}, "description": words.UNITS},
        "text": _told("string", words.TEXT),
    }
    stop = {
        "stop": _told("string", words.STOP),
        "first": {"anyOf": [{"type": "null"}, position], "description": words.FIRST},
    }
    properties = {
        "scenario": _told("string", words.SCENARIO),
        "passed": _told("boolean", words.PASSED),
        "position": position | {"description": words.POSITION},
        "values": {"type": "object", "description": words.VALUES},
        "expectations": _list(_object(expectation, "disagrees", "instead"), words.EXPECTATIONS),
        "health": _list(_object(health, "units"), words.HEALTH),
        "breaks": _list(_object(stop), words.BREAKS),
        "stopped": _list({"type": "string"}, words.STOPPED),
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "gradstep replay"}
    return head | _object(properties, "stopped")


def _told(kind: str, about: str) -> Json:
    return {"type": kind, "description": about}


def _list(items: Json, about: str) -> Json:
    return {"type": "array", "items": items, "description": about}


def _object(properties: Json, *optional: str) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
