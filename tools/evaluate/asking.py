"""Asking the running gateway: several conversations in flight, the turns of each in order."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from tqdm import tqdm
from typing_extensions import Self

from bot.reply import Citation
from index.text.number import number_key

AT_ONCE = 4
WAIT_S = 30.0  # the API gives up after 15
TRIES = 2


class GatewayGone(RuntimeError):
    """Nobody answers at the gateway's address any more; nothing can be measured."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as of a day (YYYY-MM-DD) or of today."""

    question: str
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `status` is "http_504" or the like where the request failed."""

    status: str
    lang: str = ""
    citations: tuple[Citation, ...] = ()
    intent: str = ""

    @property
    def cited(self) -> tuple[str, ...]:
        """Numbers of the citations, in order."""
        return tuple(citation.number for citation in self.citations)

    @property
    def has_failed(self) -> bool:
        """Whether the request itself failed."""
        return self.status.startswith("http_")

    def cites_first(self, documents: Sequence[str]) -> bool:
        """Tell whether the first citation is one of `documents`, by number."""
        return bool(self.citations) and number_key(self.cited[0]) in {number_key(number) for number in documents}

    def cites(self, documents: Sequence[str]) -> bool:
        """Tell whether any citation is one of `documents`, by number."""
        return not {number_key(number) for number in self.cited}.isdisjoint(number_key(number) for number in documents)

    def names_as_successor(self, documents: Sequence[str]) -> bool:
        """Tell whether a citation says that one of `documents` replaced it."""
        successors = {number_key(number) for citation in self.citations for number in citation.replaced_by}
        return not successors.isdisjoint(number_key(number) for number in documents)


@dataclass
class Asker:
    """A client of one gateway; a context manager. A question asked before, alone, is not asked again."""

    url: str
    failures: int = 0  # requests that failed in transport, after TRIES
    snapshots: set[str] = field(default_factory=set)
    transport: httpx.BaseTransport | None = None  # for tests

    def __post_init__(self) -> None:
        self._client = httpx.Client(base_url=self.url, timeout=WAIT_S, transport=self.transport)
        self._known: dict[Asked, Answer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def ask(self, questions: Sequence[Asked], *, title: str) -> list[Answer]:
        """Ask each question in a conversation of its own; answers in the order of `questions`."""
        new = [question for question in dict.fromkeys(questions) if question not in self._known]
        for question, [answer] in zip(new, self.converse([[one] for one in new], title=title), strict=True):
            self._known[question] = answer
        return [self._known[question] for question in questions]

    def converse(self, conversations: Sequence[Sequence[Asked]], *, title: str) -> list[list[Answer]]:
        """Hold each conversation, AT_ONCE of them at a time. Raises GatewayGone."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            held = threads.map(self._hold, conversations)
            return list(tqdm(held, desc=title, total=len(conversations), disable=not conversations))

    def _hold(self, turns: Sequence[Asked]) -> list[Answer]:
        """Hold a conversation; from the beginning, in a new one, where a turn fails."""
        answers: list[Answer] = []
        for _ in range(TRIES):
            conversation, answers = f"evaluate-{uuid.uuid4().hex}", []
            for turn in turns:
                answers.append(self._post(turn, conversation))
                if answers[-1].has_failed:
                    break
            else:
                return answers
        self.failures += 1
        return answers + [Answer("http_not_asked")] * (len(turns) - len(answers))

    def _post(self, turn: Asked, conversation: str) -> Answer:
        body: dict[str, Any] = {"question": turn.question, "conversation_id": conversation}
        if turn.as_of:
            body["as_of"] = turn.as_of
        try:
            response = self._client.post("/api/v1/answers", json=body)
        except httpx.ConnectError as error:
            raise GatewayGone(f"nobody answers at {self.url}") from error
        except httpx.TransportError as error:
            return Answer(f"http_{type(error).__name__}")
        if response.status_code != httpx.codes.OK:
            return Answer(f"http_{response.status_code}")
        found = response.json()
        if found.get("snapshot"):
            self.snapshots.add(found["snapshot"])
        citations = tuple(Citation.from_wire(citation) for citation in found["citations"])
        return Answer(found["status"], found.get("lang") or "", citations, found.get("intent") or "")
