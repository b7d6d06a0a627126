"""Whether the day went as it must: judged from the platforms' own ledgers and the gateway's store, by rules that are
written here once more and not taken from the gateway."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from channels.testing.ledger import Author, Line
from tests.simulation.cast import AGENCIES, channel_of, is_zalo
from tests.simulation.day import Day, Written
from tests.simulation.manners import MACHINE_NOTICE, Manners
from tests.simulation.plan import What

WINDOWS = {"zalo": timedelta(hours=48), "messenger": timedelta(hours=24)}

REASONS = {
    r"(zalo|messenger) window closed": "dead: window closed",
    r"zalo error -217|messenger error 551": "dead: blocked by the person",
    r"messenger error 10/2018300": "dead: an officer has the conversation",
}
"""Why a message may be given up."""

_SILENT = frozenset({What.READS, What.REACTS, What.BLOCKS, What.WITHDRAWS})
_OPEN, _DONE, _DEAD = (0, 1), 2, 3


@dataclass
class Audit:
    """What was found; `faults` says in words what must not be, `ledger` counts everything by kind."""

    day: Day
    faults: list[str] = field(default_factory=list)
    ledger: Counter[str] = field(default_factory=Counter)
    _events: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _messages: defaultdict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _withdrawn: dict[str, float] = field(default_factory=dict)  # when
    _acts: defaultdict[str, list[Written]] = field(default_factory=lambda: defaultdict(list))
    _left: Counter[str] = field(default_factory=Counter)

    def run(self) -> Audit:
        """Judge the day."""
        for row in self.day.rows("SELECT * FROM inbox ORDER BY id"):
            self._events[row["conversation"]].append(row)
        for row in self.day.rows("SELECT * FROM outbox ORDER BY id"):
            self._messages[row["event_id"]].append(row)
        for written in self.day.written:
            self._acts[written.conversation].append(written)
            if written.act.what is What.WITHDRAWS and not written.is_deaf:
                self._withdrawn[written.conversation] = written.at.timestamp()
        self._judge_store()
        for conversation, events in self._events.items():
            if conversation:
                self._judge_behaviour(conversation, events)
        for conversation in {*self._acts, *self._events} - {""}:
            self._judge_delivery(conversation)
            self._judge_windows(conversation)
        self._judge_questions()
        self._judge_officers()
        self._judge_order_in()
        self._judge_left_messages()
        self._judge_bot()
        self._count()
        return self

    def table(self) -> str:
        """Return the ledger for people to read."""
        width = max(map(len, self.ledger))
        return "\n".join(f"{kind:<{width}} {number:>7,}" for kind, number in self.ledger.items())

    def _fault(self, what: str, where: object) -> None:
        self.faults.append(f"{what}: {where}")

    def _sent(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        return self._messages[event["id"]]

    # Nothing is left over, and nothing was given up for no reason.

    def _judge_store(self) -> None:
        for table, rows in (("inbox", self._events.values()), ("outbox", self._messages.values())):
            for row in (row for group in rows for row in group):
                if row["state"] in _OPEN:
                    self._fault(f"{table} row left open", (row["id"], row["conversation"], row["reason"]))
                elif (
                    row["conversation"] in self._withdrawn and row["accepted_at"] < self._withdrawn[row["conversation"]]
                ):
                    self._fault(f"{table} row kept although withdrawn", (row["id"], row["conversation"]))
                elif row["state"] == _DEAD and self._why_dead(row) is None:
                    self._fault(f"{table} dead letter without a named reason", (row["id"], row["reason"]))

    def _why_dead(self, row: dict[str, Any]) -> str | None:
        found = next((name for pattern, name in REASONS.items() if re.match(pattern, row["reason"] or "")), None)
        if found == "dead: window closed":
            acts = [act.at for act in self._opening(row["conversation"]) if act.at.timestamp() <= row["changed_at"]]
            window = WINDOWS[row["channel"]].total_seconds()
            if not acts or row["changed_at"] - max(acts).timestamp() < window - 1:
                self._fault("refused locally although the window was open", (row["id"], row["conversation"]))
        return found

    def _opening(self, conversation: str) -> Iterator[Written]:
        """What a person did that opens the window."""
        closed = {What.READS, What.BLOCKS, What.WITHDRAWS} | ({What.REACTS} if conversation[0] == "z" else set())
        return (act for act in self._acts[conversation] if act.act.what not in closed)

    # What was said to each event is what should be said: above all nothing while an officer answers.

    def _judge_behaviour(self, conversation: str, events: list[dict[str, Any]]) -> None:
        manners = Manners(AGENCIES[events[0]["account"]])
        for event in events:
            texts = [_text_of(message["payload"]) for message in self._sent(event)]
            expected = manners.expected(event)
            where = (conversation, event["message_id"], event["kind"], event["text"], texts)
            if expected is None:
                if texts:
                    self._fault("spoke when it had to be silent", where)
                self.ledger["events met with silence"] += 1
            elif (event["kind"] == "aside") != _is_taken_back(self._sent(event)):
                self._fault("spoke where it could not, or took what it had", where)
            elif not _is_said(expected, texts):
                self._fault("said something else", (f"not {expected}", *where))
        self._left.update(manners.left)

    # What the gateway counts as sent is what people got, once and in order.

    def _judge_delivery(self, conversation: str) -> None:
        if conversation in self._withdrawn:
            return
        _, account, person = conversation.split(":")
        lines = [line for line in self._lines(account, person) if line.author is Author.APP]
        stored = [row for event in self._events.get(conversation, ()) for row in self._sent(event)]
        stored = [row for row in stored if row["state"] == _DONE and _text_of(row["payload"]) is not None]
        if [row["id"] for row in stored] != sorted(row["id"] for row in stored):
            self._fault("answers stand in another order than their questions", conversation)
        if is_zalo(account):
            got, sent = [line.text for line in lines], [_text_of(row["payload"]) for row in stored]
        else:
            got, sent = [line.message["metadata"] for line in lines], [str(row["id"]) for row in stored]
        if got != sent:
            twice = Counter(got) - Counter(sent)
            missing = Counter(sent) - Counter(got)
            what = "sent twice" if twice else "lost on the way" if missing else "in another order"
            self._fault(what, (conversation, list((twice or missing).items())[:3]))
        ids = Counter(row["platform_id"] for row in stored)
        if any(number > 1 for number in ids.values()) or set(ids) != {line.id for line in lines}:
            self._fault("the platform knows the messages under other ids", conversation)

    def _lines(self, account: str, person: str) -> list[Line]:
        platform = self.day.zalo if is_zalo(account) else self.day.graph
        return platform.ledger.conversation(account, person)

    def _judge_windows(self, conversation: str) -> None:
        channel, account, person = conversation.split(":")
        acts = [act.at for act in self._opening(conversation)]
        for line in self._lines(account, person):
            if line.author is Author.APP:
                before = [act for act in acts if act <= line.at]
                if not before or line.at - max(before) > WINDOWS[channel] or not line.was_open or line.is_billed:
                    self._fault("sent outside its window", (conversation, line.id))

    # Every question has its answer, or a name for why it has none.

    def _judge_questions(self) -> None:
        by_id = {row["message_id"]: row for rows in self._events.values() for row in rows if row["message_id"]}
        opened = {
            (row["conversation"], round(row["occurred_at"] * 1_000)): row
            for rows in self._events.values()
            for row in rows
            if row["kind"] == "opened"
        }
        for written in self.day.written:
            if written.act.what in _SILENT:
                continue
            row = by_id.get(written.message_id)
            if row is None and written.act.what is What.OPENS:
                row = opened.get((written.conversation, round(written.at.timestamp() * 1_000)))
            fate = self._fate(written, row)
            self.ledger[f"written: {fate or 'lost'}"] += 1
            if fate is None:
                self._fault("lost", (written, row))

    def _fate(self, written: Written, row: dict[str, Any] | None) -> str | None:
        if row is not None and written.is_standby and row["kind"] != "aside":
            self._fault("was told as if nobody else had the conversation", written)
        if row is None:
            if written.is_deaf:
                return "never told to us, consent was revoked"
            if written.act.delayed_s > 86_400:
                return "told to us after more than a day"
            return "withdrawn by the person" if written.conversation in self._withdrawn else None
        if row["state"] != _DONE:
            return None
        messages = self._sent(row)
        if not messages:
            return "silence, an officer answers"  # judged with the behaviour
        dead = [message for message in messages if message["state"] == _DEAD]
        if dead:
            return self._why_dead(dead[0])
        return "answered, the conversation was taken back" if row["kind"] == "aside" else "answered"

    # Officers were heard, and nothing of ours was taken for an officer's.

    def _judge_officers(self) -> None:
        spoken = {act.message_id: act for act in self.day.officers if act.act.what is What.OFFICER_WRITES}
        taken = {act.conversation for act in self.day.officers if act.act.what is What.OFFICER_TAKES}
        heard = [
            row for rows in self._events.values() for row in rows if row["kind"] in ("officer_spoke", "taken_over")
        ]
        for row in heard:
            is_control = row["kind"] == "taken_over"
            known = row["conversation"] in taken if is_control else row["message_id"] in spoken
            if not known:
                self._fault("an echo of ours was taken for an officer", (row["conversation"], row["message_id"]))
        known_ids = {row["message_id"] for row in heard}
        for message_id, act in spoken.items():
            if not act.is_deaf and message_id not in known_ids:
                self._fault("an officer was not heard", act)

    # Events were worked off in the order in which they were taken.

    def _judge_order_in(self) -> None:
        for (account, person), ids in self.day.way_in.accepted.items():
            conversation = f"{channel_of(account)}:{account}:{person}"
            stored = [row["message_id"] for row in self._events.get(conversation, ())]
            known = set(stored)
            taken = [message_id for message_id in dict.fromkeys(ids) if message_id in known]
            if taken != [message_id for message_id in stored if message_id in set(taken)]:
                self._fault("taken and stored in another order", conversation)
        for conversation, events in self._events.items():
            done = [event["changed_at"] for event in events]
            if conversation and done != sorted(done):
                self._fault("answered in another order", conversation)

    def _judge_left_messages(self) -> None:
        left = Counter(row["text"] for row in self.day.rows("SELECT text FROM left_messages"))
        if left != self._left:
            self._fault("messages to a closed office", (left - self._left, self._left - left))
        self.ledger["left for a closed office"] = left.total()

    def _judge_bot(self) -> None:
        if self.day.bot.overlaps:
            self._fault("turns of one conversation overlapped", self.day.bot.overlaps)
        for message_id, number in self.day.script.answered.items():
            if number > 1:
                self._fault("asked the bot again after an answer", message_id)

    def _count(self) -> None:
        day, ledger = self.day, self.ledger
        for channel, platform in (("zalo", day.zalo), ("messenger", day.graph)):
            if platform.delivery.unsubscribed:
                self._fault("an app was unsubscribed", platform.delivery.unsubscribed)
            ledger[f"{channel}: messages to people"] = len(platform.arrived)
            ledger[f"{channel}: webhooks posted"] = len(platform.delivery.attempts)
            ledger[f"{channel}: webhooks posted again"] = sum(each.retry > 0 for each in platform.delivery.attempts)
            for refusal in platform.ledger.refused:
                if refusal.code in (-230, -232) or (refusal.code, refusal.subcode) == (10, 2018278):
                    self._fault("the platform had to refuse it for its window", refusal)
            lines = [line for key in platform.ledger.conversations() for line in platform.ledger.conversation(*key)]
            for author in Author:
                ledger[f"{channel}: lines by {author.value}"] = sum(line.author is author for line in lines)
        ledger.update({f"way in: {what}": number for what, number in sorted(day.way_in.counts.items())})
        ledger.update({f"way out: {what}": number for what, number in sorted(day.way_out.counts.items())})
        ledger.update(day.notes)
        for rows in self._messages.values():
            for row in rows:
                name = self._why_dead(row) if row["state"] == _DEAD else "sent" if row["state"] == _DONE else "open"
                ledger[f"outbox: {name}"] += 1
                ledger["outbox: proved by their echoes"] += row["is_proved"]
        ledger["people"] = len(self._acts)
        ledger["events accepted"] = sum(map(len, self._events.values()))
        ledger["instants at which the clock stood"] = day.steps


def _is_taken_back(messages: Sequence[dict[str, Any]]) -> bool:
    """Tell whether the conversation was taken from somebody else before anything was said."""
    return [json.loads(message["payload"]) for message in messages[:1]] == [{"control": "take_thread_control"}]


def _is_said(expected: Sequence[str], texts: Sequence[str | None]) -> bool:
    """Tell whether the texts have these words in this order, and no notice of the machine beyond them."""
    shown = "\n".join(text for text in texts if text is not None)
    place = 0
    for words in expected:
        place = shown.find(words, place)
        if place < 0:
            return False
    return bool(shown) and shown.count(MACHINE_NOTICE) == expected.count(MACHINE_NOTICE)


def _text_of(payload: str) -> str | None:
    """Return what a stored message shows, None where it is no message."""
    message = json.loads(payload).get("message") if payload else None
    if message is None:
        return None
    card = (message.get("attachment") or {}).get("payload") or {}
    return str(message.get("text") or card.get("text") or "")
