"""A server that did as it was told, and whose answer was lost on the way.

Rests on a proxy between dorm and the server; that a lost connection is replaced is told in
`tests/postgresql/test_pool.py`.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from dorm import exceptions as ours


class Proxy:
    """Hand everything on, but for the answers to the first message that holds *marked*."""

    def __init__(self, upstream: dict[str, object]) -> None:
        self.marked: bytes | None = None
        self.swallowed = 0
        self._upstream = upstream
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        for end in (self._listener, *self._open):
            _shut(end)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = self._connect()
            self._open += [client, server]
            is_deaf = threading.Event()
            threading.Thread(target=self._ask, args=(client, server, is_deaf), daemon=True).start()
            threading.Thread(target=self._answer, args=(client, server, is_deaf), daemon=True).start()

    def _connect(self) -> socket.socket:
        host, port = str(self._upstream.get("host", "127.0.0.1")), int(str(self._upstream.get("port", 5432)))
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{host}/.s.PGSQL.{port}")
        return server

    def _ask(self, client: socket.socket, server: socket.socket, is_deaf: threading.Event) -> None:
        while asked := _read(client):
            if self.marked is not None and self.marked in asked:
                self.marked = None
                is_deaf.set()
            try:
                server.sendall(asked)
            except OSError:
                break
        _shut(server)

    def _answer(self, client: socket.socket, server: socket.socket, is_deaf: threading.Event) -> None:
        while answer := _read(server):
            if is_deaf.is_set():
                # The server answers after it has done the work: what was asked has happened.
                self.swallowed += 1
                break
            try:
                client.sendall(answer)
            except OSError:
                break
        _shut(client)


def _read(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()


@pytest.fixture
def proxy(place) -> Iterator[Proxy]:
    made = Proxy(place.room.master)
    place.configure(HOST="127.0.0.1", PORT=made.port)
    yield made
    made.close()


def test_a_write_whose_answer_is_lost_is_not_repeated(core, place, proxy):
    async def write(db):
        await db.fetch("SELECT 1")
        proxy.marked = b"INSERT INTO t"
        with pytest.raises(ours.OperationalError):
            await db.execute("INSERT INTO t (age) VALUES (7)")
        return await db.fetch("SELECT count(*) FROM t WHERE age = 7")

    assert list(map(tuple, core(write))) == [(1,)]
    assert proxy.swallowed == 1


def test_a_commit_whose_answer_is_lost_is_not_repeated(core, place, proxy):
    async def write(db):
        await db.fetch("SELECT 1")
        with pytest.raises(ours.OperationalError):
            async with db.atomic():
                await db.execute("INSERT INTO t (age) VALUES (7)")
                proxy.marked = b"COMMIT"
        return await db.fetch("SELECT count(*) FROM t WHERE age = 7")

    assert list(map(tuple, core(write))) == [(1,)]
    assert proxy.swallowed == 1
