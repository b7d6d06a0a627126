"""Fetching: the only module that opens a URL. Allow-listed, https, polite, bounded, every redirect checked again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urljoin

import requests
from requests.exceptions import RequestException, SSLError
from urllib3 import Retry
from urllib3.exceptions import HTTPError

from index.ingest.address import checked, host_of, is_host
from index.ingest.errors import Gone, Refused, RetryLater
from index.ingest.polite import Manners
from index.ingest.transport import Budget, Dial, GuardedAdapter, Resolve, dial, resolve

MOST_REDIRECTS = 3
_REDIRECTS = (301, 302, 303, 307, 308)
_COME_BACK = (429, 503)
_BROKEN = (408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")
_HEADERS_BYTES = 1_000_000  # on the wire beside the body; http.client stops at 100 headers of 64 KiB
_ROBOTS_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
_ALWAYS_FINE_BYTES = 1_000_000  # below this size no ratio is suspicious
_CHUNK = 65_536
_LONGEST_TAG = 500  # characters of an ETag or a date that are kept


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one request, in bytes and seconds."""

    most_bytes: int = 64_000_000  # of a body, on the wire and unpacked: scanned decrees reach tens of megabytes
    most_ratio: int = 100  # unpacked size over packed size; pages of text stay below 20
    transfer_s: float = 120.0  # from first contact to the last byte
    connect_s: float = 10.0
    silence_s: float = 20.0  # between two reads
    delay_s: float = 1.0  # between two requests to one host; robots.txt may ask for more
    attempts: int = 3  # where nobody answers, or the server says 429 or 503
    longest_wait_s: float = 30.0  # a longer Retry-After ends the attempt


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with a body."""

    url: str  # after redirects
    content_type: str | None  # as the server sent it
    body: bytes
    etag: str | None
    last_modified: str | None

    @property
    def digest(self) -> str:
        """SHA-256 of the body, hex."""
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed since the ETag or the date that it was asked with."""

    url: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes


class Fetcher:
    """Fetches addresses of the allowed hosts; safe to use from several threads."""

    def __init__(
        self,
        hosts: Collection[str],
        *,
        user_agent: str,
        limits: Limits = Limits(),
        resolve: Resolve = resolve,
        dial: Dial = dial,
        certificates: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`hosts` are exact names; `user_agent` begins with our name in robots.txt and holds an address for complaints.

        `certificates` is a file of authorities to trust instead of the usual ones. The rest is for tests. Raises
        `Refused` for a host that can be on no list (`index.ingest.address.is_host`).
        """
        for host in hosts:
            if not is_host(host):
                raise Refused(host, "not a host name that can be allowed")
        self._hosts, self._user_agent, self._limits = frozenset(hosts), user_agent, limits
        self._resolve, self._dial, self._certificates = resolve, dial, certificates
        self._clock, self._sleep = clock, sleep
        self._manners = Manners(
            product=user_agent.partition("/")[0],
            delay_s=limits.delay_s,
            read_robots=self._read_robots,
            clock=clock,
            sleep=sleep,
            longest_wait_s=limits.longest_wait_s,
        )

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        hosts: Collection[str] | None = None,
        post: str | None = None,
    ) -> Fetched | NotModified:
        """What is at an address. `hosts` narrows the allowed hosts, for redirects too; `post` is JSON to be posted.

        `etag` and `last_modified` are those of the body we have. Raises `Refused`, `Gone` or `RetryLater`.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified} if post is None else {}
        allowed = self._hosts if hosts is None else self._hosts.intersection(hosts)
        asked = {name: value for name, value in headers.items() if value is not None}
        url, answer = self._follow(url, allowed, asked, post=post, before=self._manners.before)
        if answer.status == 304 and asked:
            return NotModified(url)
        if answer.status in (404, 410):
            raise Gone(url, f"the server says {answer.status}")
        if answer.status in _BROKEN:
            raise RetryLater(url, f"the server says {answer.status}", after_s=self._manners.closed_s(host_of(url)))
        if answer.status != 200:
            raise Refused(url, f"the server says {answer.status}")
        return Fetched(
            url=url,
            content_type=answer.headers.get("Content-Type"),
            body=answer.body,
            etag=_fit(answer.headers.get("ETag")),
            last_modified=_fit(answer.headers.get("Last-Modified")),
        )

    def _read_robots(self, url: str) -> str | None:
        _, answer = self._follow(url, self._hosts, {}, before=lambda one: self._manners.wait(host_of(one)))
        if answer.status == 200:
            return answer.body[:_ROBOTS_BYTES].decode("utf-8", errors="replace")
        if 400 <= answer.status < 500 and answer.status not in _BROKEN:
            return None
        raise RetryLater(url, f"robots.txt cannot be read, the server says {answer.status}")

    def _follow(
        self,
        url: str,
        hosts: Collection[str],
        headers: dict[str, str],
        *,
        before: Callable[[str], None],
        post: str | None = None,
    ) -> tuple[str, _Answer]:
        """The first answer that is no redirect, and where it came from."""
        url = checked(url, hosts)
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._patiently(url, headers, post=post, before=before)
            target = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or target is None:
                return url, answer
            if post is not None:
                raise Refused(url, "a redirect in answer to a search")
            try:
                target = urljoin(url, target.encode("latin-1").decode("utf-8", errors="replace"))
            except ValueError as error:
                raise Refused(url, "a redirect to what is no address") from error
            url = checked(target, hosts)
        raise Refused(url, f"more than {MOST_REDIRECTS} redirects")

    def _patiently(
        self, url: str, headers: dict[str, str], *, post: str | None, before: Callable[[str], None]
    ) -> _Answer:
        """The answer of a server that may ask us to come back in a moment."""
        for attempt in range(1, self._limits.attempts + 1):
            before(url)
            with self._manners.alone(host_of(url)):
                answer = self._once(url, headers, post=post)
            if answer.status not in _COME_BACK:
                break
            said = answer.headers.get("Retry-After")
            wait_s = _seconds(said) if said else self._limits.delay_s * 2**attempt
            self._manners.leave_alone(host_of(url), wait_s)
            if wait_s > self._limits.longest_wait_s:
                break
        return answer

    def _once(self, url: str, headers: dict[str, str], *, post: str | None) -> _Answer:
        limits = self._limits
        fixed = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate", "Connection": "close"}
        kind = {"Content-Type": "application/json"} if post is not None else {}
        request = requests.Request("GET" if post is None else "POST", url, headers=fixed | kind | headers, data=post)
        budget = Budget(
            url, seconds=limits.transfer_s, wire_bytes=limits.most_bytes + _HEADERS_BYTES, clock=self._clock
        )
        adapter = GuardedAdapter(
            resolve=self._resolve,
            dial=self._dial,
            budget=budget,
            connect_s=limits.connect_s,
            retries=_Reconnect.times(limits.attempts - 1, backoff_s=limits.delay_s, sleep=self._sleep),
        )
        try:
            # The adapter without a session: no proxies, cookies or .netrc, and no body is read behind our back.
            response = adapter.send(
                request.prepare(),
                stream=True,
                timeout=(limits.connect_s, limits.silence_s),
                verify=self._certificates or True,
            )
            with response:
                return _Answer(response.status_code, response.headers, self._body(url, response))
        except SSLError as error:
            raise RetryLater(url, f"its certificate or TLS is not in order: {_kind(error)}") from error
        except (RequestException, HTTPError, OSError) as error:
            raise RetryLater(url, f"no whole answer: {_kind(error)}") from error
        finally:
            adapter.close()

    def _body(self, url: str, response: requests.Response) -> bytes:
        if response.status_code != 200:
            return b""  # nobody reads it
        if response.headers.get("Content-Encoding", "").strip().lower() not in _ENCODINGS:
            raise Refused(url, "packed in a way that was not asked for")
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > self._limits.most_bytes:
            raise Refused(url, f"larger than {self._limits.most_bytes} bytes")
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._limits.most_bytes:
                raise Refused(url, f"larger than {self._limits.most_bytes} bytes")
            if len(body) > max(_ALWAYS_FINE_BYTES, self._limits.most_ratio * response.raw.tell()):
                raise Refused(url, f"unpacks to more than {self._limits.most_ratio} times its size")
        return bytes(body)


class _Reconnect(Retry):
    """Asks again only where nobody answered at all, sleeping with the function that it is given."""

    def __init__(self, *args: object, sleeper: Callable[[float], None] = time.sleep, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._sleeper = sleeper

    @classmethod
    def times(cls, count: int, *, backoff_s: float, sleep: Callable[[float], None]) -> _Reconnect:
        return cls(
            count,
            connect=count,
            read=False,
            other=False,
            backoff_factor=backoff_s,
            respect_retry_after_header=False,
            sleeper=sleep,
        )

    def new(self, **kwargs: object) -> _Reconnect:
        return super().new(sleeper=self._sleeper, **kwargs)

    def sleep(self, _response: object = None) -> None:
        self._sleeper(self.get_backoff_time())


def _fit(value: str | None) -> str | None:
    """A header's value where it can be sent back as it is; a folded or endless one is forgotten."""
    return value if value and len(value) <= _LONGEST_TAG and value.isascii() and value.isprintable() else None


def _seconds(retry_after: str) -> float:
    """Seconds that a Retry-After asks for, as a number or a date; at most six hours, 0 where it cannot be read."""
    try:
        return Retry().parse_retry_after(retry_after)
    except (HTTPError, ValueError, OverflowError):  # urllib3 lets pass numbers and years that Python cannot hold
        return 0.0


def _kind(error: BaseException) -> str:
    """The name of the innermost reason; messages of the libraries hold addresses and numbers of objects."""
    while True:
        inner = [one for one in (getattr(error, "reason", None), *error.args) if isinstance(one, BaseException)]
        if not inner:
            return type(error).__name__
        error = inner[0]
