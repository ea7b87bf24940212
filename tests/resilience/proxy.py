"""A TCP proxy before a database, with the manners of a bad network."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Final

CHUNK: Final = 16 * 1024
LATENCY: Final = 0.05
"""Seconds in each direction where the line is slow."""


class Weather(StrEnum):
    """What becomes of the connections that are open, and of new ones."""

    FAIR = "fair"
    SLOW = "slow"  # each piece comes late
    BLACKHOLE = "blackhole"  # connections stand, and nothing comes through
    RESET = "reset"  # cut at once, and so is whoever calls again
    HALF_CLOSE = "half_close"  # the database's side says no more, and hears everything


class Proxy:
    """Listens on loopback for a server behind a Unix socket. The weather may change at any time."""

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self._weather = Weather.FAIR
        self._loop = asyncio.new_event_loop()
        self._fair = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._run, name="proxy")
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def change(self, weather: Weather) -> None:
        """Let the weather be so from now on, for open connections too."""
        asyncio.run_coroutine_threadsafe(self._change(weather), self._loop).result(5)

    def close(self) -> None:
        self.change(Weather.RESET)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._fair.set()
        server = self._loop.run_until_complete(asyncio.start_server(self._meet, sock=self._listener))
        self._loop.run_forever()
        server.close()
        waiting = asyncio.all_tasks(self._loop)
        for task in waiting:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))

    async def _change(self, weather: Weather) -> None:
        self._weather = weather
        if weather is Weather.BLACKHOLE:
            self._fair.clear()
        else:
            self._fair.set()
        for writer in tuple(self._open):
            if weather is Weather.RESET:
                _reset(writer)
            elif weather is Weather.HALF_CLOSE and writer.can_write_eof():
                writer.write_eof()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._weather in (Weather.RESET, Weather.HALF_CLOSE):
            _reset(writer)
            return
        self._open.add(writer)
        try:
            behind, to_behind = await asyncio.open_unix_connection(str(self._upstream))
        except OSError:
            _reset(writer)
            self._open.discard(writer)
            return
        try:
            await asyncio.gather(self._pass_on(reader, to_behind), self._pass_on(behind, writer))
        except (OSError, RuntimeError):
            pass  # either side has gone
        finally:
            self._open.discard(writer)
            to_behind.close()
            writer.close()

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(CHUNK):
            await self._fair.wait()
            if self._weather is Weather.SLOW:
                await asyncio.sleep(LATENCY)
            sink.write(piece)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()


def _reset(writer: asyncio.StreamWriter) -> None:
    """With a linger time of zero, closing sends RST instead of FIN."""
    line = writer.get_extra_info("socket")
    if line is not None and line.fileno() >= 0:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def proxied(upstream: Path) -> Iterator[Proxy]:
    proxy = Proxy(upstream)
    try:
        yield proxy
    finally:
        proxy.close()
