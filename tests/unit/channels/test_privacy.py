"""What reaches a log names no person and quotes no request."""

import io
import logging

import pytest

from channels.privacy import DiscreetFormatter, Pseudonyms, mask


@pytest.fixture
def told() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(told: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(told)
    handler.setFormatter(DiscreetFormatter("%(message)s"))
    logger = logging.Logger("a library")
    logger.addHandler(handler)
    return logger


def test_an_error_is_named_by_its_kind_and_quotes_nothing(logger: logging.Logger, told: io.StringIO) -> None:
    logger.error("it failed", exc_info=ValueError("Bad URL: /?hub.verify_token=secret"))
    assert told.getvalue() == "it failed\nValueError\n"


def test_an_error_of_the_operating_system_is_told_whole(logger: logging.Logger, told: io.StringIO) -> None:
    logger.error("it failed", exc_info=OSError(98, "address in use"))
    assert "address in use" in told.getvalue()


def test_a_conversation_has_one_name_for_each_secret() -> None:
    key = "zalo:9000000000000000001:7000000000000000001"
    name = Pseudonyms(b"a").of(key)
    assert name == Pseudonyms(b"a").of(key) != Pseudonyms(b"b").of(key)
    assert name.startswith("zalo:") and "7000" not in name


def test_numbers_that_may_be_a_persons_are_masked() -> None:
    assert mask("user 0912 345 678 blocked") == "user […] blocked"


def test_words_that_may_be_tokens_are_masked_and_names_of_permissions_are_not() -> None:
    said = "Malformed access token EAAdemo0PX4ZCpsBAKZCdemo, needs pages_manage_metadata"
    assert mask(said) == "Malformed access token […], needs pages_manage_metadata"
    assert mask("410000|fbAppSecretDemo123") == "[…]"


def test_a_message_of_any_length_is_cut_at_once() -> None:
    assert len(mask("a" * 1_000_000)) == 200
