"""Whether a variant's page keeps to the language of pages, and its clauses can be cited for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.clauses import LEVELS, STYLES
from pledge.page import AUDIENCES, SITE_MACROS, SPOKEN_BY_MACRO, VARIANTS
from pledge.shape import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pledge.page import Call, Clause, Page, Use
    from pledge.problem import Problem
    from pledge.project import Project
    from pledge.read import Place

# Names that templates already have: MkDocs' own, mkdocs-macros' own, Jinja's globals.
TEMPLATE_NAMES = frozenset(
    [
        "page",
        "config",
        "environment",
        "plugin",
        "git",
        "navigation",
        "files",
        "macros",
        "filters",
        "filters_builtin",
        "extra",
        "context",
        "now",
        "fix_url",
        "macros_info",
        "range",
        "dict",
        "lipsum",
        "cycler",
        "joiner",
        "namespace",
        "loop",
        "self",
        "super",
        "caller",
    ]
)
RESERVED = TEMPLATE_NAMES | SPOKEN_BY_MACRO.keys() | set(SITE_MACROS)
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LINK = re.compile(r"\]\(\s*<?([^)\s>]*)")
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_REFERENCE = re.compile(r"\s{0,3}\[[^\]]+\]:\s*(\S+).*")
_MARK = re.compile(r"\{:([^}]*)\}")
_MARK_WORD = re.compile(r"#\S+|\.notice|\.numbering-\w+")
_HTML = re.compile(r"<[A-Za-z/!?]")
# How many arguments a macro takes.
_ARGUMENTS = {"law": 2, "variant": 1, "capitals": 1}


def problems(project: Project, page: Page) -> Iterator[Problem]:
    """Yield every problem of one variant's page."""
    yield from _front_matter(page)
    yield from tags(project, page)
    yield from _clauses(page)
    yield from _lines(page)
    yield from markup(page)
    yield from _attributes(page)


def markup(page: Page) -> Iterator[Problem]:
    """Yield the HTML that any page of the site writes."""
    for line in page.lines:
        if _HTML.search(_TAGS.sub("", line.text)):
            message = "页面里不能写 HTML；用文字、列表和空白表达"
            yield line.place.problem(message, "page-html")


def _attributes(page: Page) -> Iterator[Problem]:
    """Yield what a mark `{: … }` says beside an id, `.notice` and the numbering: it could hide a clause."""
    for line in page.lines:
        words = (word for mark in _MARK.findall(line.text) for word in mark.split())
        for word in words:
            if not _MARK_WORD.fullmatch(word):
                message = f"“{{: }}”里不能写“{word}”；只能写 #标识、.notice 和标题的编号方式"
                yield line.place.problem(message, "page-syntax")


def tags(project: Project, page: Page) -> Iterator[Problem]:
    """Yield every problem of the blanks and macros that any page of the site uses."""
    required = page.required
    for use in page.uses:
        yield from _use(project, required, use)
    for call in page.calls:
        yield from _call(project, page, call)


def _front_matter(page: Page) -> Iterator[Problem]:
    for key, place in page.meta_places.items():
        if key in RESERVED:
            message = f"页面开头的“{key}”会遮住同名的宏或者模板变量；换一个名称"
            yield place.problem(message, "shadowed-name")
    where = page.start
    if page.meta and page.audience not in AUDIENCES:
        known = "、".join(AUDIENCES)
        yield where.problem(f"audience 没有“{page.audience}”这一种；可选：{known}", "front-matter")
    expected = VARIANTS.index(page.name) + 1 if page.name in VARIANTS else None
    if page.meta and expected and page.meta.get("number", expected) != expected:
        yield where.problem(f"number 应当是{expected}；七种保障书的次序是固定的", "front-matter")
    if page.style not in STYLES:
        known = "、".join(f".numbering-{style}" for style in STYLES)
        message = f"标题没有写编号方式；写成“# 标题 {{: .numbering-decimal }}”，可选：{known}"
        yield where.problem(message, "numbering-style")
    called = {call.name for call in page.calls}
    for name in ("promises", "signature"):
        if name not in called:
            message = f"页面没有“{{{{ {name}() }}}}”；{'在标题下' if name == 'promises' else '在文末'}加上"
            yield where.problem(message, "missing-part")


def _use(project: Project, required: set[str], use: Use) -> Iterator[Problem]:
    blank = project.catalogue.blanks.get(use.blank)
    if blank is None:
        hint = nearest(use.blank, project.catalogue.blanks)
        message = f"没有“{use.blank}”这个空白{hint}；改正拼写，或者在 catalogue/blanks/ 中定义"
        yield use.place.problem(message, "undeclared-blank")
    elif use.in_heading:
        message = f"标题里不能有空白“{use.blank}”，否则目录和链接会随公司变化；移到条文里"
        yield use.place.problem(message, "heading-with-blank")
    elif use.condition and use.blank in required:
        message = f"“{use.blank}”在本页别处必须填写，这个条件总是成立；删去条件"
        yield use.place.problem(message, "idle-condition")


def _call(project: Project, page: Page, call: Call) -> Iterator[Problem]:
    wanted = _ARGUMENTS.get(call.name, 0)
    if len(call.arguments) != wanted:
        form = f"有{wanted}个参数" if wanted else "没有参数"
        message = f"宏“{call.name}”{form}，这里写了{len(call.arguments)}个；补上或者删去"
        yield call.place.problem(message, "page-syntax")
    elif call.name == "law":
        yield from _law(project, call)
    elif call.name == "variant" and call.arguments[:1] not in {(name,) for name in project.pages}:
        known = "、".join(project.pages)
        message = f"没有这种保障书；variant() 里写：{known}"
        yield call.place.problem(message, "unknown-variant")
    elif call.name == "capitals":
        blank = project.catalogue.blanks.get("".join(call.arguments))
        quoted = not any(use.place == call.place for use in page.uses)
        if blank is None or blank.kind != "money" or quoted:
            message = "capitals() 里写一个金额空白，如 capitals(contract.amount)"
            yield call.place.problem(message, "page-syntax")


def _law(project: Project, call: Call) -> Iterator[Problem]:
    short, article = call.arguments
    law = project.catalogue.laws.get(short)
    if law is None:
        hint = nearest(short, project.catalogue.laws)
        message = f"没有“{short}”这部法律{hint}；在 catalogue/laws/ 中定义，或者改正简称"
        yield call.place.problem(message, "unknown-law")
    elif article not in law.articles:
        message = f"《{law.name}》的目录里没有“{article}”；核对条款，或者在 {law.place.path} 中补上"
        yield call.place.problem(message, "unknown-law")
    elif law.certainty == "B":
        message = f"《{law.name}》未经官方文本核实，不能在公开的文字里引用；删去这处引用"
        yield call.place.problem(message, "unconfirmed-law")


def _clauses(page: Page) -> Iterator[Problem]:
    retired = page.meta.get("retired", ())
    seen: dict[str, Clause] = {}
    for clause in page.clauses:
        what = "标题" if clause.heading else "条款"
        if clause.level > LEVELS:
            yield clause.place.problem(f"条款超过{LEVELS}层；合并层次", "too-deep-clause")
        if not clause.id:
            message = f"这个{what}没有编号标识；写上如“{{: #service-record }}”"
            yield clause.place.problem(message, "clause-without-id")
            continue
        if not _ID.fullmatch(clause.id):
            message = f"标识“{clause.id}”只能用小写字母、数字和连字符，以字母开头"
            yield clause.place.problem(message, "clause-without-id")
        if clause.id in seen:
            first = seen[clause.id].place
            message = f"标识“{clause.id}”用了两次（另一处在 {first.path}:{first.line}）；换一个"
            yield clause.place.problem(message, "clause-id-twice")
        if isinstance(retired, tuple) and clause.id in retired:
            message = f"标识“{clause.id}”已经停用，旧链接还指着原来的条款；换一个新的"
            yield clause.place.problem(message, "clause-id-retired")
        seen.setdefault(clause.id, clause)


def _lines(page: Page) -> Iterator[Problem]:
    known = {clause.id for clause in page.clauses}
    for line in page.lines:
        bare = _TAGS.sub("", line.text)
        for target in [*_LINK.findall(bare), *_REFERENCE.findall(bare)]:
            yield from _link(target, line.place, known)
        if bare.count("。") > 1:
            message = "一行里有两句话；每句单独成行，改动才看得清"
            yield line.place.problem(message, "two-sentences", "warning")


def _link(target: str, place: Place, known: set[str]) -> Iterator[Problem]:
    if target.startswith("#"):
        if target[1:] not in known:
            hint = nearest(target[1:], known)
            message = f"本页没有“{target[1:]}”这一款{hint}；改正标识"
            yield place.problem(message, "unknown-clause")
    elif any(name in target for name in VARIANTS):
        message = f'到另一种保障书的链接“{target}”要写成 {{{{ variant("名称") }}}}；未公布时它会变成文字'
        yield place.problem(message, "plain-variant-link")
    else:
        message = f"链接“{target}”要用宏来写：法律用 law()，网址用空白"
        yield place.problem(message, "plain-variant-link")
