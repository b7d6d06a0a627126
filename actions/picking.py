"""Which of several things a person picks: "cái thứ hai", "số 3", "cái cuối", "the first one", "第二个"."""

from __future__ import annotations

import re

from index.text.reading import Reading

LAST = -1
"""What `find_pick` gives for the last one."""

_ORDINALS = {
    "nhat": 1,
    "mot": 1,
    "hai": 2,
    "nhi": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
}
_THING = r"(?:cai|van ban|nghi dinh|thong tu|luat|quyet dinh|chi thi|ket qua|lua chon|phuong an|dong|muc|chon|y)"
_AMOUNT = r"(?! ?(?:(?:trieu|tr|nghin|ngan|ty|dong|phan tram|nam|thang|ngay|gio|tuoi)\b|%|[.,/]\d))"  # "mức 2 triệu"
_NAMES = "nhat|mot|hai|nhi|ba|tu|bon|nam"
_PICKS = (
    re.compile(rf"\b{_THING}(?: (?:dung|o|xep))? thu (?P<n>{_NAMES}|\d{{1,2}})\b(?! tuan)"),
    re.compile(rf"^(?:the |con |a |vay )?(?:thu|so) (?P<n>{_NAMES}|\d{{1,2}})\b(?! tuan)(?! thang)"),
    re.compile(r"\b(?:cai|chon|lua chon|chon cai|muc|dong|ket qua) (?:so )?(?P<n>\d{1,2})\b" + _AMOUNT),
    re.compile(r"\b(?:cai|van ban|ket qua|lua chon) so (?P<n>\d{1,2})\b"),
    re.compile(r"^\W*(?P<n>\d{1,2})\W*$"),
    re.compile(r"\b(?:number|no\.?|option) ?#?(?P<n>\d{1,2})\b|#(?P<m>\d{1,2})\b"),
    re.compile(r"\b(?:the )?(?P<n>first|second|third|fourth|fifth)\b(?: (?:one|document|result|decree|law))?"),
    re.compile(r"\bthe (?P<n>\d{1,2})(?:st|nd|rd|th)\b"),
    re.compile(r"第 ?(?P<n>[一二三四五]|\d{1,2}) ?(?:个|份|部|种|种情况)"),
)
_FIRST = re.compile(rf"\b{_THING} (?:o )?dau(?: tien)?\b|\bdau tien\b|最前面|第一$")
_LAST = re.compile(
    rf"\b{_THING} (?:o )?(?:cuoi|sau) ?(?:cung)?\b|\bcuoi cung\b|\b(?:the )?last (?:one|document|result)\b|最后一?个?"
)


def find_pick(reading: Reading) -> int | None:
    """Return the place that a message picks, counted from 1, LAST for the last one; None where it picks none."""
    text = reading.folded
    for pattern in _PICKS:
        if match := pattern.search(text):
            groups = [group for group in match.groups() if group]
            return _ORDINALS.get(groups[0]) or int(groups[0]) or None
    if _LAST.search(text):
        return LAST
    return 1 if _FIRST.search(text) else None
