"""What a reader of a PDF page can see: not text drawn invisibly, in the colour of the paper, tiny, or off the page.

Follows the page's graphics state while pypdf reads it and takes hidden strings out before pypdf sees them. A string is
judged where it begins. Not followed: clipping, optional layers, the width of letters, what is painted over a text; an
image is no background, so white text on a picture counts as hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]  # left, bottom, right, top
Colour = tuple[float, float, float]  # red, green, blue: 0..1

SMALLEST_PT = 1.0
"""Smaller text is not meant to be read; footnotes have 6 points."""
_ALIKE = 0.1  # difference of light colours below which nobody reads one on the other
_LIGHT = 0.5
_FAINTEST = 0.05  # opacity
_MOST_BOXES = 10_000
_UNITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_USUAL_BOX: Box = (0.0, 0.0, 612.0, 842.0)  # the larger sides of Letter and A4, for a page that has none
_TINTS = 0  # colour space of an ink: nothing of it is paper, all of it is a colour we do not know
_SPACES = {"/DeviceGray": 1, "/CalGray": 1, "/G": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/RGB": 3, "/DeviceCMYK": 4}
_PATTERN = -1  # unknown colours
_FILLS = (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")
_ENDS = (*_FILLS, b"S", b"s", b"n")


@dataclass(slots=True)
class _Paint:
    colour: Colour | None = _BLACK  # None: not known, and taken for visible
    space: int = 1
    opacity: float = 1.0


@dataclass(slots=True)
class _State:
    fill: _Paint
    stroke: _Paint
    mode: int = 0  # text render mode, 0..7
    size: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0

    def copy(self) -> _State:
        return replace(self, fill=replace(self.fill), stroke=replace(self.stroke))


class Sight:
    """The state of one page while pypdf extracts its text: give `before` and `after` as its visitors of operands."""

    def __init__(self, sheet: Any) -> None:
        self.hidden = 0
        """Bytes of text that were left out."""
        self.picture_share = 0.0
        """Part of the page that its largest picture covers, 0..1."""
        self._box = _box_of(sheet)
        self._resources: Any = _plain(sheet.get("/Resources"))
        self._base = _UNITY
        self._state = _State(_Paint(), _Paint())
        self._saved: list[_State] = []
        self._outer: list[tuple[_State, list[_State], Matrix, Any]] = []
        self._paths: list[list[tuple[float, float]]] = []
        self._painted: list[tuple[Box, Colour]] = []

    def before(self, operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
        """See one operator; a string that it would show unseen is taken out of `operands`."""
        numbers = [float(one) for one in operands if isinstance(one, (int, float))]
        if operator in _SHOWS:
            self._show(operator, operands, cm, tm)
        elif operator == b"Do":
            self._enter(operands, cm)
        elif operator in _ENDS:
            if operator in _FILLS:
                self._fill()
            self._paths = []
        elif operator in (b"m", b"l", b"c", b"v", b"y", b"re") and len(numbers) >= 2:
            self._draw(operator, numbers, _times(_matrix(cm), self._base))
        elif operator in _COLOURS:
            self._colour(operator, operands, numbers)
        else:
            self._set(operator, operands, numbers)

    def after(self, operator: bytes, _operands: list[Any], _cm: Any, _tm: Any) -> None:
        """Leave what `Do` had entered."""
        if operator == b"Do" and self._outer:
            self._state, self._saved, self._base, self._resources = self._outer.pop()

    # --- state

    def _set(self, operator: bytes, operands: list[Any], numbers: list[float]) -> None:
        state = self._state
        if operator == b"q":
            self._saved.append(state.copy())
        elif operator == b"Q" and self._saved:
            self._state = self._saved.pop()
        elif operator == b"gs" and operands:
            given = self._named("/ExtGState", operands[0])
            for paint, name in ((state.fill, "/ca"), (state.stroke, "/CA")):
                value = _plain(given.get(name)) if isinstance(given, dict) else None
                paint.opacity = float(value) if isinstance(value, (int, float)) else paint.opacity
        elif numbers:
            if operator == b"Tr":
                state.mode = int(numbers[0])
            elif operator == b"Tf":
                state.size = numbers[-1]
            elif operator == b"Tz":
                state.stretch = numbers[0] / 100
            elif operator == b"TL":
                state.leading = numbers[0]
            elif operator == b"TD":
                state.leading = -numbers[-1]

    def _colour(self, operator: bytes, operands: list[Any], numbers: list[float]) -> None:
        paint = self._state.fill if operator.islower() else self._state.stroke
        name = operator.lower()
        if name == b"cs":
            paint.space = self._space(operands[0] if operands else None)
            paint.colour = _BLACK if paint.space > 0 else None
            return
        if name in (b"g", b"rg", b"k"):
            paint.space = {b"g": 1, b"rg": 3, b"k": 4}[name]
        paint.colour = _rgb(paint.space, numbers)

    def _space(self, given: Any) -> int:
        """How many numbers make a colour; `_TINTS` for inks, `_PATTERN` for what we cannot tell."""
        given = _plain(given)
        if str(given) in _SPACES:
            return _SPACES[str(given)]
        found = given if isinstance(given, list) else self._named("/ColorSpace", given)
        if not isinstance(found, list):
            return _SPACES.get(str(found), _PATTERN)
        kind = str(_plain(found[0])) if found else ""
        if kind in ("/Separation", "/DeviceN"):
            return _TINTS
        profile = _plain(found[1]) if kind == "/ICCBased" and len(found) > 1 else None
        count = _plain(profile.get("/N")) if isinstance(profile, dict) else None
        return int(count) if count in (1, 3, 4) else _SPACES.get(kind, _PATTERN)

    def _named(self, kind: str, name: Any) -> Any:
        """What the resources call by a name."""
        of_kind = _plain(self._resources.get(kind)) if isinstance(self._resources, dict) else None
        return _plain(of_kind.get(name)) if isinstance(of_kind, dict) else None

    # --- forms and pictures

    def _enter(self, operands: list[Any], cm: Any) -> None:
        self._outer.append((self._state.copy(), self._saved, self._base, self._resources))
        found = self._named("/XObject", operands[0]) if operands else None
        if not isinstance(found, dict):
            return
        place = _times(_matrix(cm), self._base)
        if found.get("/Subtype") == "/Image":
            covered = _overlap(_around([_at(place, x, y) for x in (0, 1) for y in (0, 1)]), self._box)
            self.picture_share = max(self.picture_share, covered / _area(self._box))
            return
        self._saved = []
        self._base = _times(_matrix(_plain(found.get("/Matrix"))), place)
        self._resources = _plain(found.get("/Resources")) or self._resources

    # --- what is painted

    def _draw(self, operator: bytes, numbers: list[float], place: Matrix) -> None:
        if operator == b"re" and len(numbers) >= 4:
            x, y, width, height = numbers[:4]
            self._paths.append([_at(place, x + dx, y + dy) for dx in (0, width) for dy in (0, height)])
        elif operator == b"m":
            self._paths.append([_at(place, *numbers[:2])])
        elif self._paths:
            self._paths[-1].append(_at(place, *numbers[-2:]))

    def _fill(self) -> None:
        paint = self._state.fill
        if paint.colour is not None and paint.opacity > _LIGHT:
            self._painted += [(_around(path), paint.colour) for path in self._paths]
            del self._painted[:-_MOST_BOXES]

    def _background(self, x: float, y: float) -> Colour:
        for (left, bottom, right, top), colour in reversed(self._painted):
            if left <= x <= right and bottom <= y <= top:
                return colour
        return _WHITE

    # --- text

    def _show(self, operator: bytes, operands: list[Any], cm: Any, tm: Any) -> None:
        state, text = self._state, _matrix(tm)
        if operator in (b"'", b'"'):
            text = (*text[:4], text[4] - state.leading * text[2], text[5] - state.leading * text[3])
        place = _times(text, _times(_matrix(cm), self._base))
        which = 2 if operator == b'"' else 0
        if len(operands) <= which:
            return
        given = operands[which]
        if not isinstance(given, list):
            if isinstance(given, (str, bytes)) and not self._is_seen(place):
                self.hidden += len(given)
                operands[which] = 0  # no text: pypdf goes on without it
            return
        kept: list[Any] = []
        pen = 0.0
        for part in given:
            if isinstance(part, (int, float)):
                pen -= float(part) / 1000 * state.size * state.stretch
            elif isinstance(part, (str, bytes)) and not self._is_seen((*place[:4], *_at(place, pen, 0.0))):
                self.hidden += len(part)
                continue
            kept.append(part)
        given[:] = kept

    def _is_seen(self, place: Matrix) -> bool:
        state = self._state
        a, b, c, d, x, y = place
        size = hypot(c, d) * abs(state.size)
        if min(size, hypot(a, b) * abs(state.size * state.stretch)) < SMALLEST_PT:
            return False
        left, bottom, right, top = self._box
        if not (left - size <= x <= right and bottom - size <= y <= top):
            return False
        paints = [state.fill] if state.mode in (0, 2, 4, 6) else []
        paints += [state.stroke] if state.mode in (1, 2, 5, 6) else []
        background = self._background(x, y)
        return any(paint.opacity > _FAINTEST and not _is_alike(paint.colour, background) for paint in paints)


_SHOWS = (b"Tj", b"TJ", b"'", b'"')
_COLOURS = (b"g", b"rg", b"k", b"cs", b"sc", b"scn", b"G", b"RG", b"K", b"CS", b"SC", b"SCN")


def _is_alike(ink: Colour | None, paper: Colour) -> bool:
    """Whether a light ink is that of the paper. Dark on dark is let be: frames are dark, and their text is read."""
    if ink is None or min(ink) < _LIGHT:
        return False
    return max(abs(one - other) for one, other in zip(ink, paper, strict=True)) < _ALIKE


def _rgb(space: int, numbers: list[float]) -> Colour | None:
    if space == _TINTS:
        return _WHITE if numbers and max(numbers) < _ALIKE else None
    if space == _PATTERN or len(numbers) < space:
        return None
    if space == 1:
        return (numbers[0],) * 3
    if space == 3:
        return numbers[0], numbers[1], numbers[2]
    cyan, magenta, yellow, black = numbers[:4]
    return (1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black)


def _plain(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _matrix(value: Any) -> Matrix:
    """Six numbers as a matrix; what is none changes nothing."""
    numbers = [float(one) for one in value or () if isinstance(one, (int, float))]
    return (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else _UNITY


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _at(place: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = place
    return x * a + y * c + e, x * b + y * d + f


def _around(points: list[tuple[float, float]]) -> Box:
    across, up = [x for x, _ in points], [y for _, y in points]
    return min(across), min(up), max(across), max(up)


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    return _area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def _box_of(sheet: Any) -> Box:
    """What of a page is shown: its crop box within its media box."""
    try:
        boxes = [_around([(float(one[0]), float(one[1])), (float(one[2]), float(one[3]))])
                 for one in (sheet.mediabox, sheet.cropbox)]  # fmt: skip
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return _USUAL_BOX
    media, crop = boxes
    shown = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    return next((box for box in (shown, media) if _area(box) > 0), _USUAL_BOX)
