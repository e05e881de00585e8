"""From exceptions to one line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from claimpack.errors import ClaimpackError, UsageError
from claimpack.renderers.printable import printable

NOT_DONE = 3
INTERRUPTED = 130
DEBUG = "CLAIMPACK_DEBUG"
"""Environment variable that shows the traceback of an internal error."""


def exit_code(call: Callable[[], int]) -> int:
    """What the call returns, or the exit code of what it raised, told in one line."""
    try:
        return call()
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else NOT_DONE
    except KeyboardInterrupt:
        tell("interrupted")
        return INTERRUPTED
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

    A terminal that is narrower gets it in several, broken between words.
    """
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
    if os.environ.get(DEBUG):
        import traceback

        tell(traceback.format_exc())
    tell(f"internal error: {type(error).__name__}: {error} ({DEBUG}=1 shows where)")
    return NOT_DONE


def _system_message(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    return (
        f"{os.fsdecode(error.filename)}: {what}"
        if isinstance(error.filename, str | bytes)
        else what
    )


__all__ = ["exit_code", "tell"]
