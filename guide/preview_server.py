"""`guide serve`: the preview on loopback, and the watch over the project's files.

Enters: a folder and a port. Leaves: http://localhost:8000 until Ctrl-C. Pages are made by guide/preview.py.
"""

from __future__ import annotations

import hashlib
import json
import logging
import mimetypes
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import click
from watchfiles import watch

from guide.plain_files import written
from guide.preview import TEMPLATES, Preview

WATCHED = ("docs", "data", "overrides", "guide", "macros", "mkdocs.yml")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'"
)
FRONT_MATTER = re.compile(rb"\A---\n.*?\n---\n", re.DOTALL)


class Handler(BaseHTTPRequestHandler):
    """Answers for one Preview (set by `serve`)."""

    preview: Preview
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """A page, a file of the theme, or the stream of changes."""
        parts = urlsplit(self.path)
        address = unquote(parts.path).lstrip("/")
        if address == "-/changes":
            self._stream(parse_qs(parts.query).get("address", ["/"])[0].lstrip("/"))
        elif address.startswith("-/") and (TEMPLATES / Path(address).name).suffix in {".js", ".css"}:
            self._send(200, (TEMPLATES / Path(address).name).read_bytes(), Path(address).suffix)
        elif (html := self.preview.page(address)) is not None:
            self._send(200, self._with_client(html, address), ".html")
        elif self.preview.page(f"{address}/") is not None:
            self.send_response(301)
            self.send_header("Location", f"/{address}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path := self.preview.file(address):
            self._send(200, path.read_bytes(), path.suffix)
        else:
            self._send(404, self._with_client(self.preview.missing(address), address), ".html")

    def _with_client(self, html: str, address: str) -> bytes:
        mark = self._mark(html)
        client = (TEMPLATES / "client.html").read_text(encoding="utf-8").replace("{mark}", mark)
        return html.replace("</head>", client + "</head>", 1).encode("utf-8")

    def _mark(self, html: str) -> str:
        """A mark of what is shown: another mark, and the browser loads the page again."""
        return hashlib.sha256(f"{self.preview.looks}{html}".encode()).hexdigest()[:16]

    def _stream(self, address: str) -> None:
        """One event at once and one after each change, for as long as the browser listens."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        version = -1
        try:
            self.wfile.write(b"retry: 300\n\n")
            while True:
                now = self.preview.wait(version, 15)
                if now != version:
                    version = now
                    html = self.preview.page(address) or self.preview.missing(address)
                    event = {"mark": self._mark(html), "problems": self.preview.panel(address)}
                    self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
                else:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, status: int, body: bytes, suffix: str) -> None:
        kind = mimetypes.types_map.get(suffix, "application/octet-stream")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the terminal is for what an editor should mend."""


class Server(ThreadingHTTPServer):
    """Threads end with the program."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away in the middle is no news."""


def serve(root: Path, port: int, say: Callable[[str], None]) -> None:
    """Serves until it is stopped. Raises click.ClickException when the port is taken."""
    say("Reading the guide …")
    logging.getLogger("mkdocs").setLevel(logging.CRITICAL)  # problems are told by the rules, once
    preview = Preview(root, say)
    handler = type("PreviewHandler", (Handler,), {"preview": preview})
    try:
        server = Server(("localhost", port), handler)
    except OSError as error:
        raise click.ClickException(f"Port {port} is taken ({error.strerror}). Try `guide serve --port 8001`.") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://localhost:{server.server_port}/"
    say(f"Preview: {address} and {address}es/ (Ctrl-C ends it)")
    try:
        follow(root, preview)
    except KeyboardInterrupt:
        say("")


def follow(root: Path, preview: Preview) -> None:
    """Hands every saved file to the preview; starts the program anew when the program itself was changed.

    Nothing that is saved ends it: a program that would not start waits until it is mended.
    """
    shape = _shape(root)
    for changes in watch(*(root / name for name in WATCHED if (root / name).exists()), step=10, debounce=200):
        paths = {Path(name) for _, name in changes}
        before, shape = shape, _shape(root)
        preview.saved(structure=shape != before, looks=any("overrides" in path.parts for path in paths))
        if any(path.suffix == ".py" or path.name == "mkdocs.yml" for path in paths):
            why = why_it_cannot_start(root)
            if why is None:
                os.execv(sys.executable, sys.orig_argv)
            preview.waits(why)


def why_it_cannot_start(root: Path) -> str | None:
    """What a new start of the program would end with, in one line; None if it would start."""
    start = (
        "import guide.preview_server, macros\n"
        "from mkdocs.config import load_config; load_config('mkdocs.yml', strict=False)"
    )
    tried = subprocess.run([sys.executable, "-c", start], cwd=root, capture_output=True, text=True, check=False)
    said = [line.strip() for line in tried.stderr.splitlines() if line.strip()]
    return None if tried.returncode == 0 else (said[-1] if said else "it ends without a word").rstrip(".")


def _shape(root: Path) -> dict[Path, bytes | None]:
    """What the navigation depends on: which pages there are, their front matter, chapters and words.

    A file that is away for a moment (a checkout, a program that deletes and writes) counts as one without content.
    """
    heads = {path: FRONT_MATTER.match(_bytes(path)) for path in written(root / "docs", "**/*.md")}
    words = {root / "data" / name: _bytes(root / "data" / name) for name in ("chapters.yml", "interface.yml")}
    return {**{path: head[0] if head else None for path, head in heads.items()}, **words}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
