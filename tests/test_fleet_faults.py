"""What could make a folder of many sites lie: edits and kills at the worst moment, faults of the project."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import BIN, COMPANIES, mkdocs
from copies import copied
from crowds import files, inline, shared

from pledge.company import paths, today
from pledge.fleet import store, templates
from pledge.fleet.building import Order, Summary, build
from pledge.fleet.library import CHANGED
from pledge.site import BuildError
from pledge.swap import exchange

if TYPE_CHECKING:
    from collections.abc import Callable

ONE, SHOP = "it-services", "online-shop"
PHONE = "400-"


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project of two companies without editions, with their sites; only to be copied."""
    root = copied(tmp_path_factory.mktemp("faults") / "project")
    for name in {*COMPANIES} - {ONE, SHOP}:
        (root / "variables" / f"{name}.yml").unlink()
    assert made(root).placed
    return root


@pytest.fixture
def root(standing: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be changed."""
    return Path(shutil.copytree(standing, tmp_path / "project"))


def made(root: Path, into: str = "sites") -> Summary:
    """Build all sites of the project in this process."""
    order = Order(root, root / into, list(paths(root)), today(), whole=True, spread=inline)
    return build(order)


def edited(path: Path, old: str, new: str) -> None:
    """Change a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def phone(root: Path, company: str) -> bool:
    """Whether the site of a company shows the changed telephone number."""
    return "401-" in (root / "sites" / company / "index.html").read_text(encoding="utf-8")


def test_no_company_takes_the_place_of_a_stage(root: Path) -> None:
    """Names that the work uses for itself are ids as good as any."""
    for name in ("top", "check-only", "new"):
        text = (root / "variables" / f"{ONE}.yml").read_text(encoding="utf-8")
        (root / "variables" / f"{name}.yml").write_text(
            text.replace("示例信息", f"示例{name}"), encoding="utf-8"
        )
    assert made(root).placed
    found = {path.name for path in (root / "sites").iterdir()}
    assert {
        "top",
        "check-only",
        "new",
        ONE,
        SHOP,
        "assets",
        "index.html",
        "promises.json",
        "sitemap.xml",
        ".pledge",
    } == found
    assert not list((root / "sites" / ".pledge").glob("new*"))


def test_an_edit_in_the_middle_is_not_believed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that change while they are built, even for a moment, reach neither the cache nor a site."""
    before, path = files(root / "sites"), root / "docs" / "index.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n先写的一句。\n", encoding="utf-8")
    really = templates.built

    def meanwhile(*given: object) -> templates.Built:
        path.write_text(f"{text}\n中途写的一句。\n", encoding="utf-8")
        found = really(*given)  # type: ignore[arg-type]
        path.write_text(f"{text}\n先写的一句。\n", encoding="utf-8")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(templates, "built", meanwhile)
        with pytest.raises(BuildError, match=CHANGED):
            made(root)
    assert before == files(root / "sites")
    assert made(root).placed
    assert "先写的一句。" in (root / "sites" / ONE / "index.html").read_text(encoding="utf-8")
    assert "中途写的一句。" not in (root / "sites" / SHOP / "index.html").read_text(encoding="utf-8")


def test_a_file_written_as_it_was_read_is_read_again(root: Path) -> None:
    """Nobody knows which text such a site was made from, so it is made once more."""
    path = root / "variables" / f"{ONE}.yml"
    edited(path, PHONE, "401-")
    later = time.time() + 60
    os.utime(path, (later, later))
    for _ in range(2):
        assert [ONE] == [each.company for each in made(root).made]
    os.utime(path, (later - 120, later - 120))
    assert [ONE] == [each.company for each in made(root).made]
    assert [] == made(root).made


def test_a_site_never_stands_beside_the_note_of_another(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between the site and its note, and the edit taken back: the site is made again."""
    path = root / "variables" / f"{ONE}.yml"
    edited(path, PHONE, "401-")

    def killed(staged: Path, place: Path) -> None:
        exchange(staged, place)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pledge.fleet.commit.exchange", killed)
        with pytest.raises(KeyboardInterrupt):
            made(root)
    assert phone(root, ONE)
    edited(path, "401-", PHONE)
    assert [ONE] == [each.company for each in made(root).made]
    assert not phone(root, ONE)


def lives(group: int) -> bool:
    """Whether a process of the group lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_build_that_was_killed_alone_keeps_nobody_out(root: Path) -> None:
    """What it had begun ends with it, and the next run does the work."""
    with (root / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n新的一句。\n")
    words = [str(BIN / "pledge"), "build", "--all"]
    with subprocess.Popen(words, cwd=root, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        while process.poll() is None and not list((root / "sites" / ".pledge").glob("new*/.top")):
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
    assert made(root).placed
    assert "新的一句。" in (root / "sites" / ONE / "index.html").read_text(encoding="utf-8")
    for _ in range(100):
        if lives(process.pid):
            time.sleep(0.1)
    assert not lives(process.pid)


def test_a_page_beside_the_guarantees_may_print_values(root: Path) -> None:
    """A page of the project's own, its footer, and what mkdocs.yml sets are as MkDocs alone makes them."""
    shared(root)
    edited(root / "mkdocs.yml", 'copyright: ""', "copyright: 版权所有")
    edited(root / "mkdocs.yml", "  generator: false", "  generator: false\n  slogan: 说到做到")
    footer = root / "overrides" / "partials" / "footer.html"
    footer.write_text(
        "{{ config.copyright }}{{ config.extra.slogan }}" + footer.read_text(encoding="utf-8"), "utf-8"
    )
    (root / "docs" / "faq.md").write_text(
        "# 常见问题\n\n打电话{{ contact.hotline }}。{{ company.name }}答复，{{ contact.hours }}都在。\n",
        "utf-8",
    )
    edited(root / "mkdocs.yml", "\nnav:\n", "\nnav:\n  - 常见问题: faq.md\n")
    edited(root / "variables" / f"{ONE}.yml", "name: 示例信息", "name: 示<例>&信息")
    assert made(root).placed
    for company in (ONE, SHOP):
        assert 0 == mkdocs(root, "build", "-q", "-d", str(root / "alone"), company=company).returncode
        alone, filled = files(root / "alone"), files(root / "sites" / company)
        assert [] == [name for name in alone.keys() | filled.keys() if alone.get(name) != filled.get(name)]
        assert "版权所有说到做到" in filled["faq/index.html"].decode()


FAULTS: list[tuple[Callable[[Path], object], str]] = [
    (
        lambda root: (root / "overrides" / "partials" / "footer.html").write_text("{% if %}"),
        (
            "overrides/partials/footer.html第1行写错了"
            "（Expected an expression, got 'end of statement block'）；改正后再生成"
        ),
    ),
    (
        lambda root: (root / "overrides" / "partials" / "lost.html").unlink(),
        "主题缺少模板 partials/lost.html；在 overrides/ 下补上",
    ),
]


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=["syntax", "missing"])
def test_a_fault_of_the_theme_is_told(root: Path, change: Callable[[Path], object], said: str) -> None:
    """It is named, with its place and the way out; no site is touched."""
    before = files(root / "sites")
    change(root)
    summary = made(root)
    assert {said} == {outcome.failure for outcome in summary.failures}
    assert before == files(root / "sites")


def test_a_fault_of_the_list_is_told(root: Path) -> None:
    """The template of the list of companies too."""
    (root / "overrides" / "fleet" / "index.html").write_text("{{ a(")
    with pytest.raises(BuildError, match=r"overrides/fleet/index\.html第1行写错了"):
        made(root)


def test_what_mkdocs_warns_of_is_told(root: Path) -> None:
    """A link that leads nowhere is named, not only that there was a warning."""
    with (root / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[去看](nowhere.md)\n")
    [failure] = {outcome.failure for outcome in made(root).failures}
    assert "nowhere.md" in failure


def test_a_fault_of_macros_is_told(root: Path) -> None:
    """A program of the project that fails is named with what it said."""
    (root / "macros.py").write_text("1 / 0\n", encoding="utf-8")
    [failure] = {outcome.failure for outcome in made(root).failures}
    assert (
        "生成页面时出错（ZeroDivisionError: division by zero）；改正 macros.py、hooks 或者页面后再生成"
    ) == failure


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("docs/sites", "在项目的 docs 里面；换一个文件夹"),
        ("variables/x", "在项目的 variables 里面；换一个文件夹"),
        ("overrides", "里有别的文件，不像以前生成的一批网站；换一个文件夹，或者先清空它"),
    ],
)
def test_sites_never_stand_in_what_they_are_made_from(root: Path, name: str, said: str) -> None:
    """Each build would be a part of the next one."""
    (root / "docs" / "sites").mkdir()
    with pytest.raises(BuildError) as error:
        made(root, name)
    assert f"{root / name} {said}" == str(error.value)


def test_a_link_to_itself_is_told(root: Path) -> None:
    """There is no such folder."""
    (root / "loop").symlink_to("loop")
    with pytest.raises(BuildError, match="loop 是一个指向自己的链接；换一个文件夹"):
        made(root, "loop")


def test_a_note_of_another_kind_is_no_note(root: Path) -> None:
    """What a note says is looked at before it is believed."""
    path = root / "sites" / ".pledge" / f"{ONE}.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "sources": 5}), "utf-8")
    assert [ONE] == [each.company for each in made(root).made]


def test_all_that_mkdocs_yml_names_counts(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of the environment, hooks, a file it inherits from, and links below docs/."""
    monkeypatch.delenv("SITE_URL", raising=False)
    edited(root / "mkdocs.yml", "site_name:", "hooks: [hook.py]\nsite_url: !ENV [SITE_URL, '']\nsite_name:")
    (root / "hook.py").write_text("")
    (root / "beside").mkdir()
    (root / "docs" / "linked").symlink_to(root / "beside")
    states = {store.state(root)}
    monkeypatch.setenv("SITE_URL", "https://example.com/")
    states.add(store.state(root))
    (root / "hook.py").write_text("x = 1\n")
    states.add(store.state(root))
    (root / "beside" / "page.md").write_text("# 甲\n", encoding="utf-8")
    states.add(store.state(root))
    assert 4 == len(states)
    outside = tmp_path / "outside.py"
    outside.write_text("")
    edited(root / "mkdocs.yml", "hooks: [hook.py]", f"hooks: [{outside}]")
    states.add(store.state(root))
    outside.write_text("x = 1\n")
    states.add(store.state(root))
    assert 6 == len(states)
