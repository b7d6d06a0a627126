"""The Page's face in Messenger before anybody has asked: greeting, Get Started, ice breakers, persistent menu. Pure.

Source: reference/messenger.md section 7.5, read 2026-11-29; developers.facebook.com, reference/messenger-profile-api
(2026-03-18), its page ice-breakers (at most 4; the default locale is required) and send-messages/persistent-menu
(2026-04-22, at most 20 items; needs Get Started). Lengths are background knowledge, section 14 (c).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.wording import LANGUAGES, Wording
from channels.agency import MessengerPage
from channels.buttons import Buttons
from channels.messenger.catalogue import GET_STARTED
from channels.messenger.parse import CHANNEL

MAX_GREETING_CHARS = 160
MAX_ICE_BREAKERS = 4
MAX_QUESTION_CHARS = 80
MAX_MENU_ITEMS = 20
MAX_MENU_TITLE_CHARS = 30

LOCALES: Mapping[str, tuple[str, ...]] = {
    "vi": ("vi_VN",),
    "en": ("en_US", "en_GB"),
    "zh": ("zh_CN", "zh_HK", "zh_TW"),
}
"""Meta's locales in which a person reads one of our languages; everybody else sees the agency's own."""

QUESTIONS = ("question_1", "question_2", "question_3", "question_4")
"""Keys of [profile]: what an ice breaker asks when it is tapped."""

MENU = ("menu_documents", "menu_commune", "menu_petition", "menu_officer", "menu_language", "menu_help")
"""Keys of [profile]: titles; the text that a tap stands for has the same key with "_text"."""

PROPERTIES = ("get_started", "greeting", "ice_breakers", "persistent_menu")
"""In the order in which Meta wants them: no menu without Get Started (error 100/2018145)."""


def wanted_profile(page: MessengerPage, wording: Wording, buttons: Buttons) -> dict[str, Any]:
    """Return the whole profile as the API takes it: the default in the agency's language, the others by locale."""
    languages = {"default": page.agency.lang} | {
        locale: language for language in LANGUAGES if language != page.agency.lang for locale in LOCALES[language]
    }

    def payload(text: str) -> str:
        return buttons.sign(CHANNEL, page.page_id, text)

    def said(key: str, language: str) -> str:
        return wording.text(f"profile.{key}", language)

    return {
        "get_started": {"payload": GET_STARTED},
        "greeting": [{"locale": locale, "text": said("greeting", lang)} for locale, lang in languages.items()],
        "ice_breakers": [
            {
                "locale": locale,
                "call_to_actions": [
                    {"question": said(key, lang), "payload": payload(said(key, lang))} for key in QUESTIONS
                ],
            }
            for locale, lang in languages.items()
        ],
        "persistent_menu": [
            {
                "locale": locale,
                "composer_input_disabled": False,
                "call_to_actions": [
                    {"type": "postback", "title": said(key, lang), "payload": payload(said(f"{key}_text", lang))}
                    for key in MENU
                ],
            }
            for locale, lang in languages.items()
        ],
    }


def changes(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of `wanted` that Meta has not, or has otherwise, in the order of PROPERTIES.

    Order of locales and members that Meta adds of itself make no difference.
    """
    return {
        name: wanted[name] for name in PROPERTIES if _essence(name, wanted[name]) != _essence(name, present.get(name))
    }


def present_profile(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties in an answer of `GET me/messenger_profile`, whose `data` holds one object or several."""
    data = answer.get("data")
    found: dict[str, Any] = {}
    for part in data if isinstance(data, list) else []:
        if isinstance(part, dict):
            found |= part
    return found


def _essence(name: str, value: object) -> object:
    """Return what of a property matters, in a form that can be compared; None for anything of another shape."""
    if name == "get_started":
        return value.get("payload") if isinstance(value, dict) else None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    return {str(each.get("locale")): _of_locale(name, each) for each in value}


def _of_locale(name: str, entry: Mapping[str, Any]) -> object:
    if name == "greeting":
        return entry.get("text")
    actions = entry.get("call_to_actions")
    taps = [
        (each.get("type", "postback"), each.get("title", each.get("question")), each.get("payload"))
        for each in (actions if isinstance(actions, list) else [])
        if isinstance(each, dict)
    ]
    return bool(entry.get("composer_input_disabled", False)), taps
