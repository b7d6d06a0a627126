"""For test_zalo_token_race: on each order a process of its own refreshes a Zalo token, and may kill itself at a step.

Orders are lines of JSON on standard input; each is answered with one line on standard output. The process that reads
them has loaded everything and forks, so that two hundred rounds do not load Python four hundred times.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from pathlib import Path

import httpx
import structlog

from channels.agency import Agency, ZaloAccount
from channels.errors import SendError
from channels.testing.doubles import ManualClock
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.token import NeedsConsent, Step, Token, ZaloTokens


def zalo_tokens(place: list[str], http: httpx.Client, step=lambda _: None) -> ZaloTokens:
    database, url, app_id, oa_id, secret = place
    account = ZaloAccount(
        agency=Agency(id="a"), app_id=app_id, oa_id=oa_id, oa_secret_key="k", app_secret="appSecretDemo"
    )
    return ZaloTokens(
        [account],
        store=TokenStore(Path(database), vault=Vault(secret.encode())),
        oauth=ZaloOAuth(http, oauth_url=url, api_url=url),
        clock=ManualClock(),
        step=step,
    )


async def refresh(place: list[str], http: httpx.Client, order: dict) -> dict[str, object]:
    def die(reached: Step) -> None:
        if reached.value == order["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    tokens = zalo_tokens(place, http, die)
    (oa_id,) = tokens.accounts
    await tokens.open()
    await asyncio.sleep(max(0, order["at"] - time.monotonic()))
    try:
        token = await tokens.renew(oa_id, Token("", order["stale"]))
    except NeedsConsent as error:
        return {"outcome": "alarm", "alarm": error.alarm.value}
    except SendError as error:
        return {"outcome": "later", "reason": error.reason}
    finally:
        await tokens.close()
    return {"outcome": "token", "value": token.value, "version": token.version}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(place: list[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    http = httpx.Client(timeout=10, verify=False)  # plain HTTP on loopback
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(json.dumps(asyncio.run(refresh(place, http, json.loads(line)))))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            say(json.dumps({"outcome": "killed" if os.WIFSIGNALED(status) else "failed"}))


if __name__ == "__main__":
    main(sys.argv[1:])
