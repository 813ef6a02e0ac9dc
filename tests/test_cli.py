"""The commands as a person types them, the wrong words too: what is printed, and the exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands import ran
from copies import copied

from pledge.change import change_rules
from pledge.problem import rules

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = (
    "build、cards、diff、review、check、explain、schema、release、verify、seal、import、new、export、"
    "verify-copy、sheet、table"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the project."""
    copied(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], f"没有“chekc”这个命令（是不是“check”？）；可用的有：{KNOWN}\npledge --help 有说明。\n"),
        (["check", "--format", "x"], "--format 只能是：text、github、json\npledge check --help 有说明。\n"),
        (["check", "--nope"], "没有“--nope”这个选项\npledge check --help 有说明。\n"),
        (["explain", "a", "b"], "多写了参数\npledge explain --help 有说明。\n"),
        (["build", "-o"], "选项“-o”后面要写一个值\npledge --help 有说明。\n"),
        (["explain", "below"], "没有“below”这条规则（是不是“below-law”？）；pledge explain 列出全部。\n"),
    ],
)
def test_wrong_words_are_answered_in_chinese(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """A command that could not run says why and what to write instead, and exits with 2."""
    assert (2, "", said) == ran(capsys, *words)


def test_build_of_an_unknown_company(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """An unknown company is answered with those there are; nothing is written."""
    said = "没有“onlineshop”这家公司（是不是“online-shop”？）；variables/ 下有："
    code, out, err = ran(capsys, "build", "onlineshop")
    assert (2, "") == (code, out)
    assert err.startswith(said)
    assert not (project / "site").exists()


@pytest.mark.parametrize(
    "verb",
    ["", "check", "explain", "build", "schema", "cards", "sheet", "sheet export", "sheet import", "new"],
)
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    """`--help` of every verb exits with 0 and holds no English sentence."""
    code, out, err = ran(capsys, *verb.split(), "--help")
    assert (0, "") == (code, err)
    assert out.startswith(f"用法：pledge {verb}".rstrip())
    for english in ("Usage", "Options", "Commands", "Show this", "exit."):
        assert english not in out


def test_no_verb_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a verb the help is shown."""
    code, _, err = ran(capsys)
    assert 2 == code
    assert "用法：pledge 命令" in err


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` lists every rule, and says of one what it wants, why, and the way out."""
    code, out, _ = ran(capsys, "explain")
    listed = [f"{rule.id}\t{rule.title}" for known in (rules(), change_rules()) for rule in known.values()]
    assert (0, listed) == (code, out.splitlines())
    entry = rules()["draft"]
    wanted = f"draft（错误）：{entry.title}\n\n为什么：{entry.why}\n怎样改：{entry.fix}\n"
    assert (0, wanted, "") == ran(capsys, "explain", "draft")
    change = change_rules()["time-longer"]
    wanted = f"time-longer（变差）：{change.title}\n\n为什么：{change.why}\n"
    assert (0, wanted, "") == ran(capsys, "explain", "time-longer")


def test_formats(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """The same problem as text, as a workflow annotation and as JSON."""
    path = project / "variables" / "online-shop.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("email: service@", "email: service,%@"), encoding="utf-8")
    message = "服务邮箱：“service,%@shop.example.com”不是邮箱地址；写成如“service@example.com”"
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "email: service@" in line)
    assert (
        1,
        f"variables/online-shop.yml:{line}:10: {message} (bad-email)\n",
        "1个错误，0个警告。\n",
    ) == ran(capsys, "check")
    escaped = message.replace("%", "%25")
    place = f"file=variables/online-shop.yml,line={line},col=10,title=bad-email"
    assert (1, f"::error {place}::{escaped}\n", "") == ran(capsys, "check", "--format", "github")
    code, out, _ = ran(capsys, "check", "--format", "json")
    found = {
        "path": "variables/online-shop.yml",
        "line": line,
        "column": 10,
        "message": message,
        "rule": "bad-email",
        "level": "error",
    }
    assert (1, [found]) == (code, json.loads(out))


def test_nothing_wrong(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """Without problems `check` says so; as JSON it is an empty array."""
    assert project.exists()
    assert (0, "", "没有问题。\n") == ran(capsys, "check")
    assert (0, "[]\n", "") == ran(capsys, "check", "--format", "json")


def test_one_file_alone(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """Named files are checked without the rest of the project."""
    (project / "variables" / "online-shop.yml").write_text("x", encoding="utf-8")
    assert (0, "", "没有问题。\n") == ran(capsys, "check", "variables/appliances.yml")


def test_a_dealer_does_not_inherit_who_the_base_is(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """What tells one company from another is never taken from the base."""
    path = project / "variables" / "appliances-east.yml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if "  address:" in line)
    kept = [line for number, line in enumerate(lines) if number != first and "  icp:" not in line]
    path.write_text("".join(kept), encoding="utf-8")
    said = (
        "variables/appliances-east.yml:6:1: 缺少 company.address（注册地址），公开声明型要用到它；"
        "写成如“北京市示例区示例路1号” (missing-blank)\n"
    )
    assert (1, said) == ran(capsys, "check")[:2]


def test_a_dealer_adds_nothing_that_only_hurts(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """A list of exempt goods that the base does not have is weaker for the customer."""
    base, dealer = (project / "variables" / f"{name}.yml" for name in ("appliances", "appliances-east"))
    lines = base.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith("  exempt:"))
    kept = [line for number, line in enumerate(lines) if not first <= number <= first + 2]
    base.write_text("".join(kept), encoding="utf-8")
    assert 0 == ran(capsys, "check")[0]
    with dealer.open("a", encoding="utf-8") as file:
        file.write("returns: {exempt: [{goods: 样机, ground: 临期瑕疵, confirm: 提交订单前逐次点选确认}]}\n")
    code, out, _ = ran(capsys, "check")
    assert 1 == code
    assert out.endswith(
        "“appliances”没有不适用无理由退货的商品，加上它对客户更不利；"
        "删去它，或者请对方在 free 中列出 returns.exempt (weaker-than-base)\n"
    )


def test_schema_is_written_beside_and_swapped(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """`schema` makes the file that `check` wants, and leaves nothing beside it."""
    path = project / "catalogue" / "company.schema.json"
    before = path.read_bytes()
    path.write_text("{}", encoding="utf-8")
    assert 1 == ran(capsys, "check")[0]
    assert (0, "已写入 catalogue/company.schema.json\n", "") == ran(capsys, "schema")
    assert before == path.read_bytes()
    assert [] == list(path.parent.glob("*.new"))
