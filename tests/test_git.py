"""What git holds, from real repositories: a revision's bytes, and a clear word where it cannot give them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from repository import ALONE, committed, git, made

from pledge import git as subject
from pledge.git import GitError, blob_id, checkout, commit, export, files, is_shallow, merge_base

FOLDERS = ("catalogue", "docs", "variables", "mkdocs.yml")
FILES = {
    "mkdocs.yml": b"site_name: x\n",
    "variables/crlf.yml": b"a: 1\r\nb: 2\r\n",
    "variables/\u4e2d\u6587 \u7a7a\u683c.yml": "名: 值\n".encode(),
    "catalogue/blanks/binary.yml": bytes(range(256)) * 40,
    "catalogue/no-newline.yml": b"a: 1",
    "docs/guarantees/empty.md": b"",
    'docs/\t"quoted".md': b"# x\n",
    "docs/big.md": b"x" * 300_000,
}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of the machine out of git."""
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)


def written(root: Path, contents: dict[str, bytes]) -> Path:
    """Write files below *root*."""
    for name, data in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Return the files below *root*."""
    found = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("within", ["", "sub/folder"])
@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_export_gives_the_committed_bytes(tmp_path: Path, within: str, algorithm: str) -> None:
    """A revision is written out byte for byte, whatever stands in the working tree, from where one stands."""
    top = made(tmp_path / "repository", f"--object-format={algorithm}")
    written(top, {".gitattributes": b"*.yml text eol=crlf\n*.md export-ignore ident\n"})
    root = written(top / within, {**FILES, "overrides/main.html": b"x"})
    git(top, "config", "core.autocrlf", "false")
    for name in FILES:
        git(
            root,
            "update-index",
            "--add",
            "--cacheinfo",
            f"100644,{_stored(root, name)},{_from(within, name)}",
        )
    git(top, "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "一次提交")
    first = git(top, "rev-parse", "HEAD")
    shutil.rmtree(root / "variables")
    export(root, first, FOLDERS, tmp_path / "out")
    assert FILES == contents(tmp_path / "out")


def _stored(root: Path, name: str) -> str:
    return git(root, "hash-object", "-w", "--no-filters", name)


def _from(within: str, name: str) -> str:
    return f"{within}/{name}" if within else name


def test_links_and_other_folders_are_left_out(tmp_path: Path) -> None:
    """Symbolic links and submodules are left out of an export; runnable files are files."""
    root = written(made(tmp_path / "repository"), {"variables/a.yml": b"a: 1\n", "secret.txt": b"x"})
    (root / "variables" / "run.yml").write_bytes(b"b: 2\n")
    (root / "variables" / "run.yml").chmod(0o755)
    (root / "variables" / "link.yml").symlink_to("../secret.txt")
    (root / "docs").symlink_to("/etc")
    inner = made(root / "catalogue" / "inner")
    committed(written(inner, {"x.yml": b"x: 1\n"}))
    first = committed(root)
    export(root, first, FOLDERS, tmp_path / "out")
    assert {"variables/a.yml": b"a: 1\n", "variables/run.yml": b"b: 2\n"} == contents(tmp_path / "out")


def test_checkout_lasts_as_long_as_it_is_needed(tmp_path: Path) -> None:
    """The folder of a revision is gone afterwards, and the repository is as it was."""
    root = written(made(tmp_path / "repository"), {"variables/a.yml": b"a: 1\n"})
    first = committed(root)
    (root / "variables" / "a.yml").write_bytes(b"a: 2\n")
    before = git(root, "status", "--porcelain=v2", "--branch")
    with checkout(root, first, FOLDERS) as folder:
        assert {"variables/a.yml": b"a: 1\n"} == contents(folder)
    assert not folder.exists()
    assert before == git(root, "status", "--porcelain=v2", "--branch")
    assert b"a: 2\n" == (root / "variables" / "a.yml").read_bytes()


def test_revision_without_the_project(tmp_path: Path) -> None:
    """A revision from before the project gives no files."""
    root = made(tmp_path / "repository")
    first = committed(root)
    committed(written(root, FILES))
    assert {} == files(root, first, FOLDERS)
    with checkout(root, first, FOLDERS) as folder:
        assert {} == contents(folder)


@pytest.mark.parametrize("revision", ["HEAD", "main", "v1", "HEAD~1", "@{0}"])
def test_commit_is_found_by_any_name(tmp_path: Path, revision: str) -> None:
    """A branch, a tag, an ancestor and a place in the log name a commit."""
    root = made(tmp_path)
    first = committed(root)
    second = committed(root, "第二次提交")
    git(root, "tag", "--annotate", "v1", "-m", "一", first)
    expected = {"v1": first, "HEAD~1": first}
    assert expected.get(revision, second) == commit(root, revision)


@pytest.mark.parametrize(
    "revision", ["missing", "", "-h", "--help", "--all", "-n1", "HEAD~9", "HEAD:mkdocs.yml", "a b", "0" * 40]
)
def test_missing_revision(tmp_path: Path, revision: str) -> None:
    """What names no commit is said to be missing, also where it looks like an option of git."""
    root = made(tmp_path)
    committed(written(root, FILES))
    with pytest.raises(GitError) as caught:
        commit(root, revision)
    assert f"git 中没有“{revision}”这个版本；git log --oneline 列出有哪些" == str(caught.value)


def test_branch_whose_name_looks_like_an_option(tmp_path: Path) -> None:
    """A revision is never taken for an option, even where a reference of that name exists."""
    root = made(tmp_path)
    first = committed(root)
    git(root, "update-ref", "refs/heads/-x", first)
    assert first == commit(root, "-x")


def test_empty_repository(tmp_path: Path) -> None:
    """A repository without a commit says what to do first."""
    with pytest.raises(GitError) as caught:
        commit(made(tmp_path), "HEAD")
    assert "这个 git 仓库还没有任何提交；先运行 git add 和 git commit" == str(caught.value)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a repository the way out is named."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(GitError) as caught:
        commit(tmp_path, "HEAD")
    assert "这里不是 git 仓库；先运行 git init，或者比较两个文件夹" == str(caught.value)


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without git is told so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError) as caught:
        commit(tmp_path, "HEAD")
    assert "没有找到 git；安装它，或者比较两个文件夹" == str(caught.value)


def test_repository_that_git_refuses(tmp_path: Path) -> None:
    """What git says of a damaged repository is handed on."""
    root = made(tmp_path)
    (root / ".git" / "config").write_text("[core\n", encoding="utf-8")
    with pytest.raises(GitError) as caught:
        commit(root, "HEAD")
    assert str(caught.value).startswith("git 说：fatal: bad config line 1 in file")


def test_shallow_clone(tmp_path: Path) -> None:
    """A clone that holds only the newest commit knows that one, and says how to get the others."""
    root = written(made(tmp_path / "repository"), {"variables/a.yml": b"a: 1\n"})
    first = committed(root)
    second = committed(root, "第二次提交")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "shallow")
    shallow = tmp_path / "shallow"
    assert (False, True) == (is_shallow(root), is_shallow(shallow))
    assert second == commit(shallow, "HEAD")
    assert {"variables/a.yml"} == set(files(shallow, second, FOLDERS))
    for revision in ("HEAD~1", first):
        with pytest.raises(GitError) as caught:
            commit(shallow, revision)
        assert str(caught.value) == (
            f"这是浅克隆，没有“{revision}”这个版本；运行 git fetch --unshallow，"
            "或者在流水线中取完整的历史（fetch-depth: 0）"
        )


def test_clone_without_contents(tmp_path: Path) -> None:
    """A partial clone whose origin is gone says that contents are missing."""
    root = written(made(tmp_path / "repository"), {"variables/a.yml": b"a: 1\n"})
    first = committed(root)
    blob = files(root, first, FOLDERS)["variables/a.yml"]
    git(root, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{root}", "partial")
    shutil.rmtree(root)
    with pytest.raises(GitError) as caught:
        export(tmp_path / "partial", first, FOLDERS, tmp_path / "out")
    assert f"git 仓库缺少 {blob[:12]} 的内容；运行 git fetch 补全，再来一次" == str(caught.value)


def test_tree_that_is_lost(tmp_path: Path) -> None:
    """A commit whose tree is gone says that the repository is not whole."""
    root = written(made(tmp_path), {"variables/a.yml": b"a: 1\n"})
    first = committed(root)
    tree = git(root, "rev-parse", "HEAD^{tree}")
    (root / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(GitError) as caught:
        files(root, first, FOLDERS)
    assert f"git 读不出 {first[:12]} 的文件；仓库可能不完整，运行 git fsck" == str(caught.value)


def test_merge_base(tmp_path: Path) -> None:
    """A branch is compared with what it grew from; histories that share nothing, with the base itself."""
    root = made(tmp_path)
    first = committed(root)
    git(root, "switch", "--quiet", "-c", "branch")
    branch = committed(root, "分支")
    git(root, "switch", "--quiet", "main")
    main = committed(root, "主干")
    git(root, "switch", "--quiet", "--orphan", "other")
    other = committed(root, "另一段历史")
    assert first == merge_base(root, main, branch)
    assert main == merge_base(root, main, other)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_blob_id_is_that_of_git(tmp_path: Path, algorithm: str) -> None:
    """The id of contents is what git itself gives them, in both kinds of repositories."""
    root = written(made(tmp_path, f"--object-format={algorithm}"), FILES)
    for name, data in FILES.items():
        known = _stored(root, name)
        assert known == blob_id(data, known)
        assert getattr(hashlib, algorithm)(b"").digest_size * 2 == len(known)


def test_settings_of_the_user_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours, quoted paths, pagers and other settings do not reach what is read."""
    settings = tmp_path / "config"
    settings.write_text(
        "[core]\n quotePath = true\n pager = false\n[color]\n ui = always\n[diff]\n external = false\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    root = written(made(tmp_path / "repository"), FILES)
    assert set(FILES) == set(files(root, committed(root), FOLDERS))


def test_only_one_module_runs_git() -> None:
    """Whatever needs git asks this module."""
    package = Path(subject.__file__).parent
    using = [path.name for path in package.rglob("*.py") if '["git"' in path.read_text(encoding="utf-8")]
    assert ["git.py"] == using


def test_repositories_of_the_tests_are_alone() -> None:
    """The settings that keep a test's repository apart are those that git reads."""
    environment = {**os.environ, **ALONE}
    done = subprocess.run(
        ["git", "var", "GIT_AUTHOR_IDENT"], env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().startswith("测试 <test@example.com>")
