"""Which CSS hides a text from readers: such text is no part of what an office published (pure).

Planted instructions come in text that a person does not see. Where a rule cannot be decided without laying the page
out, text that styles say is white on white counts as hidden: the loss is a heading on a dark banner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.S)
_HEX_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.I)
_NAMED = {
    "white": WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "floralwhite": (255, 250, 240),
    "red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 128, 0), "yellow": (255, 255, 0),
    "gray": (128, 128, 128), "silver": (192, 192, 192), "navy": (0, 0, 128), "maroon": (128, 0, 0),
}  # fmt: skip
_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|ex|ch|vw|vh|mm|cm|in|%)?")
_PIXELS = {
    None: 1.0, "px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 10.0, "vh": 10.0,
    "mm": 3.8, "cm": 38.0, "in": 96.0, "%": 0.16,
}  # fmt: skip
_LONGEST_STYLE = 10_000
_SMALLEST_PX = 3.0  # of letters a person reads
_OFF_SCREEN_PX = -400.0
_FAINTEST = 0.1  # opacity
_ALIKE = 24  # difference per channel that nobody sees
_ZERO_SCALE = re.compile(r"scale(?:3d|x|y)?\(\s*0*(?:\.0+)?0*\s*[,)]")
_MOVED = re.compile(r"translate(?:3d|x|y)?\(([^)]{0,100})\)")
_CLIPPED = re.compile(r"rect\(\s*(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?\s*\)")
_CLIP_PATH = re.compile(
    r"inset\(\s*(?:5\d|[6-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?\s*(?:,\s*0(?:px|%)?\s+0(?:px|%)?\s*)*\)"
)


def declarations(style: str) -> dict[str, str]:
    """The declarations of a style attribute or rule: property → value, in lower case, escapes and comments resolved.

    One longer than 10,000 characters styles nothing, it carries something: it counts as hiding.
    """
    if len(style) > _LONGEST_STYLE:
        return {"display": "none"}
    style = _HEX_ESCAPE.sub(lambda match: _character(match.group(1)), _COMMENT.sub("", style)).replace("\\", "").lower()
    found: dict[str, str] = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def hides(style: Mapping[str, str], *, colour: Colour | None, background: Colour) -> bool:
    """Whether an element with these declarations, and the colours it then has, cannot be seen."""
    position = style.get("position", "")
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or _is_below(style.get("opacity"), _FAINTEST)
        or _is_below(_argument(style.get("filter", ""), "opacity"), _FAINTEST)
        or _is_tiny(style)
        or _is_invisible_ink(style, colour, background)
        or _is_off_screen(style)
        or (_is_without_room(style) and _cuts(style))
        or _CLIPPED.search(style.get("clip", "")) is not None
        or _CLIP_PATH.search(style.get("clip-path", "")) is not None
        or _ZERO_SCALE.search(style.get("transform", "")) is not None
        or style.get("zoom") in ("0", "0%")
        or (position in ("absolute", "fixed", "relative") and style.get("z-index", "").startswith("-"))
    )


def colour_of(value: str | None) -> Colour | None:
    """A CSS colour, as far as it is one of the usual ways of writing one; None otherwise, and where it is see-through.

    `transparent` is for `hides`: this gives None for it.
    """
    value = (value or "").strip().lower()
    if hexadecimal := re.search(r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b", value):
        digits = hexadecimal.group(1)
        digits = "".join(digit * 2 for digit in digits) if len(digits) < 6 else digits
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if function := re.search(r"rgba?\(([^)]*)\)", value):
        parts = _NUMBER.findall(function.group(1))[:3]
        if len(parts) == 3:
            red, green, blue = (min(255, int(float(n) * (2.55 if unit == "%" else 1))) for n, unit in parts)
            return red, green, blue
    return next((_NAMED[word] for word in re.findall(r"[a-z]+", value) if word in _NAMED), None)


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _pixels(value: str | None) -> float | None:
    match = _NUMBER.match(value or "")
    return float(match.group(1)) * _PIXELS[match.group(2) or None] if match else None


def _is_below(value: str | None, most: float) -> bool:
    match = _NUMBER.match(value or "")
    return match is not None and float(match.group(1)) / (100 if match.group(2) == "%" else 1) < most


def _argument(value: str, function: str) -> str | None:
    match = re.search(rf"{function}\(([^)]*)\)", value)
    return match.group(1).strip() if match else None


def _is_tiny(style: Mapping[str, str]) -> bool:
    in_shorthand = re.search(rf"(?:^|\s)({_NUMBER.pattern})(?:/|\s)", style.get("font", ""))
    sizes = (_pixels(style.get("font-size")), _pixels(in_shorthand.group(1)) if in_shorthand else None)
    return any(size is not None and size < _SMALLEST_PX for size in sizes)


def _is_invisible_ink(style: Mapping[str, str], colour: Colour | None, background: Colour) -> bool:
    for name in ("color", "-webkit-text-fill-color"):
        value = style.get(name, "")
        alpha = re.search(r"(?:rgba|hsla|rgb|hsl)\([^)]*[,/]\s*([\d.]+%?)\s*\)", value)
        has_alpha = value.startswith(("rgba", "hsla")) or "/" in value
        if value == "transparent" or re.fullmatch(r"#[0-9a-f]{6}00|#[0-9a-f]{3}0", value):
            return True
        if has_alpha and alpha and _is_below(alpha.group(1), _FAINTEST):
            return True
    ink = colour_of(style.get("-webkit-text-fill-color")) or colour
    return ink is not None and all(abs(one - other) <= _ALIKE for one, other in zip(ink, background, strict=True))


def _is_off_screen(style: Mapping[str, str]) -> bool:
    moves = [style.get(name) for name in ("text-indent", "left", "top", "right", "bottom", "margin-left", "margin-top")]
    moves += style.get("margin", "").split()[:4]
    moved = _MOVED.search(style.get("transform", ""))
    moves += re.split(r"[\s,]+", moved.group(1).strip()) if moved else []
    return any(distance is not None and distance <= _OFF_SCREEN_PX for distance in map(_pixels, moves)) or any(
        distance is not None and distance >= -10 * _OFF_SCREEN_PX
        for distance in (_pixels(style.get(name)) for name in ("text-indent", "left", "top", "margin-left"))
    )


def _is_without_room(style: Mapping[str, str]) -> bool:
    sizes = (_pixels(style.get(name)) for name in ("width", "height", "max-width", "max-height"))
    return any(size is not None and size <= 1 for size in sizes)


def _cuts(style: Mapping[str, str]) -> bool:
    return any(style.get(name) in ("hidden", "clip") for name in ("overflow", "overflow-x", "overflow-y"))
