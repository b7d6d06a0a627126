"""Takes what pages with the widget send, on the road of every channel, and gives them what is stored for them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels.agency import Agency, Directory
from channels.errors import BadRequest
from channels.event import Acceptance, Consent, EventKind, InboundEvent
from channels.ports import Clock, Inbox
from channels.reception import Reception
from channels.thread import Cursor, Feedback
from channels.web.limits import ADDRESS_RATE, BATCH, READ_RATE, RENEW_AFTER, SESSION_RATE, TOKEN_LIFE
from channels.web.parse import PageFeedback, PageMessage
from channels.web.rates import Buckets, neighbourhood
from channels.web.session import CHANNEL, Session, Sessions
from channels.web.stream import Streams
from channels.web.verify import Caller, Origins

_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is stored, and how its page goes on."""

    token: str = field(repr=False)
    session: Session
    cursor: Cursor  # from which a reader finds the answer


class WidgetDesk:
    """Everything that a page may do. Every method raises BadRequest and StoreUnavailable."""

    def __init__(
        self,
        *,
        reception: Reception,
        inbox: Inbox,
        directory: Directory,
        sessions: Sessions,
        origins: Origins,
        streams: Streams,
        clock: Clock,
    ) -> None:
        self._reception = reception
        self._inbox = inbox
        self._directory = directory
        self._sessions = sessions
        self._origins = origins
        self._streams = streams
        self._clock = clock
        self._of_session = Buckets(SESSION_RATE)
        self._of_address = Buckets(ADDRESS_RATE)
        self._reads = Buckets(READ_RATE)

    def agency(self, agency_id: str | None) -> Agency:
        """Return the agency that a page names; the default one where it names none."""
        agency = self._directory.default if not agency_id else self._directory.named(agency_id)
        if agency is None:
            raise BadRequest("unknown_agency", "no agency has this id", http_status=404)
        return agency

    def session(self, caller: Caller, token: str | None) -> Session:
        """Return for whom a page speaks: the token holds, is of its origin, and the agency still names that origin."""
        if token is None:
            raise BadRequest("no_token", "a bearer token is wanted", http_status=401)
        origin = caller.own if caller.origin is None and caller.names_none else caller.origin or ""
        session = self._sessions.read(token, origin=origin, now=self._clock.now())
        self._origins.admit(caller, session.agency)
        return session

    async def take(self, caller: Caller, message: PageMessage, *, token: str | None, address: str) -> Taken:
        """Store a message and say where its answer will stand.

        Without a token it begins a conversation. The same message again changes nothing and is told the same.
        """
        now = self._clock.now()
        session = None if token is None else self.session(caller, token)
        if session is not None and message.agency not in (None, session.agency):
            raise BadRequest("foreign_token", "the token is of another agency", http_status=403)
        agency = self.agency(message.agency if session is None else session.agency)
        origin = self._origins.admit(caller, agency.id)
        person = self._sessions.begin(agency.id, origin, message.id) if session is None else session.person
        self._of_address.take(neighbourhood(address), now)
        token, renewed = self._sessions.issue(agency.id, person, origin, now)
        self._of_session.take(renewed.conversation, now)
        before = Cursor() if session is None else await self._position(session)
        accepted = await self._reception.accept(_event(renewed, message, now), needs_consent=agency.requires_consent)
        if accepted is Acceptance.UNAGREED:
            raise BadRequest("consent_required", "the person has to agree to the notice first", http_status=409)
        if accepted is Acceptance.FULL:
            raise BadRequest("too_many_pending", "too many unanswered questions", http_status=429, retry_after_s=10)
        if accepted is Acceptance.DUPLICATE:
            before = await self._before(renewed, message.id, now)
        self._streams.wake(renewed.conversation)
        return Taken(token, renewed, before)

    def renewed(self, session: Session) -> tuple[str, Session] | None:
        """Return a fresh token in place of one that is used and no longer fresh, else None."""
        now = self._clock.now()
        if now - session.issued_at < RENEW_AFTER:
            return None
        return self._sessions.issue(session.agency, session.person, session.origin, now)

    async def begin_reading(self, session: Session) -> None:
        """Return when a page may read its conversation: it is there, and is not asked for too often."""
        self._reads.take(session.conversation, self._clock.now())
        await self._position(session)

    async def rate(self, session: Session, feedback: PageFeedback, *, address: str) -> None:
        """Keep what a person thinks of an answer."""
        now = self._clock.now()
        self._of_address.take(neighbourhood(address), now)
        self._of_session.take(session.conversation, now)
        given = Feedback(session.conversation, feedback.message_id, feedback.is_useful, feedback.why, now)
        if not await self._inbox.give_feedback(given):
            raise BadRequest("unknown_message", "this conversation has no answer to that message", http_status=404)

    async def forget(self, session: Session) -> None:
        """Empty everything of a conversation. Its token is of no use any more, for nothing is left to speak of."""
        await self._inbox.forget(session.conversation, before=self._clock.now() + _A_MOMENT)
        self._streams.end_of(session.conversation)

    async def _position(self, session: Session) -> Cursor:
        position = await self._inbox.position(session.conversation)
        if position is None:
            raise BadRequest("ended", "the conversation was deleted, or nothing of it is kept", http_status=401)
        return position

    async def _before(self, session: Session, message_id: str, now: datetime) -> Cursor:
        """Return where a reader stands before a message that was stored earlier.

        What is deleted, or is older than a token lives, is not opened again by somebody who knows its first message.
        """
        before = Cursor()
        while entries := await self._inbox.entries_after(session.conversation, before, limit=BATCH):
            for entry in entries:
                if entry.message_id == message_id and now - entry.at < TOKEN_LIFE:
                    return before
                before = entry.cursor
        raise BadRequest("used_id", "the message was sent before and is deleted or old", http_status=409)


def _event(session: Session, message: PageMessage, now: datetime) -> InboundEvent:
    """The key under which a message is known stays when it is deleted, so it is a digest that says nothing."""
    given = message.consent
    key = hashlib.sha256(f"{session.conversation}\n{message.id}".encode()).hexdigest()
    return InboundEvent(
        channel=CHANNEL,
        account=session.agency,
        person=session.person,
        dedup_key=key,
        message_id=message.id,
        kind=EventKind.TEXT,
        text=message.text,
        occurred_at=now,
        lang=message.lang,
        consent=None if given is None else Consent(session.agency, now, given.lang, given.notice, given.version),
    )
