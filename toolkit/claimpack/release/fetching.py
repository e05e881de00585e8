"""A release fetched from an address into a temporary file, within limits of size and time."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any

from claimpack import limits
from claimpack.errors import TooLargeError, UnreadableError, UsageError
from claimpack.files import temporary_files
from claimpack.progress import Progress, silent
from claimpack.release import http_access

_SCHEMES = ("http://", "https://")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def is_address(text: str) -> bool:
    """Whether a text is an address rather than a path."""
    return _SCHEME.match(text) is not None


@contextmanager
def fetched(
    address: str, progress: Progress = silent, *, allow_private: bool = False
) -> Iterator[Path]:
    """The file at an address, on the disk while the block lasts.

    Args:
        address: The address; one that the user gives may be of a private network.
        progress: Called with what is being done, bytes done and bytes in all.
        allow_private: Follow redirects to addresses of private networks, too.

    Raises:
        UsageError: The address is neither http nor https.
        UnreadableError: It cannot be fetched, leads elsewhere, or takes too long.
        TooLargeError: There are more bytes than the limit.
    """
    if not address.lower().startswith(_SCHEMES):
        raise UsageError(f"{address} is not an http or https address")
    place = temporary_files.folder()
    try:
        target = place / "release.zip"
        try:
            _fetch(address, target, progress, allow_private)
        except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
            raise UnreadableError(f"{address} could not be fetched: {_told(error)}") from error
        yield target
    finally:
        temporary_files.remove(place)


def _told(error: Exception) -> str:
    """What went wrong, as the server or the system words it."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return " ".join(f"{error.code} {error.reason}".split())
    reason = getattr(error, "reason", None) or error
    words = getattr(reason, "strerror", None) or str(reason)
    return " ".join(words.split()) or type(error).__name__


def _fetch(address: str, target: Path, progress: Progress, allow_private: bool) -> None:
    until = time.monotonic() + limits.FETCH_SECONDS
    opener = urllib.request.build_opener(_Redirects, *http_access.handlers(allow_private))
    request = urllib.request.Request(address, headers={"Accept-Encoding": "identity"})  # noqa: S310
    with (
        opener.open(request, timeout=limits.FETCH_SILENCE_SECONDS) as answer,
        target.open("wb") as file,
    ):
        total = int(answer.headers.get("Content-Length") or 0)
        for block in _blocks(answer, until, address):
            file.write(block)
            progress("fetch", file.tell(), max(total, file.tell()))
            if max(total, file.tell()) > limits.FETCH_BYTES:
                raise TooLargeError(f"{address} has more than {limits.FETCH_BYTES} bytes")
        if file.tell() < total:
            raise UnreadableError(f"{address} ended after {file.tell()} of {total} bytes")


def _blocks(answer: Any, until: float, address: str) -> Iterator[bytes]:
    while block := answer.read1(limits.MIB):
        if time.monotonic() > until:
            raise UnreadableError(f"{address} took more than {limits.FETCH_SECONDS:.0f} s")
        yield block


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https alone, and never from https back to http."""

    max_redirections = 5
    inf_msg = "too many redirects; the last one was: "

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The request for the next address, or a refusal."""
        secure = req.full_url.lower().startswith("https:")
        if not newurl.lower().startswith(_SCHEMES[secure:]):
            fp.close()
            raise UnreadableError(f"{req.full_url} redirects to {newurl}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


__all__ = ["fetched", "is_address"]
