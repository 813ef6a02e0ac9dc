"""Build a company's site beside the old one and swap it in whole."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError
from mkdocs.commands.build import build as build_pages
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException
from mkdocs.utils import get_build_date
from mkdocs.utils.templates import url_filter

from pledge.export.pdf import PdfError
from pledge.plugin import MARK, PledgePlugin
from pledge.problem import reason
from pledge.shell import DOWNLOADS
from pledge.swap import exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mkdocs.config.defaults import MkDocsConfig


__all__ = [
    "BuildError",
    "alone",
    "build",
    "build_date",
    "configuration",
    "heard",
    "made",
    "refuse_foreign",
    "template_error",
    "url_filter",
]

build_date = get_build_date
"""The day in UTC by which MkDocs dates a build."""


class BuildError(Exception):
    """The site could not be built; the message is for people, and the old site is untouched."""


def build(root: Path, company: str, target: Path) -> int:
    """Put the site of *company* with its downloads at *target*, and return how many downloads it has.

    The new site is written beside *target* and renamed into its place, so a failing or killed build leaves
    what was there. Raises BuildError where the checks, the build or a paper copy fail, or *target* holds
    something that is not a site.
    """
    try:
        target = target.resolve()
    except (OSError, RuntimeError):
        raise BuildError(f"{target} 是一个指向自己的链接；换一个文件夹") from None
    refuse_foreign(target, "网站", ours=(target / MARK).is_file())
    with alone(target):
        _build(root, company, target)
    return len(list((target / DOWNLOADS).glob("*")))


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """Hold the lock of *target*, which ends with the process; raises BuildError where another holds it.

    A process begun meanwhile does not share it (POSIX fcntl), so one that is left over keeps nobody out.
    """
    name = hashlib.sha256(os.fsencode(target)).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"pledge-{name}.lock"
    try:
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BuildError(f"打不开锁文件 {path}（{reason(error)}）；删去它再来") from None
    try:
        _take(lock, target)
        yield
    finally:
        os.close(lock)


def _take(lock: int, target: Path) -> None:
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise BuildError(f"另一个生成正在写 {target}；等它结束再来") from None


def _build(root: Path, company: str, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        beside = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
        (beside / MARK).touch()
    except OSError as error:
        raise BuildError(f"{target.parent} 不能写入（{reason(error)}）；换一个文件夹，或者改权限") from None
    try:
        _pages(root, company, beside)
        beside.chmod(0o755)
        exchange(beside, target)
    except OSError as error:
        raise BuildError(f"写 {target} 时出错（{reason(error)}）；旧的网站没有改动") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_foreign(target: Path, kind: str, *, ours: bool) -> None:
    """Raise BuildError where *target* is a file, or holds what is not *ours*, a *kind* of ours."""
    if target.exists() and not target.is_dir():
        raise BuildError(f"{target} 是一个文件；换一个文件夹名")
    if target.is_dir() and any(target.iterdir()) and (not ours or (target / ".git").exists()):
        raise BuildError(f"{target} 里有别的文件，不像以前生成的{kind}；换一个文件夹，或者先清空它")


def _sweep(target: Path) -> None:
    """Remove what a killed build left beside *target*, and put back the old site it had moved."""
    for left in _leftovers(target, "old"):
        if not target.exists():
            left.rename(target)
    for left in (*_leftovers(target, "new"), *_leftovers(target, "old")):
        shutil.rmtree(left, ignore_errors=True)


def _leftovers(target: Path, kind: str) -> list[Path]:
    """Return the folders that a build of *target* made: named by it, and marked as a site of ours."""
    named = re.compile(re.escape(f"{target.name}.{kind}-") + "[a-z0-9_]{8}")
    found = (path for path in target.parent.iterdir() if named.fullmatch(path.name))
    return [path for path in found if path.is_dir() and not path.is_symlink() and (path / MARK).is_file()]


@contextlib.contextmanager
def _warning(handler: logging.Handler) -> Iterator[None]:
    """Give *handler* the warnings of MkDocs: counting them for a strict build, it shows none itself."""
    log = logging.getLogger("mkdocs")
    log.setLevel(logging.WARNING)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def _pages(root: Path, company: str, folder: Path) -> None:
    if company:
        os.environ["COMPANY"] = company
    with _warning(logging.StreamHandler()):
        made(root, folder, _with_papers)


def made(root: Path, folder: Path, prepare: Callable[[MkDocsConfig, PledgePlugin], None]) -> None:
    """Let MkDocs build the project at *root* into *folder*.

    *prepare* is called before the plugins are; MkDocs keeps a plugin over the builds of a process, so what it
    was told for the last one is taken back first. Raises BuildError.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        config = load_config(str(root / "mkdocs.yml"), site_dir=str(folder), strict=True)
    except MkDocsException:
        raise BuildError("mkdocs.yml 的设置不对，上面有 MkDocs 说的原因；改正后再生成") from None
    try:
        plugin = _plugin(config)
        plugin.papers = plugin.stand_in = None
        prepare(config, plugin)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build_pages(config)
        finally:
            config.plugins.on_shutdown()
    except MkDocsException as error:
        raise BuildError(str(error).strip()) from None
    except PdfError as error:
        raise BuildError(f"{error}。") from None
    except SystemExit:
        raise BuildError("填写页面时出错，上面有原因；改正页面或者 macros.py 后再生成") from None
    except TemplateError as error:
        raise BuildError(template_error(error)) from None
    except (BuildError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  macros.py and hooks are programs of the project
        what = f"{type(error).__name__}: {error}"
        raise BuildError(f"生成页面时出错（{what}）；改正 macros.py、hooks 或者页面后再生成") from None


def template_error(error: TemplateError) -> str:
    """Return in a sentence which template of the theme is wrong, and where."""
    if isinstance(error, TemplateNotFound):
        return f"主题缺少模板 {error.name}；在 overrides/ 下补上"
    named = getattr(error, "name", None) or "模板"
    line = f"第{error.lineno}行" if isinstance(error, TemplateSyntaxError) else ""
    return f"overrides/{named}{line}写错了（{error.message}）；改正后再生成"


@contextlib.contextmanager
def heard() -> Iterator[list[str]]:
    """Give a list that takes what MkDocs warns of meanwhile."""
    ear = _Ear()
    with _warning(ear):
        yield ear.said


class _Ear(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage().strip())


def _plugin(config: MkDocsConfig) -> PledgePlugin:
    for plugin in config.plugins.values():
        if isinstance(plugin, PledgePlugin):
            return plugin
    raise BuildError("mkdocs.yml 的 plugins 里没有 pledge；补上这一行再生成")


def _with_papers(_config: MkDocsConfig, plugin: PledgePlugin) -> None:
    from pledge.export import files  # noqa: PLC0415  it takes long to import, and few builds need it

    plugin.papers = files.downloads


def configuration(root: Path) -> MkDocsConfig:
    """Return what mkdocs.yml of the project at *root* sets; raises BuildError."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        return load_config(str(root / "mkdocs.yml"))
    except MkDocsException:
        raise BuildError("mkdocs.yml 的设置不对，上面有 MkDocs 说的原因；改正后再生成") from None
