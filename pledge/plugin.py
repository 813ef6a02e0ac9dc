"""The MkDocs plugin: checks before a build, and what the site takes from the variable file."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape
from mkdocs.config.base import Config
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File

from pledge import archive, check, colour, logo, periods, search, verify
from pledge import project as project_module
from pledge.company import paths, today
from pledge.content_security import secured
from pledge.edition import home
from pledge.machines import ForMachines
from pledge.printed import entities
from pledge.problem import arrange, as_text, errors
from pledge.render import Filling, company_name, dialled
from pledge.shape import nearest
from pledge.standing import standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from pledge.company import Company
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.standing import Standing

log = logging.getLogger("mkdocs.plugins.pledge")

MARK = ".pledge"
COLOUR = "company.color"
STYLE, LOGO = "assets/company.css", "assets/logo.svg"
DOWNLOADS = "downloads"
FORMS = {"pdf": "PDF", "docx": "Word"}
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
        self._downloads: dict[str, bytes] = {}
        self.machines: ForMachines | None = None
        self.look: dict[str, bytes] = {}
        """The files that dress the site as the company's, by their address below it."""

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002  MkDocs' event
        """Keep this object over the rebuilds of `serve`."""
        self.serving = command == "serve"

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Stop with all problems, or set name, address, footer and nav from the variable file."""
        logging.getLogger("jieba").setLevel(logging.WARNING)
        root = Path(config.config_file_path).parent
        _demand(config)
        project = project_module.load(root)
        self.company, found = _checked(project, company_name(config))
        self.found = errors(found)
        if self.company.draft and not self.serving:
            self.found.append(_draft(self.company))
        for problem in found:
            if problem.level != "error":
                log.warning(problem.text())
        if self.found:
            self._stop(config)
            return config
        _identity(config, project, self.company, serving=self.serving)
        self.filling = Filling(project, self.company, today())
        stands = standing(self.filling)
        self._warn(stands, refuse=config.strict and not self.serving)
        site = "" if self.serving else config.site_url or ""
        self.machines = ForMachines(self.filling, stands.status, site)
        self._downloads = self.papers(self.filling) if self.papers else {}
        offered = {"downloads": _offered(self._downloads)}
        self._dressed(config)
        config.extra["pledge_site"] |= stands.banner | self.machines.shown() | offered
        return config

    def _dressed(self, config: MkDocsConfig) -> None:
        """Take colour and logo of the company, where it has them, into the shell of its pages."""
        if not self.company:
            return
        image, ink = (
            logo.logo(Path(config.config_file_path).parent, self.company.id),
            self.company.data(COLOUR),
        )
        self.look = {LOGO: image} if image else {}
        if ink:
            self.look[STYLE] = colour.stylesheet(ink).encode()
            config.extra_css.append(STYLE)
        if image:
            config.theme["logo"] = LOGO
        config.extra["pledge_site"] |= {"logo": LOGO if image else "", "style": STYLE if ink else ""}

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
        self.look = {}
        log.error("\n%s\n共%d个问题；改正并保存后会自动刷新。", text, len(self.found))
        config.site_name = "有待改正的问题"
        config.extra["pledge_site"] = {}

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave out the guarantees this company does not publish; add its colour and logo."""
        for name, content in self.look.items():
            files.append(File.generated(config, name, content=content))
        publish = self.company.publish if self.company else ()
        for file in list(files.documentation_pages()):
            if _hidden(file.src_uri, publish) and not self.found:
                files.remove(file)
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
    def on_post_page(self, output: str, **_: object) -> str:
        """Give a finished page its policy; the live reload of `serve` is inline and would be refused."""
        return output if self.serving else secured(output)

    @event_priority(-100)
    def on_post_template(self, output_content: str, *, template_name: str, **_: object) -> str:
        """Do the same for 404.html."""
        page = template_name.endswith(".html") and not self.serving
        return secured(output_content) if page else output_content

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Add editions, data and downloads, and mark the folder as a site of ours to be replaced later.

        It comes after Material's search plugin, whose index it makes finer.
        """
        site = Path(config.site_dir)
        for name, data in self._downloads.items():
            (site / DOWNLOADS).mkdir(exist_ok=True)
            (site / DOWNLOADS / name).write_bytes(data)
        if self.filling and not self.found:
            shown = config.extra["pledge_site"]
            common = {"site_url": config.site_url or "", "style": shown["style"], "logo": shown["logo"]}
            archive.write(site, archive.Archive(self.filling).sheets(), config.theme.dirs, common)
            self._index(site / search.FILE)
        if self.machines and not self.found:
            self.machines.write(site)
        (site / MARK).touch()

    def _index(self, path: Path) -> None:
        if self.filling and path.exists():
            text = search.indexed(path.read_text(encoding="utf-8"), self.filling)
            path.write_text(text, encoding="utf-8")

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
    found = [*check.check_project(project), *check.check_company(project, company, today())]
    found += verify.chain(periods.released(project.root, company.names))
    return company, arrange(found)


def _draft(company: Company) -> Problem:
    message = "这家公司还是草稿，不能发布；填好后删去“draft: true”，或者用 make serve 预览"
    return company.places["draft"].problem(message, "draft")


def _offered(files: dict[str, bytes]) -> dict[str, list[dict[str, str]]]:
    """Return what a page says of its downloads, by variant: address below the site, form and size."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, data in files.items():
        variant, _, form = name.partition(".")
        about = {"address": f"{DOWNLOADS}/{name}", "form": FORMS[form], "size": f"{len(data) / 1000:.0f} KB"}
        found.setdefault(variant, []).append({**about, "ending": form})
    return found


def _identity(config: MkDocsConfig, project: Project, company: Company, *, serving: bool) -> None:
    name = company.text("company.short_name") or company.text("company.name")
    config.site_name = str(escape(f"{name}售后服务承诺"))
    config.site_description = str(escape(f"{company.text('company.name')}公布的客户售后服务承诺保障书"))
    if not serving and not config.site_url and company.text("company.website"):
        config.site_url = home(company.text("company.website"))
    config.nav = _kept(config.nav, company.publish) if config.nav else config.nav
    fields = ("name", "credit_code", "address", "icp", "police_filing")
    config.extra["pledge_site"] = {
        "company": company.id,
        "draft": company.draft,
        "effective": company.text("edition.effective"),
        "number": company.text("edition.number"),
        "signed": company.text("signing.date"),
        "hotline": company.text("contact.hotline"),
        "tel": dialled(company.text("contact.hotline")),
        **{field: company.text(f"company.{field}") for field in fields},
        "police_code": "".join(filter(str.isdigit, company.text("company.police_filing"))),
        "titles": {page.name: page.title for page in project.published(company)},
    }


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
