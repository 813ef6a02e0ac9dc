"""The built site of each company, read back as a visitor and a search engine would."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from alone import visible
from building import BIN, COMPANIES, fresh, mkdocs, pages
from click.testing import CliRunner
from copies import ROOT, copied

from pledge import edition
from pledge import project as project_module
from pledge.cli import cli
from pledge.printed import worded

if TYPE_CHECKING:
    from pathlib import Path

LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|_{4,}|\bNone\b|undefined|Macro Rendering Error|\{:")


def edit(path: Path, old: str, new: str) -> None:
    """Replace *old*, which stands once in the file, by *new*."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def misspell(root: Path) -> None:
    """Misspell a blank on the first page."""
    page = root / "docs" / "guarantees" / "charter.md"
    edit(page, "{{ response.complex_case }}", "{{ response.complex_cas }}")


@pytest.mark.parametrize("company", COMPANIES)
def test_only_what_is_published_is_there(sites: dict[str, Path], company: str) -> None:
    """The site has the variants the company publishes, and the address of those it published once."""
    made = project_module.load(ROOT).company(company)
    publish = set(made.publish)
    once = {name for each in edition.load(ROOT, made.names) for name in each.texts}
    site = sites[company]
    assert publish | once == {path.name for path in (site / "guarantees").iterdir()}
    links = {str(link["href"]) for link in fresh(site, "").select("a[href]")}
    assert publish == {match[1] for link in links if (match := re.search(r"guarantees/([^/#]+)/", link))}


@pytest.mark.parametrize("company", COMPANIES)
def test_nothing_is_left_over(sites: dict[str, Path], company: str) -> None:
    """No page shows a tag, an underscore blank, or a value that is None."""
    for name, page in pages(sites[company]).items():
        assert None is LEFTOVERS.search(visible(page)), name


@pytest.mark.parametrize("company", COMPANIES)
def test_links_and_anchors_lead_somewhere(sites: dict[str, Path], company: str) -> None:
    """Every link inside the site, those of macros too, has its page and its anchor."""
    site = sites[company]
    parsed = pages(site)
    ids = {name: {tag["id"] for tag in page.select("[id]")} for name, page in parsed.items()}
    broken = []
    for name, page in parsed.items():
        for link in page.select("a[href]"):
            parts = urlsplit(urljoin(f"https://host/{name}", str(link["href"])))
            if parts.netloc != "host" or parts.scheme != "https" or name == "404.html":
                continue
            target = unquote(parts.path).lstrip("/")
            target += "index.html" if not target or target.endswith("/") else ""
            anchor = unquote(parts.fragment)
            if not (site / target).is_file() or (anchor and anchor not in ids.get(target, {anchor})):
                broken.append((name, link["href"]))
    assert broken == []


@pytest.mark.parametrize("company", COMPANIES)
def test_ids_are_unique(sites: dict[str, Path], company: str) -> None:
    """No page has an id twice."""
    for name, page in pages(sites[company]).items():
        found = [tag["id"] for tag in page.select("[id]")]
        assert sorted(set(found)) == sorted(found), name


@pytest.mark.parametrize("company", COMPANIES)
def test_no_foreign_resource(sites: dict[str, Path], company: str) -> None:
    """Nothing a browser loads by itself comes from another host."""
    for name, page in pages(sites[company]).items():
        loaded = page.select("script[src], img[src], iframe[src], link[rel=stylesheet], link[rel=preconnect]")
        sources = [str(tag.get("src") or tag.get("href")) for tag in loaded]
        assert [source for source in sources if urlsplit(source).netloc] == [], name
    for sheet in sites[company].rglob("*.css"):
        assert None is re.search(r"url\([\"']?(https?:)?//", sheet.read_text(encoding="utf-8")), sheet


@pytest.mark.parametrize("company", COMPANIES)
def test_every_value_is_on_the_page(sites: dict[str, Path], company: str) -> None:
    """Each blank a published page speaks shows the company's value, and the machine value beside it."""
    project = project_module.load(ROOT)
    values = project.company(company).values
    for name in project.company(company).publish:
        page = fresh(sites[company], f"guarantees/{name}")
        shown = {tag["data-blank"]: (tag.get_text(), tag["value"]) for tag in page.select("data.blank")}
        spoken = [blank for blank in project.pages[name].spoken if blank in values]
        scalars = [values[blank] for blank in spoken if values[blank].blank.kind != "table"]
        wanted = {value.blank.id: (worded(value), value.machine) for value in scalars}
        assert wanted == {blank: shown[blank] for blank in wanted}


def test_clause_numbers_are_text(sites: dict[str, Path]) -> None:
    """Clauses carry their numbers as text, and references speak them."""
    page = fresh(sites["appliances"], "guarantees/charter")
    heading = page.select_one("#service")
    assert heading is not None
    assert visible(heading) == "2. 服务标准"
    item = page.select_one("#oversight-anyone")
    assert item is not None
    assert visible(item).endswith("联系方式见 第3.1款第(1)项 。")


def test_identity_comes_from_the_variable_file(sites: dict[str, Path]) -> None:
    """Title, footer, filings and hotline are those of the company that is built."""
    shop = fresh(sites["online-shop"], "")
    assert shop.title is not None
    assert "示例优选售后服务承诺" in shop.title.get_text()
    footer = shop.select_one("footer")
    assert footer is not None
    for text in ("示例优选电子商务有限公司", "91330100MA0000000C", "浙ICP备00000000号-2"):
        assert text in footer.get_text()
    filings = {link["href"] for link in footer.select("a[href^=https]")}
    assert {link for link in filings if "beian" in str(link)} == {
        "https://beian.miit.gov.cn/",
        "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000000",
    }
    assert shop.select_one('a[href="tel:4000000002"]') is not None


def test_words_from_the_middle_of_a_sentence_are_found(sites: dict[str, Path]) -> None:
    """The search index holds Chinese words cut apart, so a word inside a sentence is found."""
    index = json.loads((sites["appliances"] / "search" / "search_index.json").read_text(encoding="utf-8"))
    assert index["config"]["lang"] == ["zh", "en"]
    words = {word for entry in index["docs"] for word in re.split("[\u200b ]", entry["text"])}
    assert {"配件", "满意度", "复核", "逾期"} - words <= {"逾期"}


def test_statutory_page_shows_only_confirmed_law(sites: dict[str, Path]) -> None:
    """The comparison shows promise, floor, margin and article, and nothing that is not confirmed."""
    page = fresh(sites["online-shop"], "statutory")
    rows = {row.select("th")[0].get_text(): row.select("td") for row in page.select("tbody tr")}
    assert [cell.get_text() for cell in rows["无理由退货退款时限"]] == [
        "5日",
        "不超过7日",
        "优于法定标准2日",
        "《中华人民共和国消费者权益保护法》第二十五条第三款",
    ]
    assert "《部分商品修理更换退货责任规定》" not in page.get_text()


def test_a_changed_figure_is_on_the_page_after_the_next_build(tmp_path: Path) -> None:
    """Two companies that differ in one value have sites that differ exactly there."""
    root = copied(tmp_path / "project")
    first, second = tmp_path / "first", tmp_path / "second"
    assert mkdocs(root, "build", "-q", "-d", str(first)).returncode == 0
    edit(root / "variables" / "appliances.yml", "first_contact: 2小时", "first_contact: 3小时")
    assert mkdocs(root, "build", "-q", "-d", str(second)).returncode == 0
    others = pages(second)
    for name, page in pages(first).items():
        other = others[name]
        for tag in (*page.select("[data-blank='response.first_contact']"),):
            tag.replace_with("甲")
        for tag in (*other.select("[data-blank='response.first_contact']"),):
            assert (tag.get_text(), tag["value"]) == ("3小时", "PT3H")
            tag.replace_with("甲")
        assert str(page) == str(other), name


def test_a_misspelt_blank_fails_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    """A misspelt blank ends with the list before anything is emptied."""
    root = copied(tmp_path)
    assert mkdocs(root, "build", "-q").returncode == 0
    before = (root / "site" / "index.html").read_bytes()
    misspell(root)
    done = mkdocs(root, "build", "-q")
    assert done.returncode == 1
    assert "没有“response.complex_cas”这个空白（是不是“response.complex_case”？）" in done.stdout
    assert before == (root / "site" / "index.html").read_bytes()


def test_without_the_plugin_a_misspelt_blank_still_fails(tmp_path: Path) -> None:
    """The second net: `on_undefined: strict` with `on_error_fail: true` ends the build."""
    root = copied(tmp_path)
    edit(root / "mkdocs.yml", "  - pledge\n", "")
    misspell(root)
    assert mkdocs(root, "build", "-q").returncode == 100


def test_a_draft_is_served_but_not_built(tmp_path: Path) -> None:
    """A draft with gaps does not end up in a site."""
    root = copied(tmp_path)
    edit(root / "variables" / "appliances.yml", "edition:\n", "draft: true\nedition:\n")
    edit(root / "variables" / "appliances.yml", "  first_contact: 2小时\n", "")
    done = mkdocs(root, "build", "-q")
    assert done.returncode == 1
    assert (
        "variables/appliances.yml:5:8: 这家公司还是草稿，不能发布；"
        "填好后删去“draft: true”，或者用 make serve 预览 (draft)"
    ) in done.stdout.splitlines()


def test_an_unknown_company_is_named(tmp_path: Path) -> None:
    """COMPANY is read as text, and a wrong one is answered with those there are."""
    done = mkdocs(ROOT, "build", "-q", "-d", str(tmp_path / "site"), company="aplliances")
    assert done.returncode == 1
    assert "没有“aplliances”这家公司（是不是“appliances”？）" in done.stdout


def test_deal_blanks_are_labelled_gaps(sites: dict[str, Path]) -> None:
    """What belongs to one contract is a labelled gap on the web."""
    page = fresh(sites["appliances"], "guarantees/contract")
    gaps = {tag["data-blank"]: tag.get_text() for tag in page.select("span.gap-deal")}
    assert gaps["contract.number"] == "〔合同编号：以合同记载为准〕"
    assert page.select("span.gap-draft") == []


def build(root: Path, *arguments: str) -> tuple[int, str]:
    """Run `pledge build` in *root*."""
    command = [str(BIN / "pledge"), "build", *arguments]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


UNRELEASED = "还没有发布过版本，网站不附 PDF 和 Word；先运行 pledge release。\n"


def test_build_swaps_in_whole_and_a_failing_one_leaves_the_old_site(tmp_path: Path) -> None:
    """After a failing build the old site is there to the byte, and nothing lies beside it."""
    root = copied(tmp_path)
    assert build(root) == (0, UNRELEASED)
    before = {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()}
    edit(root / "variables" / "appliances.yml", "  refund: 3日", "  refund: 9日")
    code, errors = build(root)
    assert code == 1
    assert (
        "variables/appliances.yml:120:11: 无理由退货退款时限9日超过《中华人民共和国消费者权益保护法》"
        "第二十五条第三款：上限7日，相差2日；改为不超过7日 (below-law)"
    ) in errors.splitlines()
    assert before == {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()}
    assert [path.name for path in root.glob("site*")] == ["site"]


def test_a_killed_build_leaves_the_old_site_and_the_next_one_tidies(tmp_path: Path) -> None:
    """A build killed in the middle costs nothing."""
    root = copied(tmp_path)
    assert build(root) == (0, UNRELEASED)
    before = (root / "site" / "index.html").read_bytes()
    edit(root / "variables" / "appliances.yml", "first_contact: 2小时", "first_contact: 1小时")
    running = subprocess.Popen([str(BIN / "pledge"), "build"], cwd=root)
    while not list(root.glob("site.new-*/index.html")) and running.poll() is None:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert before == (root / "site" / "index.html").read_bytes()
    assert build(root) == (0, UNRELEASED)
    assert before != (root / "site" / "index.html").read_bytes()
    assert [path.name for path in root.glob("site*")] == ["site"]


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """A target that is no site is not touched."""
    root = copied(tmp_path)
    (root / "mine").mkdir()
    (root / "mine" / "letter.txt").write_text("x")
    code, errors = build(root, "-o", "mine")
    assert code == 1
    assert "里有别的文件，不像以前生成的网站；换一个文件夹，或者先清空它" in errors
    assert [path.name for path in (root / "mine").iterdir()] == ["letter.txt"]


def test_neighbours_of_the_site_are_not_touched(tmp_path: Path) -> None:
    """Folders that only look like leftovers of a build, and a site under git, are left alone."""
    root = copied(tmp_path)
    assert (0, UNRELEASED) == build(root)
    shutil.copytree(root / "site", root / "site.old-2025")
    (root / "site.new-design").mkdir()
    (root / "site.new-abcdefgh").mkdir()
    assert (0, UNRELEASED) == build(root)
    assert {"site", "site.old-2025", "site.new-design", "site.new-abcdefgh"} == {
        path.name for path in root.glob("site*")
    }
    (root / "site" / ".git").mkdir()
    assert 1 == build(root)[0]
    assert (root / "site" / ".git").is_dir()


def test_a_dealer_is_checked_with_what_it_inherits(tmp_path: Path) -> None:
    """Words that a base may not use do not reach the site through its dealer, nor does a draft."""
    root = copied(tmp_path)
    base = root / "variables" / "appliances.yml"
    edit(base, "note: 每次报修只收取一次", "note: 特价商品概不退换")
    code, errors = build(root, "appliances-east")
    assert 1 == code
    assert "(void-wording)" in errors
    edit(base, "note: 特价商品概不退换", "note: 每次报修只收取一次")
    edit(base, "edition:\n", "draft: true\nedition:\n")
    code, errors = build(root, "appliances-east")
    assert 1 == code
    assert "“appliances”还是草稿" in errors


@pytest.mark.parametrize("lost", ["  - macros:", "  - attr_list\n"])
def test_a_site_without_its_plugins_is_not_built(tmp_path: Path, lost: str) -> None:
    """Where mkdocs.yml lacks what fills or numbers the pages, nothing is built."""
    root = copied(tmp_path)
    path = root / "mkdocs.yml"
    text = path.read_text(encoding="utf-8")
    start = text.index(lost)
    end = start + len(lost) if lost.endswith("\n") else text.index("\nmarkdown_extensions")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    code, errors = build(root)
    assert 1 == code
    assert "；补上，否则页面会缺字或者断链" in errors


def test_two_builds_into_one_folder(tmp_path: Path) -> None:
    """While one build runs, a second one into the same folder refuses, and the first ends well."""
    root = copied(tmp_path)
    first = subprocess.Popen([str(BIN / "pledge"), "build"], cwd=root, stdout=subprocess.DEVNULL)
    while not list(root.glob("site.new-*")) and first.poll() is None:
        time.sleep(0.005)
    code, errors = build(root)
    assert 1 == code
    assert errors.startswith(f"另一个生成正在写 {root / 'site'}；等它结束再来\n")
    assert 0 == first.wait()
    assert (root / "site" / "index.html").exists()


def test_a_linked_target_stays_a_link(tmp_path: Path) -> None:
    """A target that is a link keeps leading to the folder whose content is replaced."""
    root = copied(tmp_path / "project")
    (tmp_path / "real").mkdir()
    (root / "site").symlink_to(tmp_path / "real")
    assert (0, UNRELEASED) == build(root)
    assert (root / "site").is_symlink()
    assert (tmp_path / "real" / "index.html").exists()


def test_outside_a_project_the_commands_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without mkdocs.yml the command could not run, exit 2."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["check"])
    assert done.exit_code == 2
    assert done.stderr == "这里和上级文件夹都没有 mkdocs.yml；先进入项目文件夹。\n"


def test_the_text_is_the_same_under_zensical(sites: dict[str, Path], tmp_path: Path) -> None:
    """Zensical, which skips the plugin, gives the same visible text of the seven variants."""
    zensical = ROOT / ".venv" / "zensical" / "bin" / "zensical"
    if not zensical.exists():
        pytest.skip("没有 Zensical；make test 在装得上它的机器上会装到 .venv/zensical")
    root = copied(tmp_path)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("COMPANY", None)
    subprocess.run([str(zensical), "build"], cwd=root, env=env, check=True, capture_output=True)
    for variant in project_module.load(ROOT).pages:
        both = (sites["appliances"], root / "site")
        here, there = (fresh(site, f"guarantees/{variant}").select_one("article") for site in both)
        assert here is not None
        assert there is not None
        assert visible(here) == visible(there), variant
