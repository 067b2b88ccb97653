"""An HTTP client that sends exactly what it is told and hides nothing that comes back.

Enters: a base URL and raw request lines. Leaves: Answers. No redirect is followed, no path tidied, no cookie kept.
"""

from __future__ import annotations

import functools
import gzip
import re
import socket
import ssl
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]
PAGE: Headers = (("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"), ("Sec-Fetch-Mode", "navigate"))
SCRIPT: Headers = (("Accept", "*/*"), ("Accept-Encoding", "br, gzip"), ("Sec-Fetch-Mode", "cors"))


def together(session: str, cookie: str) -> str:
    """A session and one more cookie, as one argument of Site.ask."""
    if session.startswith("Authorization:"):
        return f"{session}\r\nCookie: {cookie}" if cookie else session
    return "; ".join(part for part in (session, cookie) if part)


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 means that it was no HTTP answer, or none at all."""

    status: int
    headers: Headers
    body: bytes = field(repr=False)

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str:
        """The values of a header joined as one, "" if there is none."""
        return ", ".join(self.all(name))

    @property
    def text(self) -> bytes:
        """The body as the server's file holds it: gzip and brotli undone; damaged data stays as it is."""
        coding = self.header("Content-Encoding")
        try:
            if coding == "gzip":
                return gzip.decompress(self.body)
            if coding == "br":
                import brotli  # from the project's own environment; only a server that compresses needs it

                return bytes(brotli.decompress(self.body))
        except (OSError, EOFError, ValueError):
            return self.body
        return self.body

    def speaks(self, language: str) -> bool:
        """Whether the page is in this language."""
        return re.search(rb'<html[^>]*\blang="%s"' % language.encode(), self.text) is not None

    def cookies(self) -> dict[str, str]:
        """The cookies that this answer sets; an empty value is one that it takes away."""
        pairs = (value.partition(";")[0].partition("=") for value in self.all("Set-Cookie"))
        return {name.strip(): value.strip() for name, _, value in pairs}


@functools.cache
def _context(insecure: bool) -> ssl.SSLContext:
    """Made once: it reads every authority that this machine trusts, which takes longer than a sign-in."""
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Site:
    """One server, spoken to over one connection that is opened again whenever the other side closed it."""

    def __init__(self, base: str, *, insecure: bool = False, connect: str = "") -> None:
        """`base` is the origin; `insecure` skips the certificate check; `connect` is host:port if not the origin's."""
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or parts.hostname is None or parts.path.strip("/"):
            raise ValueError(f"{base}: write scheme://host[:port] without a path")
        self.base = base.rstrip("/")
        self.named = parts.netloc
        self.secure = parts.scheme == "https"
        self._host = parts.hostname
        self._insecure = insecure
        target, _, port = (connect or f"{parts.hostname}:{parts.port or (443 if self.secure else 80)}").rpartition(":")
        self._place = (target, int(port))
        self._socket: socket.socket | None = None
        self._stream: BinaryIO | None = None

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        headers: Headers = PAGE,
        cookie: str = "",
        body: bytes = b"",
        host: str = "",
        version: str = "1.1",
    ) -> Answer:
        """The answer to one request; `target` is sent as it stands, and so is a `cookie` that is an Authorization."""
        lines = [f"{method} {target} HTTP/{version}", f"Host: {host or self.named}"]
        lines += [f"{name}: {value}" for name, value in headers]
        if cookie:
            lines.append(cookie if cookie.startswith("Authorization:") else f"Cookie: {cookie}")
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}")
        if version == "1.0":
            lines.append("Connection: keep-alive")
        request = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body
        # a server may hang up on a hostile request: that is an answer without status and body
        return self.raw(request, method=method) or Answer(0, (), b"")

    def raw(self, request: bytes, *, method: str = "GET") -> Answer | None:
        """The answer to these bytes, or None if the server closed the connection without a word."""
        for fresh in (False, True):
            if fresh or self._socket is None or self._stream is None:
                self.close()
                self._open()
            assert self._socket is not None
            assert self._stream is not None
            try:
                self._socket.sendall(request)
                first = self._stream.readline()
            except (ConnectionError, ssl.SSLError):
                first = b""
            if first:
                return self._read(first, method)
        self.close()
        return None

    def everything(self, request: bytes, seconds: float = 5) -> bytes:
        """All bytes that come back on a connection of its own, until the server closes it or stays silent."""
        self.close()
        self._open()
        assert self._socket is not None
        self._socket.settimeout(seconds)
        found = b""
        try:
            self._socket.sendall(request)
            if not self.secure:
                self._socket.shutdown(socket.SHUT_WR)
            while part := self._socket.recv(65536):
                found += part
        except (OSError, ssl.SSLError):
            pass
        self.close()
        return found

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._stream is not None:
            self._stream.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._stream = None

    def _open(self) -> None:
        plain = socket.create_connection(self._place, timeout=30)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.secure:
            self._socket = _context(self._insecure).wrap_socket(plain, server_hostname=self._host)
        else:
            self._socket = plain
        self._stream = self._socket.makefile("rb")

    def _read(self, first: bytes, method: str) -> Answer:
        assert self._stream is not None
        words = first.split(None, 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():
            body = first + self._stream.read()
            self.close()
            return Answer(0, (), body)
        headers = []
        while (line := self._stream.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.strip(), value.strip()))
        found = {name.lower(): value for name, value in headers}
        status = int(words[1])
        if method == "HEAD" or status in (204, 304) or 100 <= status < 200:
            body = b""
        elif "chunked" in found.get("transfer-encoding", ""):
            body = self._chunks()
        elif found.get("content-length", "").isdigit():
            body = self._stream.read(int(found["content-length"]))
        else:
            body = self._stream.read()
            found["connection"] = "close"
        if found.get("connection", "").lower() == "close" or (words[0] == b"HTTP/1.0" and "keep-alive" not in found):
            self.close()
        return Answer(status, tuple(headers), body)

    def _chunks(self) -> bytes:
        assert self._stream is not None
        body = b""
        while size := int(self._stream.readline().partition(b";")[0] or b"0", 16):
            body += self._stream.read(size)
            self._stream.readline()
        while self._stream.readline() not in (b"\r\n", b"\n", b""):
            pass
        return body
