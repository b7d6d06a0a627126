"""The documentation against the code: settings, folders, statuses, errors, figures and links."""

from __future__ import annotations

import inspect
import re
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType

import pytest

import actions.errors
import bot.reply
import channels.errors
import index.errors
from actions.policy import Policy
from actions.settings import ActionSettings
from bot.reply import AnswerStatus
from channels.commands import add_commands
from channels.metrics import GatewayMetrics
from channels.settings import GatewaySettings
from index.document import Validity
from index.settings import IndexSettings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS_CLASSES = (GatewaySettings, IndexSettings, ActionSettings)
READ_DIRECTLY = ("bot/__main__.py", "tools/run.py", "tools/setup.py", "tools/evaluate/__main__.py")
PAGES = [
    *(ROOT / name for name in ("README.md", "DESIGN.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
SETTING = re.compile(r"GOVCHAT_[A-Z0-9_]*[A-Z0-9]")
WANTED = {"setup": ["zalo"], "forget": ["zalo:1:2"]}
"""What commands of the gateway cannot do without."""
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_in_code() -> set[str]:
    """Fields of the three settings classes, and variables that scripts and the bot read by their names."""
    fields = {f"GOVCHAT_{field.upper()}" for each in SETTINGS_CLASSES for field in each.model_fields}
    sources = [text_of(name) for name in READ_DIRECTLY]
    named = {name for source in sources for name in SETTING.findall(source)}
    scripts = text_of("tools/run.py") + text_of("tools/setup.py")
    in_scripts = {f"GOVCHAT_{name}" for name in re.findall(r'\bsetting\("([A-Z_]+)"', scripts)}
    return fields | named | in_scripts


@pytest.mark.parametrize("page", ["docs/settings.md", ".env.example"])
def test_every_setting_is_described_and_no_other(page):
    assert set(SETTING.findall(text_of(page))) == settings_in_code()


@pytest.mark.parametrize("field", [each for settings in SETTINGS_CLASSES for each in settings.model_fields.items()])
def test_the_documented_default_is_the_real_one(field):
    name, info = field
    default = info.get_default(call_default_factory=True)
    row = re.search(rf"^\| `GOVCHAT_{name.upper()}` \| ([^|]*) \|", text_of("docs/settings.md"), re.MULTILINE)
    assert row, f"no row for {name}"
    quoted = re.fullmatch(r"`([^`]*)`", row[1].strip())
    if quoted:
        assert quoted[1] == str(default)
    else:
        assert default is None or name.endswith("_api_url"), f"the default of {name} is {default}"


def test_every_top_level_folder_is_in_the_readmes_map():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {path.split("/")[0] for path in tracked.splitlines() if "/" in path}
    mapped = set(re.findall(r"^\| `([\w.]+)/` \|", text_of("README.md"), re.MULTILINE))
    assert mapped == folders


@pytest.mark.parametrize("value", [*AnswerStatus, *Validity])
def test_every_status_and_validity_is_described(value):
    assert re.search(rf"^\| `{value.value}` \| \S", text_of("docs/answers.md"), re.MULTILINE)


@pytest.mark.parametrize("module", [channels.errors, index.errors, actions.errors, bot.reply])
def test_every_error_is_described_and_drawn_in_its_tree(module: ModuleType):
    errors = [each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, Exception)]
    errors = [each for each in errors if each.__module__ == module.__name__]
    assert errors
    for error in errors:
        assert error.__doc__, f"{error.__name__} has no docstring"
        assert error.__name__ in str(module.__doc__), f"{error.__name__} is not in the tree of {module.__name__}"


def test_the_thresholds_on_the_page_about_abstention_are_those_in_force():
    page = " ".join(text_of("docs/adr/0005-abstention.md").split())
    policy = Policy()
    for said in (
        f"Cosine plus {policy.lexical_weight} × word share",
        f"from {policy.answers_from} of evidence, or from {policy.asked_answers_from} of evidence and nearness",
        f"From {policy.hints_from} of evidence the near documents are named",
        f"a cosine of {policy.english_answers_from} or a nearness of {policy.english_asked_from} to",
        f"Chinese ones from {policy.chinese_answers_from} or {policy.chinese_asked_from};",
    ):
        assert said in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_relative_link_is_broken(page: Path):
    targets = [link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8"))]
    broken = [target for target in targets if target and "://" not in target and not (page.parent / target).exists()]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_and_module_that_a_page_names_exists(page: Path):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", text)) <= targets
    for module in re.findall(r"python -m ([a-z_.]+)", text):
        path = ROOT / module.replace(".", "/")
        assert (path / "__main__.py").exists() or path.with_suffix(".py").exists(), module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_metric_and_command_of_the_gateway_that_a_page_names_exists(page: Path):
    text = page.read_text(encoding="utf-8")
    families = GatewayMetrics().registry.collect()
    metrics = {name for family in families for name in (family.name, f"{family.name}_total")}
    assert set(re.findall(r"\bgovchat_[a-z_]+", text)) <= metrics
    parser = ArgumentParser()
    add_commands(parser)
    for command in re.findall(r"python -m channels ([a-z-]+)", text):
        assert parser.parse_args([command, *WANTED.get(command, [])]).command == command
    for channel in re.findall(r"`?setup (messenger|zalo|viber)\b", text):
        assert parser.parse_args(["setup", channel]).channel == channel


def test_every_decision_is_listed():
    pages = {page.name for page in (ROOT / "docs/adr").glob("0*.md")}
    assert set(LINK.findall(text_of("docs/adr/README.md"))) == pages
    assert sorted(name[:4] for name in pages) == [f"{number:04d}" for number in range(1, len(pages) + 1)]
