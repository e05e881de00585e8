"""From exceptions to one line on stderr and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

from claimpack import interrupts
from claimpack.errors import ClaimpackError, UsageError

NOT_DONE = 3
BY_SIGNAL = 128
"""Added to a signal's number: the exit code of what it ended, 130 for Ctrl-C."""
DEBUG = "CLAIMPACK_DEBUG"
"""Environment variable that shows the traceback of an internal error."""


def outcome(call: Callable[[], int]) -> int:
    """The exit code of a whole run. A signal decides it, whatever became of its exception."""
    number: int | None = None
    try:
        interrupts.begin()
        code = exit_code(call)
        interrupts.leave()
    except interrupts.Interrupted as error:
        interrupts.leave()
        number = error.args[0]
    number = interrupts.received() or number
    return code if number is None else _interrupted(number)


def exit_code(call: Callable[[], int]) -> int:
    """What the call returns, or the exit code of what it raised, told in one line.

    Raises:
        Interrupted: The call was interrupted.
    """
    try:
        return call()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else NOT_DONE
    except KeyboardInterrupt as error:
        # polars takes the signal while it is at work, and raises this itself
        raise interrupts.Interrupted(signal.SIGINT) from error
    except ClaimpackError as error:
        tell(str(error))
        return error.exit_code
    except MemoryError:
        tell("out of memory; try a lower --memory limit")
        return NOT_DONE
    except OSError as error:
        tell(_system_message(error))
        return NOT_DONE
    except Exception as error:
        return _unforeseen(error)


def tell(message: str) -> None:
    """One line on stderr, whatever the message holds; silent where stderr is gone.

    After a signal nothing is said but that: what fails then fails because of it.

    A terminal that is narrower gets it in several, broken between words.
    """
    if interrupts.received() is None:
        _tell(message)


def _interrupted(number: int) -> int:
    _tell("interrupted" if number == signal.SIGINT else "terminated")
    return BY_SIGNAL + number


def _tell(message: str) -> None:
    from claimpack.renderers.printable import printable

    line = f"claimpack: {printable(message)}"
    try:
        if sys.stderr.isatty():
            line = _broken(line)
        print(line, file=sys.stderr, flush=True)
    except (OSError, ValueError, AttributeError):
        return


def _broken(line: str) -> str:
    import shutil
    import textwrap

    width = max(shutil.get_terminal_size().columns, 20)
    return textwrap.fill(
        line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _unforeseen(error: Exception) -> int:
    """A usage error of the option parser, else a fault of claimpack itself."""
    describe = getattr(error, "format_message", None)
    if describe is not None:
        context = getattr(error, "ctx", None)
        command = getattr(context, "command_path", "claimpack")
        message = " ".join(str(describe()).split())
        tell(f"{message.rstrip('.')} (see {command} --help)")
        return UsageError.exit_code
    from claimpack.files import temporary_files

    if temporary_files.is_full(error):
        tell(temporary_files.full(error))
        return NOT_DONE
    if os.environ.get(DEBUG):
        import traceback

        tell(traceback.format_exc())
    tell(f"internal error: {type(error).__name__}: {error} ({DEBUG}=1 shows where)")
    return NOT_DONE


def _system_message(error: OSError) -> str:
    from claimpack.files import temporary_files

    what = error.strerror or str(error) or type(error).__name__
    if error.filename is None and temporary_files.is_full(error):
        what = temporary_files.full(error)
    return (
        f"{os.fsdecode(error.filename)}: {what}"
        if isinstance(error.filename, str | bytes)
        else what
    )


__all__ = ["exit_code", "outcome", "tell"]
