"""The paper copies on the site: built with it, linked with their sizes, and never without an edition."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alone import soup
from copies import ROOT, copied
from released import release

from pledge import project as project_module
from pledge.company import today
from pledge.export import files
from pledge.export.paper import papers

BIN = Path(sys.executable).parent
NAME = "示例家电城东经营部-三包保修型-2026.1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a copy of the project with its editions."""
    made = copied(tmp_path / "p")
    shutil.copytree(ROOT / "editions", made / "editions")
    return made


def run(root: Path, *words: str, most: int = resource.RLIM_INFINITY) -> tuple[int, str]:
    """Return how a command ended and all it printed; it can write no file larger than *most* bytes."""
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "COMPANY": "appliances-east"}
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=root,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    return done.returncode, done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def edit(path: Path, old: str, new: str) -> None:
    """Replace *old*, which stands once in the file, by *new*."""
    text = path.read_text(encoding="utf-8")
    assert 1 == text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_site_has_its_papers(root: Path) -> None:
    """The files are those that the export writes; a page names each with its size and its date."""
    assert (0, "已生成 site/（含6个下载文件）\n") == run(root, "pledge", "build")
    project = project_module.load(ROOT)
    wanted = files.made(papers(project, project.company("appliances-east"), today()))
    assert wanted == contents(root / "site" / "downloads")
    page = soup((root / "site" / "guarantees" / "warranty" / "index.html").read_text(encoding="utf-8"))
    (box,) = page.select(".downloads")
    assert "2026.1版纸面文本（2026年11月20日签署）" == box.select(".downloads-what")[0].get_text()
    sizes = {form: f"{len(wanted[f'warranty.{form}']) / 1000:.0f} KB" for form in ("pdf", "docx")}
    assert [
        ("PDF" + sizes["pdf"], "../../downloads/warranty.pdf", f"{NAME}.pdf"),
        ("Word" + sizes["docx"], "../../downloads/warranty.docx", f"{NAME}.docx"),
    ] == [(link.get_text(), link["href"], link["download"]) for link in box.select("a")]


def test_a_second_build_has_the_same_bytes(root: Path) -> None:
    """What depends on nothing but the edition does not change by being built again."""
    run(root, "pledge", "build")
    first = contents(root / "site" / "downloads")
    run(root, "pledge", "build")
    assert first == contents(root / "site" / "downloads")


def test_mkdocs_alone_offers_nothing(root: Path) -> None:
    """A plain build has no files, and no page speaks of any."""
    assert 0 == run(root, "mkdocs", "build", "-q")[0]
    assert not (root / "site" / "downloads").exists()
    for path in (root / "site").rglob("*.html"):
        assert [] == soup(path.read_text(encoding="utf-8")).select(".downloads")


def test_without_an_edition_there_is_no_paper(root: Path) -> None:
    """A company that has released nothing offers no paper that looks as if it had, and is told so."""
    shutil.rmtree(root / "editions")
    told = "还没有发布过版本，网站不附 PDF 和 Word；先运行 pledge release。\n"
    assert (0, f"已生成 site/\n{told}") == run(root, "pledge", "build")
    assert not (root / "site" / "downloads").exists()


def test_a_paper_that_cannot_be_drawn_leaves_the_old_site(root: Path) -> None:
    """A character without a glyph ends the build with its place; nothing of the old site changes."""
    run(root, "pledge", "build")
    before = contents(root / "site")
    edit(root / "variables" / "appliances-east.yml", "  name: 示例家电城东", "  name: 示例𠮷家电城东")
    shutil.rmtree(root / "editions")
    release(root, "appliances-east")
    code, said = run(root, "pledge", "build")
    assert 1 == code
    assert "“𠮷”（U+20BB7）在字体里没有；换成字体里有的字，或者用文字说明它。" in said
    assert said.endswith("没有生成；原来的网站没有改动。\n")
    assert before == contents(root / "site")


def test_what_cannot_be_drawn_is_not_released(root: Path) -> None:
    """An edition is never edited, so a name that no font can print is refused before there is one."""
    shutil.rmtree(root / "editions")
    edit(root / "variables" / "appliances-east.yml", "  name: 示例家电城东", "  name: 示例𠮷家电城东")
    code, said = run(root, "pledge", "release", "appliances-east")
    assert 1 == code
    assert said.startswith("variables/appliances-east.yml: ")
    assert "“𠮷”（U+20BB7）在字体里没有；换成字体里有的字，或者用文字说明它。没有发布任何版本。\n" in said
    assert not (root / "editions").exists()


@pytest.mark.parametrize("words", ["build -o out", "export appliances-east -o out"])
def test_a_full_disk_leaves_what_was_there(root: Path, words: str) -> None:
    """Where a file cannot be written whole, the old ones stay to the byte and nothing lies beside them."""
    assert 0 == run(root, "pledge", *words.split())[0]
    before, beside = contents(root / "out"), sorted(root.iterdir())
    code, said = run(root, "pledge", *words.split(), most=100_000)
    assert code in {1, 2}
    assert "文件太大" in said
    assert "Traceback" not in said
    assert before == contents(root / "out")
    assert beside == sorted(root.iterdir())
