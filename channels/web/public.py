"""What every page may read before anything is written: an agency's facts, and the widget's files."""

from __future__ import annotations

from collections.abc import Mapping

from sanic import HTTPResponse, Request
from sanic.response import raw

from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.errors import BadRequest
from channels.responses import error_answer, json_answer
from channels.web.desk import WidgetDesk
from channels.web.files import ServedFile
from channels.web.notices import NoticeBoard, to_wire
from channels.web.parse import LANGUAGES


async def config(request: Request, desk: WidgetDesk, board: NoticeBoard, wording: Wording) -> HTTPResponse:
    """Return what anybody may know of an agency; pages of every origin may read it."""
    try:
        agency = desk.agency(request.args.get("agency"))
    except BadRequest as error:
        return error_answer(error.http_status, error.code, str(error))
    await board.refresh()
    lang = request.args.get("lang")
    lang = lang if lang in LANGUAGES else agency.lang
    answer = json_answer(
        {
            "agency": {"id": agency.id, "name": agency.name, "hotline": agency.hotline},
            "notice": to_wire(board.notice(agency.id)),
            "words": words(wording, lang),
            "lang": lang,
            "privacy_url": agency.privacy_url,
            "privacy_version": agency.privacy_version,
            "requires_consent": agency.requires_consent,
        }
    )
    answer.headers.update(
        {"cache-control": "public, max-age=60", "access-control-allow-origin": "*", "x-content-type-options": "nosniff"}
    )
    return answer


def words(wording: Wording, lang: str = DEFAULT_LANGUAGE) -> dict[str, str]:
    """Return the widget's sentences by their names, and those about validity, which all channels share."""
    shared = [key for key in wording.keys("gateway") if key.startswith("gateway.validity_")]
    return {key.partition(".")[2]: wording.text(key, lang) for key in (*shared, *wording.keys("widget"))}


def file_answer(request: Request, files: Mapping[str, ServedFile], name: str) -> HTTPResponse:
    """Return one of the widget's files, or 304 where it is known already."""
    if name not in files:
        return error_answer(404, "not_found", "no such file")
    takes_gzip = "gzip" in (request.headers.get("accept-encoding") or "")
    status, body, headers = files[name].answer(takes_gzip=takes_gzip, known=request.headers.get("if-none-match") or "")
    return raw(body, status=status, headers=headers, content_type=headers["content-type"])
