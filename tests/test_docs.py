"""The pages for people: what they show runs, what they name exists, and their links lead somewhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pledge.cli.group import VERBS

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
PROJECT = ("catalogue", "docs", "editions", "overrides", "variables", "macros.py", "mkdocs.yml")
AUTHOR = ["-c", "user.name=Example", "-c", "user.email=someone@example.com"]
DOCUMENTS = [*READMES, "CONTRIBUTING.md", "CHANGELOG.md"]
DOCUMENTS += sorted(f"decisions/{path.name}" for path in (ROOT / "decisions").glob("*.md"))

# A hidden line above a console block says which value the reader is thought to have changed:
# `<!-- edit: variables/acme.yml response.first_contact = 2天 -->`
_BLOCK = re.compile(
    r"(?:^ *<!-- edit: (?P<path>\S+) (?P<topic>\w+)\.(?P<name>\w+) = (?P<value>.+?) -->\n)?"
    r"^(?P<indent> *)```console\n(?P<body>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)


class Example(NamedTuple):
    """A command as a document shows it, with the output below it and the edit made before it."""

    command: str
    output: str
    edit: tuple[str, str, str, str] | None


def examples(document: str) -> list[Example]:
    """Return the commands shown in the console blocks of *document*, in their order."""
    found = []
    for block in _BLOCK.finditer((ROOT / document).read_text(encoding="utf-8")):
        body = re.sub(f"^{block['indent']}", "", block["body"], flags=re.MULTILINE)
        edit = (block["path"], block["topic"], block["name"], block["value"]) if block["path"] else None
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Example(command.partition(" #")[0].strip(), output.strip(), edit))
    return found


def cheap_examples() -> list[Example]:
    """Return the commands of both READMEs that need nothing but the installed package."""
    shown = (example for document in READMES for example in examples(document))
    return [example for example in shown if example.command.startswith("pledge ")]


def set_value(root: Path, path: str, topic: str, name: str, value: str) -> None:
    """Write *value* for `topic.name` in the variable file *path* below *root*."""
    file = root / path
    pattern = rf"(^{topic}:(?:.|\n(?= ))*?\b{name}: )[^,}}\n]+"
    text, count = re.subn(pattern, rf"\g<1>{value}", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count == 1, f"{path} has no {topic}.{name}"
    file.write_text(text, encoding="utf-8")


def without_places(output: str) -> str:
    """Return *output* without line and column, which move when the demo company's file grows."""
    return re.sub(r"^(\S+\.yml):\d+:\d+:", r"\1:", output, flags=re.MULTILINE)


def slugs(document: Path) -> set[str]:
    """Return the anchors GitHub gives to the headings of *document*."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project that a command may write into, committed to git."""
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy(source, tmp_path / name)
    for words in (["init", "--quiet"], ["add", "."], [*AUTHOR, "commit", "--quiet", "--message", "Start"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize("example", cheap_examples(), ids=lambda example: example.command)
def test_commands_print_what_the_readmes_show(project: Path, example: Example) -> None:
    """A `pledge` command shown in a README prints what stands below it."""
    if example.edit:
        set_value(project, *example.edit)
    folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("COMPANY", None)
    done = subprocess.run(
        shlex.split(example.command),
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if example.output:
        assert without_places(example.output) == without_places(done.stdout.strip())
    assert done.returncode == (1 if re.search(r"^[1-9]\d*个错误", example.output, re.MULTILINE) else 0)


@pytest.mark.parametrize("document", READMES)
def test_readme_shows_commands(document: str) -> None:
    """Both READMEs show commands that are run here."""
    assert any(example.command.startswith("pledge check") for example in examples(document))


@pytest.mark.parametrize("document", [*READMES, "CONTRIBUTING.md"])
def test_make_targets_exist(document: str) -> None:
    """Every `make` command a document names is a target of the Makefile."""
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^ *\$ )make ([a-z-]+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named
    assert set() == named - set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", READMES)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_verbs_are_documented(document: str, verb: str) -> None:
    """Both READMEs name every verb of `pledge`."""
    assert re.search(rf"\bpledge {verb}\b", (ROOT / document).read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_resolve(document: str) -> None:
    """Every link of a document to a file of the project, or to a heading in it, leads somewhere."""
    path = ROOT / document
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = set()
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        name, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = (path.parent / name) if name else path
        if not file.exists() or (anchor and anchor not in slugs(file)):
            broken.add(target)
    assert set() == broken
