from __future__ import annotations

import pytest

from actions.own_words import points_back
from actions.words import without
from index.text.places import find_places


@pytest.mark.parametrize(
    "text",
    [
        *(
            "còn hiệu lực không",
            "con hieu luc ko",
            "nguồn ở đâu vậy",
            "lấy ở mô ra rứa",
            "cho tôi toàn văn",
            "xem thêm đi",
        ),
        *("tóm tắt ngắn gọn giúp tôi", "điều 5 khoản 2 nói gì", "vb nào thay thế nó", "nói dễ hiểu hơn được không"),
        *(
            "is it still in force?",
            "what does article 3 say",
            "show me more",
            "what is the source of this information?",
        ),
        *("还有效吗", "第三条说什么", "给我全文", "这个信息的来源是什么", "请简要概括", "它被什么取代了"),
    ],
)
def test_a_follow_up_names_no_subject_of_its_own(full_desk, text):
    assert full_desk.conversation_words.own_words(full_desk.read(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "luật đất đai còn hiệu lực không",
            "toàn văn nghị định đăng ký doanh nghiệp",
            "is the land law still in force",
        ),
        *("土地法还有效吗", "nguồn của quy định nồng độ cồn"),
    ],
)
def test_a_subject_of_its_own_is_seen(full_desk, text):
    assert len(full_desk.conversation_words.own_words(full_desk.read(text))) >= 1


@pytest.mark.parametrize(
    "text",
    ["áp dụng từ ngày nào?", "mức phạt là bao nhiêu", "ai được hưởng?", "bao nhiêu?", "罚款多少", "who is eligible?"],
)
def test_what_is_asked_of_any_subject_is_no_subject(full_desk, text):
    assert full_desk.conversation_words.own_words(full_desk.read(text), with_aspects=False) == []


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("nó áp dụng cho ai", True),
        ("nghị định này có hiệu lực từ khi nào", True),
        ("nghi dinh do con hieu luc khong", True),
        ("quy định trên áp dụng ở đâu", True),
        ("tháng này có nghị định nào mới", False),
        ("năm nay lương cơ sở bao nhiêu", False),
        ("tôi nợ thuế thì sao", False),
        ("does it apply to foreigners", True),
        ("is it legal to carry a knife", False),
        ("what is new this year", False),
        ("它适用于外国人吗", True),
        ("这里的工资是多少", False),
    ],
)
def test_words_that_point_back_are_told_from_their_look_alikes(full_desk, text, does):
    assert points_back(full_desk.read(text)) is does


def test_names_that_overlap_take_no_words_after_them_along(desk):
    text = "còn Bình Dương thì sao"
    named = find_places(text, desk.gazetteer)
    assert without(text, [*named, *named]).split() == ["còn", "thì", "sao"]
