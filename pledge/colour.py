"""The colour of a company: contrast by WCAG 2.2, tones of one hue, and the stylesheet they make.

Colours are written as six hexadecimal digits after `#` (CSS Color 4, 5.2).
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

TEXT = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3)."""
_KNEE = 0.04045
_SOFT, _TINT, _RULE = 0x14, 0x1C, 0x59
_DARK_SOFT, _DARK_TINT, _DARK_RULE = 0x1A, 0x30, 0x66
_CALM = 0.5
"""The most saturation a light tone keeps on a dark page, where a full one glares."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The grounds that text in the company's colour stands on, and how strong its tints are (of 255)."""

    name: str
    paper: str
    desk: str
    soft: int
    tint: int
    rule: int

    def grounds(self, ink: str) -> tuple[str, ...]:
        """Return paper, desk and the paper under a soft tint of *ink*."""
        return self.paper, self.desk, _over(ink, self.paper, self.soft / 255)

    def contrast(self, ink: str) -> float:
        """Return the lowest contrast of *ink* on the grounds."""
        return min(contrast(ink, ground) for ground in self.grounds(ink))


LIGHT = Scheme("浅色", "#ffffff", "#f3f2ee", _SOFT, _TINT, _RULE)
DARK = Scheme("深色", "#1a1e24", "#121519", _DARK_SOFT, _DARK_TINT, _DARK_RULE)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 for black to 1 for white (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(part) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _KNEE else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _over(ink: str, paper: str, alpha: float) -> str:
    """Return what *ink* of that opacity gives on *paper* (CSS Color 4, 12: simple alpha compositing)."""
    red, green, blue = (
        over * alpha + under * (1 - alpha) for over, under in zip(_parts(ink), _parts(paper), strict=True)
    )
    return _written((red, green, blue))


def darker(colour: str) -> str:
    """Return the lightest tone of the same hue, no lighter than *colour*, that is read on a light page."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    steps = (lightness * (100 - step) / 100 for step in range(101))
    tones = (_written(colorsys.hls_to_rgb(hue, step, saturation)) for step in steps)
    return next(tone for tone in tones if LIGHT.contrast(tone) >= TEXT)


def lighter(colour: str, wanted: float = 8.0) -> str:
    """Return the darkest tone of the same hue, no darker than *colour*, with that contrast on a dark page.

    WCAG 2.2, 1.4.6 asks 7 of text at its strictest; white has more than 8, so there is always a tone.
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    steps = (lightness + (1 - lightness) * step / 100 for step in range(101))
    tones = (_written(colorsys.hls_to_rgb(hue, step, min(saturation, _CALM))) for step in steps)
    return next(tone for tone in tones if DARK.contrast(tone) >= wanted)


def stylesheet(colour: str) -> str:
    """Return the CSS that puts *colour* in place of the ink of pledge.css and edition.css.

    A file of its own needs no exception from a Content-Security-Policy that forbids inline styles. Material
    marks its scheme on the body; a released text has no mark and follows the reader's system.
    """
    light, dark = _tokens(colour.lower(), LIGHT), _tokens(lighter(colour), DARK)
    return (
        "/* 公司的颜色，由变量文件的 company.color 生成。 */\n"
        f":root, [data-md-color-scheme] {{ {light} }}\n"
        f'@media screen {{ [data-md-color-scheme="slate"] {{ {dark} }} }}\n'
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )


def _tokens(ink: str, scheme: Scheme) -> str:
    tones = {"ink-soft": scheme.soft, "ink-tint": scheme.tint, "figure-rule": scheme.rule}
    return " ".join((f"--ink: {ink};", *(f"--{name}: {ink}{alpha:02x};" for name, alpha in tones.items())))
