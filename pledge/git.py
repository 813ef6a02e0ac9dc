"""What git holds: a revision's files, byte for byte, without touching the working tree."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILE_MODES = ("100644", "100755")


class GitError(Exception):
    """git cannot give what is asked for; the message says why and the way out, in Chinese."""


def commit(root: Path, revision: str) -> str:
    """Return the id of the commit that *revision* names; raises GitError where there is none."""
    _repository(root)
    name = f"{revision}^{{commit}}"
    found = _run(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
    if found.returncode == 0:
        return found.stdout.decode().strip()
    if _run(root, "rev-parse", "--verify", "--quiet", "HEAD").returncode:
        raise GitError("这个 git 仓库还没有任何提交；先运行 git add 和 git commit")
    if is_shallow(root):
        raise GitError(
            f"这是浅克隆，没有“{revision}”这个版本；运行 git fetch --unshallow，"
            "或者在流水线中取完整的历史（fetch-depth: 0）"
        )
    raise GitError(f"git 中没有“{revision}”这个版本；git log --oneline 列出有哪些")


def is_shallow(root: Path) -> bool:
    """Whether the repository holds only the newest part of its history."""
    return _run(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def merge_base(root: Path, one: str, other: str) -> str:
    """Return the newest commit that both commits build on, or *one* where they share none.

    Raises GitError in a shallow clone that does not reach so far back.
    """
    found = _run(root, "merge-base", one, other)
    if found.returncode and is_shallow(root):
        raise GitError(
            "这是浅克隆，找不到两个版本的共同来源；运行 git fetch --unshallow，"
            "或者在流水线中取完整的历史（fetch-depth: 0）"
        )
    return found.stdout.decode().strip() if found.returncode == 0 else one


def _repository(root: Path) -> None:
    found = _run(root, "rev-parse", "--git-dir")
    if found.returncode:
        reason = found.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        hint = "这里不是 git 仓库；先运行 git init，或者比较两个文件夹"
        raise GitError(hint if "not a git repository" in reason else f"git 说：{reason}")


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(
            ["git", *arguments],  # noqa: S607  git is found where the user keeps it
            cwd=root,
            input=given,
            capture_output=True,
            check=False,
            env=environment,
        )
    except FileNotFoundError:
        raise GitError("没有找到 git；安装它，或者比较两个文件夹") from None


def files(root: Path, commit_id: str, folders: Iterable[str]) -> dict[str, str]:
    """Return the files of a commit below *folders* of the project: blob id by path, links left out."""
    found = _run(root, "ls-tree", "-r", "-z", commit_id, "--", *folders)
    if found.returncode:
        raise GitError(f"git 读不出 {commit_id[:12]} 的文件；仓库可能不完整，运行 git fsck")
    entries = (entry.split(b"\t", 1) for entry in found.stdout.split(b"\0") if entry)
    split = ((head.decode().split(), os.fsdecode(path)) for head, path in entries)
    return {path: blob for (mode, _, blob), path in split if mode in _FILE_MODES}


def export(root: Path, commit_id: str, folders: Iterable[str], target: Path) -> None:
    """Write the files of a commit below *folders* to *target*, as they were committed."""
    found = files(root, commit_id, folders)
    for path, data in zip(found, _blobs(root, found.values()), strict=True):
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _blobs(root: Path, blobs: Iterable[str]) -> Iterator[bytes]:
    wanted = list(blobs)
    asked = "".join(f"{blob}\n" for blob in wanted).encode()
    data = _run(root, "cat-file", "--batch", given=asked).stdout
    start = 0
    for blob in wanted:
        end = data.find(b"\n", start)
        size = data[start:end].split()[-1] if end > start else b""
        if not size.isdigit():
            raise GitError(f"git 仓库缺少 {blob[:12]} 的内容；运行 git fetch 补全，再来一次")
        start = end + 1 + int(size) + 1
        yield data[end + 1 : start - 1]


def changed(root: Path, commit_id: str) -> list[str]:
    """Return the paths of the project's files that differ from a commit, new ones too, ignored ones not."""
    named = _run(root, "diff", "--name-only", "--no-renames", "--relative", "-z", commit_id, "--", ".")
    fresh = _run(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    found = {os.fsdecode(path) for path in (named.stdout + fresh.stdout).split(b"\0") if path}
    return sorted(found)


@contextlib.contextmanager
def checkout(root: Path, commit_id: str, folders: Iterable[str]) -> Iterator[Path]:
    """Give a folder that holds a commit's files below *folders* for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="pledge-") as folder:
        export(root, commit_id, folders, Path(folder))
        yield Path(folder)


def blob_id(data: bytes, like: str) -> str:
    """Return the id git gives to a file holding *data*, by the same algorithm as the id *like*."""
    algorithm = hashlib.sha1 if len(like) == 40 else hashlib.sha256  # noqa: PLR2004  git's object ids
    return algorithm(b"blob %d\0" % len(data) + data).hexdigest()
