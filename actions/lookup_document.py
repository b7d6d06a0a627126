"""`action_lookup_document`: a document asked for by number or by name."""

from __future__ import annotations

from actions.answer_question import AnswerQuestion


class LookupDocument(AnswerQuestion):
    """Show the document that was named; without a number, the one whose name fits."""

    action_name = "action_lookup_document"
    intent = "ask_document_by_number"
