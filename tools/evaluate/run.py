"""One run of the evaluation: reads the sets, asks model and gateway, and hands the cases to each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.evaluate import dialogues, labelled, paraphrases, scope, writing
from tools.evaluate.apart import apart, training_examples
from tools.evaluate.asking import Asked, Asker
from tools.evaluate.layout import Part
from tools.evaluate.sets import Message, evenly, read_dialogues, read_labelled, read_messages, read_paraphrases
from tools.evaluate.understanding import understand
from tools.evaluate.values import Names
from tools.stack import ROOT

DATA = ROOT / "data"
MODEL = ROOT / "models" / "govchat.tar.gz"
PARTS = ("writing", "scope", "paraphrases", "dialogues", "development")


@dataclass(frozen=True, slots=True)
class Run:
    """What was chosen on the command line, and where the sets are."""

    split: str
    limit: int | None
    development: Path
    messages: Path
    paraphrases: Path = DATA / "eval" / "paraphrases.jsonl"
    dialogues: Path = DATA / "eval" / "dialogues.jsonl"
    validation: Path = DATA / "eval" / "validation.jsonl"

    def part(self, name: str, asker: Asker) -> list[Part]:
        """Ask what a part needs; return it, the development questions with the validation set after them."""
        if name == "writing":
            return [self._writing(asker)]
        if name == "scope":
            return [self._scope(asker)]
        if name == "paraphrases":
            rows = evenly(read_paraphrases(self.paraphrases), self.limit, group=lambda row: row.id)
            answers = asker.ask([Asked(row.question) for row in rows], title="paraphrases")
            return [paraphrases.part(list(zip(rows, answers, strict=True)))]
        if name == "dialogues":
            held = evenly(read_dialogues(self.dialogues), self.limit, group=lambda row: row.id)
            turns = [[Asked(turn.question, dialogues.AS_OF) for turn in each.turns] for each in held]
            answered = asker.converse(turns, title="conversations")
            return [dialogues.part([dialogues.Held(*pair) for pair in zip(held, map(tuple, answered), strict=True)])]
        title = "5. Development questions"
        return [
            ask_labelled(self.development, asker, name="development", title=title, limit=self.limit, with_misses=True),
            ask_labelled(
                self.validation,
                asker,
                name="validation",
                title="Our validation set",
                limit=self.limit,
                with_misses=False,
            ),
        ]

    def files(self, names: Sequence[str]) -> list[Path]:
        """Return what the parts read."""
        needed = {
            "writing": [self.messages, MODEL],
            "scope": [self.messages, self.validation],
            "paraphrases": [self.paraphrases],
            "dialogues": [self.dialogues],
            "development": [self.development, self.validation],
        }
        return [path for name in names for path in needed[name]]

    def _messages(self) -> tuple[list[Message], int]:
        """Read the understanding set; return the forms that are no training examples, and how many others there are."""
        every = read_messages(self.messages)
        kept = apart(every, training_examples(DATA / "nlu"))
        return evenly(kept, self.limit, group=lambda message: message.base), len(every) - len(kept)

    def _writing(self, asker: Asker) -> Part:
        messages, left_out = self._messages()
        answers = asker.ask([asked(each) for each in messages if each.documents], title="documents")
        given = iter(answers)
        forms = [
            writing.Form(message, made_of_it, next(given) if message.documents else None)
            for message, made_of_it in zip(messages, understand(messages, Names.load(DATA)), strict=True)
        ]
        found = writing.part(forms, name=str(self.messages.relative_to(DATA.parent)))
        if left_out:
            found.lines.append(f"{left_out} forms that are training examples are left out.")
        return found

    def _scope(self, asker: Asker) -> Part:
        messages, _ = self._messages()
        outside = [each for each in messages if each.intent in scope.OUTSIDE]
        answerable = [each for each in messages if each.documents]
        ours = evenly(read_labelled(self.validation), self.limit, group=lambda row: row.question)
        ours = [row for row in ours if row.category in scope.ANSWERABLE]
        answers = iter(
            asker.ask(
                [*map(asked, outside), *map(asked, answerable), *(Asked(row.question) for row in ours)], title="scope"
            )
        )
        return scope.part(
            [scope.Case(each.id, each.base, each.style, each.intent, next(answers)) for each in outside],
            [
                *(scope.Case(each.id, each.base, each.style, "understanding", next(answers)) for each in answerable),
                *(
                    scope.Case(f"validation-{place}", str(place), "", "validation.jsonl", next(answers))
                    for place, _ in enumerate(ours, start=1)
                ),
            ],
        )


def asked(message: Message) -> Asked:
    """Return a message as a question, as of the day it was said on where that matters."""
    return Asked(message.question, message.now)


def ask_labelled(path: Path, asker: Asker, *, name: str, title: str, limit: int | None, with_misses: bool) -> Part:
    """Ask the questions of a labelled set."""
    rows = evenly(read_labelled(path), limit, group=lambda row: row.question)
    answers = asker.ask([Asked(row.question) for row in rows], title=name)
    outcomes = [labelled.Outcome(*pair) for pair in zip(rows, answers, strict=True)]
    return labelled.part(name, title, outcomes, with_misses=with_misses)
