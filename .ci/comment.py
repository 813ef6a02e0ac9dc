"""Put the review on a pull or merge request: its one comment is rewritten, never repeated.

Usage: comment.py github|gitlab FOLDER. FOLDER holds review.md, and for GitHub the request's `number`.
They come from a run that may have executed a stranger's code, so they are read as data and checked.
Only the standard library is used: this runs where nothing is installed.
"""
# ruff: noqa: INP001, T201  a script of its own, which prints

from __future__ import annotations

import itertools
import json
import os
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "<!-- pledge-review -->"
# GitHub refuses comments above 65,536 characters; the rest is for the lines added here.
LIMIT = 65_000
GITHUB_AUTHOR = "github-actions[bot]"
FOREIGN = "> 这份评审由派生仓库里的程序写出，只供参考；合并之前，请在本仓库的分支上再评审一次。"
_PAGE = 100
_SECONDS = 30


class StopError(Exception):
    """The comment cannot be written; the message says why and the way out."""


class Platform:
    """Where a request is commented; `foreign` is whether its code is from another repository."""

    def __init__(self, api: str, headers: dict[str, str]) -> None:
        self.api = api
        self.headers = {**headers, "Content-Type": "application/json"}
        self.foreign = False

    def call(self, method: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401  JSON
        """Return the answer of the platform; raises StopError where there is none."""
        data = None if body is None else json.dumps({"body": body}).encode()
        request = urllib.request.Request(f"{self.api}/{path}", data, self.headers, method=method)  # noqa: S310  the pipeline gives the address
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310  as above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise StopError(f"平台以{error.code}拒绝了请求；检查令牌的权限，再重新运行。") from None
        except (OSError, ValueError):
            raise StopError("连不上平台，或者它的回答读不懂；稍后重新运行。") from None

    def pages(self, path: str) -> list[dict[str, Any]]:
        """Return all entries of a list."""
        found: list[dict[str, Any]] = []
        for page in itertools.count(1):
            entries = self.call("GET", f"{path}?per_page={_PAGE}&page={page}")
            found += entries
            if len(entries) < _PAGE:
                break
        return found


class GitHub(Platform):
    """The comments of a pull request, written with the token of the workflow."""

    def __init__(self, folder: Path) -> None:
        token = wanted("GITHUB_TOKEN")
        self.repository = wanted("GITHUB_REPOSITORY")
        super().__init__(
            f"{wanted('GITHUB_API_URL')}/repos/{self.repository}",
            {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
        )
        self.number = text(folder / "number").strip()

    def current(self) -> bool:
        """Whether the run that made the artifact is of the request's newest commit.

        Raises StopError where the request is not that run's own.
        """
        if not re.fullmatch("[1-9][0-9]{0,9}", self.number):
            raise StopError("附件里的合并请求编号不是数字；没有写评论。")
        head = self.call("GET", f"pulls/{self.number}")["head"]
        source = (head["repo"] or {}).get("full_name")
        if source != wanted("HEAD_REPOSITORY"):
            raise StopError(f"附件来自别的合并请求，不是#{self.number}；没有写评论。")
        self.foreign = source != self.repository
        return bool(head["sha"] == wanted("HEAD_SHA"))

    def own(self) -> Iterator[dict[str, Any]]:
        """Yield the comments that workflows wrote."""
        found = self.pages(f"issues/{self.number}/comments")
        return (comment for comment in found if (comment["user"] or {}).get("login") == GITHUB_AUTHOR)

    def write(self, known: int | None, body: str) -> None:
        """Rewrite the comment *known*, or add one."""
        if known is None:
            self.call("POST", f"issues/{self.number}/comments", body)
        else:
            self.call("PATCH", f"issues/comments/{known}", body)


class GitLab(Platform):
    """The notes of a merge request, written with a token of the project."""

    def __init__(self, _folder: Path) -> None:
        super().__init__(wanted("CI_API_V4_URL"), {"PRIVATE-TOKEN": wanted("PLEDGE_TOKEN")})
        project, self.number = wanted("CI_MERGE_REQUEST_PROJECT_ID"), wanted("CI_MERGE_REQUEST_IID")
        self.notes = f"projects/{project}/merge_requests/{self.number}/notes"

    def current(self) -> bool:
        """Return true: GitLab itself names the request."""
        return True

    def own(self) -> Iterator[dict[str, Any]]:
        """Yield the notes that the token's user wrote."""
        author = self.call("GET", "user")["id"]
        return (note for note in self.pages(self.notes) if note["author"]["id"] == author)

    def write(self, known: int | None, body: str) -> None:
        """Rewrite the note *known*, or add one."""
        if known is None:
            self.call("POST", self.notes, body)
        else:
            self.call("PUT", f"{self.notes}/{known}", body)


def wanted(name: str) -> str:
    """Return a variable of the environment that has to be there."""
    value = os.environ.get(name, "")
    if not value:
        raise StopError(f"环境变量 {name} 没有值；它由流水线给出，见 .github/workflows 和 .gitlab-ci.yml。")
    return value


def text(path: Path) -> str:
    """Return what a file of the artifact says; a link could lead to what must not be posted."""
    if path.is_symlink() or not path.is_file():
        raise StopError(f"附件里没有 {path.name}；评审没有运行到写出结果，看那次运行的记录。")
    return path.read_text(encoding="utf-8", errors="replace")


def composed(review: str, *, foreign: bool) -> str:
    """Return the comment: the review, where its files are, and whose code wrote it; the mark stays last."""
    review = review.rstrip()
    if not review.endswith(MARK) or len(review) > LIMIT:
        raise StopError(f"review.md 不是评审写出的样子：末尾应当是 {MARK}，全文不超过{LIMIT}字；没有写评论。")
    parts = [review.removesuffix(MARK).rstrip()]
    if foreign:
        parts.insert(0, FOREIGN)
    if os.environ.get("RUN_URL"):
        parts.append(f"完整的对照网页和预览：[这次运行的附件]({os.environ['RUN_URL']})。")
    return "\n\n".join([*parts, MARK]) + "\n"


def run(platform: GitHub | GitLab, folder: Path) -> str:
    """Write the comment and return what was done."""
    if not platform.current():
        return f"#{platform.number} 已经有更新的提交；评论由它的评审来写。"
    body = composed(text(folder / "review.md"), foreign=platform.foreign)
    known = next((own["id"] for own in platform.own() if own["body"].rstrip().endswith(MARK)), None)
    platform.write(known, body)
    return "评审评论已写上。" if known is None else "评审评论已改写。"


def main() -> None:
    """Run with the words of the command line."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    if name == "gitlab" and not os.environ.get("PLEDGE_TOKEN"):
        print("没有 PLEDGE_TOKEN（派生仓库的流水线拿不到它），不写评论；评审结果见本次运行的附件。")
        return
    try:
        platform = GitHub(folder) if name == "github" else GitLab(folder)
        print(run(platform, folder))
    except StopError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
