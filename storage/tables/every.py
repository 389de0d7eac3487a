"""All tables in one place: importing this fills the metadata."""

from storage.tables import desk, examined, judged, leaving, published, registered, taken_out, watched
from storage.tables.base import Base

METADATA = Base.metadata
ROOMS = (watched, published, examined, registered, judged, taken_out, desk, leaving)
