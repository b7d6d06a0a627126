"""What every channel promises of the messages that it makes, whatever its platform."""

import json
import re

from hypothesis import given, settings

from bot.reply import AnswerStatus, Button, Reply
from channels import turn
from channels.event import TurnOutcome
from tests.unit.channels.outcomes import OUTCOMES, citation, is_visible

CHOICES = (
    Button("Nguồn", "nguồn", is_optional=True),
    Button("Một tên dài hơn mọi nút của mọi nền tảng cho phép", "điều một"),
    Button("Toàn văn", "toàn văn", is_optional=True),
    Button("Điều 2", "điều hai"),
)
NUMBERED = re.compile(r"^([0-9]{1,2})\. (.+)$", re.MULTILINE)


class RenderContract:
    """Subclasses render for one account and say what a person reads of a message."""

    numbers_choices = True  # a channel whose client is ours shows buttons everywhere

    def render(self, outcome: TurnOutcome) -> tuple[str, ...]:
        raise NotImplementedError

    def read(self, payload: str) -> str:
        raise NotImplementedError

    def lines(self, outcome: TurnOutcome) -> list[str]:
        return [self.read(payload) for payload in self.render(outcome)]

    def test_rendering_never_breaks_repeats_itself_and_leaves_no_message_empty(self) -> None:
        @settings(max_examples=60)
        @given(OUTCOMES)
        def holds(outcome: TurnOutcome) -> None:
            payloads = self.render(outcome)
            assert payloads == self.render(outcome)
            assert payloads
            assert all(isinstance(json.loads(payload), dict) for payload in payloads)
            assert all(is_visible(self.read(payload)) for payload in payloads if "control" not in json.loads(payload))

        holds()

    def test_notices_come_first_and_what_was_cited_is_named(self) -> None:
        reply = Reply(AnswerStatus.ANSWERED, "Điều 3. " * 1_500, (citation(), citation(number="2/2026/NĐ-CP")))
        lines = self.lines(TurnOutcome((reply,), notices=("Đây là máy.", "Câu hỏi đã cắt.")))
        told = "\n".join(lines)
        assert told.index("Đây là máy.") < told.index("Câu hỏi đã cắt.") < told.index("Điều 3.")
        assert "161/2026/NĐ-CP" in lines[-1]
        assert "2/2026/NĐ-CP" in lines[-1]

    def test_a_typed_number_stands_for_the_choice_that_is_shown_with_it(self) -> None:
        outcome = TurnOutcome((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Văn bản nào?", buttons=CHOICES),))
        counted = {button.text: button.title for button in CHOICES}
        shown = dict(NUMBERED.findall("\n".join(self.lines(outcome))))
        wanted = {str(number): counted[text] for number, text in enumerate(turn.choices(outcome), start=1)}
        assert shown == (wanted if self.numbers_choices else {})
