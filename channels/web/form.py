"""The routes of the plain form: the same desk, the same road, and the page waits for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sanic import HTTPResponse, Request
from sanic.response import html

from bot.wording import Wording
from channels.agency import Agency
from channels.errors import BadRequest, StoreUnavailable
from channels.responses import error_answer
from channels.text import is_blank, tidy
from channels.thread import Cursor, Entry
from channels.web.desk import WidgetDesk
from channels.web.limits import ANSWER_TIMEOUT_S, MAX_BODY_BYTES
from channels.web.notices import NoticeBoard
from channels.web.parse import LANGUAGES, PageMessage, random_id, read_consent
from channels.web.plain import CONTENT_SECURITY_POLICY, Form, PlainPage
from channels.web.session import Session
from channels.web.stream import Streams
from channels.web.verify import Caller

SHOWN = 20
"""So many of the last entries of a conversation stand on the page."""

_FIELDS = ("id", "agency", "lang", "token", "text", "choice", "consent", "notice", "version", "delete")

# no-referrer would make browsers send `Origin: null` with the form (Fetch standard, section 3.2)
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class FormDesk:
    """Shows the form, takes it, and answers with the conversation so far."""

    def __init__(
        self,
        *,
        desk: WidgetDesk,
        streams: Streams,
        board: NoticeBoard,
        wording: Wording,
        timeout_s: float = ANSWER_TIMEOUT_S,
        new_id: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        self._desk = desk
        self._streams = streams
        self._board = board
        self._wording = wording
        self._page = PlainPage(wording)
        self._timeout_s = timeout_s
        self._new_id = new_id

    async def show(self, request: Request) -> HTTPResponse:
        """GET: an empty form."""
        try:
            agency = self._desk.agency(request.args.get("agency"))
        except BadRequest as error:
            return error_answer(error.http_status, error.code, str(error))
        return await self._answer(self._form(agency, request.args.get("lang")))

    async def take(self, request: Request, caller: Caller) -> HTTPResponse:
        """POST: the form with what was written and answered; only our own page may send it."""
        if caller.origin not in (None, caller.own):
            return error_answer(403, "foreign_origin", "only the form itself may be sent here")
        if len(request.body) > MAX_BODY_BYTES:
            return error_answer(413, "too_large", f"the body is larger than {MAX_BODY_BYTES} bytes")
        fields: Any = request.form or {}
        said = {name: str(fields.get(name) or "") for name in _FIELDS}
        try:
            agency = self._desk.agency(said["agency"])
            message_id = random_id(said["id"])
            form = self._form(agency, said["lang"])
            if said["delete"]:
                return await self._delete(caller, form, said["token"])
            form = replace(form, id=message_id, token=said["token"])
            consent = read_consent(_agreed(said, form.lang))
        except BadRequest as error:
            return error_answer(error.http_status, error.code, str(error))
        form = replace(form, asks_consent=agency.requires_consent and not said["token"], has_consented=bool(consent))
        text = tidy(said["choice"] or said["text"])
        if is_blank(text):
            return await self._answer(replace(form, told=self._wording.text("gateway.empty_text", form.lang)))
        message = PageMessage(message_id, text, form.lang, agency.id, consent)
        try:
            taken = await self._desk.take(caller, message, token=said["token"] or None, address=request.client_ip)
            entries = await self._until_answered(taken.session, message_id)
        except (BadRequest, StoreUnavailable) as error:
            status = error.http_status if isinstance(error, BadRequest) else 503
            wants_consent = isinstance(error, BadRequest) and error.code == "consent_required"
            sentence = self._wording.text("widget.consent_missing" if wants_consent else "page.failed", form.lang)
            # A token that is no longer good would refuse the second attempt too.
            token = "" if status in (401, 403) else form.token
            asks_consent = wants_consent or (agency.requires_consent and not token)
            refused = replace(form, token=token, text=text, told=sentence, asks_consent=asks_consent)
            return await self._answer(refused, status=status)
        form = replace(form, token=taken.token, entries=entries[-SHOWN:], asks_consent=False)
        if entries and entries[-1].payload:
            return await self._answer(replace(form, id=self._new_id()))
        # Sent again with the same id it asks nothing new, and shows the answer when it is there.
        return await self._answer(replace(form, text=text, told=self._wording.text("page.timed_out", form.lang)))

    async def _delete(self, caller: Caller, form: Form, token: str) -> HTTPResponse:
        """Answer with an empty form once the conversation is deleted; where its token is over, say when it goes."""
        try:
            await self._desk.forget(self._desk.session(caller, token or None))
        except BadRequest as error:
            sentence = self._wording.text("widget.delete_expired", form.lang)
            return await self._answer(replace(form, told=sentence), status=error.http_status)
        except StoreUnavailable:
            sentence = self._wording.text("widget.delete_failed", form.lang)
            return await self._answer(replace(form, token=token, told=sentence), status=503)
        return await self._answer(replace(form, told=self._wording.text("widget.deleted", form.lang)))

    async def _until_answered(self, session: Session, message_id: str) -> list[Entry]:
        """Return the conversation once this message is answered, or after the longest wait."""
        entries: list[Entry] = []
        ends_at = asyncio.get_running_loop().time() + self._timeout_s
        with self._streams.following(session.conversation, Cursor()) as follower:
            while not follower.is_ended:
                while found := await self._streams.unread(follower):
                    entries += found
                if any(entry.payload and entry.message_id == message_id for entry in entries):
                    break
                left_s = ends_at - asyncio.get_running_loop().time()
                if left_s <= 0 or not await follower.is_woken(left_s):
                    break
        return entries

    def _form(self, agency: Agency, lang: str | None) -> Form:
        return Form(
            agency=agency,
            lang=lang if lang in LANGUAGES else agency.lang,
            id=self._new_id(),
            asks_consent=agency.requires_consent,
        )

    async def _answer(self, form: Form, *, status: int = 200) -> HTTPResponse:
        await self._board.refresh()
        page = self._page.render(replace(form, notice=self._board.notice(form.agency.id)))
        return html(page, status=status, headers=_HEADERS)


def _agreed(said: Mapping[str, str], lang: str) -> dict[str, str | None] | None:
    """What the box that was ticked says, as a page with script would; None where it was not."""
    if not said["consent"]:
        return None
    return {"lang": lang, "notice": said["notice"] or None, "version": said["version"] or None}
