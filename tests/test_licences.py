"""No GPL library in the lock files, and no host name either. See docs/decisions/no-gpl.md."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
STRONG_COPYLEFT = re.compile(r"(?<![L])\bA?GPL|GNU (Affero )?General Public", re.IGNORECASE)
WEAK_COPYLEFT = re.compile(r"LGPL|Lesser General Public", re.IGNORECASE)


def licence_of(name: str) -> str:
    """Everything the distribution says about its licence, in one line; "" when it is not installed here."""
    try:
        told = metadata(name).json
    except PackageNotFoundError:
        return ""  # for another platform or Python version: the lock files are universal
    classifiers = [c for c in told.get("classifier", ()) if c.startswith("License ::")]
    return " | ".join(
        [*(str(told.get(key, ""))[:200] for key in ("license_expression", "license")), *classifiers]
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_no_library_under_the_gpl_is_locked(lock: str) -> None:
    names = [name for name, _ in PINNED.findall((ROOT / lock).read_text())]
    assert len(names) > 40
    installed = {name: licence_of(name) for name in names}
    assert sum(bool(text) for text in installed.values()) > 40
    offenders = {n: t for n, t in installed.items() if STRONG_COPYLEFT.search(WEAK_COPYLEFT.sub("", t))}
    assert offenders == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_line_has_a_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    requirements = re.split(r"\n(?=\S)", text.strip())
    pinned = [r for r in requirements if PINNED.match(r)]
    assert pinned
    assert [r.split(" ")[0] for r in pinned if "--hash=sha256:" not in r] == []


def test_the_two_builds_of_opencv_are_never_both_locked() -> None:
    """They are the same project and overwrite each other; the headless one needs no system package."""
    for lock in LOCKS:
        names = {name for name, _ in PINNED.findall((ROOT / lock).read_text())}
        assert "opencv-python-headless" in names
        assert not names & {"opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless"}
