"""One Official Account against Zalo: token, OA, package, proof.

Source: reference/zalo-oa.md sections 8, 9, 11 and 12, read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Mapping

from channels.agency import ZaloAccount
from channels.doctor.check import Check, State
from channels.doctor.events import examine_events
from channels.doctor.tools import Tools
from channels.doctor.webhooks import examine_zalo_webhook
from channels.errors import ChannelError
from channels.zalo.open_api import (
    Oa,
    OpenApiError,
    OpenApiRefused,
    OpenApiUnreachable,
    read_oa,
    refusal_of_a_false_token,
)

KINDS = {2: "business (doanh nghiệp)", 4: "government (cơ quan nhà nước)"}
"""`oa_type` of accounts that may use the API as an agency does."""

WRONG_PROOF = -242

REMEDIES: Mapping[int, str] = {
    -32: "too many calls; try again in a minute",
    -124: "obtain a token again by the consent page",
    -204: "the OA is disabled: OA Manager says why",
    -205: "there is no such OA",
    -209: "switch the app to active (đang hoạt động) at developers.zalo.me",
    -212: "register the product “Official Account API” for the app at developers.zalo.me",
    -216: "the token is not valid: obtain one again by the consent page",
    -219: "the app was removed or disabled: see developers.zalo.me",
    -220: "the token ran out: obtain one again by the consent page",
    -221: "have the OA verified (xác thực) in OA Manager",
    -223: "the OA has not granted this permission: consent again with all of them",
    -224: "the OA's package is too small for the API: see OA Manager",
    -242: "the app secret is not the app's: copy it again from developers.zalo.me",
}
"""What to do about an error code of section 9 that a look at the account can meet."""


async def examine_zalo(tools: Tools, account: ZaloAccount) -> list[Check]:
    """Look at one OA from its token to its events."""
    checks = [*await _account(tools, account), _window(account)]
    checks += await examine_zalo_webhook(tools, account)
    checks += await examine_events(tools, "zalo", account.oa_id)
    return checks


async def token_endpoint(tools: Tools, account: ZaloAccount) -> Check:
    """Ask for new tokens with a refresh token that never existed, to see how Zalo refuses."""
    subject, name = "zalo", "unconfirmed_f"
    try:
        said = await refusal_of_a_false_token(
            tools.http, account, oauth_url=tools.configuration.settings.zalo_oauth_url
        )
    except OpenApiUnreachable as error:
        return Check(subject, name, State.FAILS, str(error))
    return Check(subject, name, State.OK, f"the token endpoint refuses a false refresh token with error {said}")


async def _account(tools: Tools, account: ZaloAccount) -> list[Check]:
    subject = f"zalo:{account.oa_id}"
    try:
        token = await tools.access_token(account)
    except ChannelError as error:
        return [Check(subject, "token", State.FAILS, str(error))]
    if token is None:
        sentence = "there is no access token yet: open the consent page as an administrator of the OA"
        return [Check(subject, "token", State.FAILS, sentence)]
    api_url = tools.configuration.settings.zalo_api_url
    try:
        oa = await read_oa(tools.http, api_url=api_url, access_token=token)
    except OpenApiError as error:
        return [Check(subject, "token", State.FAILS, _remedied(error))]
    renewal = "renewed by the gateway" if account.app_secret else "renewed by hand every day: no app secret is set"
    return [
        Check(subject, "token", State.OK, f"Zalo takes it; {renewal}"),
        _same_oa(subject, account, oa),
        _verified(subject, oa),
        _kind(subject, oa),
        _package(subject, oa, tools),
        await _proof(tools, subject, account, token),
    ]


def _same_oa(subject: str, account: ZaloAccount, oa: Oa) -> Check:
    if oa.oa_id == account.oa_id:
        return Check(subject, "oa_id", State.OK, f"the token is of this OA, {oa.name or 'without a name'}")
    sentence = f"the token is of OA {oa.oa_id or 'unknown'}: consent again with the right OA, or correct the OA's id"
    return Check(subject, "oa_id", State.FAILS, sentence)


def _verified(subject: str, oa: Oa) -> Check:
    if oa.is_verified:
        return Check(subject, "verified", State.OK, "the OA is verified")
    state = State.CHECK_BY_HAND if oa.is_verified is None else State.FAILS
    return Check(subject, "verified", state, "the OA is not shown as verified (xác thực): apply in OA Manager")


def _kind(subject: str, oa: Oa) -> Check:
    if oa.kind in KINDS:
        return Check(subject, "kind", State.OK, KINDS[oa.kind])
    sentence = (
        f"the OA is of kind {oa.kind or 'unknown'}, neither business nor government; Zalo may refuse calls (-235)"
    )
    return Check(subject, "kind", State.CHECK_BY_HAND, sentence)


def _package(subject: str, oa: Oa, tools: Tools) -> Check:
    today = tools.clock.now().date()
    if oa.package_until is not None and oa.package_until < today:
        sentence = f"the package {oa.package or ''} ended on {oa.package_until}: renew it in OA Manager"
        return Check(subject, "package", State.FAILS, sentence)
    if oa.package is None:
        sentence = "Zalo names no package; sends that fail with -224 mean that the OA needs a higher one"
        return Check(subject, "package", State.CHECK_BY_HAND, sentence)
    until = f" until {oa.package_until}" if oa.package_until else ""
    return Check(subject, "package", State.OK, f"{oa.package}{until}")


async def _proof(tools: Tools, subject: str, account: ZaloAccount, token: str) -> Check:
    name = "appsecret_proof"
    if account.app_secret is None:
        return Check(subject, name, State.OFF, "no app secret is set, so calls carry no proof")
    api_url = tools.configuration.settings.zalo_api_url
    try:
        await read_oa(tools.http, api_url=api_url, access_token=token, app_secret=account.app_secret)
    except OpenApiError as error:
        return Check(subject, name, State.FAILS, _remedied(error))
    return Check(subject, name, State.OK, "Zalo takes the proof of the app secret")


def _window(account: ZaloAccount) -> Check:
    paid = "and, billed by Zalo, to 7 days" if account.sends_paid else "and not later (sends_paid is off)"
    sentence = f"answers go out within 48 hours of the person's last action {paid}"
    return Check(f"zalo:{account.oa_id}", "window", State.OK, sentence)


def _remedied(error: OpenApiError) -> str:
    remedy = REMEDIES.get(error.code) if isinstance(error, OpenApiRefused) else None
    return f"{error}; {remedy}" if remedy else str(error)
