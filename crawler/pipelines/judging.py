"""Are these bytes what the platform says they are? They are kept as evidence either way."""

from crawler.cid import cid_digest
from storage.crawled import KeptFile
from storage.records import Failure, MediaKind

VIDEOS = frozenset({"mp4", "mov", "webm", "mkv", "avi", "mpeg", "ogg", "3gp"})
NOT_MEDIA = frozenset({"", "html", "xml", "json", "text", "pdf", "zip", "gzip"})


def bytes_failure(file: KeptFile, kind: MediaKind, native_id: str, url: str) -> Failure | None:
    """None, or why the bytes must not be taken for the platform's picture: kind "cid_mismatch" (the content
    id names other bytes), "not_the_claimed_type" (the magic bytes are of no picture, or of no video)."""
    named = cid_digest(native_id)
    if named and named != file.sha256:
        return Failure("cid_mismatch", f"the id {native_id} does not name these bytes", url)
    is_video = file.format in VIDEOS
    if file.format in NOT_MEDIA or is_video is not (kind is MediaKind.VIDEO):
        what = file.format or "an unknown format"
        return Failure("not_the_claimed_type", f"a {kind.value} was claimed, the bytes are {what}", url)
    return None
