"""Patterns of users in Python's backtracking engine, bounded in length and in time.

It knows what RE2 does not: look-around, class subtraction, long repetitions. It is slow,
so it runs once for each distinct text, and only where RE2 cannot run a pattern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimpack import limits

if TYPE_CHECKING:
    import regex


class Unlike:
    """A test that is true where a text does not match the whole of a pattern."""

    def __init__(self, pattern: str) -> None:
        """Take a pattern; it is compiled at the first text."""
        self.pattern = pattern
        self._compiled: regex.Pattern[str] | None = None

    def __call__(self, text: str) -> bool:
        """Whether a text does not match.

        Raises:
            TimeoutError: The pattern is too long, or takes too long on this text.
        """
        compiled = self._compiled = self._compiled or self._compile()
        try:
            return not compiled.fullmatch(text, timeout=limits.PATTERN_SECONDS)
        except TimeoutError as error:
            raise TimeoutError("a pattern took longer than the limit on a value") from error

    def _compile(self) -> regex.Pattern[str]:
        import regex

        if len(self.pattern) > limits.PATTERN_LENGTH:
            raise TimeoutError(
                f"the pattern has {len(self.pattern):,} characters, "
                f"more than the {limits.PATTERN_LENGTH:,} that can be run"
            )
        try:
            return regex.compile(expanded(self.pattern), regex.VERSION1)
        except (regex.error, RecursionError, OverflowError) as error:
            raise TimeoutError("no regular expression engine here can run the pattern") from error


def expanded(pattern: str) -> str:
    """XML Schema's own escapes and class subtraction in the engine's spelling."""
    made, inside, position = [], 0, 0
    while position < len(pattern):
        pair = pattern[position : position + 2]
        if pair in _CLASSES:
            made.append(_CLASSES[pair])
            position += 2
        elif pair[:1] == "\\":
            made.append(pair)
            position += 2
        elif inside and pair in _SETS:
            made.append(f"\\{pair[0]}\\{pair[1]}")
            position += 2
        elif inside and pair == "-[":
            made.append("--[")
            inside += 1
            position += 2
        else:
            inside += (pair[0] == "[") - (pair[0] == "]" and inside > 0)
            made.append(pair[0])
            position += 1
    return "".join(made)


_SETS = ("&&", "||", "~~")
"""Within a class, what the engine would take for an operation on sets."""
_CLASSES = {
    r"\i": r"[\p{L}_:]",
    r"\c": r"[\p{L}\p{N}\p{M}\-._:]",
    r"\I": r"[^\p{L}_:]",
    r"\C": r"[^\p{L}\p{N}\p{M}\-._:]",
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\w": r"[\p{L}\p{M}\p{N}_]",
    r"\W": r"[^\p{L}\p{M}\p{N}_]",
}
"""Classes within classes are sets within sets, which the engine knows."""
