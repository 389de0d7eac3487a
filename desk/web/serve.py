"""The desk in several processes: each makes its own application from what the command was told."""

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from fastapi import FastAPI

from desk.config import load
from desk.web.app import application
from storage.store import Store

TOLD = "TWINWATCH_DESK_TOLD"  # for the processes that this one starts, and for nobody else
# Seconds without a sign of life after which a process is killed, with whatever it was answering, and another
# one takes its place. uvicorn's 5 are too few: the first chart holds a process up for one on a quiet machine,
# and beside a night for several.
SILENT = 120


def serve(
    config: Path | None,
    hosts: Iterable[str],
    *,
    host: str,
    port: int,
    secure: bool,
    processes: int,
    proxies: Sequence[str] = (),
) -> None:
    """Until it is ended. `config` as it was given, or None. `proxies`: addresses whose word on where a
    request comes from is taken."""
    import uvicorn  # noqa: PLC0415 - the server: the processes that it starts have it already

    told = {"config": str(config.absolute()) if config else "", "hosts": sorted(hosts), "secure": secure}
    os.environ[TOLD] = json.dumps(told)
    uvicorn.run(
        "desk.web.serve:of_process",
        factory=True,
        host=host,
        port=port,
        workers=processes,
        timeout_worker_healthcheck=SILENT,
        loop="desk.web.accepting:Loop",
        log_level="warning",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )


def of_process() -> FastAPI:
    """The application of this process."""
    told = json.loads(os.environ[TOLD])
    config = load(Path(told["config"]) if told["config"] else None)
    store = Store.open(config.database, config.media, create=False)
    return application(config, store, frozenset(told["hosts"]), secure=told["secure"])
