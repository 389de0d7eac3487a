"""Content Credentials (C2PA): what any manifest in the file says, its ingredients' too, and who signed that.

Levels. 3: intact, and every signer from the active manifest down to the one that says AI is on the trust list
that the caller gave (none ships with the program). 2: intact, but a signer is unknown, expired or malformed.
0: `ignored: …` for a claim that does not count (tampered: a hash or a signature does not fit; or the AI
picture was only an input), and `unreadable: …` for a credential that cannot be looked at, a remote one among
them: nothing is ever fetched.

Extent. `whole` only if a generated picture is what the manifest's own picture was made from: the source type
stands on its creation, or on that of a parent, from parent to parent. A component makes `part`, and so does
an edit.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from c2pa import C2paError, Context, Reader

from detector.reader import ignored, unreadable
from detector.source_types import GENERATIVE, generative
from storage.records import Extent, OriginEvidence

NAME = "c2pa"
VERSION = "1"

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "jxl": "image/jxl",
    "tiff": "image/tiff",
    "avif": "image/avif",
    "heic": "image/heic",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/avi",
}
# Failures that leave bytes and signature intact: only, nobody vouches for the signer (C2PA 2.2, 15.2.2).
UNATTRIBUTED = ("signingCredential.", "timeStamp.", "timeOfSigning.")
# What was signed is not what is there. Other failures ("assertion.action.malformed") are a sloppy writer's.
BROKEN = (".mismatch", ".missing", ".undeclared", ".inaccessible", "claimSignature.", ".multiple")
# Actions that describe the picture as such; any other is an edit of it.
MAKING = frozenset({"", "c2pa.created", "c2pa.opened", "c2pa.converted", "c2pa.transcoded", "c2pa.published"})
TRUSTED = "signingCredential.trusted"
DEPTH_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust list as the user keeps it: PEM certificates, and its name and date for the record."""

    anchors: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Reached:
    """A manifest and the way to it from the active one."""

    label: str
    manifest: Mapping[str, Any]
    trusted: bool  # every signer on the way
    extent: Extent  # what a generated picture there means for the whole
    input_only: bool
    place: str  # in words


def read(data: bytes, format_name: str, trust: Trust = Trust()) -> tuple[OriginEvidence, ...]:
    """Evidence of every manifest; () where there is none, or none says AI."""
    media_type = MEDIA_TYPES.get(format_name)
    if media_type is None:
        return ()
    try:
        reader = Reader.try_create(media_type, BytesIO(data), context=_context(trust))
    except C2paError as error:
        return (_refused(str(error)),)
    if reader is None:
        return ()
    with reader:
        return tuple(_evidence(json.loads(reader.json()), trust))


@lru_cache(maxsize=4)
def _context(trust: Trust) -> Any:
    """The library fetches URLs that it finds in a picture unless told not to: a stranger's picture would call
    home."""
    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
    if trust.anchors:
        settings["trust"] = {"trust_anchors": trust.anchors}
    return Context.from_dict(settings)


def _refused(words: str) -> OriginEvidence:
    if words.startswith("Remote"):
        return unreadable(NAME, "remote manifest", words[:300])
    return unreadable(NAME, "the credential cannot be read", words[:300])


def _evidence(store: Mapping[str, Any], trust: Trust) -> Iterator[OriginEvidence]:
    codes = _codes_by_manifest(store)
    active = str(store.get("active_manifest", ""))
    broken = [code for code in codes.get(active, ()) if _is_broken(code)]
    if broken:
        yield ignored(NAME, "tampered", f"the file is not as it was signed: {', '.join(sorted(set(broken)))}")
        return
    told = set()
    for reached in _walk(store, active, codes):
        for made in _claims(reached, codes.get(reached.label, ()), trust):
            if made not in told:
                told.add(made)
                yield made


# --- what the library found -------------------------------------------------------------------------------


def _codes_by_manifest(store: Mapping[str, Any]) -> dict[str, list[str]]:
    """Validation codes by the manifest that they are about. Of the successes only TRUSTED is kept.

    Of an ingredient the library reports only what differs from what its signer had recorded, so both count; a
    signer that was unknown then and is trusted now is trusted.
    """
    codes: dict[str, list[str]] = {}
    for status in _found(store):
        label = str(status.get("url", "")).partition("/c2pa/")[2].partition("/")[0]
        codes.setdefault(label, []).append(str(status.get("code", "")))
    trusted_now = {label for label, found in codes.items() if TRUSTED in found}
    for manifest in (store.get("manifests") or {}).values():
        for ingredient in manifest.get("ingredients") or ():
            label = str(ingredient.get("active_manifest"))
            for code in (str(status.get("code", "")) for status in _recorded(ingredient)):
                if label not in trusted_now or not code.startswith(UNATTRIBUTED):
                    codes.setdefault(label, []).append(code)
    return codes


def _found(store: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from store.get("validation_status") or ()
    results = store.get("validation_results") or {}
    yield from _telling(results.get("activeManifest") or {})
    for delta in results.get("ingredientDeltas") or ():
        yield from _telling(delta.get("validationDeltas") or {})


def _recorded(ingredient: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from ingredient.get("validation_status") or ()
    yield from _telling((ingredient.get("validation_results") or {}).get("activeManifest") or {})


def _telling(results: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from results.get("failure") or ()
    yield from (one for one in results.get("success") or () if one.get("code") == TRUSTED)


def _is_broken(code: str) -> bool:
    if code.startswith(UNATTRIBUTED):
        return False
    return any(code.endswith(sign) or code.startswith(sign) for sign in BROKEN)


def _is_trusted(codes: list[str]) -> bool:
    return set(codes) == {TRUSTED}


# --- every manifest ---------------------------------------------------------------------------------------


def _walk(store: Mapping[str, Any], active: str, codes: Mapping[str, list[str]]) -> Iterator[_Reached]:
    """The active manifest, its ingredients and theirs, nearest first; then those that nothing refers to."""
    manifests: Mapping[str, Any] = store.get("manifests") or {}
    seen: set[str] = set()
    trusted = _is_trusted(list(codes.get(active, ())))
    queue = [_Reached(active, manifests.get(active, {}), trusted, Extent.WHOLE, False, "active manifest")]
    while queue:
        reached = queue.pop(0)
        if reached.label in seen:
            continue
        seen.add(reached.label)
        yield reached
        queue += _ingredients(reached, manifests, codes)
    for label in sorted(manifests.keys() - seen):
        yield _Reached(
            label, manifests[label], False, Extent.UNKNOWN, False, "a manifest that nothing refers to"
        )


def _ingredients(
    reached: _Reached, manifests: Mapping[str, Any], codes: Mapping[str, list[str]]
) -> Iterator[_Reached]:
    for ingredient in reached.manifest.get("ingredients") or ():
        label = ingredient.get("active_manifest")
        if label not in manifests or len(reached.place) > 30 * DEPTH_LIMIT:
            continue
        relation = str(ingredient.get("relationship", ""))
        whole = relation == "parentOf" and reached.extent is Extent.WHOLE
        yield _Reached(
            label=label,
            manifest=manifests[label],
            trusted=reached.trusted and _is_trusted(list(codes.get(label, ()))),
            extent=Extent.WHOLE if whole else Extent.PART,
            input_only=reached.input_only or relation == "inputTo",
            place=f"ingredient ({relation}) of {reached.place}",
        )


def _claims(reached: _Reached, codes: list[str] | tuple[()], trust: Trust) -> Iterator[OriginEvidence]:
    broken = sorted({code for code in codes if _is_broken(code)})
    for assertion in reached.manifest.get("assertions") or ():
        for action, value in _source_types(assertion.get("data"), ""):
            term = generative(value)
            if term is None:
                continue
            where = f"{reached.place}, {assertion.get('label', '')}" + (f", {action}" if action else "")
            said = f"{term} in {where}; {_signer(reached, codes, trust)}"
            if broken:
                yield ignored(NAME, "tampered", f"{said}; {', '.join(broken)}")
            elif reached.input_only:
                yield ignored(NAME, "only an input was AI", said)
            else:
                level = 3 if reached.trusted else 2
                extent = _extent(term, action, reached.extent)
                yield OriginEvidence(NAME, f"digitalSourceType: {term}", said, extent, level)


def _extent(term: str, action: str, reached: Extent) -> Extent:
    own = GENERATIVE[term]
    if own is not Extent.WHOLE:
        return own
    return reached if action in MAKING else Extent.PART


def _source_types(data: object, action: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every digitalSourceType below, whatever its prefix, with the action that it belongs to ("" for
    none)."""
    if depth > DEPTH_LIMIT:
        return
    if isinstance(data, dict):
        action = str(data.get("action", action))
        for key, value in data.items():
            if isinstance(value, str) and str(key).rpartition(":")[2].lower() == "digitalsourcetype":
                yield action, value
            else:
                yield from _source_types(value, action, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _source_types(value, action, depth + 1)


def _signer(reached: _Reached, codes: list[str] | tuple[()], trust: Trust) -> str:
    info = reached.manifest.get("signature_info") or {}
    names = " / ".join(str(info[key]) for key in ("issuer", "common_name") if info.get(key)) or "nobody named"
    if reached.trusted:
        return f"signed by {names}, trusted by {trust.name or 'the trust list given'}"
    doubts = sorted({code for code in codes if code != TRUSTED})
    return f"signed by {names}, not known to be trusted" + (f" ({', '.join(doubts)})" if doubts else "")
