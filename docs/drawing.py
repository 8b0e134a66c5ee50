"""Draw boxes, arrows and words as SVG: little enough that a drawing library would be more to read than this.

Everything stands on a light card of its own, so that a picture can be read on a dark page too. Lengths are pixels.
"""

from collections.abc import Iterable
from textwrap import wrap
from xml.sax.saxutils import escape

INK, FAINT, PAPER, LINE = "#1f2933", "#52606d", "#ffffff", "#9aa5b1"
CALM, WARM, COOL, WARN = "#e6f0ea", "#fdf0dc", "#e4ecf7", "#fbe4e1"
_BOLD = ' font-weight="600"'
_CHARACTER = 6.6
_LEADING = 17


class Drawing:
    """A picture of a size, with a ``title`` that is read to those who do not see it."""

    def __init__(self, width: int, height: int, title: str) -> None:
        size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            f"<title>{escape(title)}</title>",
            '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"',
            f' orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{FAINT}"/></marker></defs>',
            f'<rect width="{width}" height="{height}" rx="10" fill="{PAPER}" stroke="{LINE}" stroke-width="0.5"/>',
            "<g font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"12.5\">",
        ]

    def box(self, x: float, y: float, width: float, height: float, fill: str = CALM) -> None:
        """Draw a box."""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" stroke="{LINE}"/>'
        )

    def words(
        self, x: float, y: float, text: str, *, bold: bool = False, faint: bool = False, anchor: str = "start"
    ) -> None:
        """Write one line, its baseline at ``y``."""
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}" fill="{FAINT if faint else INK}" text-anchor="{anchor}"'
            f"{_BOLD if bold else ''}>{escape(text)}</text>"
        )

    def lines(self, x: float, y: float, lines: Iterable[str], *, faint: bool = False) -> None:
        """Write lines below each other."""
        for number, line in enumerate(lines):
            self.words(x, y + number * _LEADING, line, faint=faint)

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw an arrow to the second point."""
        self._parts.append(
            f'<path d="M{x1:g} {y1:g} L{x2:g} {y2:g}" fill="none" stroke="{FAINT}" marker-end="url(#head)"/>'
        )

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a thin line."""
        self._parts.append(f'<path d="M{x1:g} {y1:g} L{x2:g} {y2:g}" stroke="{LINE}"/>')

    def curve(self, points: Iterable[tuple[float, float]], colour: str) -> None:
        """Draw points and the lines between them."""
        dots = list(points)
        path = " ".join(f"{'L' if at else 'M'}{x:.1f} {y:.1f}" for at, (x, y) in enumerate(dots))
        self._parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        self._parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in dots]

    def text(self) -> str:
        """Return the picture."""
        return "\n".join([*self._parts, "</g>", "</svg>", ""])


def fitted(text: str, width: float) -> list[str]:
    """Return a text in lines that fit a width."""
    return wrap(text, max(int(width / _CHARACTER), 8))
