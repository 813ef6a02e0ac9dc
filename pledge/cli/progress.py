"""How far long work has come: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time

_WIDTH = 24
_STEPS = 10
"""How many lines a log gets, where there is no terminal."""


class Progress:
    """Tells on standard error how many companies are done, how fast, and how long the rest will take."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.on_terminal = sys.stderr.isatty()
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        """Tell that *done* of *total* are done."""
        if self.on_terminal:
            filled = _WIDTH * done // total
            end = "\n" if done == total else ""
            bar = "█" * filled + "░" * (_WIDTH - filled)
            sys.stderr.write(f"\r\x1b[K{bar} {self._words(done, total)}{end}")
        elif done * _STEPS // total > self._told or not done:
            self._told = done * _STEPS // total
            sys.stderr.write(f"{self._words(done, total)}\n")
        sys.stderr.flush()

    def _words(self, done: int, total: int) -> str:
        spent = time.monotonic() - self.started
        if not done or not spent:
            return f"共{total}家公司"
        rate = done / spent
        rest = f"，还要{_spell((total - done) / rate)}" if done < total else f"，用时{_spell(spent)}"
        return f"{done}/{total}家，每秒{rate:.1f}家{rest}"


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"
