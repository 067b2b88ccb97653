"""Signs in at the demo identity provider as a browser would, and remembers the cookies.

Enters: the gate's origin and an account. Leaves: a Reader with a session. For any other provider a person signs in with
a browser and hands the cookie to the suite (--member-cookie).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from client import PAGE, Answer, Headers, Site


@dataclass
class Reader:
    """Somebody with a browser: cookies by host, one Site per origin."""

    site: Site
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, Site] = field(default_factory=dict)

    def cookie(self, origin: str = "") -> str:
        """The Cookie header for `origin` (the gate's, if none is named)."""
        jar = self.cookies.get(origin or self.site.base, {})
        return "; ".join(f"{name}={value}" for name, value in jar.items())

    def ask(self, target: str, *, headers: Headers = PAGE, method: str = "GET", body: bytes = b"") -> Answer:
        """One request to the gate with this reader's cookies; redirects are not followed."""
        return self._ask(self.site, target, headers, method, body)

    def follow(self, url: str, *, form: dict[str, str] | None = None, most: int = 12) -> tuple[str, Answer]:
        """Opens an absolute URL and follows redirects; returns the address reached and the answer there."""
        for _ in range(most):
            parts = urlsplit(url)
            origin = f"{parts.scheme}://{parts.netloc}"
            place = self.site if origin == self.site.base else self.places.setdefault(origin, Site(origin))
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            if form is None:
                answer = self._ask(place, target, PAGE, "GET", b"")
            else:
                body = "&".join(f"{quote(name)}={quote(value)}" for name, value in form.items()).encode()
                headers = (*PAGE, ("Content-Type", "application/x-www-form-urlencoded"))
                answer = self._ask(place, target, headers, "POST", body)
            if answer.status not in (301, 302, 303, 307):
                return url, answer
            url, form = urljoin(url, answer.header("Location")), None
        raise ConnectionError(f"more than {most} redirects, the last to {url}")

    def _ask(self, place: Site, target: str, headers: Headers, method: str, body: bytes) -> Answer:
        answer = place.ask(target, method=method, headers=headers, cookie=self.cookie(place.base), body=body)
        jar = self.cookies.setdefault(place.base, {})
        for name, value in answer.cookies().items():
            if value:
                jar[name] = value
            else:
                jar.pop(name, None)
        return answer


def sign_in(site: Site, account: str, passphrase: str, at: str = "/") -> tuple[Reader, str, Answer]:
    """A reader who opened `at`, was sent to the provider, signed in and came back; where they landed and what they saw.

    Raises ConnectionError if the provider shows no form.
    """
    reader = Reader(site)
    url, form = reader.follow(site.base + at)
    action = re.search(rb'<form[^>]*action="([^"]+/login)"', form.text)
    if action is None:
        raise ConnectionError(f"no sign-in form at {url} (status {form.status}): is this the demo provider?")
    where, answer = reader.follow(urljoin(url, action[1].decode()), form={"login": account, "passphrase": passphrase})
    return reader, where, answer


def sign_out(reader: Reader) -> tuple[str, Answer]:
    """Signs out at the gate and at the provider; the address and the page reached."""
    url, page = reader.follow(reader.site.base + "/signin/out")
    token = re.search(rb'name="xsrf" value="([^"]+)"', page.text)
    action = re.search(rb'action="([^"]+)"', page.text)
    if token is None or action is None:
        return url, page
    form = {"xsrf": token[1].decode(), "logout": "yes"}
    return reader.follow(urljoin(url, action[1].decode()), form=form)
