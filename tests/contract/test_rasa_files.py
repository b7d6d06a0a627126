"""The Rasa files agree with each other and with the reply types; read as plain YAML, without Rasa."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import tomllib
import yaml

from actions.second_look import FURTHER_RESPONSES, RESPONSES
from bot.reply import AnswerStatus
from channels.inbox.consents import KEPT as CONSENT_KEPT
from channels.inbox.upkeep import LEFT_MESSAGES_KEPT
from channels.retention import KEEP

ROOT = Path(__file__).parents[2]
FEWEST_EXAMPLES = 25
HARD_INTENTS = ("ask_policy", "ask_validity", "ask_document_by_number", "ask_latest_documents")
BY_ACTION = {"answered", "listed", "handed_over", "clarify_vague", "clarify_ambiguous", "no_answer_not_found"}


def read(path):
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def read_toml(path):
    return tomllib.loads((ROOT / path).read_text("utf-8"))


@pytest.fixture(scope="module")
def domain():
    return read("domain.yml")


@pytest.fixture(scope="module")
def examples():
    found = {}
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for block in read(path)["nlu"]:
            texts = [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]
            found.setdefault(block["intent"], []).extend(texts)
    return found


@pytest.fixture(scope="module")
def rules():
    found = {}
    for path in sorted((ROOT / "data/rules").glob("*.yml")):
        for rule in read(path)["rules"]:
            intent, action = (next(iter(step.items())) for step in rule["steps"])
            assert (intent[0], action[0]) == ("intent", "action")
            found[intent[1]] = action[1]
    return found


def test_every_intent_has_examples_enough(domain, examples):
    assert set(examples) == set(domain["intents"]) - {"nlu_fallback"}
    assert len(examples) >= 20
    too_few = {intent: len(texts) for intent, texts in examples.items() if len(texts) < FEWEST_EXAMPLES}
    assert not too_few
    assert all(len(examples[intent]) >= 40 for intent in HARD_INTENTS)


def test_no_example_stands_twice_or_under_two_intents(examples):
    count = Counter(text.lower() for texts in examples.values() for text in texts)
    assert [text for text, times in count.items() if times > 1] == []


def test_examples_are_plain_text_in_nfc(examples):
    for texts in examples.values():
        for text in texts:
            assert text == unicodedata.normalize("NFC", text)
            assert text
            assert not text.startswith("/")
            assert not re.search(r"\]\(|\]\{", text), "entities come from the grammar, not from annotations"


def test_a_good_part_of_the_examples_is_typed_without_accents(examples):
    texts = [text for texts in examples.values() for text in texts]
    plain = [text for text in texts if text.isascii()]
    assert len(plain) >= len(texts) / 6


def test_every_intent_has_one_rule_and_every_action_is_reached(domain, rules):
    assert set(rules) == set(domain["intents"])
    reachable = set(domain["actions"]) | set(domain["responses"])
    assert set(rules.values()) | set(RESPONSES.values()) | FURTHER_RESPONSES == reachable


def test_what_is_not_understood_is_looked_up_like_a_question(rules):
    assert rules["nlu_fallback"] == rules["ask_policy"] == "action_answer_question"


def test_every_fixed_reply_has_three_languages_and_a_status(domain):
    fixed = {status.value for status in AnswerStatus} - BY_ACTION
    for name, variations in domain["responses"].items():
        languages = []
        for variation in variations:
            conditions = variation.get("condition") or []
            assert variation["custom"]["status"] in fixed, name
            assert variation["text"].strip()
            language = conditions[0]["value"] if conditions else "vi"
            assert variation["custom"].get("lang", "vi") == language, name
            languages.append(language)
        assert sorted(languages) == ["en", "vi", "zh"], name
        assert len({variation["custom"]["status"] for variation in variations}) == 1, name


def test_a_danger_is_answered_with_the_numbers_before_anything_else(domain):
    for variation in domain["responses"]["utter_emergency"]:
        assert variation["custom"]["status"] == "signposted"
        first_paragraphs = "\n\n".join(variation["text"].split("\n\n")[:2])
        assert all(number in first_paragraphs for number in ("111", "112", "113", "114", "115"))


def test_what_is_said_to_be_kept_is_what_is_kept(domain):
    kept = re.search(r"^KEPT_S = (\d+) \* 3600$", (ROOT / "bot/tracker_store.py").read_text("utf-8"), re.MULTILINE)
    figures = [KEEP.days, LEFT_MESSAGES_KEPT.days, int(kept[1]), CONSENT_KEPT.days // 365, KEEP.days]
    since_dealt_with = {"vi": "sau khi xử lý xong", "en": "after it was dealt with", "zh": "处理完毕后"}
    feedback = {"vi": "góp ý", "en": "feedback", "zh": "评价"}  # of which the reason is somebody's words
    for variation in domain["responses"]["utter_own_data"]:
        first = variation["text"].partition(str(LEFT_MESSAGES_KEPT.days))[0]
        assert [int(figure) for figure in re.findall(r"\d+", variation["text"])] == figures
        lang = variation["custom"].get("lang", "vi")
        assert since_dealt_with[lang] in first
        assert feedback[lang] in first


def test_the_table_of_what_is_kept_names_the_same_times():
    table = (ROOT / "SECURITY.md").read_text("utf-8").partition("## What is kept")[2]
    rows = dict(re.findall(r"^\| (.+?) \| (.+) \|$", table, re.MULTILINE))
    for what, how_long in (
        ("what people wrote", f"{KEEP.days} days after it was finished"),
        ("messages left", f"{LEFT_MESSAGES_KEPT.days} days"),
        ("feedback", f"{LEFT_MESSAGES_KEPT.days} days"),
        ("of what was deleted: the keys", f"{KEEP.days} days after it was deleted"),
        ("of what was deleted: the conversation's key", "until the bot has forgotten it"),
    ):
        assert [told.startswith(how_long) for row, told in rows.items() if row.startswith(what)] == [True], what


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
def test_a_form_that_can_no_longer_delete_says_when_it_is_deleted(lang):
    told = read_toml(f"data/wording/{lang}.toml")["widget"]["delete_expired"]
    assert [int(figure) for figure in re.findall(r"\d+", told)] == [KEEP.days, LEFT_MESSAGES_KEPT.days]


def test_the_deleting_that_is_told_of_has_the_name_that_stands_in_the_menu(domain):
    names = {lang: read_toml(f"data/wording/{lang}.toml")["widget"]["delete"] for lang in ("vi", "en", "zh")}
    for variation in domain["responses"]["utter_own_data"]:
        assert names[variation["custom"].get("lang", "vi")] in variation["text"]


def test_a_crisis_is_met_with_its_own_words_and_no_number_that_nobody_checked(domain):
    for variation in domain["responses"]["utter_crisis"]:
        assert variation["custom"]["status"] == "signposted"
        assert set(re.findall(r"\d{3,}", variation["text"])) == {"111", "113", "115"}


def test_buttons_fit_a_menu_and_say_what_a_person_could_type(domain):
    for variations in domain["responses"].values():
        for variation in variations:
            buttons = variation.get("buttons", [])
            assert len(buttons) <= 4
            for button in buttons:
                assert len(button["title"]) <= 20  # Messenger's limit of a quick reply's title
                assert not button["payload"].startswith("/")


def test_sessions_end_after_half_an_hour_and_carry_nothing_over(domain):
    assert domain["session_config"] == {
        "session_expiration_time": 30,
        "carry_over_slots_to_new_session": False,
    }
