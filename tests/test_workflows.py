"""The pipelines: what they may do, and their steps run on real repositories and a platform on loopback."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from copies import ROOT, copied

from pledge.company import today
from pledge.review import LIMIT, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKFLOWS = [*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "deploy" / "fleet.yml"]
SCRIPTS = [path for path in sorted((ROOT / ".ci").iterdir()) if path.is_file() and not path.suffix]
GITLAB = ROOT / ".gitlab-ci.yml"
BOT = "github-actions[bot]"
SHA = "a" * 40
REVIEW = f"**示例家电有限公司：1项变好；可以发布。**\n\n{MARK}\n"


def loaded(path: Path) -> Any:  # noqa: ANN401  YAML
    """Return a YAML file with every scalar as text, so that `on` stays a word."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  as said


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    """Return the jobs of a workflow."""
    found: dict[str, dict[str, Any]] = loaded(path)["jobs"]
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    """Return the steps of all jobs of a workflow."""
    return [step for job in jobs(path).values() for step in job["steps"]]


def named(path: Path) -> str:
    """Return a file's name, for the name of a test."""
    return path.name


@pytest.mark.parametrize(
    ("schema", "files"), [("vendor.github-workflows", WORKFLOWS), ("vendor.gitlab-ci", [GITLAB])]
)
def test_files_follow_the_published_schemas(schema: str, files: list[Path]) -> None:
    """Both platforms' schemas accept the files."""
    tool = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [tool, "--builtin-schema", schema, *files], capture_output=True, encoding="utf-8", check=False
    )
    assert (0, "ok -- validation done\n") == (done.returncode, done.stdout)


def test_every_job_has_only_these_permissions() -> None:
    """Nothing is granted to a workflow as a whole, and to a job what it needs."""
    assert [{}] * len(WORKFLOWS) == [loaded(path)["permissions"] for path in WORKFLOWS]
    read = {"contents": "read"}
    assert {
        "check/check": read,
        "check/test": read,
        "comment/comment": {**read, "actions": "read", "pull-requests": "write"},
        "fleet/part": read,
        "fleet/whole": read,
        "fleet/deploy": {"pages": "write", "id-token": "write"},
        "publish/build": read,
        "publish/deploy": {"pages": "write", "id-token": "write"},
        "review/review": read,
        "review/preview": read,
    } == {f"{path.stem}/{name}": job["permissions"] for path in WORKFLOWS for name, job in jobs(path).items()}


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_actions_are_pinned(path: Path) -> None:
    """Every action is named by its commit, with the version beside it; a version has one commit."""
    uses = re.findall(r"^\s*-? *(?:id: \w+\n\s*)?uses: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len([step for step in steps(path) if "uses" in step]) == len(uses)
    for use in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use), use


def test_an_action_has_one_version() -> None:
    """The same action is pinned alike in all workflows."""
    uses = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    assert sorted({use.partition("@")[0] for use in uses}) == sorted(use.partition("@")[0] for use in uses)


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_commands_hold_no_expressions(path: Path) -> None:
    """What a stranger can write reaches a command as a variable, never as part of it."""
    assert [] == [step["run"] for step in steps(path) if "${{" in step.get("run", "")]


@pytest.mark.parametrize("path", WORKFLOWS, ids=named)
def test_a_checkout_keeps_no_token_and_names_no_other_code(path: Path) -> None:
    """A checkout is of the event's own commit, and leaves no token in the folder."""
    checkouts = [step["with"] for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert {"persist-credentials"} == {key for given in checkouts for key in given} - {"fetch-depth"}
    assert {"false"} == {given["persist-credentials"] for given in checkouts}


def test_no_stranger_meets_a_token_that_writes() -> None:
    """Only what runs the default branch's code may write, and no workflow runs a fork's code with secrets."""
    writing = {
        path.stem: set(loaded(path)["on"])
        for path in WORKFLOWS
        if any("write" in job["permissions"].values() for job in jobs(path).values())
    }
    ours = {"push", "schedule"}
    assert {"comment": {"workflow_run"}, "publish": ours, "fleet": ours} == writing
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    assert "pull_request_target" not in text
    assert "secrets." not in text


def test_the_comment_follows_the_review() -> None:
    """The workflow that comments waits for the one that reviews, by its name."""
    github = ROOT / ".github" / "workflows"
    review, comment = (loaded(github / f"{name}.yml") for name in ("review", "comment"))
    assert [review["name"]] == comment["on"]["workflow_run"]["workflows"]


def test_history_is_whole_where_it_is_compared() -> None:
    """A review and a preview have the whole history, on both platforms."""
    review = ROOT / ".github" / "workflows" / "review.yml"
    depths = [step["with"].get("fetch-depth") for step in steps(review) if "checkout" in step.get("uses", "")]
    assert ["0", "0"] == depths
    assert "0" == loaded(GITLAB)["variables"]["GIT_DEPTH"]


def test_the_company_is_named_in_one_place() -> None:
    """mkdocs.yml says which company is published; no pipeline and no step names one."""
    companies = {path.stem for path in (ROOT / "variables").glob("*.yml")}
    files = [*WORKFLOWS, GITLAB, *SCRIPTS]
    words = {word for path in files for word in re.findall(r"[a-z0-9-]+", path.read_text(encoding="utf-8"))}
    assert set() == companies & words
    assert [] == [path.name for path in (*WORKFLOWS, GITLAB) if "COMPANY" in path.read_text(encoding="utf-8")]
    default = re.search(
        r"^    company: (\S+)", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert default
    assert default[1] in companies


def test_both_platforms_run_the_same_scripts() -> None:
    """Every script is a step of both platforms, and neither has a step of its own."""
    github = {
        word
        for path in WORKFLOWS
        for step in steps(path)
        for word in re.findall(r"\.ci/[\w.]+", step.get("run", ""))
    }
    gitlab = set(re.findall(r"\.ci/[\w.]+", GITLAB.read_text(encoding="utf-8")))
    assert github == gitlab
    assert {f".ci/{path.name}" for path in SCRIPTS} | {".ci/comment.py"} == github


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_scripts_are_bash_that_stops(path: Path) -> None:
    """A script is executable, reads as bash, and ends at the first failure."""
    assert os.access(path, os.X_OK)
    assert ["#!/usr/bin/env bash"] == path.read_text(encoding="utf-8").splitlines()[:1]
    assert "\nset -euo pipefail\n" in path.read_text(encoding="utf-8")
    assert 0 == subprocess.run(["bash", "-n", path], check=False).returncode


def test_templates_are_the_same() -> None:
    """Whoever proposes a change reads the same list on both platforms."""
    templates = (".github/pull_request_template.md", ".gitlab/merge_request_templates/Default.md")
    assert 1 == len({(ROOT / name).read_bytes() for name in templates})


# The steps, on repositories.


class Done(NamedTuple):
    """How a step ended."""

    code: int
    out: str
    err: str


class Repository:
    """A project with its history, and the steps run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        folder = str(Path(sys.executable).parent)
        kept = {name: value for name, value in os.environ.items() if not _of_a_pipeline(name)}
        self.environment = {
            **kept,
            "PATH": os.pathsep.join([folder, os.environ["PATH"]]),
            "PYTHONUTF8": "1",
            "NO_MKDOCS_2_WARNING": "1",
            "NO_PROXY": "127.0.0.1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            **{f"GIT_{who}_{what}": "tester@example.com" for who in _WHO for what in ("NAME", "EMAIL")},
        }

    def run(self, *words: str, **environment: str) -> Done:
        """Run a command in the repository."""
        done = subprocess.run(
            words,
            cwd=self.root,
            env=self.environment | environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def git(self, *words: str) -> None:
        """Run git, which has to succeed."""
        done = self.run("git", *words)
        assert 0 == done.code, done.err

    def commit(self, message: str) -> None:
        """Commit all that changed."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def edit(self, old: str, new: str, path: str = "variables/appliances.yml") -> None:
        """Replace what a pattern finds once in a file."""
        file = self.root / path
        text, count = re.subn(old, new, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert 1 == count
        file.write_text(text, encoding="utf-8")

    def edition(self, *, days: int, **fields: str) -> None:
        """Write the edition of the demo company, in force some days from today."""
        effective = today() + datetime.timedelta(days=days)
        told = ", ".join(f"{name}: {value}" for name, value in {**fields, "effective": effective}.items())
        self.edit(r"^edition:.*\n(?: .*\n)*", f"edition: {{{told}}}\n")


_WHO = ("AUTHOR", "COMMITTER")


def _of_a_pipeline(name: str) -> bool:
    return name == "COMPANY" or name.startswith(("GITHUB_", "GITLAB_", "CI_", "GIT_"))


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose main branch has one released edition, and a notice of seven days."""
    made = Repository(copied(tmp_path_factory.mktemp("released") / "project"))
    shutil.rmtree(made.root / "editions", ignore_errors=True)
    (made.root / "catalogue" / "review.yml").write_text("notice: 7日\n", encoding="utf-8")
    shutil.copytree(ROOT / ".ci", made.root / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".gitattributes", made.root)
    (made.root / ".gitignore").write_text("/public/\n/preview/\n/review/\n", encoding="utf-8")
    made.edition(days=0, number='"2026.1"', note="首次发布")
    made.git("init", "--quiet", "--initial-branch=main")
    assert 0 == made.run("pledge", "release", "appliances").code
    made.commit("Release 2026.1")
    return made.root


@pytest.fixture
def repository(released: Path, tmp_path: Path) -> Repository:
    """Return a repository of one's own, on a branch off main."""
    made = Repository(Path(shutil.copytree(released, tmp_path / "project")))
    made.git("switch", "--quiet", "--create", "change")
    return made


def without_places(output: str) -> list[str]:
    """Return the lines of *output* without line and column, which move when a company's file grows."""
    return re.sub(r"(?<=\.yml):\d+:\d+|,line=\d+,col=\d+", "", output).splitlines()


def merged(repository: Repository) -> None:
    """Stand on the merge of the branch into main, as a pull request's run does."""
    repository.git("switch", "--quiet", "--detach", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "change")


def test_a_weaker_promise_is_stopped_by_the_gate(repository: Repository) -> None:
    """A weaker promise without a word is reviewed in full and refused with what is missing."""
    repository.edit("first_contact: 2小时", "first_contact: 4小时")
    repository.commit("Answer later")
    merged(repository)
    done = repository.run(".ci/review", "HEAD^1", "review")
    earliest = today() + datetime.timedelta(days=7)
    number = "承诺或者条文有改动，版本号仍是“2026.1”；改成新的版本号 (number-unchanged)"
    notice = (
        f"首次联系时限变差或者需人判断，施行日期{today()}早于评审之日加7日的通知期；"
        f"改为{earliest}或者以后 (notice-too-short)"
    )
    named = (
        "首次联系时限（2小时 → 4小时）对客户变差，edition.weakens 没有写明；"
        "改回来，或者写上“weakens: [response.first_contact]” (weaker-not-named)"
    )
    assert [
        *(f"- ❌ variables/appliances.yml: {line}" for line in (number, notice, named)),
        "还不能发布；改正后再提交，评审会重新进行。",
    ] == without_places(done.out)
    assert (1, "") == (done.code, done.err)
    comment = (repository.root / "review" / "review.md").read_text(encoding="utf-8")
    assert comment.startswith("**示例家电有限公司：1项变差；还不能发布。**\n")
    assert comment.endswith(f"{MARK}\n")
    page = (repository.root / "review" / "review.html").read_text(encoding="utf-8")
    assert "<del>2小时</del>" in page


def test_a_declared_weakening_passes(repository: Repository) -> None:
    """With number, note, notice and the weakening named, the same change may be published."""
    repository.edit("first_contact: 2小时", "first_contact: 4小时")
    declared = {"number": '"2026.2"', "note": "首次联系改为4小时", "weakens": "[response.first_contact]"}
    repository.edition(days=8, **declared)
    repository.commit("Answer later, and say so")
    merged(repository)
    summary = repository.root / "summary.md"
    done = repository.run(".ci/review", "HEAD^1", "review", GITHUB_STEP_SUMMARY=str(summary))
    assert Done(0, "闸门通过；评审在 review/review.md。\n", "") == done
    assert (repository.root / "review" / "review.md").read_bytes() == summary.read_bytes()


def test_changes_of_others_are_not_reviewed(repository: Repository) -> None:
    """What main changed meanwhile is not part of the review of a branch."""
    (repository.root / "README.md").write_text("x\n", encoding="utf-8")
    repository.commit("Say x")
    repository.git("switch", "--quiet", "main")
    repository.edit("first_contact: 2小时", "first_contact: 1小时")
    repository.commit("Answer sooner")
    merged(repository)
    assert 0 == repository.run(".ci/review", "HEAD^1", "review").code
    comment = (repository.root / "review" / "review.md").read_text(encoding="utf-8")
    assert comment.startswith("**对客户的承诺没有改动。**\n")


def test_a_shallow_clone_is_told_so(repository: Repository, tmp_path: Path) -> None:
    """Without the history the step says what to set, and the comment says it too."""
    merged(repository)
    shallow = Repository(tmp_path / "shallow")
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(shallow.root))
    said = (
        "这是浅克隆，没有“HEAD^1”这个版本；运行 git fetch --unshallow，"
        "或者在流水线中取完整的历史（fetch-depth: 0）。\n"
    )
    assert Done(2, "评审没有进行；原因见上面。\n", said) == shallow.run(".ci/review", "HEAD^1", "review")
    comment = (shallow.root / "review" / "review.md").read_text(encoding="utf-8")
    assert f"**评审没有进行；先改正下面的问题。**\n\n    {said}\n{MARK}\n" == comment


def test_released_bytes_survive_line_end_conversion(repository: Repository, tmp_path: Path) -> None:
    """A checkout that turns line ends into CRLF leaves the released editions and the scripts alone."""
    clone = Repository(tmp_path / "windows")
    repository.git("-c", "core.autocrlf=true", "clone", "--quiet", str(repository.root), str(clone.root))
    assert b"\r\n" in (clone.root / "variables" / "appliances.yml").read_bytes()
    assert (0, "1个版本都与发布时相同。\n") == clone.run("pledge", "verify")[::2]
    assert "检查和核对通过。\n" == clone.run(".ci/check").out


def test_problems_are_annotated(repository: Repository) -> None:
    """On GitHub a problem becomes an annotation; the editions are verified although the check failed."""
    repository.edit("^  email: .*", "  email: service%", "variables/it-services.yml")
    path = "editions/appliances/2026.1/charter.md"
    repository.edit(r"\A", "x", path)
    done = repository.run(".ci/check", GITHUB_ACTIONS="true")
    altered = "与发布时不同；从 git 恢复它，内容有误就发布新的版本改正"
    email = "服务邮箱：“service%25”不是邮箱地址；写成如“service@example.com”"
    assert (
        1,
        [
            f"::error file=variables/it-services.yml,title=bad-email::{email}",
            f"::error file={path},title=edition-altered::{altered}",
            "有问题要改正；每条消息末尾说了怎样改。",
        ],
    ) == (done.code, without_places(done.out))


def test_the_preview_shows_what_changed(repository: Repository) -> None:
    """A changed company is built and marked as a revision; of a draft it says how to see it."""
    repository.edit("first_contact: 2小时", "first_contact: 1小时")
    repository.edit(r"\A", "draft: true\n", "variables/it-services.yml")
    repository.commit("Answer sooner, and withdraw a company")
    done = repository.run(".ci/preview", "main", "preview")
    draft = "it-services 是草稿，没有预览；在本机用 make serve COMPANY=it-services 查看。"
    shown = [line for line in done.out.splitlines() if "预览" in line]
    assert (0, ["appliances 的预览已生成。", draft]) == (done.code, shown)
    assert ["appliances"] == [path.name for path in (repository.root / "preview").iterdir()]
    page = repository.root / "preview" / "appliances" / "guarantees" / "charter" / "index.html"
    assert "修改稿" in page.read_text(encoding="utf-8")


def test_without_a_change_the_default_is_previewed(repository: Repository) -> None:
    """Where no company changed, the preview is the default company's."""
    done = repository.run(".ci/preview", "main", "preview")
    assert (0, ["默认公司的预览已生成。"]) == (done.code, done.out.splitlines()[-1:])
    assert (repository.root / "preview" / "default" / "index.html").is_file()


def test_publishing_takes_the_company_of_mkdocs_yml(repository: Repository) -> None:
    """Another company in the environment does not change what is published."""
    done = repository.run(".ci/publish", "public", COMPANY="it-services")
    assert (0, "检查和核对通过。\n已生成 public/（含14个下载文件）\n") == (done.code, done.out)
    page = (repository.root / "public" / "index.html").read_text(encoding="utf-8")
    assert "<title>示例家电售后服务承诺</title>" in page


def test_unreleased_text_is_not_published(repository: Repository) -> None:
    """A text that differs from the newest edition is refused, and nothing is left to deploy."""
    repository.edit("first_contact: 2小时", "first_contact: 1小时")
    done = repository.run(".ci/publish", "public")
    assert 1 == done.code
    assert "没有生成；原来的网站没有改动。\n" == done.err.splitlines(keepends=True)[-1]
    assert not (repository.root / "public").exists()


# The comment, on a platform.


class Server:
    """What stands for the platforms' APIs: one request of number 7, its comments, and what was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.comments: list[dict[str, Any]] = []
        self.wrote: list[str] = []
        self.source: dict[str, str] | None = {"full_name": "acme/promises"}
        self.refuses = False

    def answer(self, method: str, path: str, body: str) -> Any:  # noqa: ANN401  JSON
        """Return what the platform would answer, or None where it has nothing of the kind."""
        path, _, query = path.partition("?")
        if method == "GET":
            page = int((re.search(r"\bpage=(\d+)", query) or "01")[1])
            return {
                "/repos/acme/promises/pulls/7": {"head": {"sha": SHA, "repo": self.source}},
                "/repos/acme/promises/issues/7/comments": self.comments[100 * (page - 1) : 100 * page],
                "/user": {"id": 99},
                "/projects/5/merge_requests/7/notes": self.comments[100 * (page - 1) : 100 * page],
            }.get(path)
        self.wrote.append(f"{method} {path}")
        known = re.search(r"(?:issues/comments|notes)/(\d+)$", path)
        if known:
            next(each for each in self.comments if each["id"] == int(known[1]))["body"] = body
        else:
            self.add(body)
        return {}

    def add(self, body: str, author: str = BOT, number: int = 99) -> None:
        """Add a comment, of the pipeline or of somebody else."""
        who = {"login": author, "id": number}
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": who, "author": who})


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a platform that listens on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length))["body"] if length else ""
            given = "secret" in (self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or "")
            found = made.answer(self.command, self.path, body) if given and not made.refuses else None
            self.send_response(403 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PATCH = do_PUT = respond  # noqa: N815  names of the standard library

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        made = Server(f"http://127.0.0.1:{listening.server_port}")
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        listening.shutdown()
        thread.join()


class Platform(NamedTuple):
    """A platform's word on the command line, its variables, and the paths of its comments."""

    name: str
    environment: dict[str, str]
    added: str
    rewritten: str


GITHUB_SIDE = Platform(
    "github",
    {
        "GITHUB_REPOSITORY": "acme/promises",
        "GITHUB_TOKEN": "secret",
        "HEAD_SHA": SHA,
        "HEAD_REPOSITORY": "acme/promises",
    },
    "POST /repos/acme/promises/issues/7/comments",
    "PATCH /repos/acme/promises/issues/comments/{}",
)
GITLAB_SIDE = Platform(
    "gitlab",
    {"CI_MERGE_REQUEST_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7", "PLEDGE_TOKEN": "secret"},
    "POST /projects/5/merge_requests/7/notes",
    "PUT /projects/5/merge_requests/7/notes/{}",
)


@pytest.fixture
def comment(tmp_path: Path, server: Server) -> Callable[..., Done]:
    """Return a function that comments a review on *server*."""
    folder = tmp_path / "review"
    folder.mkdir()
    (folder / "number").write_text("7\n", encoding="utf-8")
    (folder / "review.md").write_text(REVIEW, encoding="utf-8")
    here = Repository(tmp_path)

    def run(platform: Platform, **environment: str) -> Done:
        given = {
            "GITHUB_API_URL": server.url,
            "CI_API_V4_URL": server.url,
            **platform.environment,
            **environment,
        }
        return here.run(sys.executable, str(ROOT / ".ci" / "comment.py"), platform.name, "review", **given)

    return run


@pytest.mark.parametrize("platform", [GITHUB_SIDE, GITLAB_SIDE], ids=lambda platform: platform.name)
def test_the_comment_is_rewritten_not_repeated(
    platform: Platform, comment: Callable[..., Done], server: Server, tmp_path: Path
) -> None:
    """The first run adds the comment, the next rewrites it, behind a hundred others and not another's."""
    for count in range(100):
        server.add(f"第{count}句话")
    server.comments[0]["user"] = None  # as the platform says of an account that is gone
    server.add(f"我也写一个。\n{MARK}", author="somebody", number=1)
    assert Done(0, "评审评论已写上。\n", "") == comment(platform)
    review = REVIEW.replace("可以发布", "还不能发布")
    (tmp_path / "review" / "review.md").write_text(review, encoding="utf-8")
    assert Done(0, "评审评论已改写。\n", "") == comment(platform)
    assert [platform.added, platform.rewritten.format(102)] == server.wrote
    assert [f"我也写一个。\n{MARK}", review] == [each["body"] for each in server.comments[100:]]


def test_the_comment_leads_to_the_files(comment: Callable[..., Done], server: Server) -> None:
    """The comment links the run that holds page and preview; the mark stays at its end."""
    comment(GITHUB_SIDE, RUN_URL="https://example.com/runs/1")
    linked = "完整的对照网页和预览：[这次运行的附件](https://example.com/runs/1)。"
    assert [REVIEW.replace(MARK, f"{linked}\n\n{MARK}")] == [each["body"] for each in server.comments]


def test_a_review_from_a_fork_is_marked(comment: Callable[..., Done], server: Server) -> None:
    """What a fork's code says of itself is shown as such."""
    server.source = {"full_name": "stranger/promises"}
    assert 0 == comment(GITHUB_SIDE, HEAD_REPOSITORY="stranger/promises").code
    note = "> 这份评审由派生仓库里的程序写出，只供参考；合并之前，请在本仓库的分支上再评审一次。\n\n"
    assert [note + REVIEW] == [each["body"] for each in server.comments]


def test_an_older_run_leaves_the_comment_alone(comment: Callable[..., Done], server: Server) -> None:
    """A run that ends after a newer commit was pushed writes nothing."""
    done = comment(GITHUB_SIDE, HEAD_SHA="b" * 40)
    assert Done(0, "#7 已经有更新的提交；评论由它的评审来写。\n", "") == done
    assert [] == server.wrote


_NO_NUMBER = "附件里的合并请求编号不是数字；没有写评论。"
_NO_REVIEW = f"review.md 不是评审写出的样子：末尾应当是 {MARK}，全文不超过65000字；没有写评论。"
_REFUSED = "平台以403拒绝了请求；检查令牌的权限，再重新运行。"


@pytest.mark.parametrize(
    ("files", "environment", "said"),
    [
        pytest.param({"number": "7; echo"}, {}, _NO_NUMBER, id="number and more"),
        pytest.param({"number": "7/../8"}, {}, _NO_NUMBER, id="path"),
        pytest.param({"number": "8"}, {}, _REFUSED, id="no such request"),
        pytest.param({}, {"GITHUB_TOKEN": "other"}, _REFUSED, id="token"),
        pytest.param(
            {},
            {"HEAD_REPOSITORY": "stranger/x"},
            "附件来自别的合并请求，不是#7；没有写评论。",
            id="another's request",
        ),
        pytest.param(
            {},
            {"HEAD_SHA": ""},
            "环境变量 HEAD_SHA 没有值；它由流水线给出，见 .github/workflows 和 .gitlab-ci.yml。",
            id="no commit",
        ),
        pytest.param(
            {},
            {"GITHUB_API_URL": "http://127.0.0.1:9"},
            "连不上平台，或者它的回答读不懂；稍后重新运行。",
            id="no platform",
        ),
        pytest.param(
            {"review.md": None},
            {},
            "附件里没有 review.md；评审没有运行到写出结果，看那次运行的记录。",
            id="no review",
        ),
        pytest.param({"review.md": "没有标记"}, {}, _NO_REVIEW, id="no mark"),
        pytest.param({"review.md": "长" * LIMIT + REVIEW}, {}, _NO_REVIEW, id="too long"),
    ],
)
def test_a_strange_artifact_is_not_posted(  # noqa: PLR0913, PLR0917  a case has three parts
    comment: Callable[..., Done],
    server: Server,
    tmp_path: Path,
    files: dict[str, str | None],
    environment: dict[str, str],
    said: str,
) -> None:
    """What does not belong to the run, or is no review, ends in one Chinese line; nothing is written."""
    for name, text in files.items():
        path = tmp_path / "review" / name
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
    assert Done(2, "", f"{said}\n") == comment(GITHUB_SIDE, **environment)
    assert [] == server.wrote


def test_a_link_in_the_artifact_is_not_followed(
    comment: Callable[..., Done], server: Server, tmp_path: Path
) -> None:
    """A link that leads to another file of the machine is not posted."""
    path = tmp_path / "review" / "review.md"
    (tmp_path / "private.md").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "private.md")
    assert 2 == comment(GITHUB_SIDE).code
    assert [] == server.wrote


def test_without_a_token_gitlab_says_so(comment: Callable[..., Done], server: Server) -> None:
    """The pipeline of a fork has no token: it says where the review is, and goes on."""
    said = "没有 PLEDGE_TOKEN（派生仓库的流水线拿不到它），不写评论；评审结果见本次运行的附件。\n"
    assert Done(0, said, "") == comment(GITLAB_SIDE, PLEDGE_TOKEN="")
    assert [] == server.wrote


def test_the_mark_is_that_of_the_review() -> None:
    """The script that stands alone knows the same mark and the same limit as the review."""
    text = (ROOT / ".ci" / "comment.py").read_text(encoding="utf-8")
    assert f'\nMARK = "{MARK}"\n' in text
    assert f"\nLIMIT = {LIMIT:_}\n" in text
    assert MARK in (ROOT / ".ci" / "review").read_text(encoding="utf-8")
