"""The report of an import, for the people who decide: Chinese Markdown, the uncertain first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.forms.cells import cell
from pledge.forms.drafting import escaped
from pledge.forms.proposals import SURE
from pledge.forms.reporting_clauses import clauses
from pledge.forms.reporting_gaps import choices, gaps
from pledge.page import AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pledge.catalogue import Catalogue
    from pledge.entries import Blank, Law
    from pledge.forms.draft import Imported
    from pledge.forms.matching import Figure
    from pledge.problem import Problem

_WORDING = ("void-wording", "vague-wording", "wording-direction")
_NO_BLANKS = "2. 没有新空白，blanks.yml 用不着，可以删去。"
_LATER = {"missing-direction", "missing-clock"}


def report(made: Imported, catalogue: Catalogue, source: str) -> str:
    """Return the report on *made*, drafted from the file *source* for *catalogue*."""
    blanks = catalogue.blanks
    sections = [
        _head(made, source),
        gaps(made, blanks),
        choices(made, blanks),
        _words(made, catalogue.laws),
        _figures(made, blanks),
        clauses(made),
        _left_out(made),
        _next(made),
    ]
    return "\n".join(line for section in sections for line in section) + "\n"


def summary(made: Imported) -> str:
    """Return what became of the gaps, in one sentence."""
    slots = made.slots
    known = sum(slot.known for slot in slots)
    words = sum(problem.rule in _WORDING for problem in made.problems)
    new = f"，{len(slots) - known}处写成新的空白" if known < len(slots) else ""
    found = f"{len(slots)}处要填的地方：{known}处认出了目录里的空白{new}"
    rest = [f"要改的词{words}处"] * bool(words) + [f"可能低于法律的数字{len(made.below)}处"] * bool(
        made.below
    )
    return "；".join([found, *rest]) + "。"


def _head(made: Imported, source: str) -> Iterator[str]:
    whom = re.search(r"^audience: (\w+)$", made.page, re.MULTILINE)
    yield f"# 导入报告：{cell(source)}"
    yield ""
    yield "这是由旧表单自动写成的初稿，还不是保障书：下面逐项要由人决定。"
    yield summary(made)
    yield ""
    yield "先决定三件事（在 page.md 开头）："
    yield ""
    yield f"- `title`：现在是“{cell(made.outline.title)}”。"
    guessed = AUDIENCES[whom[1]] if whom else ""
    yield f"- `audience`：现在写的是“{guessed}”，按文中的用词猜的；它决定适用哪些法律。"
    yield "- `form` 和 `summary`：待写。前者说明文件的性质，后者是首页上的一句话。"
    yield ""


def _words(made: Imported, laws: dict[str, Law]) -> Iterator[str]:
    found = [problem for problem in made.problems if problem.rule in _WORDING]
    yield "## 三、不能用或者含糊的词"
    yield ""
    if not found:
        yield "没有发现。"
    for problem in found:
        level = "必须改" if problem.level == "error" else "最好改"
        yield f"- {level}：{_where(made, problem)}，{_full(escaped(problem.message), laws)}。"
    if made.noticed:
        count = len(made.noticed)
        named = "、".join(_numbered(made, made.noticed))
        yield f"- 有{count}款限制或者排除客户的权利，已经标为醒目（`.notice`）：{named}。请逐款核对。"
    yield ""


def _full(message: str, laws: dict[str, Law]) -> str:
    """Return *message* with the full name of the law that it names in short."""
    for short, law in laws.items():
        message = message.replace(f"（{short}第", f"（《{law.name}》第")
    return message


def _where(made: Imported, problem: Problem) -> str:
    place = made.place(problem.line) if problem.path.startswith("docs/") else ""
    return (
        f"{place}（page.md 第{problem.line}行）"
        if place
        else f"{problem.path.rpartition('/')[2]} 第{problem.line}行"
    )


def _numbered(made: Imported, ids: Iterable[str]) -> list[str]:
    return [f"{made.numbers.get(name, '')} `#{name}`" for name in ids]


def _figures(made: Imported, blanks: dict[str, Blank]) -> Iterator[str]:
    yield "## 四、写在原文里的数字"
    yield ""
    for item in made.below:
        figure, floor = item.figure, item.floor
        whom = "，对消费者适用" if floor.audience == "consumer" else ""
        must = "必须改" if floor.level == "error" else "请核对"
        yield (
            f"- {must}：{figure.place}，“{cell(figure.quote)}”如果说的是{item.label}，就低于法律："
            f"《{item.law}》{floor.article}要求{item.rule}（{floor.says}{whom}）。"
        )
    fixed = [figure for figure in made.figures if figure.proposal.confidence >= SURE]
    for figure in fixed:
        yield _fixed(figure, blanks[figure.proposal.blank])
    if not fixed and not made.below:
        yield "没有发现像是承诺的数字。"
    yield ""


def _fixed(figure: Figure, blank: Blank) -> str:
    joint = "个" if figure.unit == "工作日" else ""
    value = f"{figure.value}{joint}{figure.unit}"
    return (
        f"- {figure.place}，“{cell(figure.quote)}”：{value}可能是{blank.label}（把握"
        f"{figure.proposal.confidence:.2f}）；是的话改写成 `{{{{ {blank.id} }}}}`，数值写进变量文件。"
    )


def _left_out(made: Imported) -> Iterator[str]:
    yield "## 六、表格和没有带入的内容"
    yield ""
    lines = [cell(line) for line in made.form.left_out]
    if made.outline.contents:
        lines.append(f"目录{made.outline.contents}行，没有带入；网站自动生成目录。")
    if made.outline.signature:
        first = made.outline.signature[0].place
        lines.append(f"签署栏{len(made.outline.signature)}行（从{first}起）改由 `signature()` 写出。")
    lines += [_table(place, rows) for place, rows in made.draft.tables.items()]
    yield from (f"- {line}" for line in lines)
    if not lines:
        yield "没有。"
    yield ""


def _table(place: str, rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return f"{place}已改写成条款或者表格，请对照原件。"
    lost = "；".join(cell("｜".join(row)) for row in rows)
    return f"{place}已改写成一个表格空白，原来的{len(rows)}行要填进变量文件：{lost}。"


def _next(made: Imported) -> Iterator[str]:
    slug = made.topic.replace("_", "-")
    waiting = [problem for problem in made.problems if problem.rule in _LATER]
    rest = [problem for problem in made.problems if problem.rule not in {*_LATER, *_WORDING}]
    new = {slot.blank for slot in made.slots if not slot.known}
    yield "## 七、接下来"
    yield ""
    yield "1. 改好 page.md：去掉不能用的词，核对每处空白，补上标题。"
    yield f"2. 新空白有{len(new)}个。{_to_complete(made.topic, len(waiting))}" if new else _NO_BLANKS
    yield (
        f"3. 把 page.md 复制成 `docs/guarantees/{slug}.md`，在 `mkdocs.yml` 的 nav 中加一行，"
        f"在变量文件的 `publish` 中写上 {slug}。"
    )
    yield "4. 运行 `pledge schema`，再运行 `pledge check`，直到没有问题；再请法务审阅。"
    if rest:
        yield ""
        yield "除了上面说的，`pledge check` 还会指出："
        yield ""
        yield from (f"- {_where(made, problem)}，{escaped(problem.message)}。" for problem in rest)


def _to_complete(topic: str, waiting: int) -> str:
    return (
        "目录里其实有的，在 page.md 里换成它；真正新的，在 blanks.yml 里补全，"
        f"再复制成 `catalogue/blanks/{topic}.yml`。"
        f"还没有写的项目（方向、起止）有{waiting}处。"
    )
