"""The store, off the event loop: one thread does all its work in order, so a slow disk never stops the
crawl."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.media import MediaFolder
from storage.store import Store

P = ParamSpec("P")
R = TypeVar("R")


class StoreThread:
    """`await store.call(Store.save_post, account, post)`. Bytes are written by their own few threads."""

    def __init__(self, opened: Callable[[], Store]) -> None:
        """`opened` runs in the thread that will use the store. Raises what it raises (StoreError)."""
        self._rows = ThreadPoolExecutor(1, "store")
        self._bytes = ThreadPoolExecutor(4, "media")
        self._store = self._rows.submit(opened).result()

    @property
    def media(self) -> MediaFolder:
        return self._store.media

    async def call(self, method: Callable[Concatenate[Store, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(
            self._rows, lambda: method(self._store, *args, **kwargs)
        )

    async def keep(self, data: bytes) -> str:
        """Put bytes into media: their SHA-256."""
        return await self.bytes_work(self.media.put, data)

    async def bytes_work(self, function: Callable[..., R], *args: Any) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._bytes, function, *args)

    def close(self) -> None:
        self._rows.submit(self._store.close).result()
        self._rows.shutdown()
        self._bytes.shutdown()
