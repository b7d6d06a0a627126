"""What can go wrong while an action answers, named by what the caller does next.

ActionError
└── IndexUnavailable    the snapshot or the catalogue cannot be read: the turn ends as `error_index`
"""

from __future__ import annotations


class ActionError(Exception):
    """An action could not answer."""


class IndexUnavailable(ActionError):
    """The snapshot or the catalogue cannot be read; the citizen is told so and the operator sees it."""
