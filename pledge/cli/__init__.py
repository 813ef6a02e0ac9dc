"""The commands: verbs, printing and exit codes (0 fine, 1 problems found, 2 could not run)."""

from __future__ import annotations

from pledge import usage
from pledge.cli.group import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line."""
    usage.run(cli)
