"""Paper copies as a person asks for them: which files appear, and that nothing appears halfway."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import docx
import pytest
from click.testing import CliRunner
from copies import ROOT, copied

from pledge.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

SEVEN = ("charter", "contract", "declaration", "project", "returns", "service-level", "warranty")
FILES = sorted(f"{name}.{form}" for name in SEVEN for form in ("docx", "pdf"))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the project with its editions."""
    made = copied(tmp_path / "p")
    shutil.copytree(ROOT / "editions", made / "editions")
    monkeypatch.chdir(made)
    return made


def run(*words: str) -> Result:
    """Return what a command printed and how it ended."""
    return CliRunner().invoke(cli, words)


def test_each_published_variant_is_two_files(root: Path) -> None:
    """A PDF and a Word document of each variant, and a second run gives the same bytes."""
    done = run("export", "appliances", "-o", "out")
    assert (0, "已写入 out/（14个文件）\n") == (done.exit_code, done.output)
    first = {path.name: path.read_bytes() for path in (root / "out").iterdir()}
    assert FILES == sorted(first)
    (root / "out" / "mine.txt").write_text("x", encoding="utf-8")
    run("export", "appliances", "-o", "out")
    assert {**first, "mine.txt": b"x"} == {path.name: path.read_bytes() for path in (root / "out").iterdir()}


UNRELEASED = (
    "现在的文字不是已发布的版本，写出的文件标明“未发布稿”，没有版本号、校验码和二维码；"
    "要正式的文本，先运行 pledge release appliances-east。\n"
)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("variables/appliances-east.yml", "name: 示例家电城东经营部", "name: 示例家电城西经营部"),
        ("docs/shared/privacy.md", "单独征得", "事先单独征得"),
    ],
)
def test_a_text_that_no_edition_has_is_marked(root: Path, path: str, old: str, new: str) -> None:
    """A changed value and a changed clause alike: no number, mark or code says that it was released."""
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    done = run("export", "appliances-east", "-o", "out")
    assert (0, UNRELEASED + "已写入 out/（6个文件）\n") == (done.exit_code, done.output)
    made = docx.Document(str(root / "out" / "charter.docx"))
    words = [paragraph.text for paragraph in made.paragraphs]
    assert "未发布稿，供内部讨论，不构成承诺" == words[1]
    assert made.sections[0].header.paragraphs[0].text.endswith("（管理规范型）　未发布稿")
    signed = {row.cells[0].text: row.cells[1].text for row in made.tables[-1].rows}
    assert ("未发布", "未发布") == (signed["版本"], signed["施行日期"])
    assert not [word for word in words if "校验码" in word or "永久地址" in word]
    assert 0 == len(made.inline_shapes)


def test_forms_to_be_filled_by_hand(root: Path) -> None:
    """The blank forms are those of all variants and need no company."""
    assert "已写入 forms/（14个文件）\n" == run("export", "--blank", "-o", "forms").output
    assert FILES == sorted(path.name for path in (root / "forms").iterdir())


def test_a_character_no_font_has_writes_nothing(root: Path) -> None:
    """A name that cannot be drawn is a line with the character; what was there before stays."""
    run("export", "appliances-east", "-o", "out")
    before = {path.name: path.read_bytes() for path in (root / "out").iterdir()}
    path = root / "variables" / "appliances-east.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: 示例家电城东经营部", "name: 示例𠮷家电城东经营部"), encoding="utf-8")
    done = run("export", "appliances-east", "-o", "out")
    assert 1 == done.exit_code
    assert "“𠮷”（U+20BB7）" in done.output
    assert done.output.endswith("没有写出任何文件。\n")
    assert before == {path.name: path.read_bytes() for path in (root / "out").iterdir()}


def test_a_contract_that_lacks_values_is_told(root: Path) -> None:
    """The contract is checked like a variable file, and nothing is written."""
    (root / "deals").mkdir()
    (root / "deals" / "x.yml").write_text("response: {first_contact: 1小时}\n", encoding="utf-8")
    done = run("export", "appliances", "--deal", "deals/x.yml", "-o", "out")
    assert 1 == done.exit_code
    assert "deals/x.yml:1:27: " in done.output
    assert "(not-a-deal)" in done.output
    assert "(missing-blank)" in done.output
    assert not (root / "out").exists()


CHOOSE = "写明一家公司，或者用 --blank 写出空白范本；两者选一种。\n"


@pytest.mark.parametrize(
    "words", ["export", "export appliances --blank", "export --blank --deal deals/x.yml"]
)
def test_wrong_words_are_answered(root: Path, words: str) -> None:
    """What cannot be meant ends in one line and exit 2."""
    done = run(*words.split())
    assert (2, CHOOSE) == (done.exit_code, done.output)
    assert not (root / "export").exists()


def test_a_file_in_the_way_is_a_line(root: Path) -> None:
    """A target that is a file is refused and stays."""
    (root / "out").write_text("mine", encoding="utf-8")
    done = run("export", "appliances-east", "-o", "out")
    assert (2, "写不了 out（已经存在）；检查文件夹和权限。\n") == (done.exit_code, done.output)
    assert "mine" == (root / "out").read_text(encoding="utf-8")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_line(root: Path) -> None:
    """A folder without permission is refused."""
    (root / "out").mkdir(mode=0o500)
    assert 2 == run("export", "appliances-east", "-o", "out").exit_code
