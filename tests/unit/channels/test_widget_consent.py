"""Consent: what a page may say of it, where an agency requires it, and the box of the plain form."""

import json
import unicodedata
from pathlib import Path
from uuid import uuid4

import pytest

from bot.wording import LANGUAGES, Wording
from channels import configuration
from channels.agencies_file import Agencies, read_agencies
from channels.agency import Agency
from channels.configuration import configure
from channels.errors import BadRequest
from channels.settings import GatewaySettings, SettingsFault
from channels.web.parse import PageConsent, parse_message
from channels.web.plain import Form, PlainPage

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")
NOTICE = "https://hue.gov.vn/du-lieu"
HUE = Agency(id="hue", privacy_url=NOTICE, privacy_version='lần "3"', requires_consent=True)


def message(consent: object) -> bytes:
    return json.dumps({"id": str(uuid4()), "text": "x", "consent": consent}).encode()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (None, None),
        ({"lang": "vi"}, PageConsent("vi", None, None)),
        ({"lang": "zh", "notice": NOTICE, "version": "lần 3"}, PageConsent("zh", NOTICE, "lần 3")),
        ({"lang": "en", "notice": "http://x", "version": None, "more": 1}, PageConsent("en", "http://x", None)),
    ],
)
def test_a_consent_is_read(said: object, read: PageConsent | None) -> None:
    assert parse_message(message(said)).consent == read


@pytest.mark.parametrize(
    "said",
    [
        True, "yes", [], {}, {"lang": "fr"}, {"lang": None}, {"lang": ["vi"]}, {"lang": "vi", "notice": ""},
        {"lang": "vi", "notice": "javascript:alert(1)"}, {"lang": "vi", "notice": "https://hue.gov.vn/a b"},
        {"lang": "vi", "notice": f"https://{'x' * 2_000}"}, {"lang": "vi", "notice": 7},
        {"lang": "vi", "notice": "https://huế.gov.vn/"}, {"lang": "vi", "version": ""},
        {"lang": "vi", "version": " 1"}, {"lang": "vi", "version": "x" * 101}, {"lang": "vi", "version": 3},
        {"lang": "vi", "version": "a\x00b"},
    ],
)  # fmt: skip
def test_what_is_no_consent_is_refused(said: object) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_message(message(said))
    assert caught.value.code == "invalid_consent"


def test_settings_and_file_say_where_consent_is_required(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(
        f'[[agency]]\nid = "hue"\nname = "Huế"\nprivacy_url = "{NOTICE}"\nprivacy_version = "2026-01"\n'
        "require_consent = true\n"
    )
    found = read_agencies(path, named=lambda _: None)
    settings = GatewaySettings(_env_file=None, privacy_url=NOTICE, privacy_version="7", require_consent=True)  # type: ignore[call-arg]
    for agency, version in zip(configure(settings, found).directory.agencies, ("7", "2026-01"), strict=True):
        assert (agency.requires_consent, agency.privacy_version, agency.privacy_url) == (True, version, NOTICE)
    plain = configure(GatewaySettings(_env_file=None), Agencies()).directory.default  # type: ignore[call-arg]
    assert (plain.requires_consent, plain.privacy_version) == (False, None)


def test_what_the_operator_names_can_be_named_in_a_consent() -> None:
    version = unicodedata.normalize("NFD", "lần 3")  # as some keyboards write it
    settings = GatewaySettings(_env_file=None, privacy_url="https://hue.gov.vn/dữ-liệu", privacy_version=version)  # type: ignore[call-arg]
    said = {"lang": "vi", "notice": settings.privacy_url, "version": settings.privacy_version}
    shown = "https://hue.gov.vn/d%E1%BB%AF-li%E1%BB%87u"
    assert parse_message(message(said)).consent == PageConsent("vi", shown, "lần 3")


def test_consent_without_a_notice_to_agree_to_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOVCHAT_REQUIRE_CONSENT", "true")
    (tmp_path / "channels.toml").write_text('[[agency]]\nid = "hue"\nname = "Huế"\nrequire_consent = true\n')
    with pytest.raises(SettingsFault) as caught:
        configuration.load()
    assert [fault.partition(":")[0] for fault in caught.value.faults] == ["agency default", "agency hue"]
    monkeypatch.setenv("GOVCHAT_PRIVACY_VERSION", " x")
    with pytest.raises(SettingsFault, match="GOVCHAT_PRIVACY_VERSION"):
        configuration.load()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_plain_form_has_a_box_for_consent_where_it_is_asked_for(lang: str) -> None:
    page = PlainPage(WORDING)
    asking = page.render(Form(agency=HUE, lang=lang, id="x", asks_consent=True))
    assert '<input type="checkbox" name="consent" value="yes" required>' in asking
    assert WORDING.text("widget.consent_check", lang) in asking
    assert f'name="notice" value="{NOTICE}"' in asking
    assert 'name="version" value="lần &quot;3&quot;"' in asking
    assert " checked>" in page.render(Form(agency=HUE, lang=lang, id="x", asks_consent=True, has_consented=True))
    assert "checkbox" not in page.render(Form(agency=HUE, lang=lang, id="x"))


def test_a_conversation_can_be_deleted_from_the_plain_form() -> None:
    page = PlainPage(WORDING)
    assert 'name="delete"' not in page.render(Form(agency=HUE, lang="vi", id="x"))
    assert 'name="delete" value="yes" formnovalidate' in page.render(Form(agency=HUE, lang="vi", id="x", token="t"))
