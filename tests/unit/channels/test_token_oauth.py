"""How Zalo is asked for tokens, and what each answer means."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from channels.agency import Agency, ZaloAccount
from channels.tokens.oauth import (
    ACCESS_TOKEN_LIFE,
    AnswerLost,
    GrantRefused,
    NotSent,
    OAuthError,
    ZaloOAuth,
    challenge_of,
    new_verifier,
)
from channels.tokens.pair import Pair

OAUTH, API = "https://oauth.example", "https://api.example"
ACCOUNT = ZaloAccount(
    agency=Agency(id="a"), app_id="4100000000000000001", oa_id="9000000000000000001",
    oa_secret_key="oaSecretDemo123", app_secret="appSecretDemo",
)  # fmt: skip
ANSWER = {"access_token": "a2", "refresh_token": "r2", "expires_in": "90000"}


class Answering:
    """Keeps what is asked and answers, or fails, the same way each time."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.asked: list[httpx.Request] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def oauth(platform: Answering) -> ZaloOAuth:
    return ZaloOAuth(httpx.Client(transport=httpx.MockTransport(platform)), oauth_url=OAUTH, api_url=API)


def refresh(answer: httpx.Response | Exception):
    return oauth(Answering(answer)).refresh(ACCOUNT, "r1", on_sent=lambda: None)


def test_the_challenge_is_that_of_the_reference():
    assert challenge_of("demoVerifier0123456789ABCDEFabcdefGHIJKLmno") == "1I4MM4sOYHOaoGkw5NyNdUdq6eLJ_JVvqNbcfdfr-08"


def test_a_verifier_is_43_letters_and_digits_and_never_the_same():
    made = {new_verifier() for _ in range(50)}
    assert len(made) == 50
    assert all(len(verifier) == 43 and verifier.isascii() and verifier.isalnum() for verifier in made)


def test_the_consent_page_is_asked_for_with_app_callback_challenge_and_state():
    address = urlsplit(
        oauth(Answering(httpx.Response(200))).permission_url(
            ACCOUNT, redirect_uri="https://chat.example.vn/oauth/zalo/callback", verifier="v" * 43, state="s&x"
        )
    )
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{OAUTH}/v4/oa/permission"
    assert parse_qs(address.query) == {
        "app_id": [ACCOUNT.app_id],
        "redirect_uri": ["https://chat.example.vn/oauth/zalo/callback"],
        "code_challenge": [challenge_of("v" * 43)],
        "state": ["s&x"],
    }


def test_a_refresh_is_a_form_with_the_app_secret_in_a_header():
    platform = Answering(httpx.Response(200, json=ANSWER))
    grant = oauth(platform).refresh(ACCOUNT, "r1", on_sent=lambda: None)
    assert (grant.pair, grant.life) == (Pair("a2", "r2"), timedelta(hours=25))
    (asked,) = platform.asked
    assert (asked.method, str(asked.url)) == ("POST", f"{OAUTH}/v4/oa/access_token")
    assert asked.headers["secret_key"] == "appSecretDemo"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(asked.content.decode()) == {
        "app_id": [ACCOUNT.app_id], "grant_type": ["refresh_token"], "refresh_token": ["r1"],
    }  # fmt: skip


def test_an_exchange_sends_code_and_verifier():
    platform = Answering(httpx.Response(200, json=ANSWER))
    assert oauth(platform).exchange(ACCOUNT, code="c1", verifier="v1").pair == Pair("a2", "r2")
    assert parse_qs(platform.asked[0].content.decode()) == {
        "app_id": [ACCOUNT.app_id], "grant_type": ["authorization_code"], "code": ["c1"], "code_verifier": ["v1"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        ("3600", timedelta(hours=1)),
        (3600, timedelta(hours=1)),
        (None, ACCESS_TOKEN_LIFE),
        ("soon", ACCESS_TOKEN_LIFE),
        ("-5", ACCESS_TOKEN_LIFE),
        ("9" * 30, ACCESS_TOKEN_LIFE),
        ([], ACCESS_TOKEN_LIFE),
    ],
)
def test_a_pair_is_never_lost_over_its_expires_in(expires_in, life):
    grant = refresh(httpx.Response(200, json=ANSWER | {"expires_in": expires_in}))
    assert (grant.pair, grant.life) == (Pair("a2", "r2"), life)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectError("refused"), NotSent),
        (httpx.ConnectTimeout("slow"), NotSent),
        (httpx.PoolTimeout("full"), NotSent),
        (httpx.LocalProtocolError("a line break in a header"), NotSent),
        (httpx.ReadTimeout("slow"), AnswerLost),
        (httpx.WriteError("broken"), AnswerLost),
        (httpx.WriteTimeout("slow"), AnswerLost),
        (httpx.RemoteProtocolError("closed"), AnswerLost),
        (httpx.ReadError("broken"), AnswerLost),
        (httpx.Response(502, text="<html>bad gateway"), AnswerLost),
        (httpx.Response(503, json={"error": -1}), AnswerLost),
        (httpx.Response(200, text="<html>"), AnswerLost),
        (httpx.Response(200, json=[1]), AnswerLost),
        (httpx.Response(200, json={}), AnswerLost),
        (httpx.Response(200, json={"error": 0, "access_token": "a2"}), AnswerLost),
        (httpx.Response(200, json={"access_token": "", "refresh_token": ""}), AnswerLost),
        (httpx.Response(200, json={"error": -14014, "error_name": "Invalid refresh token"}), GrantRefused),
        (httpx.Response(400, json={"error": "-14020", "error_reason": "x"}), GrantRefused),
    ],
)
def test_each_failure_says_whether_the_tokens_may_have_changed(answer, kind):
    with pytest.raises(OAuthError) as failure:
        refresh(answer)
    assert type(failure.value) is kind


def test_an_error_that_quotes_the_secrets_is_told_without_them():
    words = "refresh token refresh-abc of secret appSecretDemo is bad"
    platform = Answering(httpx.Response(200, json={"error": -14014, "error_description": words}))
    with pytest.raises(GrantRefused) as refused:
        oauth(platform).refresh(ACCOUNT, "refresh-abc", on_sent=lambda: None)
    assert str(refused.value) == "zalo token error -14014: refresh token […] of secret […] is bad"


def test_a_secret_with_letters_that_no_header_takes_is_refused_there_and_raises_nothing_here():
    platform = Answering(httpx.Response(200, json={"error": -14004}))
    account = ZaloAccount(agency=ACCOUNT.agency, app_id="1", oa_id="2", oa_secret_key="k", app_secret="bí mật")
    with pytest.raises(GrantRefused):
        oauth(platform).refresh(account, "r1", on_sent=lambda: None)


def test_the_health_check_asks_for_the_oa_and_returns_the_error_code():
    platform = Answering(httpx.Response(200, json={"error": -216, "message": "invalid"}))
    assert oauth(platform).health("a1") == -216
    assert (platform.asked[0].method, str(platform.asked[0].url)) == ("GET", f"{API}/v2.0/oa/getoa")
    assert platform.asked[0].headers["access_token"] == "a1"


@pytest.mark.parametrize(
    "answer",
    [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.Response(502), httpx.Response(200, json={})],
)
def test_a_health_check_without_an_error_field_says_nothing(answer):
    with pytest.raises(AnswerLost):
        oauth(Answering(answer)).health("a1")
