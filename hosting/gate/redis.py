"""The few words of the Redis protocol that the gate needs: PING, AUTH, SCAN, DEL.

Enters: host:port and a password. Leaves: answers as text, numbers and lists. Source: redis.io, "Redis serialization
protocol specification", version 2.
"""

from __future__ import annotations

import socket
from types import TracebackType


class RedisError(Exception):
    """Redis refused what it was asked."""


class Redis:
    """One connection, closed by `with`. Raises OSError when nobody answers, RedisError when the answer is no."""

    def __init__(self, address: str, password: str) -> None:
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host.strip("[]"), int(port)), timeout=5)
        self._stream = self._socket.makefile("rb")
        if password:
            self.ask("AUTH", password)

    def __enter__(self) -> Redis:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._socket.close()

    def ask(self, *words: str) -> object:
        """The answer to one command."""
        parts = [word.encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        return self._answer()

    def keys(self, pattern: str) -> list[str]:
        """Every key that fits `pattern`, without blocking the server as KEYS would."""
        cursor, found = "0", []
        while True:
            answer = self.ask("SCAN", cursor, "MATCH", pattern, "COUNT", "500")
            if not isinstance(answer, list):
                raise RedisError("SCAN gave no list")
            cursor = str(answer[0])
            found += [str(key) for key in answer[1]]
            if cursor == "0":
                return found

    def _answer(self) -> object:
        line = self._stream.readline()
        if not line.endswith(b"\r\n"):
            raise OSError("the connection was closed")
        kind, rest = line[:1], line[1:-2].decode()
        if kind == b"-":
            raise RedisError(rest)
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == "-1" else self._stream.read(int(rest) + 2)[:-2].decode()
        if kind == b"*":
            return [self._answer() for _ in range(int(rest))]
        raise OSError("not a Redis server")
