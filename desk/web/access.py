"""Who may do what: one table, asked for every request. What is not in it is refused."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.consent import alike
from storage.people import Role, User
from storage.records import ReferenceKind, Twin

EVERYBODY = frozenset(Role)
DECIDING = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
HOUSE = frozenset({Role.READER, Role.REVIEWER, Role.ADMINISTRATOR})
ONLY_OWN = frozenset({Role.AGENCY, Role.MODEL})  # their own twins and nothing else
NAMES = frozenset({Role.ADMINISTRATOR, Role.AGENCY, Role.MODEL})  # see models' names
SHARP = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})  # see what lies outside a match, to decide
ADDRESSES = DECIDING  # have an address checked: it makes the desk ask other machines

# A feed has a key of its own.
PUBLIC = frozenset({"login", "log_in", "link", "set_password", "static", "feed", "api_openapi"})
TABLE = {
    "inbox": EVERYBODY,
    "export": EVERYBODY,  # of what they see; models' names and whole pictures as their role grants them
    "feeds": EVERYBODY,
    "make_feed": EVERYBODY,
    "revoke_feed": EVERYBODY,
    "finding": EVERYBODY,
    "picture": EVERYBODY,
    "registered": EVERYBODY,
    "compare": EVERYBODY,
    "layer": EVERYBODY,
    "copy": EVERYBODY,
    "decide": DECIDING,
    "decide_many": DECIDING,
    "complete": DECIDING,
    "screenshot": HOUSE,
    "twins": EVERYBODY,
    "twin": EVERYBODY,
    "withdraw": frozenset({Role.MODEL, Role.ADMINISTRATOR}),
    "accounts": HOUSE,
    "runs": HOUSE,
    "figures": HOUSE,
    "figures_chart": HOUSE,
    "figures_csv": HOUSE,
    "users": frozenset({Role.ADMINISTRATOR}),
    "audit": frozenset({Role.ADMINISTRATOR}),
    "alerts": frozenset({Role.ADMINISTRATOR}),
    "test_alert": frozenset({Role.ADMINISTRATOR}),
    "language": EVERYBODY,
    "log_out": EVERYBODY,
    "check": HOUSE,
    "check_it": HOUSE,
    "checked_picture": HOUSE,
    "keep_check": DECIDING,  # and see what others kept: the whole picture, unblurred
    "checks": DECIDING,
    "kept_check": DECIDING,
    "kept_picture": DECIDING,
    "kept_registered": DECIDING,
    "let_go": DECIDING,
    "tokens": EVERYBODY,
    "make_token": EVERYBODY,
    "revoke_token": EVERYBODY,
    "api": EVERYBODY,
    "api_me": EVERYBODY,
    "api_findings": EVERYBODY,
    "api_inbox": EVERYBODY,
    "api_counts": EVERYBODY,
    "api_choices": EVERYBODY,
    "api_finding": EVERYBODY,
    "api_picture": EVERYBODY,
    "api_registered": EVERYBODY,
    "api_compare": EVERYBODY,
    "api_layer": EVERYBODY,
    "api_copy": EVERYBODY,
    "api_screenshot": HOUSE,
    "api_review": DECIDING,
    "api_reviews": DECIDING,
    "api_reading": DECIDING,
    "api_export": EVERYBODY,
    "api_exports": NAMES,  # for whom the twin's page shows them
    "api_feeds": EVERYBODY,
    "api_make_feed": EVERYBODY,
    "api_revoke_feed": EVERYBODY,
    "api_figures": HOUSE,
    "api_figures_csv": HOUSE,
    "api_figures_chart": HOUSE,
    "api_twins": EVERYBODY,
    "api_references": EVERYBODY,
    "api_licences": EVERYBODY,
    "api_withdraw": frozenset({Role.MODEL, Role.ADMINISTRATOR}),
    "api_accounts": HOUSE,
    "api_runs": HOUSE,
    "api_alerts": frozenset({Role.ADMINISTRATOR}),
    "api_notices": frozenset({Role.ADMINISTRATOR}),
    "api_test_alert": frozenset({Role.ADMINISTRATOR}),
    "api_users": frozenset({Role.ADMINISTRATOR}),
    "api_audit": frozenset({Role.ADMINISTRATOR}),
    "api_chain": frozenset({Role.ADMINISTRATOR}),
    "api_check": HOUSE,
    "api_checks": DECIDING,
    "api_kept_check": DECIDING,
    "api_kept_picture": DECIDING,
    "api_keep_check": DECIDING,
    "api_let_go": DECIDING,
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks. `scope`: the twins that she may see; None: everything. `secret` of the session. Where a
    token was shown in place of a session, `token` is its name."""

    user: User
    secret: str
    session: int
    scope: frozenset[str] | None = None
    token: str = ""

    def may(self, what: str) -> bool:
        return self.user.role in TABLE.get(what, frozenset())

    @property
    def sees_names(self) -> bool:
        return self.user.role in NAMES

    @property
    def checks_addresses(self) -> bool:
        return self.user.role in ADDRESSES

    @property
    def sees_sharp(self) -> bool:
        return self.user.role in SHARP


def scope_of(user: User, twins: Iterable[Twin]) -> frozenset[str] | None:
    """An agency's own twins, or a model's own; pictures of the real person are nobody's twin."""
    if user.role not in ONLY_OWN:
        return None
    own = (one for one in twins if one.kind is not ReferenceKind.HUMAN_ORIGINAL and user.whose.strip())
    by_agency = user.role is Role.AGENCY
    return frozenset(one.name for one in own if alike(one.agency if by_agency else one.model, user.whose))
