"""What became of communes and districts on 2025-07-01, as it is asked."""

import pytest

from actions.explain_commune import ExplainCommune
from actions.explain_province import ExplainProvince
from actions.policy import Sureness
from bot.reply import AnswerStatus
from index.text.unicode import fold


def told(desk, question):
    reply = ExplainCommune(desk).reply_to(question)
    assert reply.status is AnswerStatus.ANSWERED, reply.text
    return reply.text


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("phường Bến Nghé giờ là phường gì", ["Phường Sài Gòn", "Thành phố Hồ Chí Minh", "Quận 1"]),
        ("xã Tân An huyện Thanh Hà tỉnh Hải Dương (cũ) giờ là gì", ["Huyện Thanh Hà", "Thành phố Hải Phòng"]),
        ("bến nghé giờ là phường nào", ["Phường Sài Gòn"]),
        ("p5 q3 tphcm giờ thuộc phường nào", ["Phường 5 (Quận 3, Hồ Chí Minh)"]),
        ("phường Sài Gòn được lập từ phường nào", ["Phường Bến Nghé"]),
        ("quận 1 giờ thành phường gì", ["Quận 1", "không còn cấp huyện", "Phường Sài Gòn", "Phường Bến Thành"]),
        ("thị xã Sơn Tây giờ ra sao", ["Thị xã Sơn Tây", "Phường Sơn Tây"]),
        ("huyện Củ Chi còn không", ["Huyện Củ Chi", "không còn cấp huyện", "Xã Củ Chi"]),
        ("thành phố Thủ Đức giờ sao rồi", ["Thành phố Thủ Đức", "Phường Thủ Đức"]),
        ("thành phố Hải Dương giờ là gì", ["Địa bàn Thành phố Hải Dương"]),
        ("phường 1 Cao Lãnh giờ là gì", ["Phường 1 (Thành phố Cao Lãnh, Đồng Tháp)"]),
        ("xã Bình Mỹ, Củ Chi giờ thuộc đâu", ["Xã Bình Mỹ, Thành phố Hồ Chí Minh"]),
        ("huyện Côn Đảo giờ là gì", ["Đặc khu Côn Đảo"]),
    ],
)
@pytest.mark.parametrize("write", [str, fold], ids=["accented", "none"])
def test_a_place_below_the_province_is_explained(desk, ask, text, facts, write):
    answer = told(desk, ask(write(text)))
    assert [fact for fact in facts if fact not in answer] == []
    assert "01/07/2025" in answer


def test_a_district_names_its_communes_with_their_count_and_the_basis(desk, ask):
    text = told(desk, ask("huyện Củ Chi còn không"))
    assert "7 đơn vị cấp xã" in text


def test_a_divided_commune_says_that_it_was_divided(desk, ask):
    answer = told(desk, ask("phường Kim Mã quận Ba Đình tách đi đâu"))
    assert "được chia vào" in answer
    assert "Phường Giảng Võ" in answer


def test_a_commune_that_was_not_merged_is_said_to_be_unchanged(desk, ask):
    assert "giữ nguyên" in told(desk, ask("xã Thạnh An, Hồ Chí Minh có sáp nhập không"))


def test_wards_of_dong_nai_are_told_with_what_the_list_lacks(desk, ask):
    assert "mười phường mới" in told(desk, ask("phường Trảng Dài Đồng Nai giờ là phường nào"))


def test_names_of_many_places_are_asked_back_and_each_choice_leads_to_one_answer(desk, ask):
    reply = ExplainCommune(desk).reply_to(ask("xã Tân Tiến giờ là xã nào"))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert 2 <= len(reply.buttons) <= 4
    for button in reply.buttons:
        answer = ExplainCommune(desk).reply_to(ask(button.text))
        assert answer.status is AnswerStatus.ANSWERED, button.text


def test_communes_of_one_name_in_one_province_are_asked_back_by_district(desk, ask):
    reply = ExplainCommune(desk).reply_to(ask("phường 5 thành phố hồ chí minh giờ là phường gì"))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert all(", " in button.title for button in reply.buttons)
    assert "Phường 5" in told(desk, ask(reply.buttons[0].text))


@pytest.mark.parametrize("text", ["cấp huyện còn không", "bỏ cấp huyện từ khi nào", "cả nước có bao nhiêu xã phường"])
def test_the_end_of_the_district_level_is_told_with_the_counts(desk, ask, text):
    answer = told(desk, ask(text))
    for fact in ("01/07/2025", "3.321", "687", "2.621", "13"):
        assert fact in answer


def test_a_province_alone_is_explained_as_a_province(desk, ask):
    question = ask("tỉnh Bình Dương giờ là gì")
    assert told(desk, question) == ExplainProvince(desk).reply_to(question).text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_facts_are_told_in_english_and_chinese(desk, ask, lang):
    answer = told(desk, ask("phường Bến Nghé", lang=lang))
    assert "Phường Sài Gòn" in answer
    assert "2025-07-01" in answer


def test_the_action_for_provinces_explains_a_district_too(desk, ask):
    assert "không còn cấp huyện" in ExplainProvince(desk).reply_to(ask("quận 7 giờ thuộc đâu")).text


@pytest.mark.parametrize("text", ["Bình Dương", "ở Bình Dương ạ", "huyện Bắc Tân Uyên"])
def test_the_place_that_was_asked_for_tells_which_commune_is_meant(talk, text):
    asked = talk.say("explain_commune", "xã Tân Lập giờ thuộc đâu")
    assert "tên tỉnh hoặc huyện" in asked.text
    reply = talk.say("explain_province", text)
    assert "Xã Tân Lập (Huyện Bắc Tân Uyên, Bình Dương)" in reply.text


def test_a_place_without_such_a_commune_is_explained_itself(talk):
    talk.say("explain_commune", "xã Tân Lập giờ thuộc đâu")
    assert "Cà Mau" in talk.say("explain_province", "Cà Mau").text


@pytest.mark.parametrize("action", ["explain_commune", "explain_province"])
@pytest.mark.parametrize(
    "text",
    [
        "xã của tôi nay thuộc đâu",
        "xa toi bay gio goi la gi",
        "phường nhà mình nhập với phường nào",
        "quê em giờ thuộc xã nào",
        "what is my commune called now",
        "我们坊现在叫什么",
    ],
)
def test_somebodys_own_commune_without_its_name_is_asked_back(talk, action, text):
    reply = talk.say(action, text)
    assert reply.status is AnswerStatus.CLARIFY_VAGUE
    assert reply.text == talk.desk.wording.text("actions.which_commune", reply.lang)


@pytest.mark.parametrize("text", ["sắp xếp thôn ở xã Minh Tân", "sáp nhập xã nhà nước hỗ trợ cán bộ ra sao"])
def test_what_only_sounds_like_somebodys_own_commune_leaves_the_index_its_say(desk, ask, text):
    assert ExplainCommune(desk).gives_way(ask(text)) is Sureness.CERTAIN
    assert ExplainCommune(desk).gives_way(ask("xã tôi giờ thuộc đâu")) is None


def test_somebodys_own_commune_with_its_name_is_explained(talk):
    assert talk.say("explain_commune", "phường Bến Nghé của tôi giờ thuộc đâu").status is AnswerStatus.ANSWERED
