"""Real https servers on loopback for the tests of fetching: their own authority, real handshakes, no relaxed rule.

The fetcher resolves names to a public address and dials it; only the last step, the dialling, is turned to loopback.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from index.ingest.fetch import Fetcher, Limits

PUBLIC = "1.1.1.1"
HOSTS = ("chinhphu.vn", "moj.gov.vn", "hanoi.gov.vn")
QUICK = Limits(delay_s=0.0, silence_s=5.0, transfer_s=10.0)
USER_AGENT = "gov-chat-test/1 (mailto:webmaster@example.vn)"


@dataclass
class Answer:
    """What the site says to one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    declares_length: bool = True


@dataclass
class Asked:
    """One request that reached the site."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"


Page = Answer | Callable[[BaseHTTPRequestHandler], Answer | None]


class HttpsSite:
    """A server that is every host of its certificate; pages are set by address, and everything else is 404."""

    def __init__(self, port: int) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self.dialled: list[tuple[str, int]] = []
        self.port = port

    def dial(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.dialled.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def fetcher(self, hosts=HOSTS, **changes) -> Fetcher:
        given = {
            "user_agent": USER_AGENT,
            "limits": QUICK,
            "resolve": lambda host: [PUBLIC],
            "dial": self.dial,
            "certificates": str(authority()[0]),
            "sleep": lambda seconds: None,
        }
        return Fetcher(hosts, **{**given, **changes})


@contextmanager
def https_site(names=HOSTS) -> Iterator[HttpsSite]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tuple(names)))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.site = site = HttpsSite(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: HttpsSite = self.server.site
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.headers["Host"], self.path, dict(self.headers), self.rfile.read(length))
        site.asked.append(asked)
        page = site.pages.get(asked.url, Answer(status=404))
        with suppress(OSError):
            answer = page(self) if callable(page) else page
            if answer is not None:
                self.say(answer)
        self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.declares_length and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_) -> None:
        pass


@cache
def authority() -> tuple[Path, x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The file of our own authority's certificate, the certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of the tests")])
    usage = {
        name: name in ("key_cert_sign", "crl_sign")
        for name in (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        )
    }
    made = (
        _dated(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = Path(mkdtemp()) / "authority.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path, made, key


@cache
def _certificate(names: tuple[str, ...]) -> Path:
    _, issuer, issuer_key = authority()
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    made = (
        _dated(subject, issuer.subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    path = Path(mkdtemp()) / "site.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def _dated(subject: x509.Name, issuer: x509.Name, key) -> x509.CertificateBuilder:
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
