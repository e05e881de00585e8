"""The application: finds the commands in their folder and imports only the one asked for."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from claimpack.cli import commands, lean, usage
from claimpack.cli.guard import exit_code
from claimpack.errors import UsageError

SETTINGS = {"help_option_names": ["-h", "--help"]}
EPILOG = """\b
Examples:
  claimpack validate                  validate the package in this folder
  claimpack export -o dist            export it as Parquet and CSV
  claimpack explain foreign-key       why a rule exists and how to fix it

Exit codes: 0 valid; 1 the package has errors; 2 usage error; 3 no errors,
but not everything could be checked.
"""


def dispatch(argv: list[str]) -> int:
    """Run the command that the arguments name; help where they name none."""
    app = typer.Typer(
        cls=LazyGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=SETTINGS,
        epilog=EPILOG,
    )
    app.callback(invoke_without_command=True)(_claimpack)
    group = lean.relieve(typer.main.get_command(app))
    code = group.main(args=argv, prog_name="claimpack", standalone_mode=False)
    return code if isinstance(code, int) else 0


def command_names() -> tuple[str, ...]:
    """Every command's name, sorted; imports none of them."""
    found = (info.name.replace("_", "-") for info in pkgutil.iter_modules(commands.__path__))
    return tuple(sorted(found))


class LazyGroup(typer.core.TyperGroup):
    """The group of all commands; a command's module is imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names for the help page."""
        return list(command_names())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, built from its module."""
        if cmd_name not in command_names():
            raise UsageError(_no_such_command(cmd_name))
        return build(cmd_name)


def build(name: str) -> Any:
    """The command of that name, ready to be invoked."""
    module = importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}")
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(
        name,
        epilog=module.EXAMPLES,
        short_help=getattr(module, "SHORT", None),  # where the first sentence is too long a line
        context_settings=SETTINGS,
    )(_guarded(module.command))
    return usage.plain(lean.relieve(typer.main.get_command(app)))


def _guarded(function: Callable[..., int]) -> Callable[..., int]:
    """The command, its errors told by us before the option parser sees them."""

    @functools.wraps(function)
    def command(*args: Any, **kwargs: Any) -> int:
        return exit_code(lambda: function(*args, **kwargs))

    return command


def _no_such_command(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, command_names(), n=1)
    return f'no command "{name}"' + (
        f"; did you mean {near[0]}?" if near else "; claimpack --help lists all commands"
    )


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("claimpack")
        except PackageNotFoundError:
            number = "(not installed)"
        typer.echo(f"claimpack {number}")
        raise typer.Exit


def _claimpack(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> int:
    """Validate, export and publish data packages, and claims as data."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        return UsageError.exit_code
    return 0


__all__ = ["LazyGroup", "build", "command_names", "dispatch"]
