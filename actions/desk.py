"""What every action works with, made once in `__main__` and handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from actions.agencies import Directory
from actions.answer import Source
from actions.citing import show_date
from actions.own_words import ConversationWords
from actions.policy import Policy
from bot.wording import Wording
from index.document import Document, Passage
from index.reading import CatalogueReader
from index.scope import ScopedCatalogue, ScopedSearch, Searching
from index.text.bodies import BodyTable
from index.text.number import number_key
from index.text.places import Gazetteer
from index.text.reading import Reading


@dataclass(frozen=True, slots=True)
class Desk:
    """The information desk: the index, the tables, the wording and the clock."""

    engine: Searching
    catalogue: CatalogueReader
    gazetteer: Gazetteer
    bodies: BodyTable
    directory: Directory
    wording: Wording
    policy: Policy
    function_words: frozenset[str]  # data/function_words.txt
    conversation_words: ConversationWords  # data/conversation_words.toml
    read: Callable[[str], Reading]  # a message in all its forms
    now: Callable[[], datetime]  # aware, UTC

    def within(self, sources: tuple[str, ...]) -> Desk:
        """Return a desk whose searches and lists find documents of these sources only (`index.scope`); empty: all."""
        if not sources:
            return self
        engine, catalogue = ScopedSearch(self.engine, sources), ScopedCatalogue(self.catalogue, sources)
        return replace(self, engine=engine, catalogue=catalogue)

    def checked_on(self, lang: str) -> str:
        """Return the day up to which the sources were read, as it is written in `lang`."""
        return show_date(self.catalogue.checked_on(), lang)

    def own_words(self, text: str, *, with_aspects: bool = True) -> list[str]:
        """Return the words of a text that name a subject of its own, see `ConversationWords.own_words`."""
        return self.conversation_words.own_words(self.read(text), with_aspects=with_aspects)

    def source(self, document: Document, on: date, passage: Passage | None = None) -> Source:
        """Return a document as something an answer can stand on, with its validity on a day."""
        return Source(document, self.catalogue.validity(document, on), passage)

    def sources(self, number: str, on: date) -> list[Source]:
        """Return the documents of one full number, newest first; empty where the catalogue holds none."""
        return [self.source(document, on) for document in self.catalogue.find(key=number_key(number))]
