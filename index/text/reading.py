"""One reading of what somebody typed, for everything that computes with it; what people see is the raw text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.text import abbreviations, letters
from index.text.abbreviations import AbbreviationTable
from index.text.chat_spelling import ChatSpelling
from index.text.glossary import Glossary
from index.text.guesses import Guesses
from index.text.joined import JoinedWords
from index.text.language import Language, detect
from index.text.letters import Letters, read_letters
from index.text.repeats import shorten
from index.text.restore import Restorer
from index.text.syllable import is_syllable
from index.text.telex import TelexDecoder
from index.text.unicode import fold, normalise

LONGEST: Final = 2_000
"""Characters of a message that are read (design section 3); what follows is ignored."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in all its forms, each made from the one before. Only `raw` is ever shown."""

    raw: str  # as typed
    normalised: str  # one spelling of every character, see `unicode.normalise`
    written_out: (
        str  # and stretched letters, keystrokes of Telex or VNI, joined words, short forms, chat spellings undone
    )
    restored: str  # and accents put back
    folded: str  # `written_out` in lower case and without accents
    lang: Language  # the language it is written in; anything but "vi" is only normalised and folded


class Reader:
    """Reads messages with the tables of `data/` and the compiled counts; safe to share between threads."""

    def __init__(
        self, *, restorer: Restorer, table: AbbreviationTable, letters: Letters, terms: Iterable[str] = ()
    ) -> None:
        """`terms` of officialese may be typed by their initials."""
        self._restorer = restorer
        self.table = table  # the short forms that are written out
        self._lexicon = frozenset(filter(is_syllable, restorer.syllables))
        self._shapes = self._lexicon | frozenset(map(fold, self._lexicon))
        short = table.keys() | letters.keys()
        self._meant = self._shapes | short  # what no letter was held down in
        self._telex = TelexDecoder(self._lexicon, known=table)
        self._chat = ChatSpelling(self._shapes, known=table)
        self._joined = JoinedWords(restorer.model, shapes=self._shapes, known=short)
        self._guesses = Guesses(restorer.model, shapes=self._shapes, table=table, letters=letters, terms=terms)

    @classmethod
    def load(cls, data: Path, restorer_file: Path) -> Reader:
        """Open abbreviations.tsv, letters.tsv and glossary.tsv below `data`, and the compiled restorer.

        Raises OSError, BadAbbreviations, BadLetters, BadGlossary or BadRestorer where one is missing or malformed.
        """
        return cls(
            restorer=Restorer.load(restorer_file),
            table=abbreviations.load(data / "abbreviations.tsv"),
            letters=letters.load(data / "letters.tsv"),
            terms=Glossary.load(data / "glossary.tsv").terms,
        )

    def read(self, raw: str) -> Reading:
        """Return all forms of the first LONGEST characters of `raw`; never raises."""
        normalised = normalise(raw[:LONGEST])
        written_out = self._telex.decode(shorten(normalised, self._meant))
        lang = detect(written_out)
        if lang != "vi":
            return Reading(raw, normalised, normalised, normalised, fold(normalised), lang)
        written_out = self._joined.part(written_out)
        written_out = self._chat.decode(abbreviations.expand(written_out, self.table, leave_open=True))
        written_out = read_letters(written_out, self._guesses, self._restorer)
        return Reading(raw, normalised, written_out, self._restorer.restore(written_out), fold(written_out), lang)
