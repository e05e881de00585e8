"""Why a release does not appear."""

from __future__ import annotations

from collections.abc import Sequence

from claimpack.errors import ClaimpackError, InvalidPackageError
from claimpack.release.model import Verification
from claimpack.versions.model import Difference


class BrokenPromiseError(InvalidPackageError):
    """A new version keeps not to what the one before promised: ids that stay, numbers that tell."""

    def __init__(self, reasons: Sequence[str], difference: Difference) -> None:
        super().__init__(f"{'; '.join(reasons)}; nothing was published")
        self.reasons = tuple(reasons)
        self.difference = difference


class UnverifiedError(ClaimpackError):
    """What was built did not pass its verification, so nothing was published."""

    def __init__(self, message: str, verification: Verification | None = None) -> None:
        super().__init__(message)
        self.verification = verification


__all__ = ["BrokenPromiseError", "UnverifiedError"]
