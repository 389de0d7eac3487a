"""The demo from end to end: every step is the command that anybody would type, run on a site of its own."""

import shlex
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from desk.cli import run as twinwatch
from desk.demo.comparison import Found, compare, found, line
from desk.demo.pictures import jpeg, look
from desk.demo.site import Site, pictures_sent
from desk.demo.story import HANDLE, REGISTRY, RETAILER, SCENES
from desk.output import say, write
from storage.errors import TwinwatchError

AGENCY = "Demo Models"
LICENCES = (
    (
        "Vilde",
        RETAILER,
        "--label",
        "required",
        "--channels",
        "bluesky",
        "--territories",
        "SE",
        "--from",
        "2025-02-01",
    ),
    ("Noor", RETAILER, "--label", "required", "--from", "2024-06-15", "--until", "2025-06-14"),
)
_DONE = (0, 3)  # 3: one post's picture is broken on purpose


def tour(folder: Path) -> int:
    """0 when every post was found to be what it is, 1 otherwise. Raises TwinwatchError when a step failed."""
    with Site() as site:
        config = _configure(folder, site)
        _register(folder, config)
        _heading("The first night")
        _step(["nightly", "--config", str(config)], _DONE)
        first = pictures_sent(site.requests)
        site.show_second_day()
        _heading("The second night: a label is gone, one came late, a post was deleted, a new one is there")
        _step(["nightly", "--config", str(config)], _DONE)
        again = pictures_sent(site.requests) & first
        report = folder / "report.html"
        wanted = ["--format", "html", "--pictures", "whole", "--output", str(report)]
        _step(["findings", "export", *wanted, "--config", str(config)])
        differences = _judge(found(config), site)
    _heading("What the two nights transferred")
    write(f"  {len(first)} pictures on the first night; of these, {len(again)} again on the second.")
    _next_steps(folder, report)
    return 1 if differences or again else 0


def _configure(folder: Path, site: Site) -> Path:
    config = folder / "twinwatch.toml"
    config.write_text(
        f"""# Written by `twinwatch demo`. Its site was on loopback and is gone: crawling it again will fail.
[storage]
database = "sqlite:///twinwatch.db"
media = "./media"

[crawl]
contact = "desk@{HANDLE}"
allow_hosts = ["{site.host}"]          # loopback is refused unless it is named here
plc_directory = "{site.url}"

[[account]]
retailer = "{RETAILER}"
platform = "bluesky"
handle = "{HANDLE}"
country = "SE"
service = "{site.url}"

[[account]]
retailer = "{RETAILER}"
platform = "rss"
handle = "{site.url}/newsroom.xml"
country = "SE"
""",
        encoding="utf-8",
    )
    return config


def _register(folder: Path, config: Path) -> None:
    """The registry through the command line."""
    _heading("The registry")
    pictures = folder / "registered"
    pictures.mkdir(exist_ok=True)
    for one in REGISTRY:
        files = [pictures / f"{name}.jpg" for name in one.looks]
        for name, file in zip(one.looks, files, strict=True):
            file.write_bytes(jpeg(look(name)))
        named = ["--model", one.model] if one.model else []
        what = ["--kind", one.kind.value, "--basis", one.basis, *named, "--agency", AGENCY]
        _step(["twins", "add", one.name, *map(str, files), *what, "--config", str(config)])
    for licence in LICENCES:
        _step(["terms", "add", *licence, "--config", str(config)])


def _judge(items: Sequence[Found], site: Site) -> int:
    """Print every post beside its truth; the number of differences."""
    _heading("What each post was found to be, beside what it is")
    total = 0
    for scene in SCENES:
        for position in range(len(scene.truth)):
            differences = compare(scene, position, items, site)
            total += len(differences)
            write(line(scene, position, items, site, differences))
    write(f"\n  {total} differences." if total else "\n  Every post was found to be what it is.")
    return total


def _next_steps(folder: Path, report: Path) -> None:
    config = folder / "twinwatch.toml"
    _heading("What to open next")
    write(f"  {report.absolute()}   the report, one page for a browser")
    report_of = f"agency-report --agency {shlex.quote(AGENCY)} --month {datetime.now(UTC):%Y-%m}"
    for command in ("desk", "findings list", "findings show 1", "twins list", report_of, "doctor"):
        write(f"  {_program()} {command} --config {config}")
    write(f"  {_program()} init            a watchlist of your own")


def _program() -> str:
    """How to call the command from here: it may not be on the PATH."""
    if shutil.which("twinwatch"):
        return "twinwatch"
    called = Path(sys.argv[0])
    near = called.absolute().is_relative_to(Path.cwd())
    return shlex.quote(str(called.absolute().relative_to(Path.cwd()) if near else called))


def _step(arguments: Sequence[str], accepted: Sequence[int] = (0,)) -> None:
    say(f"$ twinwatch {shlex.join(arguments)}")
    status = twinwatch(arguments)
    if status not in accepted:
        raise TwinwatchError(
            f"this step of the demo ended with status {status}", kind="demo", where=arguments[0]
        )


def _heading(text: str) -> None:
    write(f"\n{text}\n{'-' * len(text)}")
