"""Whatever is put into a file or on the command line, problems come out, never a traceback."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pledge import project as project_module
from pledge.change import change_rules
from pledge.check import check_files
from pledge.cli import cli
from pledge.problem import LEVELS, arrange, as_github, as_json, as_text, rules
from pledge.schema import company_schema

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from click.testing import Result

HERE = Path(__file__).parent
TARGETS = [
    "variables/acme.yml",
    "variables/acme-east.yml",
    "docs/guarantees/charter.md",
    "docs/shared/complaint.md",
    "docs/index.md",
    "catalogue/blanks/response.yml",
    "catalogue/blanks/warranty.yml",
    "catalogue/laws/returns.yml",
    "catalogue/wording.yml",
    "catalogue/company.schema.json",
]
PIECES = [
    *("{{", "}}", "{%", "%}", "{#", "{: #a }", "{% if response.onsite %}", "{% endif %}", "{% else %}"),
    *(
        "---\n",
        "\n",
        "\r\n",
        "\t",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "&a ",
        "*a",
        "!a ",
        "#",
        "|\n",
        "?",
    ),
    *(
        "null",
        "~",
        "true",
        "0",
        "-1",
        "010",
        "1e9",
        "２小时",
        "0小时",
        "999999999999年",
        "999999999999个工作日",
    ),
    *("1小时", "1个工作日", "1日", "3周", "0.3年", "1元", "5%", "全天", "周日至周一 8:00-9:00", "2027-02-29"),
    *("kind: table\n", "kind: duration\n", "kind: count\n", "units: []\n", "better: ordered\n", "key: x\n"),
    *("base: acme\n", "base: acme-east\n", "draft: true\n", "free: [x]\n", "publish: []\n", "level: x\n"),
    *("\ufeff", "\u200b", "\x00", "\ud7ff", "𠮷", "。", "最终解释权", "(", "\\", "[^", "不超过", "不属于"),
    *('{{ law("a") }}', "{{ variant() }}", "{{ capitals(a.b) }}", '{% include "shared/complaint.md" %}'),
]
NOISE = st.one_of(st.sampled_from(PIECES), st.text(max_size=12))
EDITS = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 60), NOISE), min_size=1, max_size=4)
_TIMES = itertools.count(1_800_000_000_000_000_000, 1_000_000)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return one copy of the tiny project, which every example leaves as it was."""
    return Path(shutil.copytree(HERE / "project", tmp_path_factory.mktemp("hostile") / "project"))


def survives(root: Path, target: str, content: bytes, today: datetime.date) -> None:
    """Check the project with *content* in the file *target*; every problem must be fit to print."""
    path = root / target
    before = path.read_bytes()
    try:
        path.write_bytes(content)
        when = next(_TIMES)
        os.utime(path, ns=(when, when))
        project = project_module.load(root)
        problems = arrange(check_files(project, [], today))
        json.loads(company_schema(project))
    finally:
        path.write_bytes(before)
    for problem in problems:
        assert problem.rule in rules()
        assert problem.level in LEVELS
        assert problem.line >= 1
        assert problem.column >= 1
        assert not Path(problem.path).is_absolute()
    assert len(json.loads(as_json(problems))) == len(problems)
    for form in (as_text, as_github):
        assert form(problems).encode().count(b"\n") == max(0, len(problems) - 1)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=40, deadline=None)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
def test_any_content(shared: Path, target: str, content: bytes, today: datetime.date) -> None:
    """A file of the project may hold any bytes."""
    survives(shared, target, content, today)


@pytest.mark.parametrize("target", TARGETS[:-1])
@settings(max_examples=100, deadline=None)
@given(edits=EDITS)
def test_any_edit(shared: Path, target: str, edits: list[tuple[int, int, str]], today: datetime.date) -> None:
    """A file of the project may be a good one with pieces taken out and others put in."""
    text = (HERE / "project" / target).read_text(encoding="utf-8")
    for place, length, piece in edits:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    survives(shared, target, text.encode(), today)


@pytest.fixture
def run(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs the command line in the tiny project and lets exceptions through."""
    monkeypatch.chdir(tiny)
    return lambda *words: CliRunner().invoke(cli, words, catch_exceptions=False)


def _outside(words: list[str], folder: Path, **env: str) -> tuple[int, str, str]:
    """Run the command line in its own process, as a shell would."""
    command = [sys.executable, "-c", "from pledge.cli import main; main()", *words]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, check=False, timeout=60
    )
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


_UNREADABLE = "1:1: 文件打不开；检查文件名、类型和权限 (unreadable)\n"
_WRONG = "1个错误，0个警告。\n"


def test_fine(run: Callable[..., Result]) -> None:
    """A project without problems says so, and ends with 0."""
    result = run("check")
    assert (0, "", "没有问题。\n") == (result.exit_code, result.stdout, result.stderr)


def test_warnings_alone_are_no_failure(run: Callable[..., Result], tiny: Path) -> None:
    """A warning is shown and counted, and the command ends with 0."""
    (tiny / "variables" / "west.yml").write_text("base: acme\ncontact: {hotline: '9999'}\n", encoding="utf-8")
    result = run("check", "variables/west.yml")
    line = "variables/west.yml:2:20: 警告：服务热线：“9999”不像常见的电话号码；核对后再发布 (odd-phone)\n"
    assert (0, line, "0个错误，1个警告。\n") == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("variables", f"variables:{_UNREADABLE}"),
        ("/dev/null", f"/dev/null:{_UNREADABLE}"),
        ("/dev/zero", f"/dev/zero:{_UNREADABLE}"),
        ("missing.yml", "missing.yml:1:1: 没有这个文件；检查文件名、类型和权限 (unreadable)\n"),
        ("variables/acme.yml/x", f"variables/acme.yml/x:{_UNREADABLE}"),
    ],
)
def test_file_that_cannot_be_read(run: Callable[..., Result], name: str, line: str) -> None:
    """What is no file, or is not there, is one problem."""
    result = run("check", name)
    assert (1, line, _WRONG) == (result.exit_code, result.stdout, result.stderr)


def test_name_that_is_too_long(run: Callable[..., Result]) -> None:
    """A name longer than any file's can still be asked for."""
    result = run("check", "x" * 300)
    assert result.exit_code == 1
    assert f"{'x' * 300}:{_UNREADABLE}" in result.stdout


def test_link_to_itself(run: Callable[..., Result], tiny: Path) -> None:
    """A loop of links is one problem."""
    (tiny / "loop.yml").symlink_to("loop.yml")
    result = run("check", "loop.yml")
    assert (1, f"loop.yml:{_UNREADABLE}", _WRONG) == (result.exit_code, result.stdout, result.stderr)


def test_pipe(run: Callable[..., Result], tiny: Path) -> None:
    """A pipe that nobody writes to is not waited for."""
    os.mkfifo(tiny / "pipe.yml")
    result = run("check", "pipe.yml")
    assert (1, f"pipe.yml:{_UNREADABLE}", _WRONG) == (result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_name_with_a_line_end(run: Callable[..., Result], tiny: Path, form: str) -> None:
    """A line end in the name of a file does not break a problem in two, nor forge a second one."""
    name = "a\n::error::b.yml"
    shutil.copy(tiny / "variables" / "acme.yml", tiny / name)
    result = run("check", "--format", form, name)
    assert result.exit_code == 1
    assert [] == [line for line in result.stdout.splitlines() if line.startswith("::error::")]
    assert result.stdout.count("bad-company-id") == 1


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_name_that_is_not_utf8(tiny: Path, form: str) -> None:
    """A name that is not UTF-8 can still be shown."""
    name = os.fsdecode(b"\xff.yml")
    shutil.copy(tiny / "variables" / "acme.yml", tiny / name)
    code, out, err = _outside(["check", "--format", form, name], tiny, PYTHONIOENCODING="utf-8:strict")
    assert code == 1
    assert "bad-company-id" in out
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "folder", ["docs", "docs/guarantees", "docs/shared", "catalogue/blanks", "variables"]
)
def test_lock_file_of_an_editor(run: Callable[..., Result], tiny: Path, folder: str) -> None:
    """A link that an editor leaves beside a file it has open leads nowhere and breaks nothing."""
    (tiny / folder / ".#x.yml").symlink_to("user@host.1234")
    (tiny / folder / ".#x.md").symlink_to("user@host.1234")
    assert run("check").exit_code in {0, 1}


def test_shared_text_that_is_a_link_to_elsewhere(found: Callable[..., list[str]], tiny: Path) -> None:
    """A page cannot take in a file from outside the project by way of a link."""
    outside = tiny.parent / "secret.md"
    shutil.move(tiny / "docs" / "shared" / "complaint.md", outside)
    (tiny / "docs" / "shared" / "complaint.md").symlink_to(outside)
    said = "引入的“shared/complaint.md”读不到；共用条文放在 docs/shared/ 下 (page-syntax)"
    assert f"docs/guarantees/charter.md:28:1: {said}" in found(tiny)


@pytest.mark.parametrize(
    ("start", "piece", "end"),
    [
        ("a: '", "x", "'"),
        ("", "a: 1\n", ""),
        ("response: {channels: [", "甲,", "]}"),
        ("contact: {email: '", "a.", "'}"),
        ("contact: {hotline: '", "1-", "'}"),
        ("contact: {hours: '每日 ", "8:00-9:00、", "'}"),
        ("warranty:\n  steps:\n", "  - {step: 甲, due: 2027-01-01}\n", ""),
        ("", "\u200b", ""),
        ("", "[", ""),
        ("", "- ", ""),
        ("? ", "x", "\n: 1"),
    ],
)
def test_file_of_nearly_a_million_bytes(
    run: Callable[..., Result], tiny: Path, start: str, piece: str, end: str
) -> None:
    """A file as large as is allowed is checked or refused in a moment."""
    text = start + piece * (990_000 // len(piece.encode())) + end
    (tiny / "large.yml").write_text(text, encoding="utf-8")
    assert run("check", "large.yml").exit_code == 1


@pytest.mark.parametrize(
    "piece", ["{{", "[", "<a", "{: ", "{% if ", "x。", "1. {: ", "不超过 ", "## a {: #b }\n"]
)
def test_page_of_many_kilobytes(run: Callable[..., Result], tiny: Path, piece: str) -> None:
    """A page of one long line, or of many lines, is checked or refused in a moment."""
    page = tiny / "docs" / "guarantees" / "charter.md"
    page.write_text(page.read_text(encoding="utf-8") + piece * (200_000 // len(piece)), encoding="utf-8")
    assert run("check").exit_code == 1


def test_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a project the commands say where to go, and end with 2."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["check"], catch_exceptions=False)
    said = "这里和上级文件夹都没有 mkdocs.yml；先进入项目文件夹。\n"
    assert (2, "", said) == (result.exit_code, result.stdout, result.stderr)


def test_folder_that_is_gone(tmp_path: Path) -> None:
    """In a folder that was removed the commands end with 2."""
    script = "import os; os.rmdir(os.getcwd()); from pledge.cli import main; main()"
    (tmp_path / "gone").mkdir()
    command = [sys.executable, "-c", script, "check"]
    done = subprocess.run(command, cwd=tmp_path / "gone", capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "schema"])
def test_empty_project(tmp_path: Path, command: str) -> None:
    """A project that holds nothing but its configuration gives problems or is refused."""
    (tmp_path / "mkdocs.yml").touch()
    code, _, err = _outside([command], tmp_path)
    assert code in {1, 2}
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words", [["explain", "no-such-rule"], ["explain", "a\nb"], ["nonsense"], ["check", "--format", "xml"]]
)
def test_words_that_mean_nothing(tiny: Path, words: list[str]) -> None:
    """A command, an option or a rule that does not exist ends with 2."""
    code, out, err = _outside(words, tiny)
    assert (2, "") == (code, out)
    assert "Traceback" not in err


@pytest.mark.parametrize("rule", rules())
def test_explain(run: Callable[..., Result], rule: str) -> None:
    """Each rule is explained: its level and title, why it is, and what to do."""
    entry = rules()[rule]
    text = f"{rule}（{LEVELS[entry.level]}）：{entry.title}\n\n为什么：{entry.why}\n怎样改：{entry.fix}\n"
    result = run("explain", rule)
    assert (0, text) == (result.exit_code, result.stdout)


def test_explain_lists_all(run: Callable[..., Result]) -> None:
    """Without a rule all are listed, one a line."""
    lines = [f"{rule.id}\t{rule.title}" for known in (rules(), change_rules()) for rule in known.values()]
    assert lines == run("explain").stdout.splitlines()


def test_json(run: Callable[..., Result], tiny: Path) -> None:
    """For machines the problems are a list of objects; no problems are an empty list."""
    assert json.loads(run("check", "--format", "json").stdout) == []
    (tiny / "variables" / "x.yml").write_text("", encoding="utf-8")
    (only,) = json.loads(run("check", "--format", "json", "variables/x.yml").stdout)
    assert {"path", "line", "column", "message", "rule", "level"} == only.keys()
    assert only["rule"] == "empty-file"


def test_schema_mends_what_check_finds(run: Callable[..., Result], tiny: Path) -> None:
    """A stale schema is found by one command and mended by the other."""
    (tiny / "catalogue" / "company.schema.json").unlink()
    assert run("check").exit_code == 1
    assert run("schema").exit_code == 0
    assert run("check").exit_code == 0
