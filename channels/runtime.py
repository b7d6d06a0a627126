"""Puts the gateway together: channels, worker, sender and HTTP face around one inbox and one bot."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import structlog

from bot.wording import Wording
from channels.agency import Directory
from channels.app import GatewayApp, create_gateway
from channels.buttons import Buttons
from channels.configuration import Configuration
from channels.consent import OperatorKey, add_consent
from channels.messenger import MessengerChannel
from channels.messenger import limits as messenger_limits
from channels.messenger.graph import PageGraph
from channels.messenger.subscription import check_token, reconcile_subscription
from channels.metrics import GatewayMetrics
from channels.places import Communes
from channels.ports import Bot, Channel, Clock, Inbox, WebhookChannel
from channels.privacy import Pseudonyms
from channels.publishing.desk import PublishingDesk
from channels.publishing.publishers import Publishers
from channels.publishing.spool import Spool
from channels.questions import Questions
from channels.rate import Rate, RateLimiter
from channels.reception import Reception
from channels.retention import ERASE_EVERY_S, PURGE_EVERY_S, erase, purge
from channels.sender import Sender
from channels.settings import reveal
from channels.turn import Planner
from channels.upkeep import Job, keep_up
from channels.viber import ViberChannel
from channels.web import WebChannel, WidgetChannel, files
from channels.web.desk import WidgetDesk
from channels.web.limits import ANSWER_TIMEOUT_S
from channels.web.notices import NoticeBoard
from channels.web.routes import WidgetPages
from channels.web.session import Sessions
from channels.web.stream import LOOK_S, Streams
from channels.web.verify import Origins
from channels.worker import Worker
from channels.zalo import ZaloChannel
from channels.zalo import limits as zalo_limits
from channels.zalo.consent import ZaloConsent
from channels.zalo.token import ZaloTokens

RENEW_EVERY_S = 600.0
"""How often tokens are looked at that run out within hours."""

SUBSCRIPTIONS_EVERY_S = 3600.0
"""Meta unsubscribes an app without a word after an hour of failures (reference/messenger.md section 4)."""

PAGE_TOKENS_EVERY_S = 86_400.0

STOP_TIMEOUT_S = 10.0
"""How long work in hand may go on after the signal to stop; what is not done by then is done after the next start."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything that runs in the gateway's process, not yet started."""

    app: GatewayApp
    inbox: Inbox
    worker: Worker
    sender: Sender
    reception: Reception
    platforms: Mapping[str, WebhookChannel]  # by name: those whose webhooks the reception takes
    jobs: tuple[Job, ...]

    async def run(self, stop: asyncio.Event) -> None:
        """Take over what a former process left, then answer and send until `stop` is set and work in hand is done.

        Raises StoreUnavailable where nothing can be taken over, and whatever ended one of the loops before its time.
        """
        released = await self.inbox.release_leases()
        structlog.get_logger().info("gateway_started", released_leases=released)
        work: list[Coroutine[Any, Any, None]] = [self.worker.loop.run(), self.sender.loop.run(), keep_up(self.jobs)]
        working, sending, upkeep = [asyncio.create_task(each) for each in work]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, working, sending, upkeep}, return_when=asyncio.FIRST_COMPLETED)
        failed = [task for task in (working, sending, upkeep) if task.done()]
        for task in (stopped, upkeep):
            task.cancel()
        self.worker.loop.stop()
        await asyncio.wait({working}, timeout=STOP_TIMEOUT_S / 2)
        self.sender.loop.stop()
        await asyncio.wait({sending}, timeout=STOP_TIMEOUT_S / 2)
        for task in (working, sending):
            task.cancel()
        await asyncio.gather(working, sending, upkeep, stopped, return_exceptions=True)
        for task in failed:
            await task


def assemble(
    configuration: Configuration,
    *,
    inbox: Inbox,
    bot: Bot,
    tokens: ZaloTokens,
    consent: ZaloConsent,
    http: httpx.AsyncClient,
    clock: Clock,
    wording: Wording,
    communes: Communes,
    metrics: GatewayMetrics,
    secrets: Sequence[bytes],
    widget_dir: Path,
    owner: str,
    answer_timeout_s: float = ANSWER_TIMEOUT_S,
    jitter: Callable[[], float] = random.random,
    name: str = "govchat",
) -> Gateway:
    """Return the gateway of all agencies. `owner` names this process in leases; `http` is used for every call out.

    Of `secrets` the first signs; the others are read too, during a rotation. `jitter` is as `Worker` wants it.
    `widget_dir` keeps the widget's files of former releases.

    Raises PublishersUnreadable when publishers.toml is there and cannot be used.
    """
    settings, directory = configuration.settings, configuration.directory
    secret, *older = secrets
    buttons = Buttons(secret, older=older)
    zalo = ZaloChannel(
        accounts=directory.zalo,
        tokens=tokens,
        buttons=buttons,
        wording=wording,
        http=http,
        api_url=settings.zalo_api_url,
        clock=clock,
        missing=configuration.missing.get("zalo", ()),
    )
    messenger = MessengerChannel(
        pages=directory.messenger,
        buttons=buttons,
        wording=wording,
        http=http,
        api_url=settings.messenger_api_url,
        clock=clock,
        verify_token=reveal(settings.messenger_verify_token),
        missing=configuration.missing.get("messenger", ()),
    )
    viber = ViberChannel(
        bots=directory.viber,
        buttons=buttons,
        wording=wording,
        http=http,
        api_url=settings.viber_api_url,
        clock=clock,
        missing=configuration.missing.get("viber", ()),
    )
    web, streams, board = WebChannel(), Streams(inbox, gauge=metrics.streams), NoticeBoard(inbox, clock)
    widget = WidgetChannel(streams)
    platforms: dict[str, WebhookChannel] = {zalo.name: zalo, messenger.name: messenger, viber.name: viber}
    channels: dict[str, Channel] = {**platforms, web.name: web, widget.name: widget}
    sender = Sender(
        inbox=inbox,
        channels=channels,
        limiter=_limiter(directory),
        clock=clock,
        metrics=metrics,
        owner=owner,
        jitter=jitter,
    )
    worker = Worker(
        inbox=inbox,
        bot=bot,
        channels=channels,
        planner=Planner(
            wording=wording, communes=communes, answer_within=timedelta(minutes=settings.answer_within_minutes)
        ),
        directory=directory,
        wording=wording,
        clock=clock,
        pseudonyms=Pseudonyms(secret),
        metrics=metrics,
        owner=owner,
        on_finished=sender.loop.ring,
        concurrency=settings.worker_concurrency,
        jitter=jitter,
    )
    reception = Reception(
        inbox=inbox,
        clock=clock,
        metrics=metrics,
        on_accepted=worker.loop.ring,
        max_age=timedelta(hours=settings.hand_over_within_hours),
    )
    questions = Questions(
        reception=reception,
        inbox=inbox,
        web=web,
        clock=clock,
        metrics=metrics,
        timeout_s=answer_timeout_s,
        requires_consent=directory.default.requires_consent,
    )
    origins = Origins(directory.agencies, public_url=settings.public_url)
    pages = WidgetPages(
        desk=WidgetDesk(
            reception=reception,
            inbox=inbox,
            directory=directory,
            sessions=Sessions(secret, older=older),
            origins=origins,
            streams=streams,
            clock=clock,
        ),
        streams=streams,
        origins=origins,
        board=board,
        files=files.with_former(files.load(wording), widget_dir),
        wording=wording,
        metrics=metrics,
    )
    publishing = PublishingDesk(
        publishers=Publishers.load(settings.publishers_file),
        spool=Spool(settings.announcements_dir),
        clock=clock,
        metrics=metrics,
    )
    app = create_gateway(
        settings,
        inbox=inbox,
        zalo=zalo,
        messenger=messenger,
        viber=viber,
        reception=reception,
        questions=questions,
        widget=pages,
        publishing=publishing,
        wording=wording,
        metrics=metrics,
        checks={"inbox": inbox.depth, "bot": bot.check, "actions": _action_server(http, settings.actions_url)},
        name=name,
    )
    if (key := reveal(settings.operator_key)) is not None:
        operator = OperatorKey(key)
        add_consent(
            app, consent=consent, tokens=tokens, operator=operator, wording=wording, public_url=settings.public_url
        )
    graphs = [
        PageGraph(page=page, http=http, api_url=settings.messenger_api_url) for page in directory.messenger.values()
    ]
    jobs = (
        Job("widget_streams", LOOK_S, pages.look),
        Job("purge", PURGE_EVERY_S, lambda: purge(inbox, clock)),
        Job("erasures", ERASE_EVERY_S, lambda: erase(inbox, bot)),
        Job("zalo_tokens", RENEW_EVERY_S, tokens.refresh_ahead),
        Job("messenger_subscriptions", SUBSCRIPTIONS_EVERY_S, lambda: _reconcile(graphs, metrics)),
        Job("messenger_tokens", PAGE_TOKENS_EVERY_S, lambda: _check_tokens(graphs, clock, metrics)),
    )
    return Gateway(
        app=app, inbox=inbox, worker=worker, sender=sender, reception=reception, platforms=platforms, jobs=jobs
    )


def _limiter(directory: Directory) -> RateLimiter:
    """Zalo counts by app, Messenger by Page (references: zalo-oa.md section 10, messenger.md section 8).

    Viber names no rate of a bot, only one of messages to somebody who does not reply.
    """
    rates = {
        "zalo": Rate(per_s=zalo_limits.MAX_CALLS_PER_MINUTE / 60, burst=zalo_limits.MAX_CALLS_PER_MINUTE // 60),
        "messenger": Rate(per_s=messenger_limits.MAX_TEXTS_PER_SECOND, burst=messenger_limits.MAX_TEXTS_PER_SECOND),
    }
    return RateLimiter(rates, {("zalo", oa_id): account.app_id for oa_id, account in directory.zalo.items()})


async def _reconcile(graphs: Sequence[PageGraph], metrics: GatewayMetrics) -> None:
    for graph in graphs:
        await reconcile_subscription(graph, count=metrics.count_upkeep)


async def _check_tokens(graphs: Sequence[PageGraph], clock: Clock, metrics: GatewayMetrics) -> None:
    for graph in graphs:
        await check_token(graph, now=clock.now(), count=metrics.count_upkeep)


def _action_server(http: httpx.AsyncClient, base_url: str) -> Callable[[], Coroutine[Any, Any, None]]:
    async def check() -> None:
        response = await http.get(f"{base_url}/health")
        response.raise_for_status()

    return check
