"""Small worlds on the fake platforms, with the ids of the references' test vectors, and the way to reach them."""

from __future__ import annotations

from dataclasses import dataclass

from channels.ports import Clock
from channels.testing.delivery import Post
from channels.testing.exchange import FakePlatform, PlatformTransport
from channels.testing.graph import FakeGraph
from channels.testing.graph.platform import HOSTS as GRAPH_HOSTS
from channels.testing.viber import FakeViber
from channels.testing.viber.platform import HOSTS as VIBER_HOSTS
from channels.testing.zalo import FakeZalo
from channels.testing.zalo.platform import HOSTS as ZALO_HOSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloIds:
    """One app and one OA. None of this is a secret: nothing but a fake knows it."""

    app_id: str = "4100000000000000001"
    app_secret: str = "appSecretDemo123"  # noqa: S105
    oa_id: str = "9000000000000000001"
    oa_secret_key: str = "oaSecretDemo123"  # noqa: S105
    access_token: str = "zaloAccessDemo"  # noqa: S105
    refresh_token: str = "zaloRefreshDemo"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIds:
    """One app and one Page, in the same spirit."""

    app_id: str = "300000000000003"
    app_secret: str = "fbAppSecretDemo123"  # noqa: S105
    verify_token: str = "verifyDemo"  # noqa: S105
    page_id: str = "100000000000001"
    page_token: str = "EAAdemoPageToken"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberIds:
    """One Viber bot, in the same spirit."""

    auth_token: str = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"  # noqa: S105
    name: str = "Cơ quan thử"
    webhook: str = "https://chat.example.vn/webhooks/viber"


def one_oa(
    ids: ZaloIds | None = None, *, clock: Clock | None = None, post: Post | None = None, knows_everybody: bool = True
) -> FakeZalo:
    """Return a fake Zalo with one OA that one app serves; anybody may be written to unless told otherwise."""
    ids = ids or ZaloIds()
    zalo = FakeZalo(clock=clock, knows_everybody=knows_everybody)
    zalo.add_app(ids.app_id, secret=ids.app_secret, oa_secret_key=ids.oa_secret_key, post=post)
    zalo.add_account(ids.oa_id)
    zalo.grant(ids.app_id, ids.oa_id, access_token=ids.access_token, refresh_token=ids.refresh_token)
    return zalo


def one_page(
    ids: PageIds | None = None, *, clock: Clock | None = None, post: Post | None = None, knows_everybody: bool = True
) -> FakeGraph:
    """Return a fake Graph API with one Page that one app serves; anybody may be written to unless told otherwise."""
    ids = ids or PageIds()
    graph = FakeGraph(clock=clock, knows_everybody=knows_everybody)
    graph.add_app(ids.app_id, secret=ids.app_secret, post=post)
    graph.add_page(ids.page_id, default_app=ids.app_id)
    graph.connect(ids.app_id, ids.page_id, token=ids.page_token)
    return graph


def one_bot(
    ids: ViberIds | None = None, *, clock: Clock | None = None, post: Post | None = None, knows_everybody: bool = True
) -> FakeViber:
    """Return a fake Viber with one bot whose webhook is set; anybody may be written to unless told otherwise."""
    ids = ids or ViberIds()
    viber = FakeViber(clock=clock, knows_everybody=knows_everybody)
    viber.add_bot(ids.auth_token, name=ids.name, webhook=ids.webhook, post=post)
    return viber


def in_process(
    zalo: FakeZalo | None = None, graph: FakeGraph | None = None, viber: FakeViber | None = None
) -> PlatformTransport:
    """Return a transport under which the platforms' own host names lead to the fakes."""
    hosts: dict[str, FakePlatform] = {}
    if zalo is not None:
        hosts |= dict.fromkeys(ZALO_HOSTS, zalo)
    if graph is not None:
        hosts |= dict.fromkeys(GRAPH_HOSTS, graph)
    if viber is not None:
        hosts |= dict.fromkeys(VIBER_HOSTS, viber)
    return PlatformTransport(hosts)
