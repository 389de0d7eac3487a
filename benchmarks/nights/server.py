"""The world on loopback, in a process of its own:
`python -m benchmarks.nights.server SEED ACCOUNTS START calm|stormy JITTER PLATFORMS`.

One port a host. The first line printed is JSON: the ports by platform, and the port that is asked
`/night/N` (which night it is), `/log` (what was asked since; begins anew). Ends with its standard input.
What it shows depends on the number of the night alone, never on how often it was asked; what goes wrong
(stormy) on both.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import replace

from benchmarks.nights.meter import REFUSAL, Meter, headers
from benchmarks.nights.said import Said
from benchmarks.nights.voices import Voice
from benchmarks.nights.weather import LIMITS, USAGE, Calm, Ledger, Weather
from benchmarks.nights.world import World

DRIP = 0.2  # seconds between the pieces of a slow body
PIECES = 6


class Serving:
    def __init__(self, world: World, weather: Weather | Calm, delay: float) -> None:
        self.world, self.weather, self.delay = world, weather, delay
        self.night = 1
        self.forget()

    def forget(self) -> None:
        self.ledger, self.meter = Ledger(), Meter()
        self.times: Counter[str] = Counter()  # requests by address in this night
        self.kinds: Counter[str] = Counter()
        self.listed: Counter[int] = Counter()  # requests by account, but for pictures
        self.looked: Counter[int] = Counter()  # by account: pictures of which the address says whose
        self.troubles: Counter[str] = Counter()
        self.sent = 0  # pictures with their bytes

    async def start(self) -> None:
        ports: dict[str, list[int]] = {platform: [] for platform in self.world.hosts}
        for platform, count in self.world.hosts.items():
            for host in range(count):
                ports[platform].append(await self._listen(platform, host))
        control = await asyncio.start_server(self._control, "127.0.0.1", 0)
        ports["control"] = [control.sockets[0].getsockname()[1]]
        print(json.dumps(ports), flush=True)

    async def _listen(self, platform: str, host: int) -> int:
        voices: list[Voice] = []

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._exchange(reader, writer, voices[0]):
                    pass
            writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=256)
        port: int = server.sockets[0].getsockname()[1]
        voices.append(Voice(self.world, platform, host, f"http://127.0.0.1:{port}"))
        return port

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, voice: Voice
    ) -> bool:
        """One request and its answer; False where the connection ends with it."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        target = head.split(" ", 2)[1]
        port: int = writer.get_extra_info("sockname")[1]
        if self.delay:
            await asyncio.sleep(random.Random(f"{self.night}{target}").uniform(0, self.delay))
        said = voice.answer(target, self.night)
        trouble = self._trouble(port, target, said)
        if voice.platform == "instagram" and said.kind in ("lookup", "listing"):
            said, trouble = self._metered(target, said, trouble)
        self._count(said)
        lines = head.lower().splitlines()
        given = next((line[14:].strip() for line in lines if line.startswith("if-none-match:")), "")
        etag = said.headers.get("ETag", "").lower()
        if etag and given == etag and not trouble:
            await _write(writer, Said(b"", 304, {"ETag": said.headers["ETag"]}))
            return True
        self.sent += said.kind == "picture" and trouble in ("", "slow", "none left")
        return await self._send(writer, said, trouble, port)

    def _count(self, said: Said) -> None:
        self.kinds[said.kind] += 1
        if said.account >= 0:
            self.listed[said.account] += 1
        if said.shows >= 0:
            self.looked[said.shows] += 1

    def _trouble(self, port: int, target: str, said: Said) -> str:
        if self.ledger.asked(port, target):
            return "429 seconds"
        is_picture = said.kind == "picture"
        down = self.weather.down(self.night, said.account) if said.account >= 0 else ""
        if down == "half" and said.headers.get("Content-Type") == "application/rss+xml":
            down = "500"  # half a feed is read as far as it goes, and nobody can tell how far it went
        if is_picture and self.weather.picture_down(self.night, said.picture):
            down = "500"
        trouble = down or self.weather.trouble(self.night, target, self.times[target], picture=is_picture)
        self.times[target] += 1
        self.troubles[trouble] += bool(trouble)
        return trouble

    def _metered(self, target: str, said: Said, trouble: str) -> tuple[Said, str]:
        """With Meta's usage headers; refused where nothing is left, or where it says so."""
        used = self.meter.call(time.time())
        first = self.times[target] == 1
        if used >= 100 or (not trouble and first and self.weather.throttled(self.night, target)):
            self.troubles[USAGE] += 1
            return said, USAGE
        return replace(said, headers={**said.headers, **headers(used)}), trouble

    async def _send(self, writer: asyncio.StreamWriter, said: Said, trouble: str, port: int) -> bool:
        if trouble in LIMITS:
            status, told = self.ledger.announce(port, trouble)
            shown = replace(said, headers={**said.headers, **told})
            await _write(writer, shown if status == 200 else Said(b"not now", status, told))
            return True
        if trouble == USAGE:
            status, told = self.ledger.announce(port, USAGE)
            body = json.dumps(REFUSAL).encode()
            await _write(writer, Said(body, status, {"Content-Type": "application/json", **told}))
            return True
        if trouble.isdigit():
            await _write(writer, Said(b"<html>the server is broken</html>", int(trouble)))
        elif trouble == "wall":
            await _write(writer, Said(b"<html>please log in</html>", 200, {"Content-Type": "text/html"}))
        elif trouble == "half":
            await _write(writer, Said(said.body[: len(said.body) // 2], said.status, said.headers))
        elif trouble == "slow":
            await _write(writer, said, drip=True)
        elif trouble == "cut":
            await _write(writer, said, cut=True)
            return False
        elif trouble == "reset":
            writer.transport.abort()
            return False
        else:
            await _write(writer, said)
        return True

    async def _control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ", 2)[1]
        if target.startswith("/night/"):
            self.night = int(target.rpartition("/")[2])
            self.forget()
        told = {
            "kinds": self.kinds,
            "most": max((self.listed + self.looked).values(), default=0),
            "listed": self.listed,
            "together": self.listed + self.looked,
            "sent": self.sent,
            "announced": self.ledger.announced,
            "broken": self.ledger.broken,
            "troubles": self.troubles,
            "metered": {"calls": self.meter.calls, "most": self.meter.most},
        }
        await _write(writer, Said(json.dumps(told).encode()))
        writer.close()


async def _write(writer: asyncio.StreamWriter, said: Said, *, cut: bool = False, drip: bool = False) -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in said.headers.items())
    length = f"Content-Length: {len(said.body)}\r\n" if said.status != 304 else ""
    writer.write(f"HTTP/1.1 {said.status} -\r\n{headers}{length}\r\n".encode("latin-1"))
    body = said.body[: len(said.body) // 2] if cut else said.body
    if drip:
        size = len(body) // PIECES + 1
        for place in range(0, len(body), size):
            writer.write(body[place : place + size])
            await writer.drain()
            await asyncio.sleep(DRIP)
    else:
        writer.write(body)
    await writer.drain()


async def main() -> None:
    seed, accounts, start = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    weather = Weather(seed) if sys.argv[4] == "stormy" else Calm()
    delay, platforms = float(sys.argv[5]), sys.argv[6].split(",")
    serving = Serving(World(seed, accounts, start, platforms), weather, delay)
    await serving.start()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
