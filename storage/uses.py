"""What is known of a use beside its verdict: that it is a third account's repost of what a licensee published
itself, and that a person has settled it. Both are of now; neither changes a verdict."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from storage.consent import ConsentVerdict, alike

# There is nothing to settle of what is licensed, or of no twin's picture.
FINE = frozenset({ConsentVerdict.IN_SCOPE, ConsentVerdict.NOT_A_TWIN})


@dataclass(frozen=True, slots=True)
class Repost:
    """An account of none of the twin's licensees shows a registered picture that a licensee's own account
    published before. `at`: when that was posted or, where no date is known, first seen."""

    twin: str
    licensee: str
    platform: str
    account: str  # its handle
    post_url: str
    at: datetime

    @property
    def sentence(self) -> str:
        where = f"on {self.at:%Y-%m-%d} ({self.platform}:{self.account})"
        own = f"{self.licensee}, a licensee of {self.twin}, published this picture itself {where}"
        return f"A repost: {own}; this account is none of a licensee's."


@dataclass(frozen=True, slots=True)
class Settlement:
    """A person has settled a use of a twin as licensed, by their review of a finding: this retailer, on this
    platform, in this country, against this verdict; and where a last day was named, posts until then."""

    finding_id: int
    twin: str
    consent: ConsentVerdict
    retailer: str
    platform: str
    country: str | None
    by: str
    at: datetime
    until: date | None = None
    note: str = ""

    def covers(
        self,
        twin: str,
        consent: ConsentVerdict,
        *,
        retailer: str,
        platform: str,
        country: str | None,
        posted_at: datetime | None,
    ) -> bool:
        """A post whose date is not known is within no term that ends."""
        use = (twin, consent, platform, country) == (self.twin, self.consent, self.platform, self.country)
        if not use or not alike(retailer, self.retailer):
            return False
        if self.until is None:
            return True
        return posted_at is not None and posted_at.astimezone(UTC).date() <= self.until

    @property
    def scope(self) -> str:
        """What it covers: "Anna by H&M on instagram in SE (out_of_scope) raises no alert again …"."""
        country = self.country or "no known country"
        where = f"{self.retailer or 'no named retailer'} on {self.platform} in {country}"
        until = f"for posts until {self.until}" if self.until else "until its licences say something else"
        return f"{self.twin} by {where} ({self.consent}) raises no alert again, {until}."

    @property
    def sentence(self) -> str:
        until = f" for posts until {self.until}" if self.until else ""
        note = f": {self.note}" if self.note else ""
        return f"Settled as licensed{until} with #{self.finding_id} by {self.by} on {self.at:%Y-%m-%d}{note}"
