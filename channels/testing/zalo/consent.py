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
    oa_id = scene.consents_at_once or query.get("oa_id")
    if oa_id is None:
        return Answer(200, _page(scene, query), HEADERS)
    if oa_id not in scene.accounts:
        return Answer(400, {"error": -14006, "error_name": "Invalid oa id"})
    challenge = query.get("code_challenge") or None
    code = scene.grants.code(app.app_id, oa_id, scene.clock.now(), challenge=challenge)
    back = {"code": code, "oa_id": oa_id, **({"state": query["state"]} if "state" in query else {})}
    joint = "&" if "?" in redirect_uri else "?"
    return Answer(302, "", {"location": f"{redirect_uri}{joint}{urlencode(back)}"})


def _page(scene: ZaloScene, query: Mapping[str, str]) -> str:
    links = [
        f'<li><a href="/v4/oa/permission?{html.escape(urlencode({**query, "oa_id": account.oa_id}))}">'
        f"Đồng ý cho {html.escape(account.name)}</a></li>"
        for account in scene.accounts.values()
    ]
    template = Template(PAGE.read_text(encoding="utf-8"))
    return template.substitute(app_id=html.escape(query.get("app_id", "")), accounts="\n".join(links))
