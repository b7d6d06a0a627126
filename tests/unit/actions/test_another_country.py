"""What holds in another country is not answered from a document of ours that asks in the same words."""

import pytest

from actions.another_country import is_about_another_country
from actions.answer_question import AnswerQuestion
from bot.reply import AnswerStatus


@pytest.mark.parametrize(
    "text",
    [
        "Luật giao thông bên Nhật phạt vượt đèn đỏ bao nhiêu tiền?",
        "Bên Nhựt mà vượt đèn đỏ thì bị phạt nhiêu tiền dzậy?",
        "ở Singapore hút thuốc lá nơi công cộng phạt bao nhiêu",
        "bên Hàn lương tối thiểu bao nhiêu một giờ",
        "luật lao động Nhật cho nghỉ phép năm mấy ngày",
        "Trung Quốc có mấy tỉnh",
        "Luật bản quyền của Úc bảo vệ bài hát bao nhiêu năm?",
        "Luật Pháp cho nghỉ sinh mấy tháng",
    ],
)
def test_rules_of_another_country_are_told_from_ours(desk, ask, text):
    assert is_about_another_country(ask(text), desk)


@pytest.mark.parametrize(
    "text",
    [
        "mức lương cơ sở là bao nhiêu",
        "luật sửa hiến pháp hồi tháng sáu",
        "quy định của pháp luật về đất đai",
        "Luật trợ giúp pháp lý sửa ra sao",
        "Mỹ Tho, Vĩnh Long, Cần Thơ là cảng gì",
        "đại lý tàu ở Mỹ Tho khai qua đâu",
        "12 nước Bỉ, Bulgaria, Croatia và các nước khác được miễn gì",
        "đi lao động ở Hàn Quốc về có được trợ cấp thất nghiệp không",
        "Việt kiều ở Mỹ mua nhà được không",
        "ở Nhật về nước có phải đổi thẻ căn cước không",
        "nhà của anh hai tôi bị thu hồi",
    ],
)
def test_what_is_asked_for_this_country_or_its_people_is_not(desk, ask, text):
    assert not is_about_another_country(ask(text), desk)


def test_our_decree_does_not_answer_for_another_country(desk, ask):
    at_home = AnswerQuestion(desk).reply_to(ask("lương cơ sở là bao nhiêu"))
    abroad = AnswerQuestion(desk).reply_to(ask("bên Nhật lương cơ sở là bao nhiêu"))
    assert at_home.status is AnswerStatus.ANSWERED
    assert (abroad.status, abroad.citations) == (AnswerStatus.NO_ANSWER_NOT_FOUND, ())


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("explain_province", "Trung Quốc có mấy tỉnh"),
        ("list_latest", "mới nhất bên Nhật có nghị định gì"),
        ("lookup_contact", "số điện thoại bộ y tế bên Hàn Quốc"),
    ],
)
def test_nor_do_our_tables_and_lists(talk, action, text):
    reply = talk.say(action, text)
    assert (reply.status, reply.citations) == (AnswerStatus.NO_ANSWER_NOT_FOUND, ())
