"""A new company at the terminal: asked, checked at once, left and taken up again, and never in the way."""

from __future__ import annotations

import functools
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import BIN
from hypothesis import given, settings
from hypothesis import strategies as st
from persons import example, session

from pledge import project as project_module
from pledge.company import today
from pledge.draft.draft import Draft
from pledge.draft.writing import skeleton
from pledge.read import HIDDEN, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.problem import Problem

HERE = Path(__file__).parent
PUBLISH = ["charter", "warranty"]
PROJECT = project_module.load(HERE / "project")


@pytest.fixture(autouse=True, scope="module")
def measured(measuring: dict[str, str]) -> Iterator[None]:
    """Measure the coverage of these commands: what they do is done nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in measuring.items():
            patch.setenv(variable, value)
        yield


def pledge(root: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Run pledge in *root* and type to it; return its exit code and all it printed."""
    done = subprocess.run(
        [str(BIN / "pledge"), *words], cwd=root, input=typed, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@functools.cache
def answers() -> list[str]:
    """Return the lines that fill in a new company of the tiny project: its variants, then the examples."""
    return ["1 2", *session(draft())]


def written(root: Path, name: str = "demo") -> str:
    """Return the variable file of a company."""
    return (root / "variables" / f"{name}.yml").read_text(encoding="utf-8")


def test_a_whole_session_makes_a_company_that_passes(tiny: Path) -> None:
    """Who answers every question has a file without a mark of a draft, in which nothing is wrong."""
    code, shown = pledge(tiny, "new", "demo", typed="\n".join(answers()) + "\n")
    assert 0 == code, shown
    assert "都填好了，检查没有问题。已写入 variables/demo.yml。" in shown
    assert (0, "没有问题。\n") == pledge(tiny, "check", "variables/demo.yml")
    assert "draft" not in written(tiny)
    company = project_module.load(tiny).company("demo")
    assert tuple(PUBLISH) == company.publish
    assert "示例有限公司" == company.text("company.name")


def test_only_what_the_variants_need_is_asked(tiny: Path) -> None:
    """The blanks of a variant that is not chosen are never asked for."""
    _, shown = pledge(tiny, "new", "demo", typed="1\n停\n")
    assert f"\n>   公布：{PROJECT.pages['charter'].title}。\n" in shown
    warranty = PROJECT.catalogue.blanks["warranty.return_window"].label
    assert warranty not in shown
    _, shown = pledge(tiny, "new", "other", typed="\n".join(answers()) + "\n")
    assert warranty in shown


@pytest.mark.parametrize(
    "answered", [4, *(pytest.param(count, marks=pytest.mark.more) for count in (0, 1, 9))]
)
def test_a_session_can_be_left_and_taken_up_again(tiny: Path, answered: int) -> None:
    """Wherever the lines end, what was answered is in the file; going on ends with the same file."""
    lines = answers()
    pledge(tiny, "new", "whole", typed="\n".join(lines) + "\n")
    code, shown = pledge(tiny, "new", "demo", typed="\n".join(lines[: answered + 1]) + "\n")
    assert 0 == code
    assert re.search(
        r"停在这里。variables/demo\.yml 是草稿，还要填\d+项；再运行 pledge new demo 接着填。", shown
    )
    assert project_module.load(tiny).company("demo").draft
    code, shown = pledge(tiny, "new", "demo", typed="\n".join(lines[answered + 1 :]) + "\n")
    assert 0 == code, shown
    assert written(tiny, "whole") == written(tiny)


FRIDGE, WASHER = ["冰箱", "电冰箱", "1年", ""], ["洗衣机", "其他", "3年", ""]


def before_products() -> list[str]:
    """Return the lines that answer all up to the table of products."""
    return answers()[: answers().index("冰箱")]


def test_rows_that_are_finished_are_kept(tiny: Path) -> None:
    """Who stops within a row finds those before it in the file, and goes on with the next one."""
    lines = before_products()
    pledge(tiny, "new", "demo", typed="\n".join([*lines, *FRIDGE, *WASHER, "空调"]))
    company = project_module.load(tiny).company("demo")
    assert ["冰箱", "洗衣机"] == [row["product"].text for row in company.data("warranty.products")]
    code, shown = pledge(tiny, "new", "demo", typed="\n".join([*WASHER, "", "停"]))
    assert (0, True) == (code, "已有：冰箱、洗衣机。\n第3行（写完了，直接按回车）\n" in shown)
    assert "    ✗ 商品期限表有两行“洗衣机”" in shown
    rest = answers()[len(lines) + len(FRIDGE) + 1 :]
    code, shown = pledge(tiny, "new", "demo", typed="\n".join(["", *rest]) + "\n")
    assert 0 == code, shown


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (["1 2", "2026.1", "<", "", "停"], "2026.1"),
        (["1 2", "2026.1", "2026-12-01", "<", "<", "停"], "2026.1"),
        (["1 2", "2026.1", "<", "六", "停"], "2026.1"),
        (["1 2", "2026.1", "<", "2026.2", "停"], "2026.2"),
        (["1 2", "2026.1", "停"], "2026.1"),
    ],
)
def test_going_back_takes_nothing_away(tiny: Path, typed: list[str], number: str) -> None:
    """The answer before is shown and kept, until another one is right."""
    _, shown = pledge(tiny, "new", "demo", typed="\n".join(typed))
    assert number == project_module.load(tiny).company("demo").text("edition.number")
    assert ("  现在是：2026.1。不改，直接按回车。\n" in shown) == ("<" in typed)


def test_an_answer_of_another_day_can_be_given_anew(tiny: Path) -> None:
    """Going back leads to what the file held before, and no further than its first answer."""
    pledge(tiny, "new", "demo", typed="1 2\n2026.1\n停\n")
    _, shown = pledge(tiny, "new", "demo", typed="<\n<\n2026.2\n停\n")
    assert "  现在是：2026.1。不改，直接按回车。\n> \n版本号\n" not in shown
    assert "  这是第一项。\n" in shown
    assert "2026.2" == project_module.load(tiny).company("demo").text("edition.number")


def test_a_draft_written_by_hand_keeps_every_byte(tiny: Path) -> None:
    """Going on only adds: comments, quotes and order stay, until the mark of the draft is taken away."""
    text = f"# 手写\ndraft: true\npublish: [{', '.join(PUBLISH)}]\ncompany:\n  name: '甲''公司'   # 不要动\n"
    (tiny / "variables" / "demo.yml").write_text(text, encoding="utf-8")
    pledge(tiny, "new", "demo", typed="停\n")
    assert text == written(tiny)
    begun = Draft(PROJECT, "demo", parse(text, "variables/demo.yml"), today())
    first = next(session(begun))
    pledge(tiny, "new", "demo", typed=f"{first}\n停\n")
    kept = iter(written(tiny).splitlines())
    assert all(line in kept for line in text.splitlines()), "every line is there, in its order"


def test_without_questions_the_examples_are_comments(tiny: Path) -> None:
    """The draft says nothing but what it publishes; with the marks taken away it is a company that passes."""
    assert (0, "已写入 variables/demo.yml（草稿）；用编辑器填，或者运行 pledge new demo。\n") == pledge(
        tiny, "new", "demo", "--defaults"
    )
    text = written(tiny)
    assert {} == {
        name: value.text for name, value in project_module.load(tiny).company("demo").values.items()
    }
    bare = re.sub(r"^# (?=[a-z]+:|  )", "", text, flags=re.MULTILINE)
    (tiny / "variables" / "demo.yml").write_text(
        re.sub(r"^draft:.*\n", "", bare, flags=re.MULTILINE), "utf-8"
    )
    assert (0, "没有问题。\n") == pledge(tiny, "check", "variables/demo.yml")


TAKEN = "已经有 variables/acme.yml，不是草稿，没有改动；要改它的值，用编辑器，或者 pledge sheet。"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["../x"], "公司代号“../x”只能用小写字母、数字和连字符，不带路径和 .yml；写成如 acme。"),
        (["Demo"], "公司代号“Demo”只能用小写字母、数字和连字符，不带路径和 .yml；写成如 acme。"),
        ([""], "公司代号“”只能用小写字母、数字和连字符，不带路径和 .yml；写成如 acme。"),
        (
            ["acme"],
            "已经有 variables/acme.yml，不是草稿，没有改动；要改它的值，用编辑器，或者 pledge sheet。",
        ),
        (["assets"], "“assets”是网站共用文件的文件夹名；换一个代号。"),
        (["demo", "--base", "nosuch"], "没有“nosuch”这家公司；variables/ 下有：acme-east、acme"),
    ],
)
def test_names_that_cannot_be_taken(tiny: Path, words: list[str], message: str) -> None:
    """They are refused before a question is asked, and no file is touched."""
    before = {path.name: path.read_bytes() for path in (tiny / "variables").iterdir()}
    assert (2, f"{message}\n") == pledge(tiny, "new", *words, typed="1 2\n")
    assert before == {path.name: path.read_bytes() for path in (tiny / "variables").iterdir()}


def test_nothing_is_written_before_the_first_answer(tiny: Path) -> None:
    """Who leaves at the first question has no file."""
    code, shown = pledge(tiny, "new", "demo")
    assert 2 == code
    assert shown.endswith("没有写入任何文件；不便逐项回答的，加上 --defaults 写出草稿，再用编辑器填。\n")
    assert not (tiny / "variables" / "demo.yml").exists()


def test_a_folder_that_cannot_be_written(tiny: Path) -> None:
    """The message names the file and the way out; there is no traceback."""
    (tiny / "variables" / ".demo.yml.new").mkdir()
    code, shown = pledge(tiny, "new", "demo", typed="1 2\n")
    assert 2 == code
    assert "写不了 variables/demo.yml（" in shown
    assert "Traceback" not in shown


def draft() -> Draft:
    """Return a draft of the tiny project that publishes both variants."""
    return Draft(PROJECT, "demo", parse(skeleton(PUBLISH), "variables/demo.yml"), today())


def texts(found: list[Problem]) -> list[str]:
    """Return what problems say."""
    return [problem.message for problem in found]


@pytest.mark.parametrize(
    ("blank", "value", "rule"),
    [
        ("warranty.return_window", "３日", "fullwidth-digit"),
        ("warranty.return_window", "3日", "below-law"),
        ("warranty.return_window", "三天", "wrong-kind"),
        ("response.on_time", "101%", "wrong-kind"),
        ("contact.email", "x", "bad-email"),
        ("edition.number", "6、7", "release-refused"),
    ],
)
def test_a_wrong_answer_is_told_at_once(blank: str, value: str, rule: str) -> None:
    """It is judged by the rules of `pledge check`, and not taken; the example is taken."""
    made = draft()
    known = PROJECT.catalogue.blanks[blank]
    assert rule in {problem.rule for problem in made.answer(known, value)}
    assert {} == made.answers
    assert [] == texts(made.answer(known, example(known)))


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), min_size=1, max_size=60
).filter(
    lambda text: not HIDDEN.search(text) and text.strip() == text and "__" not in text and "＿" not in text
)


@given(TEXT)
@settings(max_examples=80, deadline=None)
def test_any_text_that_is_taken_is_read_back_as_it_was(text: str) -> None:
    """Marks of YAML, quotes, colons: the file holds just the characters that were typed."""
    made = draft()
    blank = PROJECT.catalogue.blanks["company.name"]
    if not made.answer(blank, text):
        assert text == made.company.text("company.name")
        assert [] == parse(made.text, "x").problems


HOSTILE = ["a: b", "# x", "- x", "{x}", "[x", "'", '"', "no", "1.10", "~", "&a *b", "!!python"]
HOSTILE += ["\u202ea", "\x00", "x" * 10_000]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_taken_whole_or_refused(text: str) -> None:
    """Whatever is typed, the file stays readable and says that or nothing."""
    made = draft()
    found = made.answer(PROJECT.catalogue.blanks["company.name"], text)
    assert bool(found) == ("company.name" not in made.answers)
    assert ("" if found else text) == made.company.text("company.name")
    assert [] == parse(made.text, "x").problems
