"""Hostile addresses, host names and network addresses: all refused before anything is dialled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.address import checked, host_of, is_host, is_public
from index.ingest.errors import Refused
from index.ingest.fetch import Fetcher
from tests.unit.index.ingest.https_site import HOSTS, HttpsSite

HOSTILE = [
    # network addresses in every notation
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://100.100.100.200/latest/meta-data/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:127.0.0.1]/",
    "https://[2002:7f00:1::]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "https://[v1.chinhphu.vn]/",
    "https://①②⑦.⓪.⓪.①/",
    # names of this machine
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost.localdomain/",
    "https://chinhphu.vn.localhost/",
    "https://127.0.0.1.nip.io/",
    # users, and what pretends to be one
    "https://chinhphu.vn@evil.example/",
    "https://chinhphu.vn:443@evil.example/",
    "https://user:secret@chinhphu.vn/",
    "https://@chinhphu.vn/",
    "https://evil.example@chinhphu.vn/",
    "https://chinhphu.vn%40evil.example/",
    "https://evil.example\\@chinhphu.vn/",
    "https://chinhphu.vn\\@evil.example/",
    "https://evil.example#@chinhphu.vn/",
    "https://evil.example?@chinhphu.vn/",
    # look-alike hosts
    "https://evil.example/https://chinhphu.vn/",
    "https://chinhphu.vn.evil.example/",
    "https://evilchinhphu.vn/",
    "https://chinhphu.vn-evil.example/",
    "https://sub.chinhphu.vn/",
    "https://www.chinhphu.vn/",
    "https://chinhphu.vn./",
    "https://.chinhphu.vn/",
    "https://chinhphu..vn/",
    "https://chinhphu.com/",
    "https://chìnhphu.vn/",
    "https://сhinhphu.vn/",  # Cyrillic letter
    "https://chinhphu。vn/",
    "https://chinhphu．vn/",
    "https://ｃhinhphu.vn/",
    "https://chinhphu.vn\u200b/",
    "https://\u202echinhphu.vn/",
    "https://xn--chnhphu-vwa.vn/",
    "https://chinhphu%2evn/",
    "https://%63hinhphu.vn/",
    "https://chinhphu.vn%00.evil.example/",
    "https://chinhphu.vn%2f@evil.example/",
    "https://chinhphu.vn;evil.example/",
    "https://chinhphu.vn,evil.example/",
    # ports
    "https://chinhphu.vn:80/",
    "https://chinhphu.vn:8443/",
    "https://chinhphu.vn:22/",
    "https://chinhphu.vn:/",
    "https://chinhphu.vn:0443/",
    "https://chinhphu.vn:443:443/",
    "https://chinhphu.vn:443@127.0.0.1:443/",
    # schemes
    "http://chinhphu.vn/",
    "HTTP://CHINHPHU.VN/",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file://chinhphu.vn/etc/passwd",
    "gopher://chinhphu.vn:6379/_INFO",
    "ftp://chinhphu.vn/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "jar:https://chinhphu.vn!/",
    "ws://chinhphu.vn/",
    "//chinhphu.vn/",
    "https:/chinhphu.vn/",
    "https:chinhphu.vn/",
    "https:///chinhphu.vn/",
    "https:\\\\chinhphu.vn\\",
    "view-source:https://chinhphu.vn/",
    "chinhphu.vn",
    "/van-ban/1",
    # blanks, control characters, length
    "",
    " ",
    " https://chinhphu.vn/",
    "https://chinhphu.vn/ ",
    "https://chinhphu.vn/a b",
    "https://chinhphu.vn/\tx",
    "https://chinhphu.vn/\r\nHost: evil.example",
    "https://chinhphu.vn\n.evil.example/",
    "ht\ntps://chinhphu.vn/",
    "https://chinhphu.vn/\x00",
    "https://chinhphu.vn/\x7f",
    "https://chinhphu.vn/\u2028",
    "https://chinhphu.vn/\u202egpj.exe",
    "https://chinhphu.vn/\\..\\x",
    "https://chinhphu.vn/\ud800",
    "https://chinhphu.vn/" + "a" * 2_048,
    "https://" + "a." * 5_000 + "vn/",
]


def test_the_table_holds_at_least_sixty_hostile_addresses_none_twice():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.parametrize("url", HOSTILE, ids=ascii)
def test_a_hostile_address_is_refused_and_nothing_is_resolved_or_dialled(url):
    contacted = []
    site = HttpsSite(port=0)
    fetcher = site.fetcher(["chinhphu.vn"], resolve=contacted.append)
    with pytest.raises(Refused) as refusal:
        fetcher.fetch(url)
    assert not contacted
    assert not site.dialled
    assert str(refusal.value).isprintable()


def test_an_address_is_put_together_again_from_its_cleaned_parts():
    assert checked("HTTPS://ChinhPhu.VN:443/A/b?q=1#part", HOSTS) == "https://chinhphu.vn/A/b?q=1"
    assert checked("https://chinhphu.vn", HOSTS) == "https://chinhphu.vn/"
    assert checked("https://chinhphu.vn?x=1", HOSTS) == "https://chinhphu.vn/?x=1"
    assert checked("https://chinhphu.vn/văn-bản?q=số", HOSTS) == "https://chinhphu.vn/v%C4%83n-b%E1%BA%A3n?q=s%E1%BB%91"
    assert checked("https://chinhphu.vn/#@evil.example/", HOSTS) == "https://chinhphu.vn/"
    assert checked("https://chinhphu.vn//evil.example/x", HOSTS) == "https://chinhphu.vn//evil.example/x"
    assert host_of("https://chinhphu.vn/?x=https://evil.example/") == "chinhphu.vn"


@given(st.text(max_size=60))
def test_whatever_is_let_through_begins_with_an_allowed_host(text):
    for url in (text, f"https://{text}", f"https://chinhphu.vn{text}", f"https://{text}chinhphu.vn/"):
        try:
            address = checked(url, HOSTS)
        except Refused:
            continue
        assert address.startswith("https://chinhphu.vn/")
        assert address.isascii()


@pytest.mark.parametrize(
    "name",
    [
        *(
            "localhost",
            "127.0.0.1",
            "10.0.0.1",
            "2130706433",
            "[::1]",
            "chinhphu",
            "ChinhPhu.vn",
            "chinhphu.vn.",
            ".vn",
        ),
        *("a..vn", "-a.vn", "a-.vn", "chính.vn", "a b.vn", "printer.local", "db.internal", "a.localhost", "x.0x7f", ""),
        *(
            "*.gov.vn",
            "chinhphu.vn:443",
            "user@chinhphu.vn",
            "a" * 64 + ".vn",
            "chinhphu.vn\n",
            "1.0.0.127.in-addr.arpa",
        ),
    ],
    ids=ascii,
)
def test_a_name_that_may_be_local_or_is_no_name_can_be_on_no_list(name):
    assert not is_host(name)
    with pytest.raises(Refused):
        Fetcher([name], user_agent="gov-chat/1")


def test_ordinary_names_can_be_on_a_list():
    assert all(
        is_host(name) for name in ("chinhphu.vn", "api-searchcongbao.chinhphu.vn", "xn--chnhphu-vwa.vn", "1022.vn")
    )


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
        *(
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "192.0.0.1",
            "192.0.0.8",
            "192.88.99.1",
            "3fff::1",
            "198.18.0.1",
        ),
        *(
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "::1",
            "::",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd00:ec2::254",
        ),
        *(
            "ff02::1",
            "ff0e::1",
            "fec0::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
        ),
        *("::127.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::", "2002:c0a8:1::1", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b:1::1", "2001:0:1::1", "2001:0:808:808:0:0:80ff:fffe", "not an address", "", "127.1", "0x7f.1"),
    ],
)
def test_a_network_address_that_is_not_public_is_known_as_such(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "203.162.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_a_public_network_address_is_one_also_where_it_is_wrapped(address):
    assert is_public(address)
