"""The day that goes into what is written: SOURCE_DATE_EPOCH where it is set, else today."""

from __future__ import annotations

import datetime as dt
import os

from claimpack.errors import UsageError

VARIABLE = "SOURCE_DATE_EPOCH"
"""Seconds since 1970, as reproducible-builds.org defines them."""


def now() -> dt.datetime:
    """The moment that a build counts as made at, in UTC.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is set and no number of seconds.
    """
    given = os.environ.get(VARIABLE)
    if not given:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{VARIABLE} is {given!r}, no number of seconds since 1970") from error


def today() -> dt.date:
    """The day of `now`."""
    return now().date()


__all__ = ["VARIABLE", "now", "today"]
