"""Terms of English and Chinese questions are found and named in Vietnamese."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.glossary import BadGlossary, Glossary

DATA = Path(__file__).parents[4] / "data"
GLOSSARY = Glossary.load(DATA / "glossary.tsv")


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("What is the BASE  salary?", "en", ["lương cơ sở"]),
        ("minimum-wage rules", "en", ["lương tối thiểu vùng"]),
        ("pensions and a pension", "en", ["lương hưu"]),
        ("my driver's licence, their driving licences", "en", ["giấy phép lái xe"]),
        ("electronic labour contract", "en", ["hợp đồng lao động điện tử"]),
        ("a contractual wagerer", "en", []),
        ("公务员基本工资是多少", "zh", ["công chức", "lương cơ sở"]),
        ("社会保险和医疗保险", "zh", ["bảo hiểm xã hội", "bảo hiểm y tế"]),
        ("lương cơ sở", "vi", []),
        ("", "en", []),
    ],
)
def test_terms_are_found_as_people_write_them(text, lang, found):
    assert GLOSSARY.vietnamese(text, lang) == found


def test_the_longest_of_overlapping_terms_counts():
    glossary = Glossary(
        [("en", "tax", "thuế"), ("en", "income tax", "thuế thu nhập"), ("en", "tax code", "mã số thuế")]
    )
    assert glossary.vietnamese("income tax code, tax code", "en") == ["thuế thu nhập", "mã số thuế"]


def test_terms_do_not_run_across_what_is_not_chinese():
    glossary = Glossary([("zh", "工资", "tiền lương")])
    assert glossary.vietnamese("工，资", "zh") == []
    assert glossary.vietnamese("工资", "zh") == ["tiền lương"]


@given(st.text(), st.sampled_from(["vi", "en", "zh", "?"]))
def test_any_text_is_read(text, lang):
    assert all(isinstance(term, str) for term in GLOSSARY.vietnamese(text, lang))


@pytest.mark.parametrize("line", ["en\tbase salary", "fr\tsalaire\tlương", "en\t\tlương", "en\ta\tb\tc"])
def test_a_malformed_line_is_named(tmp_path, line):
    path = tmp_path / "glossary.tsv"
    path.write_text(f"# lang, term, vietnamese\n{line}\n", encoding="utf-8")
    with pytest.raises(BadGlossary, match=r"glossary\.tsv:2"):
        Glossary.load(path)
