"""AT Protocol identity: from a handle or a DID to the server that holds the account. Pure: asks are yielded.

Source: atproto.com/specs/did, /specs/handle (read 2026-11).
"""

import re
from collections.abc import Generator
from urllib.parse import quote, unquote

from crawler.addresses import is_web
from crawler.atproto.errors import raise_for
from crawler.pages import Answer, Ask
from crawler.wild_json import list_at, read_json, text_at
from storage.errors import CrawlError

PUBLIC_RESOLVER = "https://public.api.bsky.app"
DID = re.compile(r"did:(plc:[a-z2-7]{24}|web:[A-Za-z0-9.%-]{1,250})")


def resolve_handle(handle: str, server: str) -> Generator[Ask, Answer, str]:
    """The DID that a server names for a handle."""
    answer = yield Ask(f"{server}/xrpc/com.atproto.identity.resolveHandle?handle={quote(handle, safe='')}")
    raise_for(answer, handle)
    did = text_at(read_json(answer.body, handle), "did")
    if not DID.fullmatch(did):
        raise CrawlError(f"{handle} resolves to {did[:100]!r}, which is no DID", kind="bad_did", where=handle)
    return did


def find_server(did: str, handle: str, plc_directory: str) -> Generator[Ask, Answer, str]:
    """The PDS of a DID. `handle` ("" to skip) must be among the names that the DID itself claims."""
    answer = yield Ask(document_url(did, plc_directory))
    if answer.status == 404:
        raise CrawlError(f"no document for {did}", kind="did_not_found", where=did)
    raise_for(answer, did)
    document = read_json(answer.body, did)
    if text_at(document, "id") != did:
        raise CrawlError(
            f"the document for {did} speaks of somebody else", kind="bad_did_document", where=did
        )
    names = [one.lower() for one in list_at(document, "alsoKnownAs") if isinstance(one, str)]
    if handle and f"at://{handle}" not in names:
        raise CrawlError(f"{did} does not claim the name {handle}", kind="handle_mismatch", where=handle)
    for service in list_at(document, "service"):
        if text_at(service, "id") in ("#atproto_pds", f"{did}#atproto_pds"):
            endpoint = text_at(service, "serviceEndpoint").rstrip("/")
            if is_web(endpoint):
                return endpoint
    raise CrawlError(f"the document for {did} names no server", kind="bad_did_document", where=did)


def document_url(did: str, plc_directory: str) -> str:
    if did.startswith("did:plc:"):
        return f"{plc_directory.rstrip('/')}/{did}"
    host = unquote(did.removeprefix("did:web:"))
    scheme = "http" if host.partition(":")[0] == "localhost" else "https"  # as the reference resolver does
    return f"{scheme}://{host}/.well-known/did.json"
