"""Many sites in one folder: what is built again, what bad input does, and that nothing is lost."""

from __future__ import annotations

import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import BIN, COMPANIES
from copies import ROOT, copied
from crowds import files
from repository import committed, made

from pledge.fleet import store
from pledge.site import alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EAST = "variables/appliances-east.yml"


def pledge(root: Path, *words: str, limit: int | None = None) -> tuple[int, list[str]]:
    """Run pledge in *root* as a user would; return its exit code and the lines it printed."""
    bound = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit)) if limit else None
    done = subprocess.run(
        [str(BIN / "pledge"), *words],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={
            name: value for name, value in os.environ.items() if not (limit and name.startswith("COVERAGE_"))
        },
        preexec_fn=bound,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def told(lines: list[str]) -> list[str]:
    """Return *lines* without those of the progress, which name a speed."""
    return [line for line in lines if not line.startswith("共") and "家，每秒" not in line]


def stamps(folder: Path) -> dict[str, int]:
    """Return the inode of every file below *folder*: a file written anew has another."""
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True, scope="module")
def measured(measuring: dict[str, str]) -> Iterator[None]:
    """Measure the coverage of these commands: what they do is done nowhere else."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in measuring.items():
            patch.setenv(variable, value)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with its sites in `sites/` and its cache; only to be copied."""
    root = copied(tmp_path_factory.mktemp("fleet") / "project")
    shutil.copytree(ROOT / "editions", root / "editions")
    assert pledge(root, "build", "--all")[0] == 0
    return root


@pytest.fixture(scope="module")
def bare(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same without editions, so that its texts may change; only to be copied."""
    root = tmp_path_factory.mktemp("bare") / "project"
    shutil.copytree(built, root, ignore=shutil.ignore_patterns("editions"))
    assert pledge(root, "build", "--all")[0] == 0
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the first, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "project"))


@pytest.fixture
def unreleased(bare: Path, tmp_path: Path) -> Path:
    """Return a copy of the second, to be changed."""
    return Path(shutil.copytree(bare, tmp_path / "project"))


def replaced(root: Path, name: str, old: str, new: str) -> None:
    """Change the variable file of a company."""
    path = root / "variables" / f"{name}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def added(path: Path) -> None:
    """Add a line to a file."""
    path.write_text(path.read_text(encoding="utf-8") + "\n新的一句。\n", encoding="utf-8")


def anew(before: dict[str, int], after: dict[str, int]) -> set[str]:
    """Return the companies of whose files one is new."""
    changed = {name for name in after if before.get(name) != after[name]}
    return {name.partition("/")[0] for name in changed} & {*COMPANIES}


def test_every_company_has_its_site(built: Path) -> None:
    """Each has a folder, all share the files of the theme; above them a list, a sitemap, an index of data."""
    sites = built / "sites"
    assert {*COMPANIES, "assets", "index.html", "promises.json", "sitemap.xml", ".pledge"} == {
        path.name for path in sites.iterdir()
    }
    index = json.loads((sites / "promises.json").read_text(encoding="utf-8"))
    assert [*COMPANIES] == [each["id"] for each in index["companies"]]
    for each in index["companies"]:
        data = json.loads((sites / each["promises"]).read_text(encoding="utf-8"))
        assert each["name"] == data["company"]["name"]
        assert each["number"] == data["edition"]["number"]
        assert each["status"] == data["edition"]["status"]
    assert not (sites / "appliances" / "assets").exists()


def test_what_did_not_change_is_not_built_again(root: Path) -> None:
    """A second run writes nothing of a company; a change makes its own and its dealers' sites, no other."""
    before = stamps(root / "sites")
    assert (0, ["已生成 sites/：新生成0家，没有改动4家；写了0.0 MB"]) == pledge(root, "build", "--all")
    assert set() == anew(before, stamps(root / "sites"))
    before = stamps(root / "sites")
    replaced(root, "online-shop", "400-", "401-")
    assert 1 == pledge(root, "build", "--all")[0], "the text of an edition differs"
    assert before == stamps(root / "sites")


def later(*case: object, id: str) -> object:  # noqa: A002  pytest's own word
    """Return a case that `make test-more` runs: one of the same kind is in `make test`."""
    return pytest.param(*case, id=id, marks=pytest.mark.more)


ONE, SHOP = "it-services", "online-shop"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            lambda root: replaced(root, "appliances", "400-", "401-"),
            {"appliances", "appliances-east"},
            id="base",
        ),
        pytest.param(lambda root: (root / "sites" / SHOP / "404.html").write_text(""), {SHOP}, id="cut-file"),
        pytest.param(
            lambda root: (root / "sites" / ".pledge" / f"{SHOP}.json").write_text("{"),
            {SHOP},
            id="broken-note",
        ),
        pytest.param(lambda root: added(root / "docs" / "index.md"), {*COMPANIES}, id="page"),
        pytest.param(lambda root: shutil.rmtree(root / "sites" / "assets"), set(), id="lost-assets"),
        pytest.param(
            lambda root: next((root / "sites").glob("assets/**/*.css")).write_text(""), set(), id="cut-asset"
        ),
        later(lambda root: replaced(root, ONE, "400-", "401-"), {ONE}, id="own"),
        later(lambda root: added(root / "overrides" / "main.html"), {*COMPANIES}, id="theme"),
        later(lambda root: (root / "sites" / ONE / "index.html").unlink(), {ONE}, id="lost-file"),
        later(lambda root: shutil.rmtree(root / "sites" / SHOP), {SHOP}, id="lost-site"),
        later(lambda root: shutil.rmtree(root / ".cache"), set(), id="no-cache"),
    ],
)
def test_only_what_changed_is_built(
    unreleased: Path, change: Callable[[Path], object], expected: set[str]
) -> None:
    """Whatever is changed or lost is made again, and the result is that of a build from nothing."""
    before = stamps(unreleased / "sites")
    change(unreleased)
    assert 0 == pledge(unreleased, "build", "--all")[0]
    assert expected == anew(before, stamps(unreleased / "sites"))
    assert 0 == pledge(unreleased, "build", "--all", "-o", "fresh")[0]
    assert files(unreleased / "fresh") == files(unreleased / "sites")


def test_a_corrupt_cache_is_built_again(unreleased: Path) -> None:
    """Entries of the cache that are not whole are never believed."""
    damages = itertools.cycle([b"", b"{}", b"\xff\xfe", b"0" * 64 + b"\n{}"])
    entries = sorted((unreleased / ".cache").rglob("*.json"))
    for path, damage in zip(entries[1:], damages, strict=False):
        path.write_bytes(damage)
    entries[0].unlink()
    entries[0].mkdir()
    assert 0 == pledge(unreleased, "build", "--all", "-o", "fresh")[0]
    assert files(unreleased / "fresh") == files(unreleased / "sites")


def test_a_removed_company_loses_its_site(unreleased: Path) -> None:
    """With all companies at hand, a site whose variable file is gone goes too; with some, it stays."""
    (unreleased / EAST).unlink()
    pledge(unreleased, "build", "appliances", "it-services", "-o", "sites")
    assert (unreleased / "sites" / "appliances-east").is_dir()
    assert (0, ["已生成 sites/：新生成0家，没有改动3家，移除1家；写了0.0 MB"]) == pledge(
        unreleased, "build", "--all"
    )
    assert not (unreleased / "sites" / "appliances-east").exists()
    assert "appliances-east" not in (unreleased / "sites" / "index.html").read_text(encoding="utf-8")


def test_all_problems_come_before_anything_is_placed(unreleased: Path) -> None:
    """One broken file keeps every site as it was; with --keep-going the sound ones are built."""
    before = files(unreleased / "sites")
    phone = next(
        line
        for line in (unreleased / "variables/it-services.yml").read_text("utf-8").splitlines()
        if "hotline:" in line
    )
    replaced(unreleased, "it-services", phone, f"{phone.partition(':')[0]}: 电话")
    replaced(unreleased, "online-shop", "400-", "401-")
    code, lines = pledge(unreleased, "build", "--all")
    assert (1, "1个问题，没有生成；原来的网站没有改动。") == (code, told(lines)[-1])
    assert "服务热线：“电话”不是电话号码" in told(lines)[0]
    assert before == files(unreleased / "sites")
    code, lines = pledge(unreleased, "build", "--all", "--keep-going")
    assert 1 == code
    summary = next(line for line in lines if line.startswith("已生成"))
    assert summary.startswith("已生成 sites/：新生成1家，没有改动2家，有问题没有生成1家；写了")
    after = files(unreleased / "sites")
    assert before["it-services/index.html"] == after["it-services/index.html"]
    assert before["online-shop/index.html"] != after["online-shop/index.html"]


def test_a_company_is_published_once(unreleased: Path) -> None:
    """Two files of one name and one credit code are one company; with another code they are two."""
    text = (unreleased / "variables/it-services.yml").read_text(encoding="utf-8")
    (unreleased / "variables" / "other.yml").write_text(text, encoding="utf-8")
    code, lines = pledge(unreleased, "build", "--all")
    assert 1 == code
    assert any(
        line.endswith(
            "与 variables/it-services.yml 是同一家公司，名称和统一社会信用代码都相同；"
            "改正写错的一处，或者删去多出的文件 (same-company)"
        )
        for line in lines
    )
    line = next(line for line in text.splitlines() if "credit_code:" in line)
    replaced(unreleased, "other", line, "  credit_code: 91350100M000100Y43")
    assert 0 == pledge(unreleased, "build", "--all")[0]


def test_a_draft_is_passed_over_unless_named(unreleased: Path) -> None:
    """A draft is no part of all companies; who names it is told why it cannot be."""
    replaced(unreleased, "online-shop", "publish:", "draft: true\npublish:")
    code, lines = pledge(unreleased, "build", "--all")
    assert (0, ["已生成 sites/：新生成0家，没有改动3家，跳过草稿1家；写了0.0 MB"]) == (code, told(lines))
    code, lines = pledge(unreleased, "build", "online-shop", "appliances")
    assert 1 == code
    assert "这家公司还是草稿，不能发布" in told(lines)[0]


FOREIGN = [
    (
        lambda folder: (folder / "notes.txt").write_text("x"),
        "不像以前生成的一批网站；换一个文件夹，或者先清空它",
    ),
    (lambda folder: (folder / ".pledge").touch(), "不像以前生成的一批网站；换一个文件夹，或者先清空它"),
    (lambda folder: (folder / ".git").mkdir(), "不像以前生成的一批网站；换一个文件夹，或者先清空它"),
]


@pytest.mark.parametrize(("put", "reason"), FOREIGN, ids=["file", "one-site", "repository"])
def test_foreign_folders_are_refused(root: Path, put: Callable[[Path], object], reason: str) -> None:
    """A folder with other files is left alone, as is the site of a single company."""
    folder = root / "other"
    folder.mkdir()
    put(folder)
    before = files(folder)
    code, lines = pledge(root, "build", "--all", "-o", "other")
    assert (1, [f"{folder} 里有别的文件，{reason}", "没有生成；原来的网站没有改动。"]) == (code, lines)
    assert before == files(folder)


def test_a_foreign_folder_in_the_place_of_a_site_is_refused(root: Path) -> None:
    """Only what a build has put there is replaced."""
    shutil.rmtree(root / "sites" / "online-shop")
    (root / "sites" / "online-shop").mkdir()
    (root / "sites" / "online-shop" / "mine.txt").write_text("x")
    code, lines = pledge(root, "build", "--all")
    assert 1 == code
    assert f"{root / 'sites'} 里的online-shop不是以前生成的网站；移走它，或者换一个文件夹" == lines[0]
    assert (root / "sites" / "online-shop" / "mine.txt").exists()


def test_a_single_site_never_replaces_many(root: Path) -> None:
    """`pledge build` of one company refuses the folder of many."""
    code, lines = pledge(root, "build", "appliances", "-o", "sites")
    assert 1 == code
    assert "不像以前生成的网站" in lines[0]
    assert (root / "sites" / "online-shop").is_dir()


@pytest.mark.parametrize("name", ["../x", "a b"])
def test_a_company_id_that_is_no_name_is_refused(unreleased: Path, name: str) -> None:
    """An id that is a path, or not of small letters, is a problem and writes nothing outside."""
    shutil.copy(unreleased / EAST, unreleased / "variables" / f"{name}.yml")
    code, lines = pledge(unreleased, "build", "--all")
    if name == "../x":
        assert 0 == code, "a file beside variables/ is no company"
    else:
        assert (1, True) == (code, any("bad-company-id" in line for line in lines))
    assert not (unreleased / "x").exists()


def test_a_company_called_as_the_shared_folder_is_refused(unreleased: Path) -> None:
    """`assets` is taken."""
    shutil.copy(unreleased / EAST, unreleased / "variables" / "assets.yml")
    code, lines = pledge(unreleased, "build", "--all")
    expected = "公司代号“assets”与共用文件的文件夹同名；给 variables/assets.yml 换一个名称"
    assert (1, expected) == (code, lines[0])


def test_two_builds_into_one_folder(root: Path) -> None:
    """The second is told to wait."""
    with alone(root / "sites"):
        code, lines = pledge(root, "build", "--all")
    assert (1, f"另一个生成正在写 {root / 'sites'}；等它结束再来") == (code, lines[0])


def test_a_full_disk_leaves_what_was_there(unreleased: Path) -> None:
    """Where a file cannot be written, no site is touched, and the message says why."""
    before = files(unreleased / "sites")
    replaced(unreleased, "it-services", "400-", "401-")
    code, lines = pledge(unreleased, "build", "--all", limit=60_000)
    assert (1, "1个问题，没有生成；原来的网站没有改动。") == (code, told(lines)[-1])
    assert "variables/it-services.yml: 读写文件时出错（文件太大）" == told(lines)[-2]
    assert before == files(unreleased / "sites")


_LATER = (0.3, 0.9, 1.2, 1.8, 2.2, 2.6, 3.0, 3.6)


@pytest.mark.parametrize("delay", [1.5, *(pytest.param(delay, marks=pytest.mark.more) for delay in _LATER)])
def test_a_killed_build_leaves_whole_sites(unreleased: Path, delay: float) -> None:
    """Killed at any moment, each site stands whole as it was or is to be; the next run finishes the work."""
    before = files(unreleased / "sites")
    added(unreleased / "docs" / "index.md")
    process = subprocess.Popen(
        [str(BIN / "pledge"), "build", "--all"],
        cwd=unreleased,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    left = files(unreleased / "sites")
    assert 0 == pledge(unreleased, "build", "--all")[0]
    after = files(unreleased / "sites")
    for company in COMPANIES:
        old, now, new = (
            {name: data for name, data in found.items() if name.startswith(f"{company}/")}
            for found in (before, left, after)
        )
        assert now in (old, new), company
    assert 0 == pledge(unreleased, "build", "--all", "-o", "fresh")[0]
    assert files(unreleased / "fresh") == after


def test_shards_make_up_the_whole(unreleased: Path) -> None:
    """The parts of a build, laid together, are known for what they are: nothing is built again."""
    for part in ("1/3", "2/3", "3/3"):
        assert 0 == pledge(unreleased, "build", "--all", "--shard", part, "-o", f"part{part[0]}")[0]
    names = [{path.name for path in (unreleased / f"part{part}").iterdir()} & {*COMPANIES} for part in "123"]
    assert [{"appliances-east", "online-shop"}, {"appliances"}, {"it-services"}] == names
    for part in "123":
        shutil.copytree(unreleased / f"part{part}", unreleased / "whole", dirs_exist_ok=True)
    code, lines = pledge(unreleased, "build", "--all", "-o", "whole")
    assert (0, ["已生成 whole/：新生成0家，没有改动4家；写了0.0 MB"]) == (code, lines)
    assert files(unreleased / "sites") == files(unreleased / "whole")


def test_only_what_changed_since_a_revision(unreleased: Path) -> None:
    """A change of values concerns its company and its dealers; of a page, all; of a test, none."""
    committed(made(unreleased))

    def chosen() -> set[str]:
        shutil.rmtree(unreleased / "some", ignore_errors=True)
        code, _ = pledge(unreleased, "build", "--changed-since", "HEAD", "-o", "some")
        assert 0 == code
        return {path.name for path in (unreleased / "some").iterdir()} & {*COMPANIES}

    (unreleased / "README.md").write_text("x")
    assert set() == chosen()
    replaced(unreleased, "appliances", "400-", "401-")
    assert {"appliances", "appliances-east"} == chosen()
    added(unreleased / "docs" / "index.md")
    assert {*COMPANIES} == chosen()


WORDS = [
    (["appliances", "--all"], "写明几家公司，或者用 --all、--changed-since；两者选一种。"),
    (
        ["--keep-going"],
        "--keep-going、--downloads、--shard 和 --scheduler 只用于多家；写几家公司，或者用 --all。",
    ),
    (["--all", "--shard", "4/3"], "--shard 的“4/3”写错了；写成如 3/10，第几份在前，共几份在后。"),
    (["--all", "--shard", "x"], "--shard 的“x”写错了；写成如 3/10，第几份在前，共几份在后。"),
    (
        ["appliances", "nosuch"],
        "没有“nosuch”这家公司；variables/ 下有：appliances-east、appliances、it-services、online-shop",
    ),
    (["--changed-since", "nosuch"], None),
]


@pytest.mark.parametrize(("words", "message"), WORDS, ids=[" ".join(words) for words, _ in WORDS])
def test_words_that_make_no_sense(root: Path, words: list[str], message: str | None) -> None:
    """They are refused with exit code 2, and nothing is touched."""
    before = stamps(root / "sites")
    code, lines = pledge(root, "build", *words)
    assert 2 == code
    assert message is None or [message] == lines
    assert before == stamps(root / "sites")


def test_the_store_keeps_few_states(tmp_path: Path) -> None:
    """The cache does not grow with every change of a page."""
    for number in range(6):
        os.utime(store.store(tmp_path, f"state{number}").folder, (number, number))
    store.store(tmp_path, "state9")
    assert ["state4", "state5", "state9"] == sorted(path.name for path in (tmp_path / store.FOLDER).iterdir())
