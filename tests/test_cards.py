"""Cards for those who answer customers: what they say, what is due, and what never leaves the house."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest
from building import mkdocs
from commands import ran
from copies import copied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.cards import NOTHING_DUE, Deck, as_markdown, deck
from pledge.export.cards_docx import document
from pledge.notes import read_notes
from pledge.render import Filling

if TYPE_CHECKING:
    from collections.abc import Callable

TINY = Path(__file__).parent / "project"
DAY = datetime.date(2026, 11, 22)
NOTES = """\
response:
  first_contact: {note: 周末由*值班组长*联系, review_by: 2026-11-01}
  channels: {review_by: 2026-11-22}
contact:
  hotline: {note: 转 2 号键是投诉, review_by: 2026-11-23}
"""


@pytest.fixture
def noted(tiny: Path) -> Path:
    """Return a copy of the tiny project with notes on its company."""
    (tiny / "notes").mkdir()
    (tiny / "notes" / "acme.yml").write_text(NOTES, encoding="utf-8")
    return tiny


def dealt(root: Path) -> Deck:
    """Return the cards of the tiny project's company."""
    project = project_module.load(root)
    filling = Filling(project, project.company("acme"), DAY, dated=False)
    return deck(filling, read_notes(root, "acme", project.catalogue), "unreleased")


def test_a_card_says_what_the_page_says(noted: Path) -> None:
    """A card has the promise, its clock, what the customer gets, the clause, and the note."""
    card = next(card for card in dealt(noted).cards if card.label == "首次联系时限")
    first = "示例有限公司（下称“我方”）在周一至周日 8:00-20:00受理您的请求。"
    assert [
        ("我们承诺", "2小时"),
        ("何时起算", "收到客户请求"),
        ("到何时止", "与客户取得联系"),
        ("怎样计时", "只计算服务时间：周一至周日 8:00-20:00"),
        ("客户得到", f"{first}我方自收到请求之日起不超过2小时与您联系。"),
        ("条款", "《管理规范型》1.1"),
        ("内部备注", "周末由*值班组长*联系"),
        ("复核", "2026年11月1日以前（已到期）"),
    ] == card.rows


def test_a_card_of_a_table_and_of_a_limit(noted: Path) -> None:
    """A table is told row by row, and a promise that the law limits says by how much it is better."""
    cards = {card.label: dict(card.rows) for card in dealt(noted).cards}
    assert (
        "冰箱：类别 家用电冰箱，整机保修期 2年，上门费 50元\n水壶：类别 其他商品，整机保修期 12个月"
        == (cards["商品期限表"]["我们承诺"])
    )
    assert "不低于7日（《示例退货法》第一条），我方优于法定标准8日" == cards["退货期"]["法定标准"]


def test_only_promises_and_what_is_noted_have_cards(noted: Path) -> None:
    """What has no direction is no promise, and gets a card only where there is a note on it."""
    labels = {card.label for card in dealt(noted).cards}
    assert "服务热线" in labels
    assert "服务邮箱" not in labels
    assert "违诺补偿" in labels


def test_what_is_due(noted: Path) -> None:
    """A promise is due on its day of review and after it, the longest due first."""
    assert ["首次联系时限", "受理渠道"] == [note.label for note in dealt(noted).due]


def test_markdown(noted: Path) -> None:
    """The Markdown opens with what is due, and nothing in a note is markup."""
    text = as_markdown(dealt(noted))
    assert text.startswith(
        "# 示例有限公司 客户服务承诺卡\n\n版本号：2026.1，施行日期：2026年12月1日\n\n"
        "> 内部资料，不对外提供；与公布的保障书不一致的，以公布的保障书为准。\n\n"
        "## 到期应复核\n\n"
        "- 首次联系时限（2026年11月1日到期）：周末由\\*值班组长\\*联系\n"
        "- 受理渠道（2026年11月22日到期）\n\n"
    )


def test_word(noted: Path) -> None:
    """The Word file has a table a card and says the same; the same cards give the same bytes."""
    found = dealt(noted)
    made = document(found)
    assert made == document(dealt(noted))
    file = docx.Document(io.BytesIO(made))
    due, *tables = file.tables
    assert ["首次联系时限（2026年11月1日到期）：周末由*值班组长*联系", "受理渠道（2026年11月22日到期）"] == [
        row.cells[0].text for row in due.rows
    ]
    assert [card.rows for card in found.cards] == [
        [(row.cells[0].text, row.cells[1].text) for row in table.rows] for table in tables
    ]
    headings = [each.text for each in file.paragraphs if each.style and each.style.name == "Heading 2"]
    assert [card.label for card in found.cards] == headings


def test_commands(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cards are written as Word or Markdown, and what is due is listed."""
    monkeypatch.chdir(copied(tmp_path))
    (tmp_path / "notes").mkdir()
    notes = tmp_path / "notes" / "appliances.yml"
    assert (0, f"{NOTHING_DUE}\n", "") == ran(capsys, "cards", "appliances", "--due")
    notes.write_text(NOTES.replace("channels", "repair"), encoding="utf-8")
    code, out, err = ran(capsys, "cards", "appliances", "--due")
    assert (0, "") == (code, err)
    assert out.startswith("首次联系时限（2026年11月1日到期）：周末由*值班组长*联系\n")
    code, out, err = ran(capsys, "cards", "appliances", "-o", "a.docx")
    assert (0, "") == (code, err)
    assert out.startswith("已写入 a.docx（")
    assert 0 == ran(capsys, "cards", "appliances", "-o", "a.md")[0]
    assert zipfile.is_zipfile("a.docx")
    assert Path("a.md").read_text(encoding="utf-8").startswith("# 示例家电有限公司 客户服务承诺卡\n")
    notes.write_text("response: {first_contct: {note: 甲}}", encoding="utf-8")
    said = (
        "notes/appliances.yml:1:12: 没有“response.first_contct”这个空白（是不是“response.first_contact”？）；"
        "改正，或者删去它 (bad-note)\n1个问题，没有写出任何文件。\n"
    )
    assert (1, "", said) == ran(capsys, "cards", "appliances", "-o", "b.md")
    assert not Path("b.md").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "用 -o 写明文件名，或者用 --due 列出到期应复核的承诺；两者选一种。\n"),
        (["--due", "-o", "a.md"], "用 -o 写明文件名，或者用 --due 列出到期应复核的承诺；两者选一种。\n"),
        (["-o", "a.pdf"], "a.pdf 不是 .docx 或者 .md；文件名写成如 承诺卡.docx。\n"),
    ],
)
def test_wrong_words(
    capsys: pytest.CaptureFixture[str],
    noted: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    said: str,
) -> None:
    """What could not run says why."""
    monkeypatch.chdir(noted)
    assert (2, "", said) == ran(capsys, "cards", "acme", *words)


def test_notes_of_no_company(noted: Path, found: Callable[..., list[str]]) -> None:
    """A file of notes that belongs to no company is named by `check`."""
    (noted / "notes" / "acme.yml").rename(noted / "notes" / "acne.yml")
    line = "notes/acne.yml:1:1: 没有“acne”这家公司（是不是“acme”？）；改文件名，或者删去它 (bad-note)"
    assert line in found(noted)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=80)
    | st.text(max_size=80).map(lambda text: f"response: {text}".encode("utf-8", "replace"))
)
def test_any_bytes_as_notes(noted: Path, data: bytes) -> None:
    """Any bytes as notes are read or refused, never a traceback."""
    (noted / "notes" / "acme.yml").write_bytes(data)
    notes = read_notes(noted, "acme", project_module.load(noted).catalogue)
    assert all(problem.path == "notes/acme.yml" for problem in notes.problems)


def test_notes_never_reach_the_site(tmp_path: Path) -> None:
    """No file of a built site holds a word of the notes, and the site is the same as without them."""
    root = copied(tmp_path / "project")
    assert 0 == mkdocs(root, "build", "-q", "-d", str(tmp_path / "bare")).returncode
    (root / "notes").mkdir()
    text = "response: {first_contact: {note: 内部口径勿外传, review_by: 2031-12-31}}"
    (root / "notes" / "appliances.yml").write_text(text, encoding="utf-8")
    assert 0 == mkdocs(root, "build", "-q", "-d", str(tmp_path / "site")).returncode
    site = {path.relative_to(tmp_path / "site"): path.read_bytes() for path in files(tmp_path / "site")}
    assert site.keys() == {path.relative_to(tmp_path / "bare") for path in files(tmp_path / "bare")}
    for secret in ("内部口径勿外传".encode(), b"2031-12-31", "2031年12月31日".encode()):
        assert [] == [name for name, data in site.items() if secret in data]


def files(folder: Path) -> list[Path]:
    """Return every file below *folder*."""
    return [path for path in folder.rglob("*") if path.is_file()]
