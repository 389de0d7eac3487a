"""What the copies of a picture say of it, loaded for judging.

A picture may stand in fifty posts. Of those only the ones that say something are loaded, the earliest of
each publisher first, and most groups say nothing: then nothing is loaded at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Connection, or_, select

from storage import documents
from storage.kin import Kin, Telling
from storage.passage import Place
from storage.records import Match, MatchKind, OriginEvidence, Reading, ReadingState, ReferenceKind
from storage.shelves import accounts, matches
from storage.shelves.batches import chunks
from storage.shelves.decided import decided
from storage.shelves.groups import BEARS, SAYS, TELLS, members, roots
from storage.tables.base import AnyRow
from storage.tables.examined import EvidenceRow, LookRow, MatchRow
from storage.tables.published import MediaItemRow, PostRow, ReadingsRow, VersionRow
from storage.tables.watched import AccountRow

MOST_SAYINGS = 40  # places of one publisher in one group that are weighed: the earliest
MOST_SHOWN = 3  # places of a picture whose bytes tell: one of them is no place of the post that is judged
_LINK = MatchRow.twin == ""
T = TypeVar("T")


def of_files(connection: Connection, files: Sequence[str]) -> Mapping[str, Kin]:
    """By SHA-256; those whose group says nothing are left out. Pictures of one group share what is loaded."""
    group_of = roots(connection, files)
    belongs = members(connection, group_of.values())
    evidence = _evidence(connection, sorted(belongs))
    tellings = _tellings(connection, belongs, evidence)
    speaking = {belongs[picture] for picture in evidence} | tellings.keys()
    pictures = sorted(picture for picture, group in belongs.items() if group in speaking)
    links, originals = _links(connection, belongs, pictures), _originals(connection, pictures)
    told, not_ai = _by_group(evidence, belongs), _by_group(originals, belongs)
    kin = {
        group: Kin(tuple(links[group]), told[group], tuple(tellings[group]), not_ai[group])
        for group in speaking
    }
    return {sha256: kin[group] for sha256, group in group_of.items() if group in kin}


def _by_group(found: Mapping[str, T], belongs: Mapping[str, str]) -> Mapping[str, dict[str, T]]:
    grouped: dict[str, dict[str, T]] = defaultdict(dict)
    for sha256, one in found.items():
        grouped[belongs[sha256]][sha256] = one
    return grouped


def _evidence(connection: Connection, files: Sequence[str]) -> dict[str, tuple[OriginEvidence, ...]]:
    found: dict[str, tuple[OriginEvidence, ...]] = {}
    for part in chunks(files):
        query = select(EvidenceRow).where(EvidenceRow.sha256.in_(part), EvidenceRow.level >= TELLS)
        for row in connection.execute(query.order_by(EvidenceRow.id)):
            told = OriginEvidence(row.reader, row.signal, row.detail, row.extent, row.level)
            found[row.sha256] = (*found.get(row.sha256, ()), told)
    return found


_PLACE = (
    MediaItemRow.sha256,
    MediaItemRow.position,
    MediaItemRow.current,
    VersionRow.seen_at,
    VersionRow.raw_sha256,
    VersionRow.url,
    PostRow.post_id,
    SAYS.label("says"),
    ReadingsRow.readings,
    *accounts.COLUMNS,
)


def _tellings(
    connection: Connection, belongs: Mapping[str, str], evidence: Iterable[str]
) -> dict[str, list[Telling]]:
    """By group, the earliest first: where something is said, and where a picture that tells is shown."""
    bearing = _bearing(connection, sorted(belongs))
    counted, shown = Counter[tuple[str, str]](), set()
    found: dict[str, list[Telling]] = defaultdict(list)
    for row in _in_time(_speaking(connection, sorted(belongs), {*evidence, *bearing})):
        group = belongs[row.sha256]
        place = (row.sha256, row.platform, row.handle, row.post_id)
        if not row.says and place in shown:
            continue  # an earlier version of the post shows it as well
        shown.add(place)
        speaks = row.says or row.sha256 in bearing
        whose = (group, row.retailer.casefold() or row.handle) if speaks else (row.sha256, "")
        counted[whose] += 1
        if counted[whose] <= (MOST_SAYINGS if speaks else MOST_SHOWN):
            found[group].append(_telling(row, bearing.get(row.sha256, ())))
    return found


def _bearing(connection: Connection, files: Sequence[str]) -> dict[str, tuple[Reading, ...]]:
    """Labels that stand on pictures themselves."""
    found: dict[str, tuple[Reading, ...]] = {}
    for part in chunks(files):
        query = select(LookRow.sha256, LookRow.reading).where(LookRow.sha256.in_(part), BEARS)
        for row in connection.execute(query.order_by(LookRow.sha256, LookRow.surface)):
            found[row.sha256] = (*found.get(row.sha256, ()), *documents.readings((row.reading,)))
    return found


def _speaking(connection: Connection, files: Sequence[str], telling: set[str]) -> list[AnyRow]:
    rows: list[AnyRow] = []
    for part in chunks(files):
        query = (
            select(*_PLACE)
            .join(VersionRow, VersionRow.id == MediaItemRow.version_id)
            .join(PostRow, PostRow.id == VersionRow.post_id)
            .join(AccountRow, AccountRow.id == PostRow.account_id)
            .outerjoin(ReadingsRow, ReadingsRow.item_id == MediaItemRow.id)
            .where(MediaItemRow.sha256.in_(part))
            .where(or_(SAYS, MediaItemRow.sha256.in_(sorted(telling & set(part)))))
            .order_by(VersionRow.seen_at, MediaItemRow.id)
        )
        rows += connection.execute(query)
    return rows


def _in_time(rows: Iterable[AnyRow]) -> list[AnyRow]:
    return sorted(rows, key=lambda row: (row.seen_at, row.platform, row.handle, row.post_id, row.position))


def _telling(row: AnyRow, borne: tuple[Reading, ...]) -> Telling:
    """With the labels that the picture itself bears."""
    said = documents.readings(row.readings) if row.says else ()
    account = accounts.record(row)
    return Telling(
        place=Place(
            platform=account.platform,
            account=account.handle,
            retailer=account.retailer,
            post_id=row.post_id,
            post_url=row.url,
            position=row.position,
            sha256=row.sha256,
            raw_sha256=row.raw_sha256,
            seen_at=row.seen_at,
        ),
        account=account,
        readings=tuple(one for one in (*said, *borne) if one.state is ReadingState.PRESENT),
        current=row.current,
    )


def _links(
    connection: Connection, belongs: Mapping[str, str], pictures: Sequence[str]
) -> dict[str, list[tuple[str, Match]]]:
    """Those within a group, by group."""
    decisions = decided(connection, pictures)
    found: dict[str, list[tuple[str, Match]]] = defaultdict(list)
    for part in chunks(pictures):
        query = select(MatchRow).where(_LINK, MatchRow.sha256.in_(part))
        for row in connection.execute(query.order_by(MatchRow.sha256, MatchRow.reference)):
            if belongs.get(row.reference) == belongs[row.sha256]:
                found[belongs[row.sha256]].append((row.sha256, matches.record(row, decisions)))
    return found


def _originals(connection: Connection, pictures: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    """Matches with pictures that are registered as not AI."""
    decisions = decided(connection, pictures)
    found: dict[str, tuple[Match, ...]] = {}
    for part in chunks(pictures):
        query = select(MatchRow).where(
            MatchRow.sha256.in_(part),
            MatchRow.reference_kind == ReferenceKind.HUMAN_ORIGINAL,
            MatchRow.kind != MatchKind.SAME_SCENE_OR_GARMENT,
        )
        for row in connection.execute(query.order_by(MatchRow.id)):
            found[row.sha256] = (*found.get(row.sha256, ()), matches.record(row, decisions))
    return found
