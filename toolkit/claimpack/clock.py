"""The day that goes into what is written: SOURCE_DATE_EPOCH where it is set, else today."""

from __future__ import annotations

import datetime as dt
import os

from claimpack.errors import UsageError

VARIABLE = "SOURCE_DATE_EPOCH"
"""Seconds since 1970, as reproducible-builds.org defines them."""


def given() -> dt.datetime | None:
    """The moment that SOURCE_DATE_EPOCH names, in UTC; None where it is not set.

    Raises:
        UsageError: It is no number of seconds.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return None
    try:
        return dt.datetime.fromtimestamp(int(text), dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{VARIABLE} is {text!r}, no number of seconds since 1970") from error


def now() -> dt.datetime:
    """The moment that a build counts as made at, in UTC.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is set and no number of seconds.
    """
    return given() or dt.datetime.now(dt.UTC)


def stamp() -> dt.datetime:
    """The moment that files in an archive count as made at: no build's own, so that all are alike.

    That of SOURCE_DATE_EPOCH where it is set, within what a zip file can tell; else its first.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is set and no number of seconds.
    """
    first = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
    if not os.environ.get(VARIABLE):
        return first
    return min(max(now(), first), dt.datetime(2107, 12, 31, 23, 59, 58, tzinfo=dt.UTC))


def today() -> dt.date:
    """The day of `now`."""
    return now().date()


__all__ = ["VARIABLE", "given", "now", "today"]
