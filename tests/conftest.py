"""What every test shares: no network, and the options of the test command."""

from __future__ import annotations

import socket
from typing import Any, NoReturn

import pytest

MANY = pytest.StashKey[int | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--many N`: that many made examples in each differential test."""
    parser.addoption(
        "--many",
        type=int,
        default=None,
        metavar="N",
        help="examples that each differential test makes (default: enough for every day)",
    )
    parser.addoption(
        "--regenerate",
        action="store_true",
        help="rewrite the findings that the packages of the rules expect; review them as a diff",
    )


@pytest.fixture
def regenerate(request: pytest.FixtureRequest) -> bool:
    """Whether expected findings are to be rewritten."""
    value: bool = request.config.getoption("--regenerate")
    return value


@pytest.fixture
def many(request: pytest.FixtureRequest) -> int | None:
    """The number of examples asked for, None where nothing was asked."""
    value: int | None = request.config.getoption("--many")
    return value


@pytest.fixture(autouse=True)
def no_cause_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in the search for causes is never passed over."""
    from claimpack.api import steps

    monkeypatch.setattr(steps, "STRICT", True)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A package never makes the tool call out: each attempt is noted and refused."""
    attempts: list[object] = []

    def refuse(*args: Any, **options: Any) -> NoReturn:
        attempts.append(args)
        raise OSError("a test reached for the network")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return attempts
