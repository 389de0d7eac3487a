"""Receipts of erasures: written to a file, and checked later against the store."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from desk.jobs.erased import sealed
from desk.output import path_text
from storage.doors.erasures import digest_of
from storage.errors import RegistryError
from storage.keeping import Receipt
from storage.store import Store

MOST_BYTES = 64 * 1024 * 1024
NAMED = 5  # pictures that are there again


def written(receipt: Receipt, path: Path) -> None:
    """Whole or not at all; never in the place of another file. Raises RegistryError(kind="not_written")."""
    data = orjson.dumps(receipt.document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        os.link(name, path)
        Path(name).unlink()
    except OSError as error:
        again = f"`twinwatch receipts show {receipt.number} -o FILE` writes it again"
        raise RegistryError(
            f"{path_text(path)}: cannot be written: {error.strerror}; the erasure is done, and {again}",
            kind="not_written",
            where=path_text(path),
        ) from error


def read(path: Path) -> Mapping[str, Any]:
    """Raises RegistryError(kind="no_receipt")."""
    where = path_text(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        document = orjson.loads(path.read_bytes())
        if not isinstance(document, dict) or not isinstance(document.get("receipt"), int):
            raise ValueError("it has no number")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise RegistryError(
            f"{where}: no receipt of this program: {why}", kind="no_receipt", where=where
        ) from error
    return document


def wrong(store: Store, document: Mapping[str, Any]) -> Iterator[str]:
    """All that is wrong with it; nothing: it is the receipt that the store keeps, unchanged, every receipt
    follows the one before, and none of the pictures that it means is there again."""
    if document.get("digest") != digest_of(document):
        yield "the receipt was changed: its digest is another one"
    receipts = store.erasures.receipts()
    kept = next((one for one in receipts if one.number == document["receipt"]), None)
    if kept is None:
        yield f"the store keeps no receipt {document['receipt']}"
    elif kept.digest != document.get("digest"):
        yield f"the store keeps another receipt {kept.number}"
    yield from store.erasures.breaks()
    yield from _again(store, document)


def _again(store: Store, document: Mapping[str, Any]) -> Iterator[str]:
    salt, meant = document.get("salt"), document.get("sealed")
    if not isinstance(salt, str) or not isinstance(meant, list):
        yield "it does not say which pictures it means"
        return
    try:
        bytes.fromhex(salt)
    except ValueError:
        yield "its salt is no hex"
        return
    wanted = {one for one in meant if isinstance(one, str)}
    there = {*store.media.names(), *store.retention.fingerprinted()} if wanted else set()
    found = sorted(sha256 for sha256 in there if sealed(salt, sha256) in wanted)
    if found:
        names = ", ".join(sha256[:12] for sha256 in found[:NAMED]) + (" …" if len(found) > NAMED else "")
        yield f"{len(found)} of the erased pictures are in the store again: {names}"
