"""Settings: all faults at once, secrets kept, a secret key of our own."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from channels import settings as configuration
from channels.privacy import Pseudonyms, mask
from channels.settings import GatewaySettings, SettingsFault


@pytest.fixture(autouse=True)
def no_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_those_of_the_design() -> None:
    settings = configuration.load()
    assert settings.port == 8080
    assert settings.database_path == Path("var/govchat.db")
    assert settings.bot_url == "http://127.0.0.1:5005"


def test_all_faults_are_listed_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCHAT_PORT", "99999")
    monkeypatch.setenv("GOVCHAT_DATABASE_URL", "postgresql://user:hunter2@host/db")
    monkeypatch.setenv("GOVCHAT_BOT_URL", "nowhere")
    monkeypatch.setenv("GOVCHAT_SECRET_KEY", "short-secret")
    with pytest.raises(SettingsFault) as caught:
        configuration.load()
    named = {fault.partition(":")[0] for fault in caught.value.faults}
    assert named == {"GOVCHAT_PORT", "GOVCHAT_DATABASE_URL", "GOVCHAT_BOT_URL", "GOVCHAT_SECRET_KEY"}
    assert "hunter2" not in str(caught.value)
    assert "short-secret" not in str(caught.value)


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCHAT_ZALO_APP_ID", "")
    assert configuration.load().zalo_app_id is None


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCHAT_ZALO_ACCESS_TOKEN", "tokenvalue")
    assert "tokenvalue" not in repr(configuration.load())


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = GatewaySettings(_env_file=None, database_url=f"sqlite:///{tmp_path}/var/g.db")
    key = configuration.secret_key(settings)
    assert configuration.secret_key(settings) == key
    assert len(key) == 64
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600


def test_pseudonyms_are_steady_and_depend_on_the_secret() -> None:
    name = Pseudonyms(b"a").of("zalo:9:7000000000000000001")
    assert name == Pseudonyms(b"a").of("zalo:9:7000000000000000001")
    assert name != Pseudonyms(b"b").of("zalo:9:7000000000000000001")
    assert name.startswith("zalo:")
    assert "7000000000000000001" not in name


def test_long_numbers_in_a_platforms_message_are_masked() -> None:
    assert "0912345678" not in mask("user 0912345678 blocked")
    assert mask("error 10") == "error 10"


def test_two_processes_that_start_at_once_read_the_same_secret_key(tmp_path: Path) -> None:
    settings = GatewaySettings(_env_file=None, database_url=f"sqlite:///{tmp_path}/var/g.db")
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: configuration.secret_key(settings), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_during_a_rotation_the_old_secret_key_stands_behind_the_new_one() -> None:
    new, old = "n" * 16, "o" * 16
    settings = GatewaySettings(_env_file=None, secret_key=new, secret_key_old=old)
    assert configuration.secret_keys(settings) == (new.encode(), old.encode())
    assert configuration.secret_keys(GatewaySettings(_env_file=None, secret_key=new)) == (new.encode(),)


def test_a_late_event_is_not_handed_over_before_it_may_be_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVCHAT_ANSWER_WITHIN_MINUTES", "180")
    monkeypatch.setenv("GOVCHAT_HAND_OVER_WITHIN_HOURS", "2")
    with pytest.raises(SettingsFault, match=r"GOVCHAT_HAND_OVER_WITHIN_HOURS: .*must not be shorter"):
        configuration.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPERATOR_KEY", "fifteen letters"),
        ("SECRET_KEY_OLD", "too short"),
        ("PUBLIC_URL", "chat.example.vn"),
        ("ZALO_OAUTH_URL", "oauth"),
        ("MESSENGER_APP_ID", "the app"),
        ("HOTLINE", "hot"),
        ("DEMO", "perhaps"),
        ("ANSWER_WITHIN_MINUTES", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"GOVCHAT_{name}", value)
    with pytest.raises(SettingsFault) as caught:
        configuration.load()
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [f"GOVCHAT_{name}"]
    if name in ("OPERATOR_KEY", "SECRET_KEY_OLD"):
        assert value not in str(caught.value)
