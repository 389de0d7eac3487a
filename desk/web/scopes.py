"""What a token of the HTTP API may be made for: one scope a route. It is asked beside the table of access: a
token never may more than whoever it was made for."""

from desk.web.access import TABLE
from storage.people import Role

OPEN = frozenset({"api_openapi"})  # holds nothing but what the program can do
SCOPES = {
    "api_me": "",  # any token
    "api_findings": "findings:read",
    "api_inbox": "findings:read",
    "api_counts": "findings:read",
    "api_choices": "findings:read",
    "api_finding": "findings:read",
    "api_picture": "pictures:read",
    "api_registered": "pictures:read",
    "api_compare": "pictures:read",
    "api_layer": "pictures:read",
    "api_copy": "pictures:read",
    "api_screenshot": "pictures:read",
    "api_review": "findings:decide",
    "api_reviews": "findings:decide",
    "api_reading": "findings:decide",
    "api_export": "exports:take",
    "api_exports": "exports:read",
    "api_feeds": "feeds:read",
    "api_make_feed": "feeds:write",
    "api_revoke_feed": "feeds:write",
    "api_figures": "figures:read",
    "api_figures_csv": "figures:read",
    "api_figures_chart": "figures:read",
    "api_twins": "twins:read",
    "api_references": "twins:read",
    "api_licences": "twins:read",
    "api_withdraw": "twins:withdraw",
    "api_accounts": "accounts:read",
    "api_runs": "accounts:read",
    "api_alerts": "alerts:read",
    "api_notices": "alerts:read",
    "api_test_alert": "alerts:test",
    "api_users": "users:read",
    "api_audit": "audit:read",
    "api_chain": "audit:read",
    "api_check": "check",
    "api_checks": "checks:read",
    "api_kept_check": "checks:read",
    "api_kept_picture": "checks:read",
    "api_keep_check": "checks:write",
    "api_let_go": "checks:write",
}
EVERY = tuple(dict.fromkeys(scope for scope in SCOPES.values() if scope))


def usable(role: Role) -> tuple[str, ...]:
    """Those that open something for this role."""
    open_to = {scope for name, scope in SCOPES.items() if role in TABLE[name]}
    return tuple(scope for scope in EVERY if scope in open_to)


def undecided(names: set[str]) -> set[str]:
    """Routes of the API that nobody decided about: a desk with one does not start."""
    return names - OPEN - SCOPES.keys()
