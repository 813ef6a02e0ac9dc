"""The MkDocs plugin: checks before a build, and what the site takes from the variable file."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from mkdocs.config.base import Config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File

from pledge import archive, assets, check, periods, search, verify
from pledge import project as project_module
from pledge.company import paths, today
from pledge.content_security import secured
from pledge.printed import entities
from pledge.problem import arrange, as_text, errors
from pledge.render import READY, Filling, company_name
from pledge.shape import nearest
from pledge.shell import DOWNLOADS, address, shell
from pledge.standing import standing

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.shell import Shell
    from pledge.standing import Standing

log = logging.getLogger("mkdocs.plugins.pledge")

MARK = ".pledge"
PROBLEM_PAGE = """# 有待改正的问题

改正下列问题并保存，本页会自动刷新。

{problems}
"""


class PledgeConfig(Config):
    """The plugin has no options: `extra.pledge.company` names the company."""


class PledgePlugin(BasePlugin[PledgeConfig]):
    """Check everything before `site/` is touched, then leave out what the company does not publish."""

    def __init__(self) -> None:
        self.serving = False
        self.found: list[Problem] = []
        self.company: Company | None = None
        self.filling: Filling | None = None
        self.papers: Callable[[Filling], dict[str, bytes]] | None = None
        """What makes the files to be downloaded, by name; a plain build of MkDocs has none."""
        self.stand_in: Callable[[MkDocsConfig], Filling] | None = None
        """What sets name and address of the site and gives the filling, where a page is built for many."""
        self.files: list[File] = []
        """What the last build made pages of or copied."""
        self.shared: list[File] = []
        """The files that stand once beside the sites of many companies."""
        self._downloads: dict[str, bytes] = {}
        self._shell: Shell | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002  MkDocs' event
        """Keep this object over the rebuilds of `serve`."""
        self.serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Stop with all problems, or set name, address, footer and nav from the variable file."""
        _demand(config)
        self.filling = self._shell = None
        self.found, self._downloads = [], {}
        if self.stand_in:
            self._take(config, self.stand_in(config))
            return config
        project = project_module.load(Path(config.config_file_path).parent)
        self.company, found = _checked(project, company_name(config))
        self.found = errors(found)
        if self.company.draft and not self.serving:
            self.found.append(draft_problem(self.company))
        for problem in found:
            if problem.level != "error":
                log.warning(problem.text())
        if self.found:
            self._stop(config)
            return config
        self._take(config, Filling(project, self.company, today()))
        self._dress(config)
        return config

    def _take(self, config: MkDocsConfig, filling: Filling) -> None:
        """Let the pages be filled by *filling*, and leave out what its company does not publish."""
        self.filling, self.company = filling, filling.company
        config.extra[READY] = filling
        config.nav = _kept(config.nav, filling.company.publish) if config.nav else config.nav

    def _dress(self, config: MkDocsConfig) -> None:
        """Set what the pages show of the company around their wording."""
        assert self.filling  # noqa: S101  just taken
        if not self.serving:
            config.site_url = config.site_url or address(self.filling.company)
        stands = standing(self.filling)
        self._warn(stands, refuse=config.strict and not self.serving)
        self._downloads = self.papers(self.filling) if self.papers else {}
        site = "" if self.serving else config.site_url or ""
        self._shell = shell(self.filling, stands, site, self._downloads)
        config.site_name, config.site_description = self._shell.name, self._shell.description
        config.extra["pledge_site"] = self._shell.shown

    def _warn(self, stands: Standing, *, refuse: bool) -> None:
        """Warn of a revision of the newest edition; raises Abort where it is to be refused."""
        if stands.problem and refuse:
            raise Abort(f"\n{stands.problem.text()}\n没有生成网站。")
        if stands.problem:
            log.warning(replace(stands.problem, level="warning").text())

    def _stop(self, config: MkDocsConfig) -> None:
        """End a build with the list; `serve` shows it on every page instead and keeps watching."""
        text = as_text(self.found)
        if not self.serving:
            raise Abort(f"\n{text}\n共{len(self.found)}个问题，没有生成网站。")
        log.error("\n%s\n共%d个问题；改正并保存后会自动刷新。", text, len(self.found))
        config.site_name = "有待改正的问题"
        config.extra["pledge_site"] = {}

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave out the guarantees this company does not publish; add its colour and logo."""
        publish = self.company.publish if self.company else ()
        for file in list(files.documentation_pages()):
            if _hidden(file.src_uri, publish) and not self.found:
                files.remove(file)
        if assets.are_shared(config.extra):
            self.shared = [file for file in files if file.dest_uri.startswith(assets.FOLDER)]
            for file in self.shared:
                files.remove(file)
        for name, content in (self._shell.look if self._shell else {}).items():
            files.append(File.generated(config, name, content=content))
        self.files = list(files)
        return files

    @event_priority(100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: object) -> str:
        """Show the problems in place of the page while there are any."""
        if not self.found:
            return markdown
        page.meta = {"render_macros": False}
        listed = "\n".join(f"- {entities(problem.text())}" for problem in self.found)
        return PROBLEM_PAGE.format(problems=listed)

    @event_priority(-100)
    def on_post_page(self, output: str, *, config: MkDocsConfig, **_: object) -> str:
        """Give a finished page its policy; the live reload of `serve` is inline and would be refused."""
        page = self._borrowing(output, config)
        return page if self.serving else secured(page)

    @event_priority(-100)
    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig, **_: object
    ) -> str:
        """Do the same for 404.html; a script in it names the site, so for many it is done for each."""
        if not template_name.endswith(".html"):
            return output_content
        page = self._borrowing(output_content, config, urlsplit(config.site_url or "/").path)
        return page if self.stand_in or self.serving else secured(page)

    def _borrowing(self, page: str, config: MkDocsConfig, base: str = "") -> str:
        return assets.borrowing(page, base) if assets.are_shared(config.extra) else page

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add editions, data and downloads, and mark the folder as a site of ours to be replaced later.

        It comes after Material's search plugin, whose index it makes finer.
        """
        site = Path(config.site_dir)
        for name, data in self._downloads.items():
            (site / DOWNLOADS).mkdir(exist_ok=True)
            (site / DOWNLOADS / name).write_bytes(data)
        if self.filling and self._shell:
            self._add(site, config, self.filling, self._shell)
        (site / MARK).touch()

    def _add(self, site: Path, config: MkDocsConfig, filling: Filling, shown: Shell) -> None:
        """Write the permanent pages, the data and the finer index of the search below *site*."""
        pages = archive.made(archive.Archive(filling), config.theme.dirs, config.site_url or "", shown.shown)
        made = {name: self.on_post_page(page, config=config).encode() for name, page in pages.items()}
        made |= shown.machines.files()
        index = site / search.FILE
        if index.exists():
            made[search.FILE] = search.indexed(index.read_text(encoding="utf-8"), filling).encode()
        for name, data in made.items():
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).write_bytes(data)

    def on_serve(
        self,
        server: LiveReloadServer,
        *,
        config: MkDocsConfig,
        builder: Any,  # noqa: ANN401, ARG002
    ) -> LiveReloadServer:
        """Watch the values, the catalogue, the theme and the bridge as well as the pages."""
        root = Path(config.config_file_path).parent
        for name in ("variables", "catalogue", "editions", "overrides", "macros.py"):
            if (root / name).exists():
                server.watch(str(root / name))
        return server


def _demand(config: MkDocsConfig) -> None:
    """Stop where mkdocs.yml lacks what turns a page into a guarantee."""
    missing = [] if "macros" in config.plugins else ["plugins: macros"]
    wanted = ("attr_list", "toc", "pledge.clauses")
    missing += [f"markdown_extensions: {name}" for name in wanted if name not in config.markdown_extensions]
    if not config.use_directory_urls:
        missing.append("use_directory_urls: true")
    if missing:
        raise Abort(f"mkdocs.yml 缺少{'、'.join(missing)}；补上，否则页面会缺字或者断链")


def _checked(project: Project, name: str) -> tuple[Company, list[Problem]]:
    known = paths(project.root)
    if name not in known:
        listed = "、".join(known)
        raise Abort(f"没有“{name}”这家公司{nearest(name, known)}；variables/ 下有：{listed}")
    company = project.company(name)
    return company, arrange([*check.check_project(project), *company_problems(project, company, today())])


def company_problems(project: Project, company: Company, day: datetime.date) -> list[Problem]:
    """Return what is wrong with the values and the editions of *company*, as its site would show them."""
    editions = periods.released(project.root, company.names)
    return [*check.check_company(project, company, day), *verify.chain(editions)]


def draft_problem(company: Company) -> Problem:
    """Return that *company* is a draft, which is never published."""
    message = "这家公司还是草稿，不能发布；填好后删去“draft: true”，或者用 make serve 预览"
    return company.places["draft"].problem(message, "draft")


def _kept(nav: Any, publish: tuple[str, ...]) -> Any:  # noqa: ANN401  MkDocs' nav is nested lists
    """Return *nav* without the guarantees that are not published, and without empty sections."""
    if isinstance(nav, list):
        return [kept for kept in (_kept(item, publish) for item in nav) if kept]
    if isinstance(nav, dict):
        pairs = ((title, _kept(item, publish)) for title, item in nav.items())
        return {title: kept for title, kept in pairs if kept}
    return None if _hidden(str(nav), publish) else nav


def _hidden(path: str, publish: tuple[str, ...]) -> bool:
    """Whether *path*, below docs/, is a guarantee that is not published."""
    folder, _, name = path.rpartition("/")
    return folder == "guarantees" and name.removesuffix(".md") not in publish
