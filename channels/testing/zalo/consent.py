"""`GET /v4/oa/permission` on the fake: the page on which an OA's administrator lets an app act for it.

Source: reference/zalo-oa.md section 11, read 2026-11-29.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from channels.testing.exchange import Answer
from channels.testing.zalo.scene import ZaloScene

PAGE = Path(__file__).parents[1] / "phone" / "consent.html"

HEADERS = {"content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"}


def permission(scene: ZaloScene, query: Mapping[str, str]) -> Answer:
    """Return the consent page, or the way back to the app once an OA is chosen (or always that, without a page).

    The page is skipped where `scene.consents_at_once` names an OA.
    """
    app = scene.apps.get(query.get("app_id", ""))
    redirect_uri = query.get("redirect_uri", "")
    if app is None:
        return Answer(400, {"error": -14001, "error_name": "Invalid app id"})
    if not redirect_uri.startswith(("http://", "https://")) or redirect_uri != (app.callback_url or redirect_uri):
        return Answer(400, {"error": -14003, "error_name": "Invalid redirect uri"})
    if query.get("declined"):
        return _back(redirect_uri, query, {})
    oa_id = scene.consents_at_once or query.get("oa_id")
    if oa_id is None:
        return Answer(200, _page(scene, query), HEADERS)
    if oa_id not in scene.accounts:
        return Answer(400, {"error": -14006, "error_name": "Invalid oa id"})
    challenge = query.get("code_challenge") or None
    code = scene.grants.code(app.app_id, oa_id, scene.clock.now(), challenge=challenge)
    return _back(redirect_uri, query, {"code": code, "oa_id": oa_id})


def _back(redirect_uri: str, query: Mapping[str, str], told: Mapping[str, str]) -> Answer:
    back = {**told, **({"state": query["state"]} if "state" in query else {})}
    joint = "&" if "?" in redirect_uri else "?"
    return Answer(302, "", {"location": f"{redirect_uri}{joint}{urlencode(back)}"})


def _page(scene: ZaloScene, query: Mapping[str, str]) -> str:
    links = [
        f'<li><a href="{_link(query, oa_id=account.oa_id)}">{html.escape(account.name)} ({account.oa_id})</a></li>'
        for account in scene.accounts.values()
    ]
    template = Template(PAGE.read_text(encoding="utf-8"))
    return template.substitute(
        app_id=html.escape(query.get("app_id", "")), accounts="\n".join(links), decline=_link(query, declined="1")
    )


def _link(query: Mapping[str, str], **chosen: str) -> str:
    return html.escape(f"/v4/oa/permission?{urlencode({**query, **chosen})}")
