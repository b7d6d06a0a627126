"""The one patch to Rasa: check an action server's answer with a validator compiled once.

Rasa 3.6.21 checks every answer of a custom action by `jsonschema.validate`, which first checks the schema itself, large
and always the same: 22 of the 27 ms of a turn with an action. Rasa has no seam for it. The schema and what is refused
stay the same; `tests/bot_env/test_validator.py` holds that against the real Rasa.
"""

# ruff: noqa: ARG001 - the signatures are Rasa's

from __future__ import annotations

from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction


def install() -> None:
    """Replace the check in Rasa's `RemoteAction`. Calling it again changes nothing."""
    if getattr(RemoteAction._validate_action_result, "is_compiled_once", False):
        return
    # The dialect that `jsonschema.validate` would choose for a schema that names none is a newer one; the two agree on
    # every keyword of Rasa's schema (type, properties, items, required, enum, oneOf, const).
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        """Return True, or raise the first jsonschema.ValidationError of an action server's answer."""
        for error in validator.iter_errors(result):
            raise error
        return True

    validate_action_result.is_compiled_once = True  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = validate_action_result
