"""Releasing: what an edition holds, that it stays as it was, and that nothing half-done is left."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from copies import copied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledge import edition, release
from pledge.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

PLEDGE = Path(sys.executable).parent / "pledge"
FILE = "variables/appliances.yml"
WARRANTY = "docs/guarantees/warranty.md"
PARTS, ONLY_PARTS = "我方使用合格的新零配件修理。", "我方只使用合格的新零配件修理。"
NOT_LATER = "不晚于上一版2026.1的2026-12-01；改为更晚的日期 (release-refused)"
EDITION = 'edition: {number: "2026.1", effective: 2026-12-01, note: 首次发布}\n'
EXTRA = "editions/appliances/2026.1/extra.md"
SECOND = "editions/appliances/2027.1/edition.yml"
RESTORE = "从 git 恢复它，内容有误就发布新的版本改正"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project without any edition, and stand in it."""
    made = copied(tmp_path / "p")
    shutil.rmtree(made / "editions", ignore_errors=True)
    for path in (made / "variables").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            re.sub(r"^edition:.*\n(?:  .*\n)*", EDITION, text, flags=re.MULTILINE), encoding="utf-8"
        )
    monkeypatch.chdir(made)
    return made


def run(*arguments: str) -> Result:
    """Return what a command printed and how it ended."""
    return CliRunner().invoke(cli, arguments)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that stands exactly once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def append(path: Path, data: bytes) -> None:
    """Add bytes to the end of a file."""
    path.write_bytes(path.read_bytes() + data)


def renumber(root: Path, number: str, effective: str, note: str = "第二版") -> None:
    """Give the company a new edition."""
    edit(root / FILE, 'number: "2026.1"', f'number: "{number}"')
    edit(root / FILE, "effective: 2026-12-01", f"effective: {effective}")
    edit(root / FILE, "note: 首次发布", f"note: {note}")


def second(root: Path) -> None:
    """Release the second edition, with a promise changed, a row changed and a clause reworded."""
    assert run("release", "appliances").exit_code == 0
    renumber(root, "2027.1", "2027-01-01")
    edit(root / FILE, "first_contact: 2小时", "first_contact: 1小时")
    edit(root / FILE, "whole: 2年, main_parts: 10年", "whole: 3年, main_parts: 10年")
    edit(root / WARRANTY, PARTS, ONLY_PARTS)
    assert run("release", "appliances").exit_code == 0


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* with its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_an_edition_holds_the_texts_and_what_they_were_made_of(root: Path) -> None:
    """Number, dates, texts with their hashes and values as a variable file would hold them."""
    assert "已发布 editions/appliances/2026.1/\n" == run("release", "appliances").output
    made = edition.read_edition(root / "editions/appliances/2026.1", root)
    assert [] == made.problems
    assert ("2026.1", "2026-12-01", "首次发布") == (made.number, str(made.effective), made.note)
    assert {path.stem for path in made.folder.glob("*.md")} == set(made.texts)
    assert "整机三包期" in (made.folder / "warranty.md").read_text(encoding="utf-8")
    assert ("首次联系时限", "2小时") == (
        made.values["response.first_contact"].label,
        str(getattr(made.values["response.first_contact"].node, "text", "")),
    )
    assert ({}, []) == (made.previous, made.changes)


def test_the_second_edition_says_what_it_changed(root: Path) -> None:
    """Each change as the customer reads it: a value, a cell, a clause; nothing that follows from them."""
    second(root)
    made = edition.load(root, ["appliances"])
    assert {"number": "2026.1", "sha256": made[0].sha256} == made[1].previous
    assert [
        ("response.first_contact", "首次联系时限", "", "2小时", "1小时"),
        ("warranty.products", "商品三包期限表", "对开门冰箱：整机三包期", "2年", "3年"),
        (
            "warranty#repair-parts",
            "《三包保修型》6.3",
            "",
            "6.3 我方使用合格的新零配件修理。",
            "6.3 我方只使用合格的新零配件修理。",
        ),
    ] == [(each.subject, each.label, each.item, each.before, each.after) for each in made[1].changes]


def test_the_same_inputs_give_the_same_bytes(root: Path) -> None:
    """A release of the same project elsewhere and later is the same to the byte."""
    run("release", "--all")
    first = tree(root / "editions")
    shutil.rmtree(root / "editions")
    run("release", "--all")
    assert first == tree(root / "editions")


def test_sums_are_those_of_the_usual_tool(root: Path) -> None:
    """`sha256sum -c` confirms the list that stands beside the editions."""
    run("release", "--all")
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=root / "editions",
        capture_output=True,
        check=False,
    )
    assert (0, b"") == (done.returncode, done.stdout)


# What is changed in the variable file after the first release, and the lines that refuse the second.
NEXT = (('number: "2026.1", effective: 2026-12-01', 'number: "2026.2", effective: 2027-01-01'),)
NUMBER_AT, DATE_AT = f"{FILE}:5:19:", f"{FILE}:5:40:"
REFUSED: dict[str, tuple[tuple[tuple[str, str], ...], list[str]]] = {
    "released already": (
        (("first_contact: 2小时", "first_contact: 1小时"),),
        [
            f"{NUMBER_AT} 版本2026.1已经发布，不能再发布一次；内容有改动的，改用新的版本号 (release-refused)",
            f"{DATE_AT} 施行日期2026-12-01{NOT_LATER}",
        ],
    ),
    "not after the one before": (
        (('number: "2026.1", effective: 2026-12-01', 'number: "2026.2", effective: 2026-11-30'),),
        [f"{DATE_AT} 施行日期2026-11-30{NOT_LATER}"],
    ),
    "a number that is a path": (
        (('number: "2026.1", effective: 2026-12-01', 'number: "../x", effective: 2027-01-01'),),
        [
            (
                f"{NUMBER_AT} 版本号“../x”要用作网址：以数字开头，只用数字、字母、点和连字符；"
                "写成如“2026.1” (release-refused)"
            )
        ],
    ),
    "without a note": (
        (*NEXT, (", note: 首次发布", "")),
        [f"{FILE}:5:1: 缺少 edition.note；发布前写上，如“note: 首次发布” (release-refused)"],
    ),
    "below the law": (
        (*NEXT, ("  refund: 3日\n  review", "  refund: 8日\n  review")),
        [
            (
                f"{FILE}:113:11: 无理由退货退款时限8日超过"
                "《中华人民共和国消费者权益保护法》第二十五条第三款："
                "上限7日，相差1日；改为不超过7日 (below-law)"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_release_is_refused_with_its_reasons(root: Path, name: str) -> None:
    """Nothing is written, and every reason is a line with a place and a way out."""
    run("release", "appliances")
    before = tree(root / "editions")
    changes, expected = REFUSED[name]
    for old, new in changes:
        edit(root / FILE, old, new)
    done = run("release", "appliances")
    count = f"{len(expected)}个问题，没有发布任何版本。"
    assert (1, [*expected, count]) == (done.exit_code, done.output.splitlines())
    assert before == tree(root / "editions")


def test_one_bad_company_stops_all(root: Path) -> None:
    """Of many companies none is released while one of them has a problem."""
    edit(root / "variables/online-shop.yml", 'number: "2026.1"', 'number: "a b"')
    done = run("release", "--all")
    assert (1, False) == (done.exit_code, (root / "editions").exists())


@pytest.mark.usefixtures("root")
def test_nothing_new_is_no_problem() -> None:
    """A second run finds the text released and says so."""
    run("release", "appliances")
    assert "1家公司没有要发布的改动。\n" == run("release", "appliances").output


def test_new_shared_wording_gets_the_next_wording_number(root: Path) -> None:
    """Every company whose text differs gets 2026.1.1, one note and one date; the others nothing."""
    run("release", "--all")
    edit(root / WARRANTY, PARTS, ONLY_PARTS)
    before = (root / FILE).read_text(encoding="utf-8")
    refused = run("release", "--all")
    assert 1 == refused.exit_code
    assert (
        "variables/appliances.yml:5:19: 承诺没有改动，只有条文改动，将发布为2026.1.1；"
        "写明共同的说明和施行日期：--note 说明 --effective 日期 (release-refused)"
    ) in refused.output
    done = run("release", "--all", "--note", "统一零配件的用语", "--effective", "2027-02-01")
    assert (
        "已发布 editions/appliances-east/2026.1.1/\n"
        "已发布 editions/appliances/2026.1.1/\n"
        "已发布 editions/online-shop/2026.1.1/\n"
        "1家公司没有要发布的改动。\n"
    ) == done.output
    head = 'edition: {number: "2026.1.1", effective: "2027-02-01", note: "统一零配件的用语"}'
    after = before.replace('edition: {number: "2026.1", effective: 2026-12-01, note: 首次发布}', head)
    assert after == (root / FILE).read_text(encoding="utf-8")
    made = edition.load(root, ["appliances"])
    assert ["2026.1", "2026.1.1"] == [each.number for each in made]
    assert "2026.1.1" in (made[1].folder / "charter.md").read_text(encoding="utf-8")
    assert 0 == run("verify").exit_code


@pytest.mark.parametrize(
    ("number", "released", "expected"),
    [
        ("2026.1", {"2026.1"}, "2026.1.1"),
        ("2026.1.1", {"2026.1", "2026.1.1"}, "2026.1.2"),
        ("2026.1", {"2026.1", "2026.1.1", "2026.1.2"}, "2026.1.3"),
        ("2026", {"2026"}, "2026.1"),
        ("A-3", {"A-3"}, "A-3.1"),
    ],
)
def test_wording_numbers(number: str, released: set[str], expected: str) -> None:
    """The wording number counts up below the number of the promises."""
    assert expected == release.wording_number(number, released)


def test_a_dealer_and_a_renamed_company_keep_their_history(root: Path) -> None:
    """With `formerly` the editions of the old id come first, and the chain goes on."""
    run("release", "--all")
    (root / "variables/online-shop.yml").rename(root / "variables/shop.yml")
    (root / "variables/assets/online-shop.svg").rename(root / "variables/assets/shop.svg")
    text = (root / "variables/shop.yml").read_text(encoding="utf-8")
    text = text.replace('number: "2026.1"', 'number: "2026.2"').replace("2026-12-01", "2027-03-01")
    (root / "variables/shop.yml").write_text(f"{text}formerly: [online-shop]\n", encoding="utf-8")
    assert "已发布 editions/shop/2026.2/\n" == run("release", "shop").output
    made = edition.load(root, ["online-shop", "shop"])
    assert made[0].sha256 == made[1].previous["sha256"]
    assert "5个版本都与发布时相同。\n" == run("verify").output


TAMPERED: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a changed figure": (
        lambda folder: edit(folder / "2026.1/warranty.md", "**6.3** 我方使用", "**6.3** 我方可以使用"),
        [f"editions/appliances/2026.1/warranty.md:1:1: 与发布时不同；{RESTORE} (edition-altered)"],
    ),
    "an added byte": (
        lambda folder: append(folder / "2026.1/charter.md", b"\n"),
        [f"editions/appliances/2026.1/charter.md:1:1: 与发布时不同；{RESTORE} (edition-altered)"],
    ),
    "a changed value": (
        lambda folder: edit(folder / "2027.1/edition.yml", "note: 第二版", "note: 第二版。"),
        [f"editions/appliances/2027.1/edition.yml:1:1: 与发布时不同；{RESTORE} (edition-altered)"],
    ),
    "a changed first edition": (
        lambda folder: edit(folder / "2026.1/edition.yml", "note: 首次发布", "note: 首次公布"),
        [
            f"editions/appliances/2026.1/edition.yml:1:1: 与发布时不同；{RESTORE} (edition-altered)",
            f"{SECOND}:1:1: 接不上上一版2026.1，链断了；{RESTORE} (edition-chain)",
        ],
    ),
    "a missing text": (
        lambda folder: (folder / "2027.1/returns.md").unlink(),
        [f"editions/appliances/2027.1/returns.md:1:1: 已发布的文件不见了；{RESTORE} (edition-missing)"],
    ),
    "a file too many": (
        lambda folder: (folder / "2026.1/extra.md").write_text("x", encoding="utf-8"),
        [
            f"{EXTRA}:1:1: 不是发布写成的，没有记入 SHA256SUMS；删去它 (edition-added)",
        ],
    ),
    "an edition in pieces": (
        lambda folder: (folder / "2027.1/edition.yml").write_text("{", encoding="utf-8"),
        [
            f"editions/appliances/2027.1/edition.yml:1:1: 与发布时不同；{RESTORE} (edition-altered)",
            f"{SECOND}:1:1: 版本文件读不出，或者没有内容；从 git 恢复这个文件 (edition-shape)",
        ],
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_and_named(root: Path, name: str) -> None:
    """An altered, missing or added byte is a line that names its file; put back, all is well."""
    second(root)
    folder = root / "editions/appliances"
    before = tree(folder)
    change, expected = TAMPERED[name]
    change(folder)
    done = run("verify")
    assert (1, [*expected, f"{len(expected)}个问题。"]) == (done.exit_code, done.output.splitlines())
    shutil.rmtree(folder)
    for path, data in before.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    assert "2个版本都与发布时相同。\n" == run("verify").output


def test_a_missing_newest_edition_is_found(root: Path) -> None:
    """The list of sums knows the last link of a chain, which no later edition names."""
    second(root)
    shutil.rmtree(root / "editions/appliances/2027.1")
    found = run("verify").output.splitlines()
    assert 8 == sum(line.endswith(f"已发布的文件不见了；{RESTORE} (edition-missing)") for line in found)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_found(released: Path, data: st.DataObject) -> None:
    """Whichever byte of whichever file is changed, cut or added, verify names that file."""
    files = sorted(path for path in released.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    new = data.draw(st.binary(max_size=2).filter(lambda new: new != before[at : at + 1]))
    path.write_bytes(before[:at] + new + before[at + 1 :])
    try:
        done = run("verify")
        assert 1 == done.exit_code
        assert f"editions/{path.relative_to(released).as_posix()}:" in done.output
    finally:
        path.write_bytes(before)


@pytest.fixture
def released(root: Path) -> Path:
    """Return the folder of two editions of one company."""
    second(root)
    return root / "editions"


@pytest.mark.parametrize("delay", [0.35, 0.45, 0.5, 0.55, 0.6, 0.7])
def test_a_killed_release_leaves_whole_editions_or_none(root: Path, delay: float) -> None:
    """Whenever the process is killed, every edition is whole, and a second run makes the rest."""
    with subprocess.Popen([PLEDGE, "release", "--all"], cwd=root, stdout=subprocess.PIPE) as process:
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    for made in (root / "editions").glob("*/2026.1"):
        assert edition.read_edition(made, root).texts.keys() == {path.stem for path in made.glob("*.md")}
    run("release", "--all")
    assert "4个版本都与发布时相同。\n" == run("verify").output
    assert [] == [path.name for path in (root / "editions").rglob(".*")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_line(root: Path) -> None:
    """Where nothing can be written, one line says so."""
    (root / "editions").mkdir()
    (root / "editions").chmod(0o500)
    done = run("release", "appliances")
    assert 2 == done.exit_code


def test_a_file_in_the_place_of_the_editions_is_a_line(root: Path) -> None:
    """A file called editions is no folder; one line says so and nothing is lost."""
    (root / "editions").write_text("mine", encoding="utf-8")
    done = run("release", "appliances")
    assert (2, "mine") == (done.exit_code, (root / "editions").read_text(encoding="utf-8"))
    rest = "上面列出的版本已经写完，其余的没有写；改正后再运行一次"
    assert f"写 editions/ 时出错（已经存在）；{rest}。\n" == done.output


def test_a_sealed_copy_is_recorded_once(root: Path) -> None:
    """Name, address and SHA-256 of the sealed file stand beside the edition and outside its own hash."""
    run("release", "appliances")
    before = edition.read_edition(root / "editions/appliances/2026.1", root).sha256
    (root / "sealed.pdf").write_bytes(b"%PDF-1.7")
    arguments = ("seal", "appliances", "2026.1", "sealed.pdf", "--url", "https://example.com/s.pdf")
    assert "已登记 editions/appliances/2026.1/sealed.yml\n" == run(*arguments).output
    expected = (
        'file: "sealed.pdf"\naddress: "https://example.com/s.pdf"\n'
        f'sha256: "{hashlib.sha256(b"%PDF-1.7").hexdigest()}"\n'
    )
    assert expected == (root / "editions/appliances/2026.1/sealed.yml").read_text(encoding="utf-8")
    again = run(*arguments)
    assert (1, "版本2026.1已经登记过盖章件，不能再改；换了盖章件的，发布新的版本。\n") == (
        again.exit_code,
        again.output,
    )
    assert before == edition.read_edition(root / "editions/appliances/2026.1", root).sha256
    assert 0 == run("verify").exit_code
    edit(root / "editions/appliances/2026.1/sealed.yml", "sealed.pdf", "other.pdf")
    assert (
        f"editions/appliances/2026.1/sealed.yml:1:1: 与发布时不同；{RESTORE} (edition-altered)\n1个问题。\n"
        == run("verify").output
    )


BOTH = "写明发布哪家公司，或者用 --all 发布全部有改动的公司；两者选一种。"
WRONG_WORDS = {
    "release": BOTH,
    "release --all it-services": BOTH,
    "release appliance": (
        "没有“appliance”这家公司（是不是“appliances”？）；variables/ 下有："
        "appliances-east、appliances、it-services、online-shop"
    ),
    "release --all --note x": "--note 和 --effective 要一起写，日期写成如 2026-12-01。",
    "release --all --note x --effective 明天": (
        "--note 或者 --effective 写错了：“明天”不是日期；写成如“2026-12-01”，并核对这一天存在。"
    ),
    "seal appliances ../x f": (
        "appliances 没有发布过版本“../x”；editions/appliances/ 下有哪些，就能登记哪些。"
    ),
}


@pytest.mark.parametrize("words", WRONG_WORDS)
def test_wrong_words_are_answered(root: Path, words: str) -> None:
    """A command that cannot be carried out ends in one Chinese line and exit 2."""
    done = run(*words.split())
    assert (2, f"{WRONG_WORDS[words]}\n") == (done.exit_code, done.output)
    assert not (root / "editions").exists()


def test_no_editions_are_no_problem(root: Path) -> None:
    """A project that has released nothing yet verifies."""
    assert "0个版本都与发布时相同。\n" == run("verify").output
    assert not (root / "editions").exists()


def broken(root: Path, name: str) -> Path:
    """Return a file of the first edition."""
    return root / "editions/appliances/2026.1" / name


NEIGHBOURS: dict[str, Callable[[Path], object]] = {
    "an edition that was altered": lambda root: append(broken(root, "edition.yml"), b"\n"),
    "a text that is gone": lambda root: broken(root, "charter.md").unlink(),
    "an edition that is empty": lambda root: broken(root, "edition.yml").write_bytes(b""),
    "an edition that is gone": lambda root: shutil.rmtree(root / "editions/appliances/2026.1"),
    "a stray file": lambda root: (root / "editions/.DS_Store").write_bytes(b"x"),
    "a link": lambda root: (root / "editions/other").symlink_to("appliances"),
}


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_nothing_is_released_beside_what_is_broken(root: Path, name: str) -> None:
    """Before an edition is chained to the one before, all must be as it was released."""
    run("release", "appliances")
    renumber(root, "2027.1", "2027-01-01")
    NEIGHBOURS[name](root)
    before = tree(root / "editions")
    done = run("release", "appliances")
    assert (1, before) == (done.exit_code, tree(root / "editions"))
    assert done.output.endswith("个问题，没有发布任何版本。\n")


def test_what_a_killed_release_left_is_no_edition(root: Path) -> None:
    """A folder that was being written is swept away and released anew, by one command."""
    run("release", "appliances")
    folder = root / "editions/appliances"
    (folder / "2026.1").rename(folder / ".new-abcdefgh")
    (root / "editions/SHA256SUMS").unlink()
    assert "已发布 editions/appliances/2026.1/\n" == run("release", "appliances").output
    assert "1个版本都与发布时相同。\n" == run("verify").output


def test_an_edition_that_is_not_listed_is_taken_up(root: Path) -> None:
    """Where the list of sums was not reached, verify says so and the next release mends it."""
    second(root)
    path = root / "editions/SHA256SUMS"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "2027.1" not in line), encoding="utf-8")
    way = "没有记入 SHA256SUMS，是发布时中断留下的；运行 pledge release --all 补记 (edition-unlisted)"
    assert f"editions/appliances/2027.1/charter.md:1:1: {way}" == run("verify").output.splitlines()[0]
    run("release", "appliances")
    assert "2个版本都与发布时相同。\n" == run("verify").output


def test_a_list_that_is_gone_is_one_line(root: Path) -> None:
    """Without its list each edition is still measured by its own file; the next release writes it anew."""
    second(root)
    (root / "editions/SHA256SUMS").unlink()
    append(root / "editions/appliances/2026.1/charter.md", b"x")
    gone = "不见了，或者读不出；从 git 恢复它，git 里也没有的，运行 pledge release --all 补记"
    assert [
        f"editions/SHA256SUMS:1:1: {gone} (edition-unlisted)",
        f"editions/appliances/2026.1/charter.md:1:1: 与发布时不同；{RESTORE} (edition-altered)",
        "2个问题。",
    ] == run("verify").output.splitlines()


def test_a_note_that_may_not_be_said_is_not_released(root: Path) -> None:
    """The shared note is checked like any value before it is kept for good."""
    run("release", "--all")
    edit(root / WARRANTY, PARTS, ONLY_PARTS)
    before = tree(root / "editions")
    done = run("release", "--all", "--effective", "2027-02-01", "--note", "解释权归本公司所有")
    assert (1, before) == (done.exit_code, tree(root / "editions"))
    assert "(void-wording)" in done.output


def test_a_note_changed_after_the_release_is_told(root: Path) -> None:
    """What is changed too late is not silently left out."""
    run("release", "appliances")
    edit(root / FILE, "note: 首次发布", "note: 首次公布")
    message = "版本2026.1已经发布，发布以后改的说明不会写进去；改回“首次发布”，或者发布新的版本"
    lines = [f"{FILE}:5:58: {message} (release-refused)", "1个问题，没有发布任何版本。"]
    assert lines == run("release", "appliances").output.splitlines()


def test_a_withdrawal_is_told_once(root: Path) -> None:
    """The edition that withdraws a guarantee says so; the next one does not say it again."""
    run("release", "appliances")
    edit(root / FILE, "declaration, project, ", "declaration, ")
    renumber(root, "2027.1", "2027-01-01", "第二版, withdrawn: [{variant: project, covered: 已经签约的客户}]")
    assert 0 == run("release", "appliances").exit_code
    edit(root / FILE, 'number: "2027.1", effective: 2027-01-01', 'number: "2027.2", effective: 2027-02-01')
    assert 0 == run("release", "appliances").exit_code
    told = [set(made.withdrawn) for made in edition.load(root, ["appliances"])]
    assert [set(), {"project"}, set()] == told


def inherited(root: Path, *heirs: str) -> None:
    """Take a company away and let others continue its editions."""
    (root / "variables/online-shop.yml").unlink()
    for name in heirs:
        append(root / f"variables/{name}.yml", b"formerly: [online-shop]\n")


ORPHANS = {
    (): (
        "没有一家公司接着这些版本；公司改了代号的，在它的变量文件里写“formerly: [online-shop]”，"
        "不再公布的，保留变量文件并写“draft: true”"
    ),
    ("it-services", "appliances"): (
        "appliances、it-services都接着这些版本；只留给一家，从其他公司的 formerly 中删去“online-shop”"
    ),
}


@pytest.mark.parametrize("heirs", ORPHANS)
def test_editions_have_one_heir(root: Path, heirs: tuple[str, ...]) -> None:
    """Editions that no company, or more than one, takes as its own are a problem."""
    run("release", "--all")
    inherited(root, *heirs)
    expected = f"editions/online-shop:1:1: {ORPHANS[heirs]} (edition-orphaned)"
    assert expected in run("verify").output.splitlines()


NO_ADDRESS = ["con", "index.html", "SHA256SUMS", "2026.1.", "..", "-1", "二〇二七", "1" * 40]


@pytest.mark.parametrize("number", NO_ADDRESS)
def test_numbers_that_are_no_address(number: str) -> None:
    """A number is a folder on every system and an address, or it is refused."""
    assert not edition.NUMBER.fullmatch(number)


@pytest.mark.parametrize("number", ["2026.1", "2026.1.12", "V3", "v2-a", "1", "20261201"])
def test_numbers_that_are_used(number: str) -> None:
    """The forms in use are allowed."""
    assert edition.NUMBER.fullmatch(number)
