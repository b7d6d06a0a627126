"""Near-duplicate passages: official passages that say the same in nearly the same words get one group.

The final articles of a thousand decrees, an article re-enacted by its successor, one text from two collectors: a list
of answers should show one of them. Two passages of different documents are near-duplicates when

  - the titles of their articles and the lead-ins above them are the same words. One decree asks for the same papers
    from schools of two kinds, in articles that differ in nothing else.
  - Their decisive words are the same, in the same order: everything with a digit, numbers and units in words, words
    that turn a rule round ("không", "trừ"; "phải" or "được", "trước" or "sau", "và" or "hoặc"), names (capitals inside
    a sentence). Clauses that differ in an amount, a
    date, a province or a ministry are never duplicates: that difference is what a citizen asks about.
  - Their triples of words overlap by SIMILAR (Jaccard).

Capitals, punctuation and the place of tone marks do not count, nor do a passage's own labels ("Điều 5.", "2."), because
the same clause stands under another number elsewhere; "Nghị định này" and "Thông tư này" are the same.

Candidates come from MinHash signatures (Broder, "On the resemblance and containment of documents", 1997; made by
datasketch) cut into bands; only the bands' hashes are kept, 88 bytes a passage, and passages that share one are
compared word by word. datasketch's own LSH keeps Python objects, several GB for a million passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index.document import Passage
from index.passage_store import PassageStore
from index.text.unicode import normalise

SIMILAR = 0.85
"""Least Jaccard overlap of word triples, 0..1: a clause of forty words may differ in one of them."""

_BANDS, _ROWS_OF_BAND = 10, 6  # a pair at 0.85 shares a band with a probability of 0.99, one at 0.5 with 0.15
_LEADERS = 8  # groups that a passage is compared with in one bucket; bounds the work where many differ slightly
_NEIGHBOURS = 3  # words in a shingle
_CACHED = 4_096  # passages whose shingles are kept for the next comparison

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_START = re.compile(r"(?:^|[.:;!?)\n])\s*[-+•*|]?\s*[\"“(«]?\s*$")
_OWN_LABEL = re.compile(
    r"\s*(?:(?:Điều|Khoản|Điểm|Phụ lục)\s+[\w.]+\s*[.:–—-]?|\d{1,3}(?:\.\d{1,2})?[.,]|[-+]?\s*[a-zđ]\))(?:\s+|$)", re.I
)
_GROUPS = re.compile(r"(?:Phần|Chương|Mục|Tiểu mục)\s", re.I)
_TURNING = ("không", "chưa", "trừ", "chỉ", "cấm", "miễn", "hoãn", "bãi", "bỏ", "ngừng", "ngưng", "chối", "mất", "thôi")
_OBLIGING = ("phải", "được", "cần", "nên", "thể", "buộc", "quyền")  # may, must, need not
_RELATING = ("trước", "sau", "trên", "dưới", "trong", "ngoài", "và", "hoặc", "hay", "cùng", "hơn", "quá", "đa", "thiểu")
_COMPARING = ("ít", "nhiều", "cao", "thấp", "lớn", "nhỏ", "tăng", "giảm", "toàn", "sao", "chính", "gốc")
_NUMBERS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mươi", "trăm", "nghìn", "ngàn")
_LARGE = ("triệu", "tỷ", "tỉ", "nửa")
_UNITS = ("giờ", "ngày", "tuần", "tháng", "quý", "đồng", "phần")
_DECISIVE = frozenset((*_TURNING, *_OBLIGING, *_RELATING, *_COMPARING, *_NUMBERS, *_LARGE, *_UNITS))
_THIS_DOCUMENT = re.compile(
    r"(?:Nghị định|Thông tư(?: liên tịch)?|Nghị quyết|Quyết định|Bộ luật|Luật|Pháp lệnh|Chỉ thị)(?=\s+này\b)", re.I
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a passage is compared."""

    above: tuple[str, ...]  # words of article titles and lead-ins, in lower case
    words: tuple[str, ...]  # of the text, in lower case, in order
    decisive: tuple[str, ...]  # those that must be the same, in order

    @classmethod
    def of(cls, passage: Passage) -> Wording:
        """The wording of an official passage."""
        titles = (_plain(heading) for heading in passage.headings if not _GROUPS.match(heading))
        text = _plain(passage.text)
        words: list[str] = []
        decisive: list[str] = []
        for match in _WORD.finditer(text):
            word = match.group()
            lower = word.lower()
            words.append(lower)
            if lower in _DECISIVE or not word.isalpha() or _is_name(text, match.start()):
                decisive.append(lower)
        return cls(tuple(_WORD.findall(" ".join(titles).lower())), tuple(words), tuple(decisive))

    def shingles(self) -> frozenset[tuple[str, ...]]:
        """Runs of three words; a shorter wording is one run."""
        last = max(1, len(self.words) - _NEIGHBOURS + 1)
        return frozenset(self.words[start : start + _NEIGHBOURS] for start in range(last))


def are_near(one: Passage, other: Passage) -> bool:
    """Whether two official passages, of different documents, say the same in nearly the same words; symmetric."""
    return _are_near(Wording.of(one), Wording.of(other))


def buckets(
    store: PassageStore, known: NDArray[np.uint64] | None, known_rows: NDArray[np.int64], *, progress: bool = False
) -> NDArray[np.uint64]:
    """Every row's buckets, uint64, shape (n_passages, 11): rows that may be near-duplicates share one.

    Rows with `known_rows` of 0 and more are taken from there in `known`, the buckets of another snapshot; both are as
    long as this store and that one. Rows that are not official have zeros.
    """
    found = np.zeros((len(store), _BANDS + 1), dtype=np.uint64)
    is_known = known_rows >= 0
    if known is not None:
        found[is_known] = known[known_rows[is_known]]
    new = np.flatnonzero(store.official & ~is_known)
    buckets_of = _Buckets()
    for row in tqdm(new, desc="Passages compared", unit="passage", disable=not progress):
        found[row] = buckets_of(Wording.of(store.passage(int(row))))
    return found


def groups(store: PassageStore, buckets: NDArray[np.uint64]) -> NDArray[np.int32]:
    """The duplicate group of every row, int32, shape (n_passages,): the lowest row of the group.

    Only official passages are grouped; our own summaries and titles belong to their documents. A row joins a group
    when it is near to the group's lowest row, or to one that is.
    """
    official = np.flatnonzero(store.official)

    @lru_cache(maxsize=_CACHED)
    def wording(place: int) -> Wording:
        return Wording.of(store.passage(int(official[place])))

    documents = store.documents[official]
    leader = np.arange(len(official))
    columns = (np.ascontiguousarray(buckets[official, column]) for column in range(buckets.shape[1]))
    for bucket in chain.from_iterable(map(_shared, columns)):
        leaders: list[int] = []
        for place in bucket.tolist():
            if leader[place] == place:
                others = (one for one in leaders if documents[one] != documents[place])
                leader[place] = next((one for one in others if _are_near(wording(one), wording(place))), place)
            found = int(leader[place])
            if found not in leaders and len(leaders) < _LEADERS:
                leaders.append(found)
    while (leader[leader] != leader).any():  # a leader may have joined another group in a later band
        leader = leader[leader]
    result = np.arange(len(store), dtype=np.int32)
    result[official] = official[leader]
    return result


class _Buckets:
    """Wording → the hashes of its buckets: one for each band of its MinHash, one for the words as a whole."""

    def __init__(self) -> None:
        from datasketch import MinHash  # scipy comes with it, 27 MB that only builders need

        self._minhash = MinHash
        self._permutations = MinHash(num_perm=_BANDS * _ROWS_OF_BAND, hashfunc=crc32).permutations

    def __call__(self, wording: Wording) -> NDArray[np.uint64]:
        minhash = self._minhash(
            num_perm=_BANDS * _ROWS_OF_BAND, hashfunc=crc32, permutations=self._permutations, scheme="affine32"
        )
        minhash.update_batch([" ".join(shingle).encode() for shingle in wording.shingles()])
        above, decisive = " ".join(wording.above).encode(), " ".join(wording.decisive).encode()
        bands = (
            band.tobytes() + above + b"\0" + decisive for band in minhash.hashvalues.reshape(_BANDS, _ROWS_OF_BAND)
        )
        whole = " ".join(wording.words).encode()
        hashes = [blake2b(key, digest_size=8).digest() for key in (*bands, above + b"\0" + whole)]
        return np.frombuffer(b"".join(hashes), dtype=np.uint64)


def _shared(keys: NDArray[np.uint64]) -> Iterator[NDArray[np.int64]]:
    """Places with the same key, ascending, for every key that stands at more than one."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate((np.ones(min(1, len(keys)), dtype=np.bool_), ordered[1:] != ordered[:-1])))
    sizes = np.diff(starts, append=len(keys))
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        yield order[start : start + size]


def _are_near(one: Wording, other: Wording) -> bool:
    if one.above != other.above or not one.words:
        return False
    if one.words == other.words:
        return True
    if one.decisive != other.decisive:
        return False
    left, right = one.shingles(), other.shingles()
    return len(left & right) >= SIMILAR * len(left | right)


def _plain(text: str) -> str:
    """The text in its one spelling, without its own label."""
    return _THIS_DOCUMENT.sub("văn bản", normalise(_OWN_LABEL.sub("", text, count=1)))


def _is_name(text: str, start: int) -> bool:
    return text[start].isupper() and _SENTENCE_START.search(text, max(0, start - 8), start) is None
