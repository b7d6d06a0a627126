"""Questions about the rules of another country: "bên Nhật vượt đèn đỏ phạt bao nhiêu" is near to our decree on traffic.

Words and meaning are those of questions that a document of ours answers, so the index is sure of it, and wrong.
"""

from __future__ import annotations

import re

from actions.desk import Desk
from actions.question import Question
from index.text.communes import find_communes
from index.text.places import find_places

_COUNTRY = (
    r"(?:nh[ậự]t(?: bản)?|hàn(?: quốc)?|triều tiên|trung quốc|đài loan|hồng kông|mông cổ|lào|campuchia|cam bốt|"
    r"thái(?: lan)?|myanmar|miến điện|malaysia|singapore|indonesia|philippines|brunei|ấn độ|pakistan|bangladesh|nepal|"
    r"ả rập(?: xê út)?|dubai|israel|iran|thổ nhĩ kỳ|nga|ukraina|đức|pháp|ý|anh(?: quốc)?|tây ban nha|bồ đào nha|hà lan|"
    r"bỉ|thụy sĩ|thụy điển|na uy|đan mạch|phần lan|ba lan|séc|hungary|áo|hy lạp|ireland|mỹ|hoa kỳ|canada|mexico|cuba|"
    r"brazil|argentina|úc|australia|new zealand|ai cập|nam phi)"
)
_CLEAR_COUNTRY = (
    r"(?:nhật(?: bản)?|hàn quốc|triều tiên|trung quốc|đài loan|campuchia|thái lan|malaysia|singapore|indonesia|ấn độ|"
    r"úc|hoa kỳ|canada|australia)"
)
"""Names that are no other word, so that they may begin a question or end the name of a law."""

_OTHER_WORD = r"(?! (?:luật|lý|lệnh|nhân|tho|đình|hai|ba|tư|nhỏ|lớn|em|chị|trai)\b)"
"""What follows where a name is another word: pháp luật, Mỹ Tho, anh hai."""

_THERE = re.compile(
    rf"\b(?:bên|ở|tại|(?:của )?nước|luật(?: của)?) {_COUNTRY}\b{_OTHER_WORD}|"
    rf"\bluật (?:\w+ ){{1,2}}(?:của )?{_CLEAR_COUNTRY}\b|\bcủa {_CLEAR_COUNTRY}\b|^{_CLEAR_COUNTRY}\b"
)
"""Words, as restored, that ask how something is in another country."""

_HERE = re.compile(
    r"\b(?:việt|vn|vneid|nước (?:mình|ta|ngoài)|các nước|về nước|hồi hương|kiều bào|trong nước|bên mình|người|công dân|"
    r"công ty|doanh nghiệp|hàng|nhập|xuất khẩu|nhập khẩu|thuế quan|thương mại|đầu tư|vốn|hợp tác|hiệp định|quan hệ|"
    r"thăm|chuyến|hội nghị|lao động (?:ở|bên|tại|đi|sang)|đi (?:làm|lao động)|du học|sang|qua|hộ chiếu|visa|thị thực|"
    r"miễn|đại sứ quán|lãnh sự|bảo hộ|kết hôn|cưới|lấy (?:chồng|vợ)|con nuôi|bằng lái|bằng cấp|giấy phép lái xe|"
    r"tôi|em|mình|chồng|vợ|con|cháu)\b"
)
"""Words that tie what is asked to this country, its people or its trade."""


def is_about_another_country(question: Question, desk: Desk) -> bool:
    """Say whether a question in Vietnamese asks what holds in another country, and for nobody of this one."""
    if question.written_in != "vi":
        return False
    restored = desk.read(question.text).restored.lower()
    if _THERE.search(restored) is None or _HERE.search(restored):
        return False
    places = find_places(question.text, desk.gazetteer) or find_communes(question.text, desk.gazetteer, eager=True)
    return not places  # "ở Thái Nguyên", "ở Nga Sơn"
