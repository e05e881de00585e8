"""Exceptions: a broken run. What is wrong with the data is a finding, never an exception."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from claimpack.report import Report


class ClaimpackError(Exception):
    """The run could not be done; the message says what and where in one line."""

    exit_code = 3


class UsageError(ClaimpackError):
    """The call itself is wrong: no such path, an unknown rule or format."""

    exit_code = 2


class UnreadableError(ClaimpackError):
    """A file exists and could not be read, or a target could not be written."""


class TooLargeError(UnreadableError):
    """A limit was hit; the message says which. What lies behind it is not checked."""


class UncomparableError(UnreadableError):
    """Columns are of types that a rule cannot compare: what it asks is not checked."""


class InvalidPackageError(ClaimpackError):
    """The package has errors where only a valid one can be used, as in an export."""

    exit_code = 1

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


def first_line(error: Exception) -> str:
    """What an error of a library says, on one line."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
