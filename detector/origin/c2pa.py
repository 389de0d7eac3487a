"""Content Credentials (C2PA): what any manifest in the file says, its ingredients' too, and who signed that.

Levels. 3: intact, and every signer from the active manifest down to the one that says AI is on a trust list
that the caller gave (none ships with the program). 2: intact, but a signer is unknown, expired or malformed.
0: `ignored: …` for a claim that does not count (tampered: a hash or a signature does not fit; or the AI
picture was only an input), and `unreadable: …` for a credential that cannot be looked at, a remote one among
them: nothing is ever fetched.

Extent. `whole` only if a generated picture is what the manifest's own picture was made from: the source type
stands on its creation, or on that of a parent, from parent to parent. A component makes `part`, and so does
an edit. And so it is where something was placed on it that is not said to be generated: a photographed model
before a generated background.
"""

import json
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from itertools import islice
from typing import Any

from c2pa import C2paError, Context, Reader

from detector.metadata.credential import none_there, too_much
from detector.metadata.file import metadata
from detector.reader import ignored, unreadable
from detector.source_types import GENERATIVE, generative
from detector.trust import NO_TRUST, Purpose, Trust, TrustList
from storage.records import Extent, OriginEvidence

NAME = "c2pa"
VERSION = "4"
ASKS_TRUST = True

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
PLACED, COMPONENT = "c2pa.placed", "componentOf"
ACTIVE = "active manifest"
TRUSTED = "signingCredential.trusted"
UNTRUSTED = "signingCredential.untrusted"
# What a signing certificate may be made for: e-mail protection, document signing, Microsoft's C2PA signing,
# C2PA claim signing. As the interim list's store.cfg (contentauth/verify-site) says, without those for
# timestamps and revocations; the library's own default lacks document signing, which Samsung's signers have.
SIGNING_PURPOSES = "1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.36\n1.3.6.1.4.1.311.76.59.1.9\n1.3.6.1.4.1.62558.2.1\n"
KINDS = {Purpose.CONTENT: "manifest", Purpose.TIMESTAMP: "tsa"}
DEPTH_LIMIT = 40
MOST_CLAIMS = 40  # pieces of evidence of one file, the nearest ones; no real file has more than 4
MOST_MANIFESTS = 2000  # looked through


@dataclass(frozen=True, slots=True)
class _Reached:
    """A manifest and the way to it from the active one."""

    label: str
    manifest: Mapping[str, Any]
    way: tuple[str, ...]  # labels, from the active one to this one; () where nothing refers to it
    extent: Extent  # what a generated picture there means for the whole
    input_only: bool
    place: str  # in words


def read(data: bytes, format_name: str, trust: Trust = NO_TRUST) -> tuple[OriginEvidence, ...]:
    """Evidence of every manifest; () where there is none, or none says AI."""
    media_type = MEDIA_TYPES.get(format_name)
    carried = metadata(data, format_name)
    if media_type is None or none_there(carried, format_name):
        return ()
    if too := too_much(data, format_name, carried):
        return (unreadable(NAME, "the credential would take too long", too),)
    file = _File(data, media_type, trust, placed=carried.credential)
    try:
        found = file.evidence(())
        # Whether a signer is trusted is asked where something hangs on it: it costs ten times as much.
        if trust.content and any(one.level for one in found):
            found = file.evidence(trust.lists)
    except C2paError as error:
        return (_refused(str(error)),)
    return found


@dataclass(slots=True)
class _File:
    """The file, to be read under one set of lists or another."""

    data: bytes
    media_type: str
    trust: Trust
    placed: bool = False  # the file has a place where a credential is kept
    _vouched: dict[str, tuple[TrustList, ...]] | None = field(default=None)

    def evidence(self, lists: Sequence[TrustList]) -> tuple[OriginEvidence, ...]:
        """Raises C2paError."""
        store = self.read(lists)
        return tuple(islice(_evidence(store, self), MOST_CLAIMS)) if store else _nothing(self)

    def read(self, lists: Sequence[TrustList]) -> Mapping[str, Any]:
        """Empty where there is no manifest. Raises C2paError."""
        reader = Reader.try_create(self.media_type, BytesIO(self.data), context=_context(tuple(lists)))
        if reader is None:
            return {}
        with reader:
            found: Mapping[str, Any] = json.loads(reader.json())
            return found

    def vouch(self, label: str) -> tuple[TrustList, ...]:
        """The lists for content that know the signer of this manifest."""
        if self._vouched is None:
            self._vouched = {}
            for one, known in self._known():
                for signed in known:
                    self._vouched[signed] = (*self._vouched.get(signed, ()), one)
        return self._vouched.get(label, ())

    def _known(self) -> Iterator[tuple[TrustList, set[str]]]:
        """Each list for content, with the manifests whose signers it knows. Each is asked by itself: asked
        together, the library takes a list for timestamps for one of signers too, and names any that fits.
        One whose certificate has ended since is known only where the time is vouched for as well; then those
        who vouch for the time must not be the ones who know him."""
        timing = tuple(one for one in self.trust.lists if one.purpose is Purpose.TIMESTAMP)
        by_time = self._trusted(timing) if timing else set()
        for one in self.trust.content:
            alone = self._trusted((one,))
            yield one, alone | (self._trusted((one, *timing)) - by_time if timing else set())

    def _trusted(self, lists: Sequence[TrustList]) -> set[str]:
        """Manifests whose signer the library trusts under these lists."""
        found = _codes_by_manifest(self.read(lists))
        return {label for label, codes in found.items() if TRUSTED in codes and UNTRUSTED not in codes}


@lru_cache(maxsize=16)
def _context(lists: tuple[TrustList, ...]) -> Any:
    """The library fetches URLs that it finds in a picture unless told not to: a stranger's picture would call
    home."""
    settings: dict[str, Any] = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
    if lists:
        settings["trust"] = {"anchors": [_anchor(one) for one in lists], "trust_config": SIGNING_PURPOSES}
    return Context.from_dict(settings)


def _anchor(one: TrustList) -> dict[str, str]:
    anchor = {"trust_anchors": one.authorities, "trust_kind": KINDS[one.purpose], "trust_uri": one.sha256}
    return {**anchor, "allowed_list": one.signers} if one.signers else anchor


def _nothing(file: "_File") -> tuple[OriginEvidence, ...]:
    """There is a place for a credential, and the library finds none in it: it takes malformed boxes in a
    JPEG for none at all."""
    if not file.placed:
        return ()
    return (unreadable(NAME, "the credential cannot be read", "no manifest where one is kept"),)


def _refused(words: str) -> OriginEvidence:
    if words.startswith("Remote"):
        return unreadable(NAME, "remote manifest", words[:300])
    return unreadable(NAME, "the credential cannot be read", words[:300])


def _evidence(store: Mapping[str, Any], file: _File) -> Iterator[OriginEvidence]:
    codes = _codes_by_manifest(store)
    active = str(store.get("active_manifest", ""))
    broken = [code for code in codes.get(active, ()) if _is_broken(code)]
    if broken:
        yield ignored(NAME, "tampered", f"the file is not as it was signed: {', '.join(sorted(set(broken)))}")
        return
    told = set()
    for reached in islice(_walk(store, active), MOST_MANIFESTS):
        for made in _claims(reached, codes, file):
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


# --- every manifest ---------------------------------------------------------------------------------------


def _walk(store: Mapping[str, Any], active: str) -> Iterator[_Reached]:
    """The active manifest, its ingredients and theirs, nearest first; then those that nothing refers to."""
    manifests: Mapping[str, Any] = store.get("manifests") or {}
    seen: set[str] = set()
    first = manifests.get(active, {})
    made = frozenset(label for label, one in islice(manifests.items(), MOST_MANIFESTS) if _generated(one))
    queue = deque([_Reached(active, first, (active,), _left(Extent.WHOLE, first, made), False, ACTIVE)])
    while queue:
        reached = queue.popleft()
        if reached.label in seen:
            continue
        seen.add(reached.label)
        yield reached
        queue.extend(_ingredients(reached, manifests, made))
    for label in sorted(manifests.keys() - seen):
        yield _Reached(
            label, manifests[label], (), Extent.UNKNOWN, False, "a manifest that nothing refers to"
        )


def _ingredients(
    reached: _Reached, manifests: Mapping[str, Any], made: Collection[str]
) -> Iterator[_Reached]:
    for ingredient in reached.manifest.get("ingredients") or ():
        label = ingredient.get("active_manifest")
        if label not in manifests or len(reached.way) > DEPTH_LIMIT:
            continue
        relation = str(ingredient.get("relationship", ""))
        whole = relation == "parentOf" and reached.extent is Extent.WHOLE
        extent = Extent.WHOLE if whole else Extent.PART
        yield _Reached(
            label=label,
            manifest=manifests[label],
            way=(*reached.way, label),
            extent=_left(extent, manifests[label], made),
            input_only=reached.input_only or relation == "inputTo",
            place=f"ingredient ({relation}) of {reached.place}",
        )


def _left(extent: Extent, manifest: Mapping[str, Any], made: Collection[str]) -> Extent:
    """What is left of it: a part, where something was placed on the picture that nothing calls generated."""
    return Extent.PART if _foreign(manifest, made) else extent


def _foreign(manifest: Mapping[str, Any], made: Collection[str]) -> bool:
    """More components than are said to be generated, by their own manifest (`made`: labels of those that say
    so) or where they are placed."""
    placed = [kind for name, kind in _actions(manifest) if name == PLACED]
    components = [one for one in manifest.get("ingredients") or () if one.get("relationship") == COMPONENT]
    without = sum(one.get("active_manifest") not in made for one in components)
    return max(without, len(placed) - len(components)) > sum(map(bool, placed))


def _actions(manifest: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each action, and whether it says of itself that it is wholly generated."""
    for assertion in manifest.get("assertions") or ():
        data = assertion.get("data")
        actions = data.get("actions") if isinstance(data, Mapping) else None
        for one in actions if isinstance(actions, list) else ():
            if isinstance(one, Mapping):
                yield (
                    str(one.get("action", "")),
                    any(map(_whole, (kind for _, kind in _source_types(one, "")))),
                )


def _generated(manifest: Mapping[str, Any]) -> bool:
    """It says so of its own picture."""
    return any(says for name, says in _actions(manifest) if name in MAKING)


def _whole(source_type: str) -> bool:
    return GENERATIVE.get(generative(source_type) or "") is Extent.WHOLE


def _claims(reached: _Reached, found: Mapping[str, list[str]], file: _File) -> Iterator[OriginEvidence]:
    codes = found.get(reached.label, [])
    broken = sorted({code for code in codes if _is_broken(code)})
    for assertion in reached.manifest.get("assertions") or ():
        for action, value in _source_types(assertion.get("data"), ""):
            term = generative(value)
            if term is None:
                continue
            trusted = _is_trusted(reached, found, file)
            signer = _signer(reached, codes, file, trusted=trusted)
            where = f"{reached.place}, {assertion.get('label', '')}" + (f", {action}" if action else "")
            said = f"{term} in {where}; {signer}"
            if broken:
                yield ignored(NAME, "tampered", f"{said}; {', '.join(broken)}")
            elif reached.input_only:
                yield ignored(NAME, "only an input was AI", said)
            else:
                extent = _extent(term, action, reached.extent)
                yield OriginEvidence(
                    NAME, f"digitalSourceType: {term}", said, extent, level=3 if trusted else 2
                )


def _is_trusted(reached: _Reached, found: Mapping[str, list[str]], file: _File) -> bool:
    """Every signer on the way: nothing but good is said of him, and a list for content knows him."""
    good = all(set(found.get(label, ())) == {TRUSTED} for label in reached.way)
    return bool(reached.way) and good and all(file.vouch(label) for label in reached.way)


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


def _signer(reached: _Reached, codes: Sequence[str], file: _File, *, trusted: bool) -> str:
    """Who, by which lists, or what is in doubt and which lists do not know him."""
    info = reached.manifest.get("signature_info") or {}
    names = " / ".join(str(info[key]) for key in ("issuer", "common_name") if info.get(key)) or "nobody named"
    if trusted:
        return f"signed by {names}, trusted by {_named(file.vouch(reached.label))}"
    doubts = sorted({code for code in codes if code != TRUSTED})
    asked = (
        f"; asked: {_named(file.trust.content)}"
        if file.trust.content
        else "; no trust list for content is installed"
    )
    return (
        f"signed by {names}, not known to be trusted" + (f" ({', '.join(doubts)})" if doubts else "") + asked
    )


def _named(lists: Sequence[TrustList]) -> str:
    return ", ".join(one.words for one in lists)
