"""What must be hidden and what may be seen, read from the build itself.

Enters: the member and the public folder. Leaves: their files with URLs, and a detector for members' bytes.
"""

from __future__ import annotations

import functools
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from client import Answer

WINDOW = 24  # bytes of a member file that occur nowhere in the public folder
WINDOWS = 6  # per file, spread from its beginning to its end


@dataclass(frozen=True)
class File:
    """One file of a tree and the address it is served at."""

    path: Path
    url: str

    @functools.cached_property
    def content(self) -> bytes:
        """What the file holds."""
        return self.path.read_bytes()


def files(folder: Path, prefix: str = "/") -> list[File]:
    """Every file below `folder`, links followed as a server might, sorted, with percent-encoded URLs below `prefix`."""
    walk = os.walk(folder, followlinks=True)
    found = sorted(Path(place, name) for place, _, names in walk for name in names)
    return [File(path, prefix + quote(path.relative_to(folder).as_posix())) for path in found]


@dataclass(frozen=True)
class Trees:
    """Both folders of one build."""

    member: tuple[File, ...] = field(repr=False)
    public: tuple[File, ...] = field(repr=False)

    @functools.cached_property
    def plain(self) -> tuple[File, ...]:
        """The member files that a reader asks for: without the compressed copies beside them."""
        urls = {file.url for file in self.member}
        return tuple(file for file in self.member if not (file.url[-3:] in (".br", ".gz") and file.url[:-3] in urls))

    @functools.cached_property
    def detector(self) -> Detector:
        """Knows members' bytes when it sees them."""
        return Detector(self)


def read(member: Path, public: Path) -> Trees:
    """The trees of one build. Raises ValueError if there is too little in them to prove anything."""
    hidden, seen = files(member), files(public)
    # error pages are answers, not addresses: the policy decides where they are mounted
    if len(hidden) < 10 or not seen:
        raise ValueError(f"{member}: {len(hidden)} files, {public}: {len(seen)} files; is this a finished build?")
    return Trees(tuple(hidden), tuple(seen))


@dataclass(frozen=True)
class Detector:
    """Tells whether an answer to somebody who is no member gives anything away."""

    trees: Trees = field(repr=False)
    _seen: dict[bytes, str] = field(default_factory=dict, repr=False)

    @functools.cached_property
    def windows(self) -> dict[bytes, str]:
        """Pieces of member files that are in no public file, with the file's URL."""
        public = b"\0".join(file.content for file in self.trees.public)
        found: dict[bytes, str] = {}
        for file in self.trees.member:
            data, count = file.content, 0
            last = max(len(data) - WINDOW, 0)
            # a page begins and ends like every other page: look for the pieces that are its own
            for step in range(4 * WINDOWS):
                piece = data[last * step // (4 * WINDOWS - 1) :][:WINDOW]
                if len(piece) >= 12 and piece not in public and count < WINDOWS:
                    found.setdefault(piece, file.url)
                    count += 1
        return found

    @functools.cached_property
    def shown(self) -> set[bytes]:
        """Fingerprints of everything that anybody may read."""
        return {hashlib.sha256(file.content).digest() for file in self.trees.public}

    def content(self, body: bytes) -> str:
        """The URL of a member file whose bytes stand in `body`, "" if there is none."""
        key = hashlib.sha256(body).digest()
        if key not in self._seen:
            self._seen[key] = next((url for piece, url in self.windows.items() if piece in body), "")
        return self._seen[key]

    def leak(self, answer: Answer) -> str:
        """Why this answer to somebody who is no member is a leak, "" if it is none.

        Anything that is not refused must be, byte for byte, a public file; no answer may carry a piece of a member
        file, or a status that only an existing file can have.
        """
        for body in {answer.body, answer.text, "\n".join(map(": ".join, answer.headers)).encode("latin-1")}:
            if found := self.content(body):
                return f"bytes of {found}"
        if answer.status in (206, 304, 416):
            return f"status {answer.status} says that there is such a file"
        if 200 <= answer.status < 300 and answer.body and hashlib.sha256(answer.text).digest() not in self.shown:
            return f"status {answer.status} with {len(answer.body)} bytes that are no public file"
        if answer.status == 0 and answer.body:
            return f"{len(answer.body)} bytes without a status"
        return ""
