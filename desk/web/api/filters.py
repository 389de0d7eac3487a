"""The inbox's filters, as programs give them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from desk.sought import ALL, told
from desk.web.access import Visitor
from desk.web.api.asked import LARGEST, DayHere, Plain
from desk.web.pages.inbox import Asked
from storage.consent import ConsentVerdict
from storage.inbox import Sought
from storage.records import FindingStatus, Labelling


class Filter(BaseModel):
    """The inbox's filters. Days are of posting."""

    status: FindingStatus | Literal["all"] | None = None
    labelling: Labelling | None = None
    consent: ConsentVerdict | None = None
    retailer: Plain = ""
    platform: Plain = ""
    twin: Plain = ""
    rule: Plain = ""
    since: DayHere = None
    until: DayHere = None
    picture: Annotated[
        int | None, Field(ge=1, le=LARGEST, description="Of the same picture as this finding.")
    ] = None

    def sought(self, visitor: Visitor) -> Sought:
        """Here, all is what no status asks for; in the inbox `all` has to be said, and may be said here."""
        asked = {name: getattr(self, name) for name in Filter.model_fields}
        status = self.status if isinstance(self.status, FindingStatus) else None
        return Sought(**asked | {"status": status, "picture": self.picture or 0}, scope=visitor.scope)

    def asked(self, visitor: Visitor) -> Asked:
        """As the inbox has it, where no status asks for those that are new."""
        given = {name: str(getattr(self, name) or "") for name in Filter.model_fields}
        return Asked(self.sought(visitor), told({**given, "status": given["status"] or ALL}))
