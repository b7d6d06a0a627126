"""The action server: `python -m actions` opens the index and serves Rasa's custom actions on loopback."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import structlog
from pydantic import ValidationError
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.agencies import Directory
from actions.answer_question import AnswerQuestion
from actions.ask_again import AskAgain
from actions.check_rumour import CheckRumour
from actions.check_validity import CheckValidity
from actions.desk import Desk
from actions.explain_commune import ExplainCommune
from actions.explain_province import ExplainProvince
from actions.find_responsible_agency import FindResponsibleAgency
from actions.find_successor import FindSuccessor
from actions.fixed import GiveFixedReply, HandOver, MeetInsult, RecordFeedback, SignpostPetition
from actions.list_latest import ListLatest
from actions.lookup_contact import LookupContact
from actions.lookup_document import LookupDocument
from actions.own_words import ConversationWords
from actions.policy import Policy
from actions.set_language import SetLanguage
from actions.settings import ActionSettings
from actions.shell import Shell
from actions.show_article import ShowArticle
from actions.show_full_text import ShowFullText
from actions.show_more import ShowMore
from actions.show_short import ShowShort
from actions.show_source import ShowSource
from actions.take_choice import TakeNo, TakeYes
from actions.weigh_personal_case import WeighPersonalCase
from actions.words import read_function_words
from bot.wording import Wording
from index.errors import IndexProblem
from index.opening import open_catalogue, open_engine, open_links
from index.settings import IndexSettings
from index.text import bodies, places
from index.text.reading import Reader

ACTIONS = (
    AnswerQuestion,
    AskAgain,
    CheckRumour,
    CheckValidity,
    ExplainCommune,
    ExplainProvince,
    FindResponsibleAgency,
    FindSuccessor,
    GiveFixedReply,
    HandOver,
    ListLatest,
    LookupContact,
    LookupDocument,
    MeetInsult,
    RecordFeedback,
    SetLanguage,
    ShowArticle,
    ShowFullText,
    ShowMore,
    ShowShort,
    ShowSource,
    SignpostPetition,
    TakeNo,
    TakeYes,
    WeighPersonalCase,
)


READINGS_KEPT = 64
"""Texts whose reading is kept in memory: one message is read by several steps."""


def open_desk(settings: ActionSettings, index_settings: IndexSettings) -> Desk:
    """Open everything that the actions work with. Raises IndexProblem when the index is not there."""
    catalogue = open_catalogue(index_settings, read_only=True, links=open_links(index_settings))
    engine = open_engine(index_settings, catalogue=catalogue)
    engine.follow()
    function_words = read_function_words(settings.data_dir / "function_words.txt")
    return Desk(
        engine=engine,
        catalogue=catalogue,
        gazetteer=places.load(settings.data_dir / "provinces.jsonl"),
        bodies=bodies.load(settings.data_dir / "agencies.jsonl"),
        directory=Directory.load(settings.data_dir / "agencies.jsonl"),
        wording=Wording.load(settings.data_dir / "wording"),
        policy=Policy(),
        function_words=function_words,
        conversation_words=ConversationWords.load(settings.data_dir / "conversation_words.toml"),
        read=lru_cache(READINGS_KEPT)(Reader.load(settings.data_dir, index_settings.restorer_file).read),
        now=lambda: datetime.now(UTC),
    )


def create_action_server(desk: Desk) -> Sanic[Any, Any]:
    """Return the Sanic app of rasa-sdk with every action of ours registered."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_function(action.action_name, Shell(action(desk), desk).run)
    server: Sanic[Any, Any] = create_app(executor, cors_origins=[])
    return server


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit status."""
    logging.basicConfig(level=logging.WARNING)
    structlog.configure(processors=[structlog.processors.TimeStamper("iso"), structlog.processors.JSONRenderer()])
    try:
        settings = ActionSettings()
        desk = open_desk(settings, IndexSettings())
    except (ValidationError, IndexProblem) as error:
        print(f"actions: {error}", file=sys.stderr)
        return 1
    server = create_action_server(desk)
    server.run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
