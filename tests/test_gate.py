"""What may not be published, and the review and the diff as a person runs them in a repository."""

from __future__ import annotations

import datetime
import html
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from changing import CASES, Case, edited, laid, read
from commands import ran
from copies import ROOT, copied
from repository import ALONE, committed, git, made

from pledge import project as project_module
from pledge import review as review_module
from pledge import schema
from pledge.change import CompanyChange, Finding
from pledge.company import today as current_day
from pledge.compare import compare
from pledge.gate import altered
from pledge.policy import load as load_policy
from pledge.policy import stricter
from pledge.problem import Problem
from pledge.review import LIMIT, MARK, Review, comment

ALL = read(CASES / "gate")
RULES = {
    "weaker-not-named",
    "weakens-stale",
    "notice-too-short",
    "note-missing",
    "withdrawal-unexplained",
    "number-unchanged",
    "approval-missing",
    "history-lost",
}


KNOWN = "可用的有：weaker、unclear、changed、better"


# The rules of the gate, as data


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in ALL])
def test_gate_says(case: Case, tmp_path: Path, today: datetime.date) -> None:
    """What stands in the way of a change is said in whole lines, and nothing else is."""
    old, new = case.states(tmp_path)
    projects = project_module.load(old), project_module.load(new)
    review = review_module.review(*projects, compare(old, new, today), today, [])
    assert case.gate == [problem.text() for problem in review.gate]


def test_every_rule_of_the_gate_stops_something() -> None:
    """Each rule of the gate has a case that it stops; most cases of the rest pass."""
    stopped = {line.rpartition("(")[2].rstrip(")") for case in ALL for line in case.gate}
    assert RULES == stopped
    assert len([case for case in ALL if not case.gate]) > len(RULES)


def test_released_files_that_changed() -> None:
    """A released file that is changed or gone is told; the list of sums and new editions may grow."""
    before = {"editions/a/1/edition.yml": "x", "editions/a/1/charter.md": "y", "editions/SHA256SUMS": "z"}
    now = {
        **before,
        "editions/a/1/edition.yml": "w",
        "editions/SHA256SUMS": "v",
        "editions/a/2/edition.yml": "u",
    }
    del now["editions/a/1/charter.md"]
    way = "从 git 恢复它，内容有误就发布新的版本改正 (released-altered)"
    assert [
        f"editions/a/1/edition.yml:1:1: 已发布的文件被改动；{way}",
        f"editions/a/1/charter.md:1:1: 已发布的文件被删去；{way}",
    ] == [problem.text() for problem in altered(before, now)]
    assert [] == list(altered(before, before))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("notice: 一周\n", "catalogue/review.yml:1:9: 评审设置的 notice 写成如“7日” (catalogue-shape)"),
        ("notice: [7日]\n", "catalogue/review.yml:1:9: 评审设置的 notice 写成如“7日” (catalogue-shape)"),
        ("notice: 5个工作日\n", "catalogue/review.yml:1:9: 评审设置的 notice 写成如“7日” (catalogue-shape)"),
        (
            "approvals: {worse: [总经理]}\n",
            f"catalogue/review.yml:1:13: 评审设置的 approvals 没有“worse”；{KNOWN} (catalogue-shape)",
        ),
        (
            "approvals: {weaker: {总经理: 是}}\n",
            "catalogue/review.yml:1:21: 评审设置的“weaker”应当是一个列表，如 [甲, 乙] (catalogue-shape)",
        ),
    ],
)
def test_rules_of_review_that_cannot_be_read(tmp_path: Path, text: str, line: str) -> None:
    """A mistake in the settings of the review has its place, and the defaults hold."""
    edited(tmp_path, "catalogue/review.yml", text)
    policy = load_policy(tmp_path)
    assert [line] == [problem.text() for problem in policy.problems]
    assert (7, {}) == (policy.notice_days, policy.approvals)


def test_stricter_policy_holds(tmp_path: Path) -> None:
    """Of two settings the longer notice and all approvals hold."""
    edited(tmp_path / "old", "catalogue/review.yml", "notice: 30日\napprovals: {weaker: [甲, 乙]}\n")
    edited(
        tmp_path / "new", "catalogue/review.yml", "notice: 1日\napprovals: {weaker: [乙, 丙], better: [丁]}\n"
    )
    old, new = load_policy(tmp_path / "old"), load_policy(tmp_path / "new")
    both = stricter(old, new)
    assert 30 == both.notice_days == stricter(new, old).notice_days
    assert {"weaker": ("甲", "乙", "丙"), "better": ("丁",)} == {
        verdict: offices for verdict, offices in both.approvals.items() if offices
    }


# A repository, and commands in it

UNNAMED = (
    "variables/beta.yml:10:10: 答复时限（2日 → 3日）对客户变差，edition.weakens 没有写明；"
    "改回来，或者写上“weakens: [offer.reply]” (weaker-not-named)"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with one commit of the small project, beta's edition in force in a month."""
    root = laid(tmp_path_factory.mktemp("template") / "repository")
    edited(root, "beta", {'edition: {number: "1", effective: 2026-12-01}': edition("1", 30)})
    (root / schema.PATH).write_text(schema.company_schema(project_module.load(root)), encoding="utf-8")
    committed(made(root))
    return root


@pytest.fixture
def repository(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a copy of the repository."""
    root = Path(shutil.copytree(template, tmp_path / "repository", symlinks=True))
    monkeypatch.chdir(root)
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    return root


def edition(number: str, days: int, **more: str) -> str:
    """Return the line of an edition in force in so many days."""
    told = {"number": f'"{number}"', "effective": in_days(days), "note": "首次发布", **more}
    return f"edition: {{{', '.join(f'{key}: {text}' for key, text in told.items())}}}"


def in_days(days: int) -> str:
    """Return the day that many days from today."""
    return (current_day() + datetime.timedelta(days=days)).isoformat()


def worsened(root: Path, number: str = "2", days: int = 30, **more: str) -> None:
    """Make beta's reply slower in the next edition."""
    edited(root, "beta", {"reply: 2日": "reply: 3日", edition("1", 30): edition(number, days, **more)})


def gated(capsys: pytest.CaptureFixture[str], base: str = "main") -> tuple[int | str | None, list[str]]:
    """Return the exit code of a gated review and, as plain text, the lines of what stands in the way."""
    code, out, _ = ran(capsys, "review", "--base", base, "--gate")
    return code, [html.unescape(line) for line in out.splitlines() if line.startswith("- ❌")]


def test_review_of_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing changed the comment says so, and there is nothing to do."""
    assert repository == Path.cwd()
    parts = [
        "**对客户的承诺没有改动。**",
        "### 与法定标准",
        "改动的承诺没有对应的法定标准，检查也没有错误。",
        "### 闸门",
        "✅ 通过。",
        "### 下一步",
        "1. 没有要做的事，可以合并。",
        f"{MARK}\n",
    ]
    assert (0, "\n\n".join(parts), "") == ran(capsys, "review", "--base", "HEAD", "--gate")


def test_files_that_are_not_compared(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is compared item by item is not told again; another one is for a person to read."""
    for name in ("mkdocs.yml", "overrides/`x`.html", "README.md", "tests/x.py"):
        path = repository / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{path.read_text('utf-8') if path.exists() else ''}# x\n", encoding="utf-8")
    code, out, _ = ran(capsys, "review", "--base", "HEAD", "--gate")
    parts = out.split("\n\n")
    at = parts.index("### 其他文件")
    assert (0, ["- mkdocs.yml", "- overrides/&#96;x&#96;.html"]) == (code, parts[at + 2].splitlines())
    assert "1. 请工程师看过“其他文件”里的改动。" in parts


def test_review_of_something_weaker(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is weaker stops the gate until it is named and numbered; without the gate it is only told."""
    edited(repository, "beta", {"reply: 2日": "reply: 3日"})
    lines = [
        "- ❌ variables/beta.yml:2:19: 承诺或者条文有改动，版本号仍是“1”；改成新的版本号 (number-unchanged)",
        f"- ❌ {UNNAMED}",
    ]
    assert (1, lines) == gated(capsys)
    assert 0 == ran(capsys, "review", "--base", "main")[0]


def test_review_of_something_weaker_that_is_announced(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is weaker, named, in time and numbered passes; people are asked to look and to release it."""
    worsened(repository, weakens="[offer.reply]")
    code, out, _ = ran(capsys, "review", "--base", "main", "--gate")
    assert 0 == code
    assert "**另一示例公司：1项变差；等人确认后可以发布。**" == out.splitlines()[0]
    assert out.split("### 下一步\n\n")[1].split("\n\n")[0].splitlines() == [
        "1. 请负责的人逐项看过“变差”的事项和条文，确认是有意作出的。",
        "2. 版本说明没有改，仍是“首次发布”；确认它说的是这一版，不是上一版。",
        "3. 合并之前运行 `pledge release beta`，把版本 2 的文字一并提交。",
    ]
    edited(repository, "beta", {"note: 首次发布": "note: 答复改为3日"})
    assert "版本说明没有改" not in ran(capsys, "review", "--base", "main")[1]


@pytest.mark.parametrize(("days", "code"), [(6, 1), (7, 0)])
def test_notice_period_counts_from_today(
    repository: Path, capsys: pytest.CaptureFixture[str], days: int, code: int
) -> None:
    """The notice period runs from the day of the review."""
    worsened(repository, days=days, weakens="[offer.reply]")
    line = (
        f"- ❌ variables/beta.yml:2:35: 答复时限变差或者需人判断，施行日期{in_days(days)}"
        f"早于评审之日加7日的通知期；改为{in_days(7)}或者以后 (notice-too-short)"
    )
    assert (code, [line] if code else []) == gated(capsys)


def test_review_of_a_branch_leaves_out_what_main_did_since(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A branch answers for its own changes, not for those it has not taken up yet."""
    git(repository, "switch", "--quiet", "-c", "branch")
    committed(repository, "分支")
    git(repository, "switch", "--quiet", "main")
    edited(repository, "beta", {"reply: 2日": "reply: 1日"})
    committed(repository, "主干")
    git(repository, "switch", "--quiet", "branch")
    assert (0, []) == gated(capsys)


def test_two_steps_do_not_flip_a_direction(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several commits of a branch are judged as one, by the catalogue that it started from."""
    git(repository, "switch", "--quiet", "-c", "branch")
    share = "{label: 按时率, kind: percent, better: %s, example: 95%%}"
    edited(repository, "catalogue/blanks/offer.yml", {share % "higher": share % "lower"})
    committed(repository, "方向")
    edited(repository, "beta", {"share: 95%": "share: 50%", edition("1", 30): edition("2", 30)})
    committed(repository, "数值")
    code, lines = gated(capsys)
    assert 1 == code
    assert (
        "- ❌ variables/beta.yml:14:10: 按时率（95% → 50%）对客户变差，edition.weakens 没有写明；"
        "改回来，或者写上“weakens: [offer.share]” (weaker-not-named)"
    ) in lines


RELEASED = "editions/beta/1/returns.md"


def released(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Release beta and commit it."""
    assert (0, "已发布 editions/beta/1/\n", "") == ran(capsys, "release", "beta")
    committed(root, "发布")


@pytest.mark.parametrize(("done", "word"), [("altered", "被改动"), ("deleted", "被删去")])
def test_released_edition_that_is_touched(
    repository: Path, capsys: pytest.CaptureFixture[str], done: str, word: str
) -> None:
    """A released text that is altered or deleted stops the gate, whatever else changed."""
    released(repository, capsys)
    path = repository / RELEASED
    if done == "altered":
        path.write_bytes(path.read_bytes() + b" ")
    else:
        path.unlink()
    way = "从 git 恢复它，内容有误就发布新的版本改正 (released-altered)"
    line = f"- ❌ {RELEASED}:1:1: 已发布的文件{word}；{way}"
    assert (1, [line]) == gated(capsys)
    committed(repository, "改动旧版本")
    assert (1, [line]) == gated(capsys, "HEAD~1")


def test_releasing_alters_nothing(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new edition and the longer list of sums pass the gate."""
    released(repository, capsys)
    worsened(repository, days=40, weakens="[offer.reply]")
    assert (0, "已发布 editions/beta/2/\n", "") == ran(capsys, "release", "beta")
    assert (0, []) == gated(capsys)


def test_next_edition_may_be_prepared_in_several_changes(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an earlier change named stays named until the edition is released, and while it is."""
    released(repository, capsys)
    worsened(repository, days=40, weakens="[offer.reply, 'returns#limits']")
    edited(repository, "docs/guarantees/returns.md", {"{: #limits .notice }": "{: #limits }"})
    assert (0, []) == gated(capsys)
    committed(repository, "变差")
    edited(repository, "beta", {"share: 95%": "share: 99%"})
    assert (0, []) == gated(capsys, "HEAD")
    assert 0 == ran(capsys, "release", "beta")[0]
    assert (0, []) == gated(capsys, "HEAD")
    edited(repository, "beta", {"share: 99%": "share: 98%"})
    rules = [line.rpartition("(")[2] for line in gated(capsys, "HEAD")[1]]
    assert ["number-unchanged)", "release-unreviewed)"] == rules


def stopped(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what stands in the way since the last commit, without the mark and the place."""
    return [line.partition(": ")[2] for line in gated(capsys, "HEAD")[1]]


def test_an_edition_is_what_was_reviewed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edition that was released with other values, or a second one after it, does not pass unseen."""
    edited(repository, "beta", {edition("1", 30): edition("2", 50), "share: 95%": "share: 90%"})
    assert 0 == ran(capsys, "release", "beta")[0]
    edited(repository, "beta", {"share: 90%": "share: 95%"})
    other = "最新的版本2与现在的文本不同；删去它，改好变量文件再发布 (release-unreviewed)"
    assert [other] == stopped(capsys)
    edited(repository, "beta", {edition("2", 50): edition("3", 60)})
    assert 0 == ran(capsys, "release", "beta")[0]
    assert ["一次发布了2个版本（2、3）；一次评审只发布一个 (release-unreviewed)"] == stopped(capsys)


def test_what_cannot_be_released_does_not_pass(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The gate asks of a new number what the release will ask of it."""
    released(repository, capsys)
    edited(repository, "beta", {edition("1", 30): edition("a..b", 20), "share: 95%": "share: 99%"})
    assert [
        ("版本号“a..b”要用作网址：以数字开头，只用数字、字母、点和连字符；写成如“2026.1” (release-refused)"),
        f"施行日期{in_days(20)}不晚于上一版1的{in_days(30)}；改为更晚的日期 (release-refused)",
    ] == stopped(capsys)


def test_history_stays_with_its_company(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A company that no longer names its former id would lose its editions."""
    edited(repository, "beta", {"publish: [returns]": "publish: [returns]\nformerly: [alpha]"})
    committed(repository, "改代号")
    edited(repository, "beta", {"formerly: [alpha]\n": "", "share: 95%": "share: 99%"})
    lost = "formerly 里不再写“alpha”，它的版本就接不上；写回“formerly: [alpha]” (history-lost)"
    assert lost in stopped(capsys)


# Revisions, folders, and what cannot be compared


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Return what changed between two states, short."""
    code, out, _ = ran(capsys, "diff", *words, "--format", "json")
    assert 0 == code
    return [f"{found['rule']} {found['before']} -> {found['after']}" for found in json.loads(out)]


def test_states_of_a_diff(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A diff is of the last commit and the working tree, unless two states are named; both ways differ."""
    edited(repository, "beta", {"reply: 2日": "reply: 3日"})
    committed(repository, "第二次提交")
    edited(repository, "beta", {"reply: 3日": "reply: 5日"})
    assert ["time-longer 3日 -> 5日"] == told(capsys)
    assert ["time-longer 2日 -> 5日"] == told(capsys, "HEAD~1")
    assert ["time-longer 2日 -> 3日"] == told(capsys, "HEAD~1", "HEAD")
    assert ["time-shorter 3日 -> 2日"] == told(capsys, "HEAD", "HEAD~1")
    assert [] == told(capsys, "HEAD", "main")


def test_diff_of_two_folders(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two folders can be compared where there is no repository, no project and no git."""
    shutil.copytree(repository, tmp_path / "new", ignore=shutil.ignore_patterns(".git"))
    edited(tmp_path / "new", "beta", {"reply: 2日": "reply: 3日"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ["time-longer 2日 -> 3日"] == told(capsys, "repository", "new")
    assert ["time-shorter 3日 -> 2日"] == told(capsys, "new", "repository")


def test_project_in_a_folder_of_a_repository(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A project below the top of its repository is compared and gated like any other."""
    top = made(tmp_path / "top")
    shutil.copytree(repository, top / "site", ignore=shutil.ignore_patterns(".git"))
    monkeypatch.chdir(top / "site")
    assert (0, "已发布 editions/beta/1/\n", "") == ran(capsys, "release", "beta")
    committed(top)
    edited(top / "site", "beta", {"reply: 2日": "reply: 3日"})
    (top / "site" / RELEASED).unlink()
    assert ["time-longer 2日 -> 3日"] == told(capsys)
    rules = [line.rpartition("(")[2] for line in gated(capsys)[1]]
    assert ["released-altered)", "number-unchanged)", "weaker-not-named)"] == rules


@pytest.mark.parametrize("command", [("diff", "missing"), ("review", "--base", "missing")])
def test_missing_revision(
    repository: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    """A revision that does not exist is a clear word and exit 2."""
    assert (repository / ".git").is_dir()
    line = "git 中没有“missing”这个版本；git log --oneline 列出有哪些。\n"
    assert (2, "", line) == ran(capsys, *command)


def test_no_repository(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a repository the way out is named."""
    shutil.rmtree(repository / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.parent))
    line = "这里不是 git 仓库；先运行 git init，或者比较两个文件夹。\n"
    assert (2, "", line) == ran(capsys, "diff")
    assert (2, "", line) == ran(capsys, "review", "--base", "HEAD")


def test_file_that_is_broken_now(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be read now is told with its place; nothing is compared."""
    edited(repository, "beta", {"reply: 2日": "reply: 两天"})
    line = (
        "variables/beta.yml:10:10: 答复时限：“两天”不是数字加单位；写成如“2分钟”，"
        "单位可用：分钟、小时、日、工作日、个月 (wrong-kind)\n现在的状态有错误，不能比较；先改正它们。\n"
    )
    assert (2, "", line) == ran(capsys, "diff")
    assert (2, "", line) == ran(capsys, "review", "--base", "main", "--gate")


def test_catalogue_that_was_broken(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A base whose catalogue cannot be read is refused; one whose file cannot be read is for a person."""
    text = (repository / "catalogue/blanks/offer.yml").read_text(encoding="utf-8")
    edited(repository, "catalogue/blanks/offer.yml", "label: [\n")
    committed(repository, "写坏")
    edited(repository, "catalogue/blanks/offer.yml", text)
    code, out, err = ran(capsys, "diff")
    assert (2, "") == (code, out)
    assert "原来的状态有错误，不能比较；换一个可以比较的版本。" == err.splitlines()[-1]
    edited(repository, "beta", {"reply: 2日": "reply: 两天"})
    committed(repository, "写坏一个值")
    edited(repository, "beta", {"reply: 两天": "reply: 2日"})
    assert ["unreadable-before （读不出） -> 2日"] == told(capsys)


def test_rules_of_review_that_are_broken_stop_the_gate(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistake in catalogue/review.yml is an error of the check."""
    edited(repository, "catalogue/review.yml", "notice: 一周\n")
    assert (1, ["- ❌ 检查另有1个错误；运行 `pledge check` 查看"]) == gated(capsys)


# Forms


def test_form_for_machines(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding as JSON has what changed, from what to what, by which rule, and where it stands."""
    edited(repository, "beta", {"reply: 2日": "reply: 3日"})
    code, out, _ = ran(capsys, "diff", "--format", "json")
    (found,) = json.loads(out)
    assert 0 == code
    assert {
        "company": "beta",
        "subject": "offer.reply",
        "label": "答复时限",
        "before": "2日",
        "after": "3日",
        "verdict": "weaker",
        "rule": "time-longer",
        "blank": "offer.reply",
        "item": "",
        "old": {"path": "variables/beta.yml", "line": 10, "column": 10},
        "new": {"path": "variables/beta.yml", "line": 10, "column": 10},
        "spoken": [{"variant": "returns", "title": "退货承诺型", "clause": "reply", "number": "1.2"}],
        "fingerprint": "61dc32cdc7d3",
    } == found


def test_form_for_annotations(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding as an annotation stands on its line; what vanished stands at the top of its file."""
    edited(repository, "beta", {"reply: 2日": "reply: 3日", "tries: 3次": "tries: 2次"})
    edited(repository, "acme", {"  channels: [电话, 邮件]\n": ""})
    edited(repository, "acme-east", {"base: acme": "draft: true\nbase: acme"})
    code, out, _ = ran(capsys, "diff", "--format", "github")
    assert 0 == code
    assert [
        "error file=acme.yml,line=1,col=1,title=promise-removed::变差：受理渠道 [-电话、邮件-]",
        "error file=acme-east.yml,line=1,col=1,title=company-withdrawn::变差：示例经营部 [-公布-]",
        "error file=beta.yml,line=10,col=10,title=time-longer::变差：答复时限 [-2日-]{+3日+}",
        "notice file=beta.yml,line=18,col=10,title=charge-lower::变好：换货前的修理 [-3次-]{+2次+}",
    ] == [line.replace("file=variables/", "file=").removeprefix("::") for line in out.splitlines()]


def test_text_as_a_person_reads_it(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The diff says the verdict, the change, its place and fingerprint, and what the customer reads."""
    edited(repository, "beta", {"reply: 2日": "reply: 3日"})
    lines = [
        "beta（另一示例公司）：1项变差",
        "  变差　答复时限　[-2日-]{+3日+}",
        "        variables/beta.yml:10:10（time-longer 61dc32cdc7d3）",
        "        见于《退货承诺型》1.2",
        "",
        "  《退货承诺型》客户读到的文字",
        "    │ 1.2 我方在[-2日-]{+3日+}内答复，热线周一至周五 9:00-18:00有人接听。",
    ]
    assert (0, "\n".join(lines) + "\n", "1家公司有改动：1项变差。\n") == ran(capsys, "diff")


HOSTILE = "@octocat #1 <b>x</b> **b** `c` [a](https://e.example/) | ::error::x %0A ##[error]y"
# What must not stand in a form that is rendered.
LIVE = {
    "markdown": ("<b>x", "@octocat", "**b**", "[a](http", "`c`", "##[", "://e.example"),
    "html": ("<b>x",),
}


def hostile(root: Path) -> None:
    """Put a hostile text into the name, into a value and into a row."""
    quoted = json.dumps(HOSTILE)
    names = {"name: 另一示例公司": f"name: {quoted}", "maker: 示例牌": f"maker: {quoted}"}
    edited(root, "beta", {**names, "item: 水壶": f"item: {quoted}", "[电话, 邮件]": f"[电话, {quoted}]"})


@pytest.mark.parametrize("form", LIVE)
def test_hostile_text_is_only_text(repository: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """No value is a tag, a link or a mention in a form that is rendered."""
    hostile(repository)
    code, out, _ = ran(capsys, "diff", "--format", form)
    assert 0 == code
    assert [] == [sign for sign in LIVE[form] if sign in out]


def test_hostile_text_in_a_review(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The comment has no line that starts with a command, and no table row of another width."""
    hostile(repository)
    _, out, _ = ran(capsys, "review", "--base", "main")
    assert [] == [sign for sign in LIVE["markdown"] if sign in out]
    assert {7} == {line.count("|") for line in out.splitlines() if line.startswith("|")}


@pytest.mark.parametrize("form", ["text", "github", "markdown", "json", "html"])
def test_hostile_text_starts_no_command(
    repository: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """In a workflow's log no line starts with a command but the annotations themselves."""
    odd = '"::error::x"'
    places = {"maker: 示例牌": f"maker: {odd}", "item: 水壶": f"item: {odd}", "[电话, 邮件]": f"[{odd}]"}
    edited(repository, "beta", {**places, "signatory: 李示例": f"signatory: {odd}"})
    _, out, err = ran(capsys, "diff", "--format", form)
    lines = [line.lstrip() for line in (*out.splitlines(), *err.splitlines())]
    commands = [line for line in lines if line.startswith("::")]
    assert (form == "github") == bool(commands)
    known = ("::error file=variables/", "::warning file=variables/", "::notice file=variables/")
    assert [] == [line for line in commands if not line.startswith(known)]


def finding(number: int) -> Finding:
    """Return one of many findings."""
    return Finding("beta", f"offer.b{number}", f"第{number}项承诺", "2日", "3日", "weaker", "time-longer")


@pytest.mark.parametrize("count", [1, 400, 5000])
def test_comment_fits(count: int) -> None:
    """A comment of any number of changes fits, and one that was cut names the whole page first."""
    changes = [CompanyChange("beta", "另一示例公司", [finding(number) for number in range(count)])]
    text = comment(Review(changes), "评审.html")
    assert len(text) <= LIMIT
    assert text.endswith(f"{MARK}\n")
    assert f"**另一示例公司：{count}项变差；等人确认后可以发布。**" == text.splitlines()[0]
    pointer = "**内容太长，这里没有列全。**完整的红线对照见 评审.html。"
    assert (count > 1000) == (pointer in text.splitlines())


def test_comment_with_too_many_problems_fits() -> None:
    """However much stands in the way, the comment fits and can be found again by its mark."""
    gate = [Problem("variables/beta.yml", line, 1, "甲" * 80, "weaker-not-named") for line in range(2000)]
    text = comment(Review([CompanyChange("beta", "另一示例公司", [finding(1)])], gate=gate))
    assert len(text) <= LIMIT
    assert text.endswith(f"{MARK}\n")


def test_whole_page_beside_the_comment(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page with every redline is written beside the comment."""
    worsened(repository, weakens="[offer.reply]")
    code, _, _ = ran(capsys, "review", "--base", "main", "--html", "review.html")
    assert 0 == code
    assert "<del>2日</del><ins>3日</ins>" in (repository / "review.html").read_text(encoding="utf-8")


# As processes


PLEDGE = str(ROOT / ".venv" / "bin" / "pledge")


def test_commands_as_processes(tmp_path: Path) -> None:
    """In a copy of the real project the commands end as they should."""
    root = copied(made(tmp_path / "repository"))
    committed(root)
    path = root / "variables" / "it-services.yml"
    text = path.read_text(encoding="utf-8")
    exits = [process(root, "review", "--base", "HEAD", "--gate")]
    path.write_text(f"{text}\nx: 1\n", encoding="utf-8")
    exits += [process(root, "diff"), process(root, "diff", "--nothing")]
    path.unlink()
    exits += [process(root, "diff"), process(root, "review", "--base", "HEAD", "--gate")]
    assert [0, 2, 2, 0, 1] == exits


def process(root: Path, *words: str) -> int:
    """Return the exit code of a command, which must not end in a traceback."""
    environment = {**os.environ, **ALONE}
    done = subprocess.run(
        [PLEDGE, *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode
