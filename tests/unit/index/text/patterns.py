"""Every regular expression of ours that a message meets, found by importing, and texts made to trip each of them up."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from re import _constants as opcodes  # the only way to see what a pattern is made of
from re import _parser as parser
from types import ModuleType
from typing import Any

PACKAGES = ("index.text", "actions", "bot", "channels")
MODULES = ("index.search", "index.lexical", "index.asked", "index.number", "index.ranking")
"""What reads messages; the parsers of documents run in a sandbox with a time limit of their own."""

_NOT_IMPORTED = re.compile(r"__main__|\.testing|\.venv")
_PUMPED_FROM = 8
"""Repeats of at most so many are too short to matter."""
_CANDIDATES = "a1 ./-đạ法A_\n,"


def our_modules() -> Iterator[ModuleType]:
    """Yield the modules; those that need Rasa are only read, by `inline_patterns`."""
    names = list(MODULES)
    for root in PACKAGES:
        package = importlib.import_module(root)
        names += [found.name for found in pkgutil.walk_packages(package.__path__, f"{root}.")]
    for name in names:
        if _NOT_IMPORTED.search(name):
            continue
        try:
            yield importlib.import_module(name)
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("rasa"):
                raise


def compiled_patterns() -> dict[str, re.Pattern[str]]:
    """Return the patterns that our modules hold, however deep in tables, by where they stand; each once."""
    named: dict[tuple[str, int], str] = {}
    for module in our_modules():
        for name, value in vars(module).items():
            for number, pattern in enumerate(_within(value)):
                named.setdefault((pattern.pattern, pattern.flags), f"{module.__name__}.{name}.{number}")
    return {name: re.compile(pattern, flags) for (pattern, flags), name in named.items()}


def inline_patterns(root: Path) -> dict[str, re.Pattern[str]]:
    """Return the patterns that are written where they are used: `re.search("…", text)`."""
    found: dict[str, re.Pattern[str]] = {}
    for path in (path for package in PACKAGES for path in sorted((root / package.replace(".", "/")).rglob("*.py"))):
        if ".venv" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.func.attr != "compile"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                found[f"{path.relative_to(root)}:{node.lineno}"] = re.compile(node.args[0].value)
    return found


def traps(pattern: re.Pattern[str], length: int) -> list[str]:
    """Return texts of `length` characters that what repeats in `pattern` runs through, with and without an end."""
    chance = random.Random(len(pattern.pattern))
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    whole = _sample(tree, chance)
    units = {("", whole), ("", whole[:-1])}
    units.update(_pumps(tree, "", chance))
    texts = {(head + unit * (length // max(1, len(unit)) + 1))[:length] for head, unit in units if unit}
    return sorted(texts | {text[:-1] + "\x00" for text in texts})


def _within(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 4 and isinstance(value, (tuple, list, frozenset, set, dict)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(one, depth + 1)


def _pumps(tree: Iterable[Any], head: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield what comes before a repeated part, and that part."""
    for node in tree:
        op, argument = node
        if op in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT):
            _, most, inner = argument
            if most > _PUMPED_FROM:
                yield head, _sample(inner, chance)
                yield head, _sample(inner, chance)
            yield from _pumps(inner, head, chance)
        elif op is opcodes.SUBPATTERN:
            yield from _pumps(argument[-1], head, chance)
        elif op is opcodes.BRANCH:
            for branch in argument[1]:
                yield from _pumps(branch, head, chance)
        elif op in (opcodes.ASSERT, opcodes.ASSERT_NOT):
            yield from _pumps(argument[1], head, chance)
        head += _sample([node], chance)


def _sample(tree: Iterable[Any], chance: random.Random) -> str:
    parts: list[str] = []
    for op, argument in tree:
        if op is opcodes.LITERAL:
            parts.append(chr(argument))
        elif op is opcodes.NOT_LITERAL:
            parts.append("b" if argument == ord("a") else "a")
        elif op is opcodes.ANY:
            parts.append("a")
        elif op is opcodes.IN:
            parts.append(_one_of(argument, chance))
        elif op is opcodes.BRANCH:
            parts.append(_sample(chance.choice(argument[1]), chance))
        elif op is opcodes.SUBPATTERN:
            parts.append(_sample(argument[-1], chance))
        elif op in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT):
            least, _, inner = argument
            parts.extend(_sample(inner, chance) for _ in range(max(1, min(least, 8))))
    return "".join(parts)


def _one_of(members: list[Any], chance: random.Random) -> str:
    if members[0][0] is not opcodes.NEGATE:
        op, argument = chance.choice(members)
        if op is opcodes.LITERAL:
            return chr(argument)
        if op is opcodes.RANGE:
            return chr(chance.randint(*argument))
    return next((one for one in _CANDIDATES if _holds(members, one)), "a")


def _holds(members: list[Any], letter: str) -> bool:
    is_in = False
    for op, argument in members:
        if op is opcodes.LITERAL:
            is_in |= ord(letter) == argument
        elif op is opcodes.RANGE:
            is_in |= argument[0] <= ord(letter) <= argument[1]
        elif op is opcodes.CATEGORY:
            name = str(argument).lower()
            kind = next(kind for kind in ("digit", "space", "word") if kind in name)
            is_kind = {"digit": letter.isdigit(), "space": letter.isspace(), "word": letter.isalnum() or letter == "_"}
            is_in |= is_kind[kind] != ("not" in name)
    return is_in != (members[0][0] is opcodes.NEGATE)
