"""Origins: what an operator may write, and who is let in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import configuration
from channels.agencies_file import Agencies, read_agencies
from channels.agency import Agency
from channels.configuration import configure
from channels.errors import BadRequest
from channels.origin import origin_of, read_origin, read_origins
from channels.settings import GatewaySettings, SettingsFault
from channels.web.verify import Caller, Origins

OWN = "https://chat.tinh.gov.vn"
ORIGINS = Origins(
    [Agency(id="default", origins=("https://tinh.gov.vn",)), Agency(id="hue", origins=("https://a.vn:8443",))]
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://tinh.gov.vn", "https://tinh.gov.vn"), (" HTTPS://Tinh.Gov.VN ", "https://tinh.gov.vn"),
        ("https://tinh.gov.vn:443", "https://tinh.gov.vn"), ("https://tinh.gov.vn:8443", "https://tinh.gov.vn:8443"),
        ("https://xn--tnh-8ma.vn", "https://xn--tnh-8ma.vn"), ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"), ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)  # fmt: skip
def test_an_origin_is_read_as_browsers_send_it(written: str, read: str) -> None:
    assert read_origin(written) == read
    assert read_origin(read) == read


@pytest.mark.parametrize(
    "written",
    [
        "", "*", "null", "tinh.gov.vn", "https://", "https://*.gov.vn", "https://tinh.gov.vn/", "https://tinh.gov.vn/chat",
        "https://tinh.gov.vn?x", "https://tinh.gov.vn#x", "https://a@tinh.gov.vn", "https://tính.gov.vn", "http://tinh.gov.vn",
        "https://tinh.gov.vn:", "https://tinh.gov.vn:0", "https://tinh.gov.vn:65536", "https://tinh.gov.vn:x",
        "https://tinh.gov.vn.", "https://tinh..vn", "https://-a.vn", "ftp://tinh.gov.vn", "https://a.vn https://b.vn",
        "https://tinh.gov.vn\nx", "https://tinh_gov.vn",
    ],
)  # fmt: skip
def test_what_is_no_single_origin_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        read_origin(written)


def test_a_list_is_read_in_order_each_once() -> None:
    assert read_origins("https://b.vn, https://a.vn,,https://b.vn:443") == ("https://b.vn", "https://a.vn")
    assert read_origins("") == ()


@given(st.text(max_size=40))
def test_only_the_very_origin_of_the_agency_or_our_own_is_let_in(origin: str) -> None:
    caller = Caller(origin=origin, own=OWN)
    if origin in (OWN, "https://tinh.gov.vn"):
        assert ORIGINS.admit(caller, "default") == origin
        return
    with pytest.raises(BadRequest) as caught:
        ORIGINS.admit(caller, "default")
    assert (caught.value.http_status, caught.value.code) == (403, "foreign_origin")


def test_an_origin_speaks_for_its_own_agency_and_ours_for_all() -> None:
    assert ORIGINS.admit(Caller("https://a.vn:8443", OWN), "hue") == "https://a.vn:8443"
    assert ORIGINS.admit(Caller(OWN, OWN), "hue") == OWN
    for caller, agency in (
        (Caller("https://a.vn:8443", OWN), "default"),
        (Caller("https://tinh.gov.vn", OWN), "hue"),
        (Caller("https://tinh.gov.vn", OWN), "nobody"),
    ):
        with pytest.raises(BadRequest):
            ORIGINS.admit(caller, agency)


@pytest.mark.parametrize(
    ("site", "names_none", "is_admitted"),
    [(None, True, True), ("same-origin", True, True), ("none", True, True), ("same-site", True, False),
     ("cross-site", True, False), ("same-origin", False, False), (None, False, False)],
)  # fmt: skip
def test_without_an_origin_only_our_own_page_reads(site: str | None, names_none: bool, is_admitted: bool) -> None:
    caller = Caller(None, OWN, site, names_none)
    if is_admitted:
        assert ORIGINS.admit(caller, "default") == OWN
        return
    with pytest.raises(BadRequest):
        ORIGINS.admit(caller, "default")


def test_under_the_public_host_the_public_address_is_our_own_origin_whatever_the_scheme() -> None:
    origins = Origins([], public_url=OWN)
    assert origins.own("http", "chat.tinh.gov.vn") == OWN
    assert origins.own("http", "127.0.0.1:8080") == "http://127.0.0.1:8080"
    assert Origins([]).own("https", "A.vn:443") == origin_of("https", "a.vn") == "https://a.vn"


def test_the_settings_name_the_origins_of_the_default_agency_and_the_file_those_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "channels.toml"
    path.write_text(
        '[[agency]]\nid = "hue"\nname = "Huế"\norigins = ["https://HUE.gov.vn:443", "https://hue.gov.vn"]\n'
        'privacy_url = "https://hue.gov.vn/du-lieu"\n'
    )
    found = read_agencies(path, named=lambda _: None)
    settings = GatewaySettings(_env_file=None, widget_origins="https://a.vn,https://b.vn", privacy_url="https://a.vn/x")
    directory = configure(settings, found).directory
    assert directory.agency("web", "default").origins == ("https://a.vn", "https://b.vn")
    assert directory.agency("web", "default").privacy_url == "https://a.vn/x"
    hue = directory.named("hue")
    assert hue is not None and hue is directory.agency("web", "hue")
    assert (hue.origins, hue.privacy_url) == (("https://hue.gov.vn",), "https://hue.gov.vn/du-lieu")
    assert directory.named("nobody") is None
    assert [agency.id for agency in directory.agencies] == ["default", "hue"]
    described = Agencies((Agency(id="default", name="Tỉnh", origins=("https://c.vn",)),))
    assert configure(settings, described).directory.default.origins == ("https://c.vn",)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOVCHAT_WIDGET_ORIGINS", "https://a.vn/, https://b.vn")
    path.write_text('[[agency]]\nid = "hue"\nname = "Huế"\norigins = ["*"]\n')
    with pytest.raises(SettingsFault) as caught:
        configuration.load()
    assert [fault for fault in caught.value.faults if "GOVCHAT_WIDGET_ORIGINS" in fault and "origin" in fault]
    assert [fault for fault in caught.value.faults if "agency hue, origins 1" in fault]
