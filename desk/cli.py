"""The command line: `twinwatch VERB …`. A verb is one module of desk/commands, found by its place and
imported on demand.

A module holds either a function `run` (the verb) or a typer app `app` (a verb with verbs below it); its
docstring is the help text. Exit statuses: 0 done, 1 error, 2 wrong usage or configuration, 3 partly done,
75 try again later.
"""

import ast
import gc
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import desk.commands
from desk.options import ConfigOption
from desk.output import say
from storage.errors import TwinwatchError

if TYPE_CHECKING:
    from types import FrameType

HELP = """Watch what fashion retailers publish: recognise registered digital twins, read
whether people were told.

\b
First steps:
  twinwatch demo              see the whole job on a small site of its own
  twinwatch init              write a twinwatch.toml
  twinwatch twins add …       register a twin
  twinwatch nightly           crawl, detect, report

Exit status: 0 done, 1 error, 2 wrong usage or configuration, 3 partly done, 75 try again later.
"""


def main() -> None:
    """The console entry."""
    signal.signal(signal.SIGTERM, _ended)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # by lines, also into a pipe: whoever reads along sees each result when it is there
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    status = run(sys.argv[1:])
    gc.freeze()  # what is left goes with the process: searching it for circles takes a tenth of a second
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """One command, to its exit status. Nothing but a signal gets past here."""
    try:
        app = _application(_verb(arguments))
        result: object = app(args=list(arguments), prog_name="twinwatch", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _usage(error)
    except TwinwatchError as error:
        say(f"twinwatch: error: {error}")
        return error.exit_status
    except BrokenPipeError:
        return _nobody_listens()
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:
        return _unexpected(error)
    return result if isinstance(result, int) else 0


def verbs() -> dict[str, str]:
    """Verb → module name: `read-text` is desk/commands/read_text.py, `import` would be import_.py."""
    modules = pkgutil.iter_modules(desk.commands.__path__)
    return {module.name.rstrip("_").replace("_", "-"): module.name for module in modules}


def _application(chosen: str | None) -> typer.Typer:
    """All verbs are listed; only the chosen one is imported."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(help=HELP, no_args_is_help=True)(_root)
    for verb, name in sorted(verbs().items()):
        if verb != chosen:
            app.command(verb, help=_docstring(name))(_listed_only)
            continue
        module = import_module(f"desk.commands.{name}")
        if hasattr(module, "app"):
            alone = module.app.info.invoke_without_command is True  # the verb itself says something
            app.add_typer(module.app, name=verb, help=module.__doc__, no_args_is_help=not alone)
        else:
            app.command(verb, help=module.__doc__)(module.run)
    return app


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        typer.echo(f"twinwatch {version('twinwatch')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
]


def _root(config: ConfigOption = None, show_version: VersionOption = False) -> None:
    """Only the options that stand before the verb; typer hands `config` on through the context."""


def _listed_only() -> None:
    raise AssertionError("a verb that was not imported cannot be run")


def _verb(arguments: Sequence[str]) -> str | None:
    rest = iter(arguments)
    for argument in rest:
        if argument == "--config":
            next(rest, None)
        elif not argument.startswith("-"):
            return argument
    return None


@cache
def _docstring(name: str) -> str:
    """Read without importing: `twinwatch --help` stays fast."""
    source = Path(desk.commands.__path__[0], f"{name}.py").read_text("utf-8")
    return ast.get_docstring(ast.parse(source)) or ""


def _usage(error: typer.TyperException) -> int:
    message = error.format_message()
    if message:  # empty: called without arguments, the help was shown
        say(f"twinwatch: error: {message}")
        say("Try `twinwatch --help`, or `twinwatch COMMAND --help`.")
    return error.exit_code


def _nobody_listens() -> int:
    """The reader of the pipe went away (`| head`): silence, and nothing more to flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _unexpected(error: Exception) -> int:
    if os.environ.get("TWINWATCH_DEBUG"):
        traceback.print_exc()
    name = type(error).__name__
    say(f"twinwatch: error: unexpected {name}: {error} (TWINWATCH_DEBUG=1 shows where; please report it)")
    return 1


def _ended(signum: int, frame: "FrameType | None") -> None:
    """SIGTERM unwinds like an exception, so that workers, crawlers and the run are closed."""
    raise SystemExit(128 + signum)
