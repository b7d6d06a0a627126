"""Deleting a conversation reaches the memory of the real bot."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import httpx
import pytest

from tests.e2e.conftest import wait_until
from tests.integration.widget_page import Page
from tools.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

WORDS = "số điện thoại của tôi là 0912345678, lương cơ sở là bao nhiêu?"


def kept(stack: Stack) -> bytes:
    """Everything of the bot's memory, and what the gateway's store says."""
    with closing(sqlite3.connect(f"file:{stack.folder}/govchat.db?mode=ro", uri=True)) as connection:
        store = "\n".join(connection.iterdump()).encode()
    return store + b"".join(file.read_bytes() for file in stack.folder.glob("tracker.db*"))


def test_what_a_person_deletes_in_the_widget_leaves_the_store_and_the_bots_memory(stack: Stack) -> None:
    async def converse() -> None:
        async with httpx.AsyncClient(timeout=30) as http:
            page = Page(http, stack.url, stack.url)
            await page.post(WORDS)
            await page.until_replies(1)
            assert kept(stack).count(b"0912345678") >= 2
            assert (await page.delete()).status_code == 204

    asyncio.run(converse())
    wait_until(lambda: b"0912345678" not in kept(stack), within_s=90)


def test_who_withdraws_on_zalo_leaves_the_bots_memory_too(stack: Stack, platforms) -> None:
    platforms.write_on_zalo("71000000000000999", WORDS, message_id="forget-1")
    wait_until(lambda: platforms.arrived_on_zalo("71000000000000999"))
    assert b"71000000000000999" in kept(stack)
    assert platforms.withdraw_on_zalo("71000000000000999").status_code == 200
    wait_until(lambda: b"71000000000000999" not in kept(stack), within_s=90)
    assert b"0912345678" not in kept(stack)
