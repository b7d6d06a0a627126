"""The patched check of action answers refuses what Rasa's own refuses; held against the real Rasa."""

import pytest
from jsonschema import Draft7Validator, ValidationError, validators
from rasa.core.actions.action import RemoteAction

from bot import validator

GOOD = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "lang", "value": "en"}], "responses": [{"text": "x", "custom": {}}]},
    {"events": [{"event": "action", "name": "action_listen"}], "responses": []},
    {},
]
BAD = [
    {"events": "none", "responses": []},
    {"events": [{"event": "slot"}], "responses": []},
    {"events": [{"no event": 1}], "responses": []},
    {"events": [], "responses": ["text"]},
    [],
    "text",
    None,
]


@pytest.fixture(scope="module")
def checks():
    original = RemoteAction._validate_action_result
    validator.install()
    patched = RemoteAction._validate_action_result
    yield original, patched
    RemoteAction._validate_action_result = original


@pytest.mark.parametrize("answer", GOOD)
def test_a_good_answer_passes_both(checks, answer):
    action = RemoteAction("action_x", None)
    assert all(check(action, answer) is True for check in checks)


@pytest.mark.parametrize("answer", BAD)
def test_a_bad_answer_is_refused_by_both(checks, answer):
    action = RemoteAction("action_x", None)
    for check in checks:
        with pytest.raises(ValidationError):
            check(action, answer)


def test_installing_twice_changes_nothing(checks):
    before = RemoteAction._validate_action_result
    validator.install()
    assert RemoteAction._validate_action_result is before


def test_the_schema_is_one_that_both_dialects_read_alike():
    schema = RemoteAction.action_response_format_spec()
    for dialect in (Draft7Validator, validators.validator_for(schema)):
        dialect.check_schema(schema)
    newer_only = {
        "$defs",
        "$dynamicRef",
        "unevaluatedProperties",
        "unevaluatedItems",
        "prefixItems",
        "dependentSchemas",
    }
    assert not newer_only & set(_keywords(schema))


def _keywords(schema):
    if isinstance(schema, dict):
        for name, value in schema.items():
            yield name
            yield from _keywords(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _keywords(value)
