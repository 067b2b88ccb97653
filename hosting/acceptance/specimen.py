"""A small build with the shape of the real one, so that the gate can be tested before there is a guide.

Enters: a folder. Leaves: member/, public/ and csp.json in it, both languages, with compressed copies. Run by hand:
python hosting/acceptance/specimen.py FOLDER
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
import sys
from pathlib import Path

import brotli

TEXT = {".html", ".js", ".css", ".json", ".svg", ".xml", ".txt", ".csv"}
SLUGS = ("insider-threat", "closed-circuit-television", "crisis-response")
# what the real site does as well: a page kept in the back/forward memory asks the gate again after a sign-out
READER = """document.body.dataset.script = 'ran';
const mark = () => document.cookie.match(/(?:^|; )guide_out=([^;]*)/)?.[1];
const before = mark();
addEventListener('pagehide', () => { document.documentElement.style.visibility = 'hidden'; });
addEventListener('pageshow', (event) => {
  if (event.persisted && mark() !== before) location.reload();
  else document.documentElement.style.visibility = '';
});
"""
INLINE = "document.documentElement.dataset.ready = 'yes'"
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="{root}favicon.svg">
<link rel="stylesheet" href="{assets}{style}">
<script>{inline}</script>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
<script type="module" src="{assets}{script}"></script>
</body>
</html>
"""


def sentences(subject: str, count: int) -> str:
    """Prose that occurs nowhere else: `count` sentences made from `subject`, the same on every run."""
    words = random.Random(subject)
    stock = [
        "berth",
        "gate",
        "patrol",
        "watch",
        "badge",
        "fence",
        "camera",
        "briefing",
        "manifest",
        "pier",
        "escort",
        "lamp",
        "seal",
        "drill",
        "tide",
        "crane",
    ]
    return "\n".join(
        f"<p>{subject}, {number}: {' '.join(words.choices(stock, k=14))} {words.getrandbits(64):016x}.</p>"
        for number in range(count)
    )


def pdf(subject: str, size: int) -> bytes:
    """A one-page PDF that a viewer opens, filled up to about `size` bytes with numbers that do not compress."""
    filler = random.Random(subject).randbytes(size)
    text = f"BT /F1 24 Tf 72 700 Td ({subject}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(filler), filler),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def put(path: Path, content: str | bytes) -> Path:
    """Writes `content`, and the compressed copies that the real build keeps beside every text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(data)
    if path.suffix in TEXT:
        path.with_name(f"{path.name}.br").write_bytes(brotli.compress(data))
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(data, mtime=0))
    return path


def hashed(folder: Path, stem: str, suffix: str, content: str) -> str:
    """Writes an asset whose name carries a hash of its content, and returns the name."""
    name = f"{stem}.{hashlib.sha256(content.encode()).hexdigest()[:8]}.{suffix}"
    put(folder / name, content)
    return name


def member(folder: Path) -> None:
    """The member folder: pages, data, paper, downloads, and names that trip careless software."""
    style = hashed(folder / "assets", "main", "min.css", "main { max-width: 40rem } /* members */\n")
    script = hashed(folder / "assets", "reader", "js", READER)
    put(folder / "assets" / "search" / "stop-words.txt", "el la los las, members' search\n")
    put(folder / "assets" / "cover.png", random.Random("cover").randbytes(4096))
    names = {"style": style, "script": script, "assets": "/assets/", "root": "/", "inline": INLINE}
    for lang, prefix in (("en", ""), ("es", "es/")):
        pages = {"": "Practice Guide", "assessment/": "Self-assessment", "report/": "Gap report"}
        pages |= {f"chapters/{slug}/": f"Chapter {slug}" for slug in SLUGS}
        for place, title in pages.items():
            body = sentences(f"{lang} {title}", 12) + '\n<p><a href="/signin/out">Sign out · Cerrar sesión</a></p>'
            put(folder / prefix / place / "index.html", PAGE.format(lang=lang, title=title, body=body, **names))
        for size in ("a4", "letter"):
            put(folder / "paper" / lang / size / "insider-threat.pdf", pdf(f"{lang} {size} insider threat", 60_000))
        put(folder / "search" / f"{lang}.json", json.dumps({"entries": sentences(f"search {lang}", 8).split("\n")}))
    put(folder / "data" / "catalogue.json", json.dumps({"requirements": sentences("catalogue", 30).split("\n")}))
    put(folder / "downloads" / "workbook-en.xlsx", b"PK\x03\x04" + random.Random("workbook").randbytes(20_000))
    put(folder / "downloads" / "acciones.csv", "código;acción\nCR-01;señalización del muelle de los miembros\n")
    put(folder / "downloads" / "guía práctica – edición 2026.pdf", pdf("guia practica", 9_000))
    put(folder / "downloads" / "a+b & c;d %41.txt", sentences("awkward name", 2))
    put(folder / "preview-internal" / "index.html", sentences("not the preview", 3))
    put(folder / "sitemap.xml", "<urlset><url><loc>/chapters/insider-threat/</loc></url></urlset>\n")


def public(folder: Path) -> None:
    """The public folder: preview, sign-in, errors, robots.txt; nothing in it says what members read."""
    style = hashed(folder / "preview" / "assets", "preview", "min.css", "main { max-width: 38rem }\n")
    script = hashed(folder / "preview" / "assets", "preview", "js", "document.body.dataset.script = 'ran';\n")
    names = {"style": style, "script": script, "assets": "/preview/assets/", "root": "/", "inline": INLINE}
    for lang, prefix in (("en", ""), ("es", "es/")):
        preview = {"": ("Preview", "Vista previa"), "about/": ("About", "Acerca de la guía")}
        for place, titles in preview.items():
            title = titles[lang == "es"]
            page = PAGE.format(lang=lang, title=title, body=sentences(f"public {title}", 3), **names)
            put(folder / "preview" / prefix / place / "index.html", page)
        put(folder / "preview" / prefix / "search.json", json.dumps({"entries": [f"public {lang}"]}))
        signin = {
            "index": ("Sign in", "Iniciar sesión"),
            "signed-out": ("You are signed out", "Ha cerrado la sesión"),
            "not-completed": ("Sign-in was not completed", "No se completó el inicio de sesión"),
        }
        for name, titles in signin.items():
            title = titles[lang == "es"]
            body = f'<p><a href="/{prefix}">{title}</a></p>'
            page = PAGE.format(lang=lang, title=title, body=body, **names)
            put(folder / "signin" / prefix / f"{name}.html", page)
        errors = {
            "400": ("The request could not be read", "No se pudo leer la solicitud"),
            "401": ("Please sign in", "Inicie sesión"),
            "403": ("For members only", "Solo para miembros"),
            "404": ("There is no such page", "No existe esa página"),
            "5xx": ("The guide is out of order", "La guía no está disponible"),
        }
        for code, titles in errors.items():
            title = titles[lang == "es"]
            body = '<p><a href="/signin/out">Sign out · Cerrar sesión</a> <a href="/preview/">Preview</a></p>'
            page = PAGE.format(lang=lang, title=title, body=body, **names)
            put(folder / "errors" / f"{code}.{lang}.html", page)
    put(folder / "robots.txt", "User-agent: *\nAllow: /preview/\nDisallow: /\n")
    put(
        folder / "favicon.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M1 1h6v6z"/></svg>\n',
    )


def policy(folder: Path) -> None:
    """csp.json with the hash of the one inline script."""
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    text = (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    (folder / "csp.json").write_text(json.dumps({"member": text, "public": text}))


def build(folder: Path) -> Path:
    """Writes the whole specimen and returns `folder`."""
    member(folder / "member")
    public(folder / "public")
    policy(folder)
    return folder


if __name__ == "__main__":
    build(Path(sys.argv[1]))
