"""The one exception tree. Every error that a user may see is one of these, with a `kind` for tools.

TwinwatchError
├── ConfigError          wrong key or value in twinwatch.toml, environment or command line   exit 2
├── TryAgainLater        another run holds the lock, or a platform asked us to wait          exit 75
├── StoreError           the database or the media folder cannot be used as asked            exit 1
├── RegistryError        a twin, reference or licence cannot be registered as asked          exit 1
├── IntakeError          a file or folder that cannot be imported                        exit 1 or 2
├── CrawlError           an account, a post or a file could not be fetched or understood
│   └── AddressRefused   a private, loopback or otherwise reserved address
├── TrustListError       a trust list that cannot be installed or read                    exit 2
├── ArchiveError         the cache of collected fingerprints is missing, damaged or of another version
├── DeskError            a user, a login or a request at the desk that cannot be served     exit 1
└── PictureError         bytes that cannot be looked at as a picture
"""

from storage.records import Failure


class TwinwatchError(Exception):
    """Base of all. `where` names what the error is about: an account, a post, a path, a configuration key."""

    kind = "error"
    exit_status = 1

    def __init__(self, message: str, *, kind: str | None = None, where: str = "") -> None:
        super().__init__(message)
        self.kind = kind or type(self).kind
        self.where = where

    def failure(self) -> Failure:
        """The same error as a record, to be kept and shown."""
        return Failure(kind=self.kind, message=str(self), where=self.where)


class ConfigError(TwinwatchError):
    kind = "config"
    exit_status = 2


class TrustListError(TwinwatchError):
    """Kinds: `too_large`, `no_certificates`, `broken_certificate`, `expired`, `seems_timestamp`,
    `two_of_a_name`, `not_installed`, `no_list`, `not_readable`."""

    kind = "trust_list"
    exit_status = 2


class TryAgainLater(TwinwatchError):
    kind = "try_again_later"
    exit_status = 75


class StoreError(TwinwatchError):
    kind = "store"


class DeskError(TwinwatchError):
    """Kinds: `no_user`, `user_exists`, `no_users`, `no_password`, `port_taken`, `no_address`,
    `name_cannot_be`, `name_alike`, `name_reserved`; of tokens `token_exists`, `too_many_tokens`,
    `no_such_token`, `wrong_scope`, `no_name`, `wrong_days`; of a check `busy`,
    `time_limit`, `check_died`, `too_large`."""

    kind = "desk"


class RegistryError(TwinwatchError):
    kind = "registry"


_USAGE = ("unknown_format", "no_such_file", "no_such_import")


class IntakeError(TwinwatchError):
    """Kinds: `unknown_format`, `no_such_file`, `not_readable`, `reader_died`, of an undo
    `no_such_import` and `cannot_be_undone`, and for an archive that is refused before
    anything is unpacked `bad_archive`, `unsafe_name`, `too_many_files`, `too_large`, `bomb`."""

    kind = "intake"

    def __init__(self, message: str, *, kind: str | None = None, where: str = "") -> None:
        super().__init__(message, kind=kind, where=where)
        self.exit_status = 2 if self.kind in _USAGE else 1


class CrawlError(TwinwatchError):
    kind = "crawl"


class AddressRefused(CrawlError):
    kind = "address_refused"


class PictureError(TwinwatchError):
    kind = "picture"


class ArchiveError(TwinwatchError):
    """Kinds: `archive_missing`, `archive_damaged`, `archive_stale`, `cache_unwritable`. It can be made anew
    from the store."""

    kind = "archive"
