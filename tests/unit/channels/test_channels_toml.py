"""channels.toml: agencies and accounts without a credential in it, and faults that an operator can find."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import configuration
from channels.agencies_file import DAYS, Agencies, read_agencies
from channels.agency import Hours
from channels.configuration import configure
from channels.settings import GatewaySettings, SettingsFault

EXAMPLE = Path(__file__).parents[3] / "docs" / "channels.example.toml"

WHOLE = """
[[agency]]
id = "hue"
name = "UBND thành phố Huế"
language = "en"
sources = ["congbao"]
hotline = "1900 1075"
officers = true
silence_minutes = 90
hours = [{ days = ["mon", "fri"], from = 07:30:00, to = 11:30:00 }]
closed_on = [2027-01-01]

[[agency.zalo]]
app_id = "41"
oa_id = "91"
oa_secret_key = { setting = "OA_KEY" }
app_secret = { setting = "APP_SECRET" }
refresh_token = { setting = "REFRESH" }
sends_paid = true

[[agency.messenger]]
page_id = "11"
app_id = "31"
page_token = { setting = "PAGE_TOKEN" }
app_secrets = [{ setting = "META_NEW" }, { setting = "META_OLD" }]
verify_token = { setting = "VERIFY" }
"""

NAMED = {name: f"value of {name}" for name in
         ("OA_KEY", "APP_SECRET", "REFRESH", "PAGE_TOKEN", "META_NEW", "META_OLD", "VERIFY", "A_TOKEN")}  # fmt: skip


def read(tmp_path: Path, text: str, named: dict[str, str] = NAMED) -> Agencies:
    path = tmp_path / "channels.toml"
    path.write_text(text, encoding="utf-8")
    return read_agencies(path, named=named.get)


def faults(tmp_path: Path, text: str, named: dict[str, str] = NAMED) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read(tmp_path, text, named)
    return [fault.removeprefix(f"{tmp_path}/channels.toml: ") for fault in caught.value.faults]


def settings(**given: object) -> GatewaySettings:
    return GatewaySettings(_env_file=None, **given)


def test_an_agency_is_read_with_its_hours_and_both_of_its_accounts(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    [agency] = found.agencies
    assert (agency.id, agency.name, agency.lang) == ("hue", "UBND thành phố Huế", "en")
    assert (agency.sources, agency.hotline, agency.has_officers) == (("congbao",), "1900 1075", True)
    assert agency.silence == timedelta(minutes=90)
    assert agency.hours == (Hours(frozenset({0, 4}), time(7, 30), time(11, 30)),)
    assert agency.closed_on == {date(2027, 1, 1)}
    zalo, page = found.accounts
    assert (zalo.app_id, zalo.oa_id, zalo.oa_secret_key, zalo.app_secret) == (
        "41", "91", "value of OA_KEY", "value of APP_SECRET")  # fmt: skip
    assert (zalo.refresh_token, zalo.access_token, zalo.sends_paid) == ("value of REFRESH", None, True)
    assert (page.page_id, page.app_id, page.page_token) == ("11", "31", "value of PAGE_TOKEN")
    assert page.app_secrets == ("value of META_NEW", "value of META_OLD")
    assert zalo.agency is agency and page.agency is agency
    assert found.warnings == ()


def test_days_are_those_of_datetime(tmp_path: Path) -> None:
    assert [datetime(2026, 11, 23 + day, tzinfo=UTC).strftime("%a").lower() for day in range(7)] == list(DAYS)


def test_the_documented_example_is_a_whole_file(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("page token\n")
    text = EXAMPLE.read_text(encoding="utf-8").replace("/run/secrets/hue_page_token", str(token))
    path = tmp_path / "channels.toml"
    path.write_text(text, encoding="utf-8")
    found = read_agencies(path, named=lambda name: f"value of {name}")
    assert [agency.id for agency in found.agencies] == ["hue", "so-y-te"]
    assert len(found.accounts) == 4


def test_a_credential_in_a_file_loses_its_line_end_and_is_reported_when_everybody_can_read_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("  from a file \r\n\n")
    secret.chmod(0o600)
    text = WHOLE.replace('{ setting = "OA_KEY" }', f'{{ file = "{secret}" }}')
    found = read(tmp_path, text)
    assert found.accounts[0].oa_secret_key == "  from a file "
    assert found.warnings == ()
    secret.chmod(0o644)
    [warning] = read(tmp_path, text).warnings
    assert str(secret) in warning
    assert "from a file" not in warning


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read: No such file"), (b"\n", "is empty"), (b"\xff", "not UTF-8"), (b"x" * 10_001, "too large")],
)
def test_a_credentials_file_that_cannot_be_used_is_a_fault(tmp_path: Path, content: bytes | None, said: str) -> None:
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_bytes(content)
    [fault] = faults(tmp_path, WHOLE.replace('{ setting = "OA_KEY" }', f'{{ file = "{secret}" }}'))
    assert fault.startswith("agency hue, zalo 1, oa_secret_key: ")
    assert said in fault


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (('id = "hue"', 'id = "Huế"'), "agency Huế, id"),
        (('id = "hue"', ""), "agency number 1, id"),
        (('name = "UBND thành phố Huế"', ""), "agency hue, name"),
        (('language = "en"', 'language = "fr"'), "agency hue, language"),
        (('language = "en"', 'lang = "en"'), "agency hue, lang"),
        (("officers = true", 'officers = "yes"'), "agency hue, officers"),
        (("silence_minutes = 90", "silence_minutes = 0"), "agency hue, silence_minutes"),
        (('"1900 1075"', '"call us"'), "agency hue, hotline"),
        (('["congbao"]', '["congbao", " "]'), "agency hue, sources 2"),
        (('["congbao"]', f'["{"x" * 201}"]'), "agency hue, sources 1"),
        (('["congbao"]', f"{['x'] * 51}"), "agency hue, sources"),
        (('"fri"', '"fry"'), "agency hue, hours 1, days 2"),
        (("to = 11:30:00", "to = 07:30:00"), "agency hue, hours 1"),
        (("from = 07:30:00", 'from = "07:30"'), "agency hue, hours 1, from"),
        (("from = 07:30:00", "from = 7"), "agency hue, hours 1, from"),
        (("[2027-01-01]", "[2027-01-01, 2027-01-02T00:00:00]"), "agency hue, closed_on 2"),
        (('oa_id = "91"', "oa_id = 91"), "agency hue, zalo 1, oa_id"),
        (('oa_id = "91"', 'oa_id = "the OA"'), "agency hue, zalo 1, oa_id"),
        (('{ setting = "OA_KEY" }', '"hunter2hunter2"'), "agency hue, zalo 1, oa_secret_key"),
        (('{ setting = "OA_KEY" }', '{ setting = "OA_KEY", file = "x" }'), "agency hue, zalo 1, oa_secret_key"),
        (('{ setting = "OA_KEY" }', "{ setting = 5 }"), "agency hue, zalo 1, oa_secret_key"),
        (('{ setting = "META_OLD" }', '{ setting = "ABSENT" }'), "agency hue, messenger 1, app_secrets 2"),
        (('[{ setting = "META_NEW" }, { setting = "META_OLD" }]', "[]"), "agency hue, messenger 1, app_secrets"),
        (('verify_token = { setting = "VERIFY" }', ""), "agency hue, messenger 1, verify_token"),
        (('app_secret = { setting = "APP_SECRET" }', ""), "agency hue, zalo 1"),
        (("[[agency.zalo]]", "[[agency.line]]"), "agency hue, line"),
        (("[[agency]]", "version = 1\n[[agency]]"), "version"),
    ],
)
def test_a_fault_names_its_agency_and_its_key(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    text = WHOLE.replace(*change)
    assert text != WHOLE
    found = faults(tmp_path, text)
    assert [fault.partition(": ")[0] for fault in found] == [place]
    assert not any("hunter2" in fault for fault in found)


def test_all_faults_are_listed_at_once_and_no_value_of_a_secret(tmp_path: Path) -> None:
    text = (
        WHOLE.replace("officers = true", "officers = 1").replace('{ setting = "PAGE_TOKEN" }', '"hunter2"')
        + '\n[[agency]]\nid = "hue"\nname = "again"\n[[agency.zalo]]\noa_id = "91"\n'
        + '[[agency.messenger]]\npage_id = "11"\n'
    )
    found = faults(tmp_path, text)
    said = "\n".join(found)
    for part in (
        "agency hue, officers", "agency hue, messenger 1, page_token", "agency hue, zalo 1, app_id: is missing",
        "the agency hue is named twice", "the Zalo OA 91 is named twice", "the Page 11 is named twice",
        "app_secret is missing",
    ):  # fmt: skip
        assert part in said
    assert "hunter2" not in said
    assert not any(value in said for value in NAMED.values())


def test_an_access_token_alone_is_enough_but_a_refresh_token_needs_the_app_secret(tmp_path: Path) -> None:
    by_hand = WHOLE.replace('app_secret = { setting = "APP_SECRET" }', 'access_token = { setting = "A_TOKEN" }')
    [fault] = faults(tmp_path, by_hand)
    assert fault == "agency hue, zalo 1: refresh_token is of no use without app_secret"
    found = read(tmp_path, by_hand.replace('refresh_token = { setting = "REFRESH" }', ""))
    assert (found.accounts[0].access_token, found.accounts[0].app_secret) == ("value of A_TOKEN", None)


@pytest.mark.parametrize("text", ["", "agency = 1", "[agency]\nid = 'x'", "[[agency", "agency = [1]"])
def test_a_file_of_another_shape_is_a_fault_and_never_a_crash(tmp_path: Path, text: str) -> None:
    assert faults(tmp_path, text)


@given(junk=st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_whatever_stands_in_the_place_of_a_credential_is_a_fault_without_its_words(
    tmp_path_factory: pytest.TempPathFactory, junk: object
) -> None:
    written = json.dumps(junk, ensure_ascii=True)
    if "null" in written:
        return
    text = WHOLE.replace('{ setting = "OA_KEY" }', written)
    [fault] = faults(tmp_path_factory.mktemp("junk"), text)
    assert fault.startswith("agency hue, zalo 1, oa_secret_key: ") or "not a TOML file" in fault


def test_the_settings_alone_describe_the_default_agency() -> None:
    found = configure(
        settings(
            hotline="1022",
            zalo_app_id="41", zalo_oa_id="91", zalo_oa_secret_key="key", zalo_access_token="token",
            messenger_app_secret="new", messenger_app_secret_old="old", messenger_verify_token="verify",
            messenger_page_id="11", messenger_page_token="page", messenger_app_id="31",
            viber_token="445da6az1s345z78", viber_name="UBND Huế",
        )
    )  # fmt: skip
    assert (found.directory.default.id, found.directory.default.hotline) == ("default", "1022")
    assert found.directory.zalo["91"].access_token == "token"
    page = found.directory.messenger["11"]
    assert (page.app_secrets, page.app_id) == (("new", "old"), "31")
    bot = found.directory.viber["default"]
    assert (bot.auth_token, bot.name) == ("445da6az1s345z78", "UBND Huế")
    assert found.missing == {"zalo": (), "messenger": (), "viber": ()}


def test_an_incomplete_channel_of_the_settings_is_off_and_its_missing_settings_are_named() -> None:
    found = configure(settings(zalo_app_id="41", zalo_oa_id="91"))
    assert found.missing["zalo"] == ("GOVCHAT_ZALO_OA_SECRET_KEY", "GOVCHAT_ZALO_APP_SECRET")
    assert found.missing["messenger"] == (
        "GOVCHAT_MESSENGER_APP_SECRET", "GOVCHAT_MESSENGER_VERIFY_TOKEN",
        "GOVCHAT_MESSENGER_PAGE_ID", "GOVCHAT_MESSENGER_PAGE_TOKEN",
    )  # fmt: skip
    assert not found.directory.zalo


def test_with_an_app_secret_no_token_is_needed_and_a_refresh_token_without_one_asks_for_it() -> None:
    three = {"zalo_app_id": "41", "zalo_oa_id": "91", "zalo_oa_secret_key": "key"}
    assert configure(settings(**three, zalo_app_secret="secret")).missing["zalo"] == ()
    assert configure(settings(**three, zalo_refresh_token="r")).missing["zalo"] == ("GOVCHAT_ZALO_APP_SECRET",)


def test_the_file_wins_for_the_accounts_that_it_names_and_others_of_the_settings_stay(tmp_path: Path) -> None:
    given = settings(
        zalo_app_id="40", zalo_oa_id="91", zalo_oa_secret_key="of the settings", zalo_access_token="token",
        messenger_app_secret="s", messenger_verify_token="v", messenger_page_id="99", messenger_page_token="p",
    )  # fmt: skip
    found = configure(given, read(tmp_path, WHOLE))
    assert found.directory.zalo["91"].oa_secret_key == "value of OA_KEY"
    assert found.directory.agency("zalo", "91").id == "hue"
    assert sorted(found.directory.messenger) == ["11", "99"]
    assert found.directory.agency("messenger", "99").id == "default"


def test_the_file_can_describe_the_default_agency(tmp_path: Path) -> None:
    text = '[[agency]]\nid = "default"\nname = "Văn phòng"\nhotline = "1022"\n'
    given = settings(
        messenger_app_secret="s", messenger_verify_token="v", messenger_page_id="99", messenger_page_token="p"
    )
    found = configure(given, read(tmp_path, text))
    assert found.directory.default.name == "Văn phòng"
    assert found.directory.agency("messenger", "99") is found.directory.default


def test_a_channel_that_only_the_file_describes_misses_nothing(tmp_path: Path) -> None:
    missing = configure(settings(), read(tmp_path, WHOLE)).missing
    assert missing["zalo"] == missing["messenger"] == ()


def test_without_the_file_the_settings_are_all_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert configuration.load().directory.zalo == {}


def test_a_file_that_a_setting_names_and_that_is_not_there_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOVCHAT_CHANNELS_FILE", "nowhere.toml")
    with pytest.raises(SettingsFault, match=r"nowhere\.toml: cannot be read"):
        configuration.load()


def test_faults_of_the_settings_and_of_the_file_are_listed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "channels.toml").write_text("colour = 1\n")
    monkeypatch.setenv("GOVCHAT_PORT", "0")
    monkeypatch.setenv("GOVCHAT_BOT_URL", "nowhere")
    with pytest.raises(SettingsFault) as caught:
        configuration.load()
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "GOVCHAT_PORT", "GOVCHAT_BOT_URL", "channels.toml", "channels.toml",
    ]  # fmt: skip


def test_a_credential_may_stand_in_dotenv_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [name for name in NAMED if name != "A_TOKEN"]
    (tmp_path / ".env").write_text("\n".join(f"{name}=dotenv" for name in names))
    (tmp_path / "channels.toml").write_text(WHOLE, encoding="utf-8")
    monkeypatch.setenv("OA_KEY", "environment")
    monkeypatch.setenv("REFRESH", "")
    account = configuration.load().directory.zalo["91"]
    assert (account.oa_secret_key, account.refresh_token) == ("environment", "dotenv")


def test_accounts_never_print_their_credentials(tmp_path: Path) -> None:
    assert "value of" not in repr(read(tmp_path, WHOLE))


BOT = """
[[agency.viber]]
account = "hue"
auth_token = { setting = "A_TOKEN" }
name = "UBND Huế"
"""


def test_a_viber_bot_is_known_by_the_operators_own_name_of_it(tmp_path: Path) -> None:
    found = configure(settings(viber_token="of the settings", viber_name="Văn phòng"), read(tmp_path, WHOLE + BOT))
    bot = found.directory.viber["hue"]
    assert (bot.auth_token, bot.name, bot.agency.id) == ("value of A_TOKEN", "UBND Huế", "hue")
    assert "value of A_TOKEN" not in repr(bot)
    assert found.directory.accounts("viber") == ("hue", "default")
    assert found.directory.agency("viber", "default").id == "default"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOT + BOT, "the Viber bot hue is named twice"),
        (BOT + BOT.replace('"hue"', '"health"'), "the Viber bots hue, health have one auth_token"),
        (BOT.replace('"UBND Huế"', f'"{"x" * 29}"'), "agency hue, viber 1, name"),
        (BOT.replace('"hue"', '"Huế"'), "agency hue, viber 1, account"),
        (BOT.replace('{ setting = "A_TOKEN" }', '"hunter2"'), "agency hue, viber 1, auth_token"),
    ],
)
def test_faults_of_viber_bots_are_named_without_their_tokens(tmp_path: Path, text: str, said: str) -> None:
    found = "\n".join(faults(tmp_path, WHOLE + text))
    assert said in found
    assert "hunter2" not in found
    assert "value of" not in found


@pytest.mark.parametrize(("account", "token"), [("hue", "value of A_TOKEN"), ("default", "of the settings")])
def test_the_file_wins_for_a_bot_by_its_name_and_by_its_token(tmp_path: Path, account: str, token: str) -> None:
    file = read(tmp_path, WHOLE + BOT.replace('"hue"', f'"{account}"'))
    found = configure(settings(viber_token=token, viber_name="Văn phòng"), file)
    assert found.directory.accounts("viber") == (account,)
    assert found.directory.viber[account].auth_token == "value of A_TOKEN"
