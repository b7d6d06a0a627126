"""Search over a small real snapshot: every way of typing, both legs, filters, official before summary."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest

from index.document import Document, Passage, TextKind
from index.search import MAX_QUESTION, POOL, SearchEngine, SearchQuery
from index.snapshot import Snapshot, build, publish
from index.testing import HashEmbedder
from index.text.glossary import Glossary
from index.text.reading import Reading
from index.text.unicode import fold


def document(number: str, type_: str = "Nghị định", body: str = "Chính phủ") -> Document:
    return Document(
        number=number,
        type=type_,
        title=number,
        issuing_body=body,
        issued_on=date(2026, 5, 15),
        effective_on=None,
        text_kind=TextKind.OFFICIAL,
        text="",
        source="congbao.chinhphu.vn",
        checked_on=None,
    )


WAGE = document("161/2026/NĐ-CP")
PENSION = document("162/2026/NĐ-CP")
FUEL = document("29/2026/NQ-CP", "Nghị quyết")
LICENCE = document("12/2025/TT-BCA", "Thông tư", "Bộ Công an")


def passage(of: Document, part: str, text: str, kind: TextKind = TextKind.OFFICIAL, context: str = "") -> Passage:
    return Passage(
        id=f"{of.id}#{part}",
        document_id=of.id,
        location=None if kind is TextKind.SUMMARY else part,
        headings=(),
        text=text,
        text_kind=kind,
        context=context or f"{of.type} {of.number}",
    )


PASSAGES = (
    passage(WAGE, "dieu-3", "Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng một tháng"),
    passage(WAGE, "dieu-9", "Bộ trưởng chịu trách nhiệm thi hành văn bản"),
    passage(PENSION, "dieu-2", "Tăng thêm 8% mức lương hưu hằng tháng"),
    passage(FUEL, "tom-tat", "Xăng E10 được bán trên cả nước", TextKind.SUMMARY),
    passage(LICENCE, "tom-tat", "Sát hạch và cấp giấy phép lái xe", TextKind.SUMMARY, "giấy phép lái xe, bằng lái"),
)


@dataclass
class Held:
    """A catalogue and a source of passages in one."""

    held: Sequence[Passage] = PASSAGES
    documents: Sequence[Document] = (WAGE, PENSION, FUEL, LICENCE)
    ends: dict[str, date] = field(default_factory=dict)  # id → last day in force
    known: Sequence[tuple[str, str]] = ()  # document id and a question it is known to answer
    written: int = 0
    asked: int = 0

    def passages(self) -> Iterator[Passage]:
        yield from self.held

    def questions(self) -> Iterator[tuple[str, str]]:
        yield from self.known

    def ids(self, *, issued_from: date | None = None, sources: Sequence[str] = (), **filters: str) -> Sequence[str]:
        self.asked += 1
        fitting = [one for one in self.documents if all(getattr(one, name) == value for name, value in filters.items())]
        fitting = [one for one in fitting if not sources or one.source in sources]
        return [one.id for one in fitting if issued_from is None or (one.issued_on and one.issued_on >= issued_from)]

    def not_in_force(self, on: date) -> frozenset[str]:
        self.asked += 1
        return frozenset(number for number, end in self.ends.items() if on > end)

    def revision(self) -> int:
        return self.written


class Accents:
    """Reads everything as Vietnamese, writes one short form out and restores the two words it knows."""

    def read(self, raw: str) -> Reading:
        written_out = raw.replace("gplx", "giấy phép lái xe")
        restored = written_out.replace("luong", "lương").replace("muc", "mức")
        return Reading(raw, raw, written_out, restored, fold(written_out), "vi")


class RememberingEmbedder(HashEmbedder):
    """Remembers the questions it embedded."""

    asked: list[str]

    def embed_queries(self, texts: Sequence[str]):
        self.asked = [*texts]
        return super().embed_queries(texts)


def open_engine(root: Path, held: Held, embedder: HashEmbedder | None = None, **options: object) -> SearchEngine:
    embedder = embedder or HashEmbedder()
    build(held, embedder, root)
    return SearchEngine(
        snapshot=Snapshot.open(root, embedder),
        embedder=embedder,
        catalogue=held,
        **{"reader": Accents(), **options},
    )


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    return open_engine(tmp_path, Held())


def ids(engine: SearchEngine, text: str, **options: object) -> list[str]:
    return [hit.passage.id for hit in engine.search(SearchQuery(text=text, **options))]


@pytest.mark.parametrize(
    "question",
    [
        "mức lương cơ sở từ 1/7/2026 là bao nhiêu",
        "muc luong co so tu 1/7/2026 la bao nhieu",
        "MỨC LUONG cơ so 01-07-2026???",
    ],
)
def test_every_way_of_typing_finds_the_passage(engine: SearchEngine, question: str) -> None:
    assert ids(engine, question)[0] == f"{WAGE.id}#dieu-3"


def test_short_forms_are_written_out_before_anything_else(engine: SearchEngine) -> None:
    assert ids(engine, "gplx")[0] == f"{LICENCE.id}#tom-tat"


def test_the_encoder_sees_restored_text_and_the_lexical_leg_what_was_typed(tmp_path: Path) -> None:
    embedder = RememberingEmbedder()
    hits = open_engine(tmp_path, Held(), embedder).search(SearchQuery("muc luong"))
    assert embedder.asked == ["mức lương"]
    assert hits[0].lexical > 0


def test_scores_are_in_range_and_best_first(engine: SearchEngine) -> None:
    hits = engine.search(SearchQuery("mức lương cơ sở"))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 and 0 <= hit.lexical <= 1 and -1 <= hit.dense <= 1.0001 for hit in hits)


def test_other_languages_have_no_lexical_leg_and_are_not_restored(tmp_path: Path) -> None:
    embedder = RememberingEmbedder()
    hits = open_engine(tmp_path, Held(), embedder).search(SearchQuery("luong gplx", lang="en"))
    assert embedder.asked == ["luong gplx"]
    assert {hit.lexical for hit in hits} == {0.0}


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        ({"type": "Thông tư"}, {LICENCE.id}),
        ({"issuing_body": "Chính phủ"}, {WAGE.id, PENSION.id, FUEL.id}),
        ({"type": "Nghị quyết", "issuing_body": "Chính phủ"}, {FUEL.id}),
        ({"type": "Luật"}, set()),
    ],
)
def test_filters_let_only_their_documents_through(
    engine: SearchEngine, filters: dict[str, str], documents: set[str]
) -> None:
    hits = engine.search(SearchQuery("mức lương cơ sở", **filters))
    assert {hit.document_id for hit in hits} == documents


def test_a_scope_lets_the_documents_of_any_of_its_sources_through_and_an_unknown_source_none(tmp_path: Path) -> None:
    held = Held(documents=(WAGE, replace(PENSION, source="hue.gov.vn"), replace(FUEL, source="blog"), LICENCE))
    engine = open_engine(tmp_path, held)

    def found(*sources: str, **filters: str) -> set[str]:
        return {hit.document_id for hit in engine.search(SearchQuery("mức lương cơ sở", sources=sources, **filters))}

    assert found("hue.gov.vn") == {PENSION.id}
    assert found("hue.gov.vn", "blog") == {PENSION.id, FUEL.id}
    assert found("hue.gov.vn", "blog", type="Nghị quyết") == {FUEL.id}
    assert found("nowhere") == set()
    assert found() == {WAGE.id, PENSION.id, FUEL.id, LICENCE.id}


def test_a_known_question_does_not_lead_out_of_the_scope(tmp_path: Path) -> None:
    asked = "bao giờ được mua xăng E10"
    held = Held(documents=(WAGE, PENSION, replace(FUEL, source="blog"), LICENCE), known=((FUEL.id, asked),))
    engine = open_engine(tmp_path, held)
    assert engine.search(SearchQuery(asked))[0].document_id == FUEL.id
    assert FUEL.id not in {hit.document_id for hit in engine.search(SearchQuery(asked, sources=(WAGE.source,)))}


def test_a_near_duplicate_of_another_source_hides_nothing_in_scope(tmp_path: Path) -> None:
    text = "Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng một tháng và được chi trả bằng tiền mặt"
    held = Held(
        (passage(WAGE, "dieu-3", text), passage(PENSION, "dieu-7", text), PASSAGES[3]),
        (WAGE, replace(PENSION, source="hue.gov.vn"), FUEL),
    )
    engine = open_engine(tmp_path, held)
    for source, document_id in ((WAGE.source, WAGE.id), ("hue.gov.vn", PENSION.id)):
        hits = engine.search(SearchQuery("mức lương cơ sở", sources=(source,)))
        assert hits[0].document_id == document_id


def test_only_documents_issued_in_the_period_are_found(tmp_path: Path) -> None:
    newer = replace(PENSION, issued_on=date(2026, 6, 1))
    held = Held((PASSAGES[0], passage(newer, "dieu-2", "Mức lương hưu")), (WAGE, newer))
    hits = open_engine(tmp_path, held).search(SearchQuery("mức lương", issued_from=date(2026, 6, 1)))
    assert [hit.document_id for hit in hits] == [newer.id]


def test_documents_that_do_not_hold_on_the_day_are_left_out_and_come_back_for_an_earlier_day(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, Held(ends={WAGE.id: date(2026, 6, 30)}))
    assert WAGE.id not in {hit.document_id for hit in engine.search(SearchQuery("lương", as_of=date(2026, 7, 1)))}
    assert WAGE.id in {hit.document_id for hit in engine.search(SearchQuery("lương", as_of=date(2026, 6, 30)))}
    assert WAGE.id in {hit.document_id for hit in engine.search(SearchQuery("lương"))}


def test_the_catalogue_is_asked_again_only_after_a_write(tmp_path: Path) -> None:
    held = Held(ends={WAGE.id: date(2026, 6, 30)})
    engine = open_engine(tmp_path, held)
    query = SearchQuery("lương", type="Nghị định", as_of=date(2026, 7, 1))
    first = engine.search(query)
    asked = held.asked
    assert engine.search(query) == first
    assert held.asked == asked
    held.ends, held.written = {}, held.written + 1
    assert {hit.document_id for hit in engine.search(query)} == {WAGE.id, PENSION.id}


def test_one_document_can_be_searched_alone(engine: SearchEngine) -> None:
    hits = engine.search(SearchQuery("xăng", document_id=WAGE.id))
    assert {hit.passage.id for hit in hits} == {f"{WAGE.id}#dieu-3", f"{WAGE.id}#dieu-9"}
    assert engine.search(SearchQuery("xăng", document_id="nothing")) == []


@pytest.mark.parametrize("weights", [{"type_weights": {"Nghị quyết": 0.1}}, {"source_weights": {"blog": 0.1}}])
def test_weights_of_types_and_sources_move_a_passage_back_and_leave_its_evidence(tmp_path: Path, weights) -> None:
    text = "Xăng E10 được bán trên cả nước"
    held = Held(
        (passage(FUEL, "tom-tat", text), passage(WAGE, "dieu-1", f"{text} từ tháng sáu")),
        (replace(FUEL, source="blog"), WAGE),
    )
    plain = open_engine(tmp_path, held).search(SearchQuery("xăng E10"))
    weighed = open_engine(tmp_path, held, **weights).search(SearchQuery("xăng E10"))
    assert [hit.document_id for hit in plain] == [FUEL.id, WAGE.id]
    assert [hit.document_id for hit in weighed] == [WAGE.id, FUEL.id]
    evidence = {hit.document_id: (hit.dense, hit.lexical) for hit in plain}
    assert {hit.document_id: (hit.dense, hit.lexical) for hit in weighed} == evidence


def test_a_weight_of_0_or_less_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="above 0"):
        open_engine(tmp_path, Held(), type_weights={"Luật": 0})


def test_boilerplate_stands_behind_what_fits_as_well(tmp_path: Path) -> None:
    text = "Nghị định này có hiệu lực"
    like_it = passage(PENSION, "dieu-1", f"{text} ngay")
    held = Held((replace(passage(WAGE, "dieu-9", text), weight=0.5), like_it, PASSAGES[3]))
    hits = open_engine(tmp_path, held).search(SearchQuery("nghị định có hiệu lực"))
    assert hits[0].document_id == PENSION.id
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_near_duplicates_are_given_once(tmp_path: Path) -> None:
    text = "Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng một tháng và được chi trả bằng tiền mặt"
    held = Held((passage(WAGE, "dieu-3", text), passage(PENSION, "dieu-7", text), PASSAGES[3]))
    hits = open_engine(tmp_path, held).search(SearchQuery("mức lương cơ sở"))
    assert len([hit for hit in hits if hit.passage.text == text]) == 1


def test_the_latest_comes_first_where_the_question_asks_for_it(tmp_path: Path) -> None:
    old, new = document("9/2011/QĐ-TTg"), document("9/2026/QĐ-TTg")
    old = replace(old, issued_on=date(2011, 1, 30))
    held = Held((passage(old, "1", "Chuẩn hộ nghèo"), passage(new, "1", "Chuẩn hộ nghèo mới áp dụng"), *PASSAGES))
    engine = open_engine(tmp_path, held)
    assert engine.search(SearchQuery("chuẩn hộ nghèo"))[0].document_id == old.id
    hits = engine.search(SearchQuery("chuẩn hộ nghèo", newest_first=True))
    assert hits[0].document_id == new.id
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_an_english_corpus_gives_english_questions_a_lexical_leg_and_restores_nothing(tmp_path: Path) -> None:
    texts = ("The basic wage is paid every month", "Fuel with ethanol is sold in the whole country")
    held = Held([passage(WAGE, str(number), text) for number, text in enumerate(texts)])
    embedder = RememberingEmbedder()
    engine = open_engine(tmp_path, held, embedder)
    for lang in ("en", "vi"):
        hits = engine.search(SearchQuery("muc luong basic wage gplx", lang=lang))
        assert (hits[0].passage.text, hits[0].lexical > 0) == (texts[0], True)
        assert embedder.asked == ["muc luong basic wage gplx"]


def test_a_title_gives_way_to_a_near_summary_of_its_document(tmp_path: Path) -> None:
    held = Held(
        (
            passage(FUEL, "trich-yeu", "Thí điểm xăng E10", TextKind.TITLE),
            passage(FUEL, "tom-tat", "Thí điểm xăng E10 cả nước", TextKind.SUMMARY),
            *PASSAGES[:3],
        )
    )
    hits = open_engine(tmp_path, held).search(SearchQuery("thí điểm xăng E10"))
    assert hits[0].passage.id == f"{FUEL.id}#tom-tat"
    assert f"{FUEL.id}#trich-yeu" not in {hit.passage.id for hit in hits}


def test_one_per_document_gives_the_best_passage_of_each(engine: SearchEngine) -> None:
    hits = engine.search(SearchQuery("mức lương cơ sở", one_per_document=True))
    assert hits[0].passage.id == f"{WAGE.id}#dieu-3"
    assert len({hit.document_id for hit in hits}) == len(hits) == 4


def test_the_limit_holds(engine: SearchEngine) -> None:
    assert len(ids(engine, "lương", limit=2)) == 2
    assert ids(engine, "lương", limit=0) == []


@pytest.mark.parametrize("question", ["", "  \n", "\u200b\u202e"])
def test_an_empty_question_finds_nothing(engine: SearchEngine, question: str) -> None:
    assert ids(engine, question) == []


def test_a_very_long_question_is_read_to_its_limit(tmp_path: Path) -> None:
    embedder = RememberingEmbedder()
    open_engine(tmp_path, Held(), embedder).search(SearchQuery("a" * (MAX_QUESTION + 500)))
    assert len(embedder.asked[0]) == MAX_QUESTION


def test_the_same_question_gives_the_same_hits_in_the_same_order(engine: SearchEngine) -> None:
    assert engine.search(SearchQuery("văn bản")) == engine.search(SearchQuery("văn bản"))


def with_summary(text: str) -> Held:
    return Held((*PASSAGES, passage(WAGE, "tom-tat", text, TextKind.SUMMARY, context="Nghị định lương cơ sở")))


def test_an_official_passage_stands_in_the_place_of_a_near_summary(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, with_summary("Mức lương cơ sở là 2.530.000 đồng từ ngày 01 tháng 7 năm 2026"))
    hits = engine.search(SearchQuery("mức lương cơ sở là 2.530.000 đồng từ ngày 01 tháng 7 năm 2026"))
    assert hits[0].passage.id == f"{WAGE.id}#dieu-3"
    assert f"{WAGE.id}#tom-tat" not in [hit.passage.id for hit in hits]


def test_a_summary_far_ahead_of_its_official_passages_stays_as_a_locator(tmp_path: Path) -> None:
    held = Held((*PASSAGES[1:], passage(WAGE, "tom-tat", "Tiền thưởng hằng năm của công chức", TextKind.SUMMARY)))
    hits = open_engine(tmp_path, held).search(SearchQuery("tiền thưởng hằng năm của công chức"))
    assert (hits[0].passage.id, hits[0].is_locator) == (f"{WAGE.id}#tom-tat", True)


def test_a_summary_without_official_passages_is_no_locator(engine: SearchEngine) -> None:
    hit = engine.search(SearchQuery("xăng E10"))[0]
    assert (hit.document_id, hit.is_locator) == (FUEL.id, False)


def test_reload_takes_over_what_was_published_and_back(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, Held())
    before = engine.snapshot_id
    assert not engine.reload()
    build(Held(PASSAGES[:1]), HashEmbedder(), tmp_path)
    assert engine.reload()
    assert engine.snapshot_id != before
    assert len(ids(engine, "lương")) == 1
    publish(tmp_path, before)
    assert engine.reload()
    assert engine.snapshot_id == before


def test_a_corrupt_new_snapshot_leaves_the_old_one_answering(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, Held())
    before = engine.snapshot_id
    newer = build(Held(PASSAGES[:1]), HashEmbedder(), tmp_path)
    (tmp_path / newer / "passages.jsonl").write_bytes(b"{}")
    with pytest.raises(Exception, match="altered"):
        engine.reload()
    assert engine.snapshot_id == before
    assert ids(engine, "mức lương cơ sở")[0] == f"{WAGE.id}#dieu-3"


def in_threads(count: int, work: Callable[[], None]) -> list[Thread]:
    threads = [Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_swaps_under_load_never_mix_two_snapshots(tmp_path: Path) -> None:
    """Each version gives every passage its own text; a passage under another version's snapshot would show."""

    def version(name: str) -> Held:
        return Held([replace(one, text=f"{one.text} {name}") for one in PASSAGES])

    engine = open_engine(tmp_path, version("bản 0"))
    done, failures = Event(), list[object]()

    def ask() -> None:
        while not done.is_set():
            try:
                seen = {hit.passage.text.rpartition("bản ")[2] for hit in engine.search(SearchQuery("lương"))}
                if len(seen) != 1:
                    failures.append(seen)
            except Exception as error:  # noqa: BLE001 - any failure at all must show
                failures.append(error)

    threads = in_threads(3, ask)
    for number in range(1, 12):
        build(version(f"bản {number}"), HashEmbedder(), tmp_path)
        engine.reload()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert engine.search(SearchQuery("lương"))[0].passage.text.endswith("bản 11")


def test_a_document_is_found_by_a_question_that_it_is_known_to_answer(tmp_path: Path) -> None:
    known = [(FUEL.id, "đổ loại nào cho xe máy đời cũ"), (PENSION.id, "ông bà già lĩnh thêm mấy đồng")]
    engine = open_engine(tmp_path, Held(known=known))
    hits = engine.search(SearchQuery("đổ loại nào cho xe máy đời cũ"))
    assert (hits[0].document_id, round(hits[0].asked, 3)) == (FUEL.id, 1.0)
    by_document = {hit.document_id: hit.asked for hit in hits}
    assert by_document[PENSION.id] < 0.5
    assert by_document[WAGE.id] == 0.0


def test_a_known_question_brings_the_passage_of_its_document_that_fits_best_though_no_leg_proposed_any(
    tmp_path: Path,
) -> None:
    parts = [passage(FUEL, f"dieu-{number}", text) for number, text in enumerate(("Một hai", "Xe ba bánh", "Bốn năm"))]
    crowd = [passage(WAGE, f"dieu-{number}", f"xe máy loại {number}") for number in range(POOL + 20)]
    engine = open_engine(tmp_path, Held([*crowd, *parts], known=[(FUEL.id, "xe máy loại nào")]))
    best = engine.search(SearchQuery("xe máy loại nào", one_per_document=True))[0]
    assert best.passage.id == f"{FUEL.id}#dieu-1"


def test_a_filter_holds_for_known_questions_too(tmp_path: Path) -> None:
    engine = open_engine(tmp_path, Held(known=[(FUEL.id, "đổ gì cho xe")], ends={FUEL.id: date(2026, 1, 1)}))
    found = engine.search(SearchQuery("đổ gì cho xe", as_of=date(2026, 7, 1)))
    assert FUEL.id not in {hit.document_id for hit in found}


@pytest.mark.parametrize("question", ["mức lương cơ sở", "tăng lương hưu", "xăng e10 ở đâu"])
def test_known_questions_that_are_not_near_change_nothing(tmp_path: Path, question: str) -> None:
    known = [(LICENCE.id, "bí mật không ai hỏi")]
    without = open_engine(tmp_path / "without", Held()).search(SearchQuery(question))
    found = open_engine(tmp_path / "with", Held(known=known)).search(SearchQuery(question))
    assert [replace(hit, asked=0.0) for hit in found] == without


def test_the_terms_of_a_foreign_question_are_looked_for_in_vietnamese(tmp_path: Path) -> None:
    embedder = RememberingEmbedder()
    glossary = Glossary([("en", "base salary", "lương cơ sở"), ("zh", "汽油", "xăng")])
    engine = open_engine(tmp_path, Held(), embedder, glossary=glossary)
    hits = engine.search(SearchQuery("How much is the base salary?", lang="en"))
    assert embedder.asked == ["How much is the base salary?", "lương cơ sở"]
    assert (hits[0].document_id, hits[0].lexical > 0, hits[0].lang) == (WAGE.id, True, "en")
    assert engine.search(SearchQuery("汽油", lang="zh"))[0].document_id == FUEL.id


def test_a_question_that_is_not_vietnamese_after_all_is_read_in_its_own_language(tmp_path: Path) -> None:
    class InEnglish(Accents):
        def read(self, raw: str) -> Reading:
            return replace(super().read(raw), lang="en")

    engine = open_engine(tmp_path, Held(), reader=InEnglish())
    assert {(hit.lang, hit.lexical) for hit in engine.search(SearchQuery("muc luong", lang="vi"))} == {("en", 0.0)}
