"""Evidence travels between copies: what a publisher said of a picture elsewhere, and the credential that a
copy still carries, speak of this picture as well.

Only what was found first-hand travels, so nothing can come back in a circle; and only over links that the
program calls `copy` and where more than half of either picture is the other. Over several links the shares
that are left out add up: picture and source must still have more than half in common for certain. Nothing
travels from, to or through a copy of a picture that is registered as not AI.

Words are the publisher's own (level 4) for copies that the same publisher shows; anybody else's words, a
platform's among them, are level 2 at most. A credential speaks for its copies whoever shows them, at its own
level; where it speaks of a part, only on the same publisher's: who fills something into somebody else's real
photograph signs what he did to it. Whether people were told is never touched: that is read from each post's
own surfaces.
"""

from collections.abc import Iterable, Iterator, Mapping

from detector.case import Case
from detector.standing import believed
from detector.travelled_words import way_in_words, who_says
from detector.ways import Way, ways_to
from storage.consent import alike
from storage.kin import Kin, Telling
from storage.passage import Place, Via
from storage.records import Account, Declarer, Extent, MatchKind, OriginEvidence, PairDecision

VERSION = "2"

# Evidence of a part says nothing sure of a copy that leaves so much out: the part may be what is left out.
PART_LOST = 0.1
MOST_TOLD = 3  # pieces of words, and of credentials: who labels one picture fifty times says it once


def travelled_evidence(case: Case) -> tuple[OriginEvidence, ...]:
    """What copies bring, surest first: words, then credentials."""
    kin, here = case.kin, case.picture
    if kin is None or not here or _is_original(here, case, kin):
        return ()
    told = [telling for telling in kin.tellings if not _same_post(telling, case)]
    sources = {telling.place.sha256 for telling in told} | kin.evidence.keys()
    blocked = {picture for picture in kin.originals if _is_original(picture, case, kin)}
    ways = ways_to(sources - blocked, here, kin.links, blocked)
    words = [one for telling in told for one in _words(telling, ways, case)]
    credentials = [one for picture in kin.evidence for one in _credentials(picture, told, ways, case)]
    return (*_first(words), *_first(credentials))


def adds(evidence: OriginEvidence, own: Iterable[OriginEvidence]) -> bool:
    """Nothing found on the picture itself says as much: what is known here already need not come from there,
    and a finding does not change whenever one more copy is met."""
    return not any(
        one.level >= evidence.level and one.extent in (evidence.extent, Extent.WHOLE) for one in own
    )


def same_publisher(one: Account, other: Account) -> bool:
    """The same retailer, however written; where one of them is not given, the very same account. On another
    platform anybody may have taken the handle."""
    if one.retailer.strip() and other.retailer.strip():
        return alike(one.retailer, other.retailer)
    return bool(one.handle) and one.platform == other.platform and alike(one.handle, other.handle)


def _is_original(picture: str, case: Case, kin: Kin) -> bool:
    """It is a copy of a picture that is registered as not AI, and of most of it."""
    return any(
        believed(match, case.registry)
        and (match.kind is MatchKind.COPY or match.decided is PairDecision.CONFIRMED)
        and match.mutual
        for match in kin.originals.get(picture, ())
    )


# --- what comes of it ---------------------------------------------------------------------------------------


def _words(telling: Telling, ways: Mapping[str, Way], case: Case) -> Iterator[tuple[float, OriginEvidence]]:
    way = ways.get(telling.place.sha256)
    if way is None:
        return
    same = same_publisher(telling.account, case.account)
    via = Via(telling.place, _here(case), same, way.steps)
    for reading in telling.readings:
        if reading.declared_by is Declarer.PERSON:
            continue
        own = reading.declared_by is Declarer.ACCOUNT and same
        extent = reading.prominence.get("extent", "")
        yield (
            way.lost,
            _capped(
                OriginEvidence(
                    reader=reading.surface.value,
                    signal="declared_on_a_copy" if telling.current else "declared_earlier_on_a_copy",
                    detail=f"{who_says(telling, reading, same=same)}; {way_in_words(via)}",
                    extent=Extent(extent) if extent in set(Extent) else Extent.UNKNOWN,
                    level=4 if own else 2,
                    via=via,
                ),
                way,
            ),
        )


def _credentials(
    picture: str, told: Iterable[Telling], ways: Mapping[str, Way], case: Case
) -> Iterator[tuple[float, OriginEvidence]]:
    """Of the picture's own bytes, as it stands where it was seen first."""
    way = ways.get(picture)
    shown = [one for one in told if one.place.sha256 == picture]
    if way is None or not shown or picture == case.picture or case.kin is None:
        return
    own = [one for one in shown if same_publisher(one.account, case.account)]
    via = Via((own or shown)[0].place, _here(case), bool(own), way.steps)
    for one in case.kin.evidence[picture]:
        detail = f"{one.detail}; found in the bytes of a copy, {way_in_words(via)}"
        if not own and one.extent is not Extent.PART:
            detail = f"{detail}; whoever published that copy may have made it from this one"
        made = OriginEvidence(one.reader, one.signal, detail, one.extent, one.level, via)
        yield way.lost, _capped(made, way)


def _capped(evidence: OriginEvidence, way: Way) -> OriginEvidence:
    """Of a part: it may be cut off here, or have been changed after this copy was published, by somebody
    else."""
    if evidence.extent is not Extent.PART or evidence.level <= 2:
        return evidence
    if way.lost > PART_LOST:
        detail = f"{evidence.detail}; it speaks of a part, which may lie in what this copy leaves out"
    elif evidence.via and not evidence.via.same_publisher:
        detail = f"{evidence.detail}; it speaks of a part, which whoever published that copy may have changed"
    else:
        return evidence
    return OriginEvidence(evidence.reader, evidence.signal, detail, evidence.extent, 2, evidence.via)


def _first(found: Iterable[tuple[float, OriginEvidence]]) -> tuple[OriginEvidence, ...]:
    """The surest and earliest few, each way of saying it once."""
    kept: dict[tuple[object, ...], OriginEvidence] = {}
    for _, one in sorted(found, key=_order):
        kept.setdefault((one.reader, one.signal, one.extent, one.level), one)
    return tuple(kept.values())[:MOST_TOLD]


def _order(found: tuple[float, OriginEvidence]) -> tuple[object, ...]:
    lost, one = found
    there = one.via.there if one.via else None
    seen = there.seen_at.timestamp() if there and there.seen_at else 0.0
    name = (there.platform, there.account, there.post_id, there.position) if there else ()
    return -one.level, seen, lost, name, one.reader, one.signal, one.detail


def _here(case: Case) -> Place:
    post = case.post
    return Place(
        platform=case.account.platform,
        account=case.account.handle,
        retailer=case.account.retailer,
        post_id=post.post_id,
        post_url=post.url,
        position=case.position,
        sha256=case.picture,
        raw_sha256=post.raw_sha256,
        seen_at=post.seen_at,
    )


def _same_post(telling: Telling, case: Case) -> bool:
    there = telling.place
    return (there.platform, there.account, there.post_id) == (
        case.account.platform,
        case.account.handle,
        case.post.post_id,
    )
