"""Print how fast the work goes; compares two things within one run where a machine's mood matters."""

from __future__ import annotations

import datetime
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import jinja2
import yaml

from pledge import edition, release, verify
from pledge import project as project_module
from pledge.company import today
from pledge.export import files
from pledge.export.paper import papers
from pledge.history import record
from pledge.render import Filling

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
COMPANIES = 1000
CHANGED = 50
EDITIONS = 50
RUNS = 7
ENV = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
PORT = 8765


def copied(target: Path) -> Path:
    """Return a copy of the project at *target*."""
    for name in ("catalogue", "docs", "overrides", "variables"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("mkdocs.yml", "macros.py"):
        shutil.copy(ROOT / name, target / name)
    return target


def seconds(*command: str, cwd: Path) -> float:
    """Return how long a whole process takes."""
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=ENV, check=True, capture_output=True)
    return time.perf_counter() - start


def crowded(root: Path) -> Path:
    """Return a copy of the project at *root* with many more companies."""
    copied(root)
    text = (root / "variables" / "appliances.yml").read_text(encoding="utf-8")
    for number in range(COMPANIES):
        made = text.replace("示例家电有限公司", f"示例家电{number}有限公司")
        (root / "variables" / f"c{number}.yml").write_text(made, encoding="utf-8")
    return root


def check_many(folder: Path) -> None:
    """Time `pledge check` over many variable files."""
    root = crowded(folder / "many")
    taken = seconds(str(BIN / "pledge"), "check", cwd=root)
    print(f"pledge check，{COMPANIES}个变量文件：{taken:.1f} 秒（目标 10 秒以内）")


def diff_many(folder: Path) -> None:
    """Time `pledge diff` over many committed companies, some of them changed since."""
    root = crowded(folder / "reviewed")
    author = ("-c", "user.name=Example", "-c", "user.email=someone@example.com")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "Start")):
        seconds("git", *words, cwd=root)
    for number in range(CHANGED):
        path = root / "variables" / f"c{number}.yml"
        made = path.read_text(encoding="utf-8")
        made = made.replace("first_contact: 2小时", f"first_contact: {number + 3}小时")
        path.write_text(made.replace("repair_limit: 10日", "repair_limit: 9日"), encoding="utf-8")
    taken = seconds(str(BIN / "pledge"), "diff", cwd=root)
    print(f"pledge diff，{COMPANIES}家公司中{CHANGED}家有改动：{taken:.1f} 秒（目标 5 秒以内）")


def history(folder: Path) -> None:
    """Time a build with one edition and with many, by turns."""
    one, many = released(folder / "one", 1), released(folder / "fifty", EDITIONS)
    build = (str(BIN / "mkdocs"), "build", "-q")
    pairs = [(seconds(*build, cwd=one), seconds(*build, cwd=many)) for _ in range(RUNS)]
    short, long = (statistics.median(column) for column in zip(*pairs, strict=True))
    more = statistics.median(second - first for first, second in pairs)
    both = f"1个版本 {short:.2f} 秒，{EDITIONS}个版本 {long:.2f} 秒"
    print(f"mkdocs build：{both}，多 {more:.2f} 秒，含{EDITIONS * 8}个存档网页")
    page = statistics.median(history_page(many) for _ in range(RUNS))
    print(f"变更记录一页，{EDITIONS}个版本：读、核对、写成 {page:.2f} 秒（目标 0.5 秒以内）")


def history_page(root: Path) -> float:
    """Return how long it takes to read and verify the editions and to write the page of their history."""
    project = project_module.load(root)
    start = time.perf_counter()
    editions = edition.load(root, ["appliances"])
    assert not list(verify.chain(editions))  # noqa: S101  the page would not be built
    record(editions, project.catalogue, "../")
    return time.perf_counter() - start


def released(root: Path, editions: int) -> Path:
    """Return a copy of the project whose demo company has released so many editions."""
    copied(root)
    path = root / "variables" / "appliances.yml"
    text = re.sub(r"^edition:.*\n(?:  .*\n)*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for number in range(1, editions + 1):
        day = datetime.date(2020, 1, 1) + datetime.timedelta(days=30 * number)
        made = f'edition: {{number: "{number}", effective: {day}, note: 第{number}版}}\n{text}'
        made = re.sub(r"signatory: .*date: [0-9-]+", f"signatory: 张示例, office: 总经理, date: {day}", made)
        made = made.replace("first_contact: 2小时", f"first_contact: {number % 24 + 1}小时")
        path.write_text(made, encoding="utf-8")
        project = project_module.load(root)
        plan = release.plan(project, project.company("appliances"), today())
        if plan.problems:
            raise SystemExit("\n".join(problem.text() for problem in plan.problems))
        release.write(root, [plan])
    return root


def paper_copies() -> None:
    """Time the PDF and the Word document of each variant of the demo company, and weigh the process."""
    project = project_module.load(ROOT)
    company = project.company("appliances")
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        count = len(files.made(papers(project, company, today())))
        taken.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(
        f"pledge export，{count}个文件：第一次 {taken[0]:.2f} 秒，以后 {statistics.median(taken):.2f} 秒"
        f"（目标 4 秒以内）；内存 {memory:.0f} MB（目标 300 MB 以内）"
    )


def filled(folder: Path) -> Path:
    """Return a plain MkDocs project whose pages are those of the demo company, already filled."""
    project = project_module.load(ROOT)
    filling = Filling(project, project.company("appliances"), today())
    root = folder / "plain"
    shutil.copytree(ROOT / "docs", root / "docs")
    env = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(ROOT / "docs"))  # noqa: S701  values are HTML
    for path in (root / "docs").rglob("*.md"):
        name = path.relative_to(root / "docs").with_suffix("").as_posix()
        page = SimpleNamespace(url="" if name == "index" else f"{name}/")
        text = env.from_string(path.read_text(encoding="utf-8"))
        path.write_text(text.render(**filling.topics, **filling.macros(), page=page), encoding="utf-8")
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    config["plugins"] = [{"search": {"lang": ["zh", "en"]}}]
    config["markdown_extensions"].remove("pledge.clauses")
    config["theme"].pop("custom_dir")
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return root


def build_beside_plain(folder: Path) -> None:
    """Time a company's build and a plain build of the same pages, by turns."""
    ours, plain = copied(folder / "ours"), filled(folder)
    build = (str(BIN / "mkdocs"), "build", "-q")
    pairs = [(seconds(*build, cwd=ours), seconds(*build, cwd=plain)) for _ in range(RUNS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(first / second for first, second in pairs)
    print(f"mkdocs build：{mine:.2f} 秒，填好的同样页面 {theirs:.2f} 秒，{ratio:.2f} 倍（目标 1.5 倍以内）")


def edit_to_reload(folder: Path) -> None:
    """Time from saving a variable file to the new figure on the served page."""
    root = copied(folder / "served")
    path = root / "variables" / "appliances.yml"
    text = path.read_text(encoding="utf-8")
    address = f"127.0.0.1:{PORT}"
    server = subprocess.Popen(
        [str(BIN / "mkdocs"), "serve", "-q", "-a", address], cwd=root, env=ENV, stderr=subprocess.DEVNULL
    )
    try:
        waited(address, "PT2H")
        taken = []
        for hours in (3, 4, 5):
            path.write_text(
                text.replace("first_contact: 2小时", f"first_contact: {hours}小时"), encoding="utf-8"
            )
            taken.append(waited(address, f"PT{hours}H"))
        print(f"make serve，从保存到新页面：{statistics.median(taken):.2f} 秒（目标 2 秒以内）")
    finally:
        server.terminate()
        server.wait()


def waited(address: str, wanted: str) -> float:
    """Return how long it took until the charter showed *wanted*."""
    start = time.perf_counter()
    while time.perf_counter() - start < 60:  # noqa: PLR2004  then the server is not coming
        try:
            with urllib.request.urlopen(f"http://{address}/guarantees/charter/", timeout=5) as answer:
                if wanted in answer.read().decode():
                    break
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(0.02)
    return time.perf_counter() - start


if __name__ == "__main__":
    paper_copies()
    with tempfile.TemporaryDirectory() as name:
        check_many(Path(name))
        diff_many(Path(name))
        history(Path(name))
        build_beside_plain(Path(name))
        edit_to_reload(Path(name))
