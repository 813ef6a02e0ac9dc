"""The report of an import, for the people who decide: Chinese Markdown, the uncertain first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pledge.forms.drafting import escaped
from pledge.forms.entries import kind
from pledge.forms.gaps import Choice, digits, shown
from pledge.forms.proposals import SURE
from pledge.kinds import KINDS
from pledge.page import AUDIENCES
from pledge.problem import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pledge.catalogue import Catalogue
    from pledge.entries import Blank, Law
    from pledge.forms.draft import Imported
    from pledge.forms.matching import Figure, Slot
    from pledge.problem import Problem

CLEAR = 0.75
"""From here on a proposal need not be looked at first."""
_WORDING = ("void-wording", "vague-wording", "wording-direction")
_LATER = {"missing-direction", "missing-clock"}
_REFERENCE = re.compile(
    r"(?<!》)第(?:[一二三四五六七八九十百]{1,5}|\d{1,3}(?:\.\d{1,3})*)[条款章](?![的]?法)"
)
_GLIMPSE = 40


def report(made: Imported, catalogue: Catalogue, source: str) -> str:
    """Return the report on *made*, drafted from the file *source* for *catalogue*."""
    blanks = catalogue.blanks
    sections = [
        _head(made, source),
        _gaps(made, blanks),
        _choices(made, blanks),
        _words(made, catalogue.laws),
        _figures(made, blanks),
        _clauses(made),
        _left_out(made),
        _next(made),
    ]
    return "\n".join(line for section in sections for line in section) + "\n"


def summary(made: Imported) -> str:
    """Return what became of the gaps, in one sentence."""
    slots = made.slots
    known = sum(slot.known for slot in slots)
    words = sum(problem.rule in _WORDING for problem in made.problems)
    found = f"{len(slots)}处要填的地方：{known}处认出了目录里的空白，{len(slots) - known}处是新的空白"
    rest = [f"要改的词{words}处"] * bool(words) + [f"可能低于法律的数字{len(made.below)}处"] * bool(
        made.below
    )
    return "；".join([found, *rest]) + "。"


def _head(made: Imported, source: str) -> Iterator[str]:
    whom = re.search(r"^audience: (\w+)$", made.page, re.MULTILINE)
    yield f"# 导入报告：{_cell(source)}"
    yield ""
    yield "这是由旧表单自动写成的初稿，还不是保障书：下面逐项要由人决定。"
    yield summary(made)
    yield ""
    yield "先决定三件事（在 page.md 开头）："
    yield ""
    yield f"- `title`：现在是“{_cell(made.outline.title)}”。"
    yield f"- `audience`：现在写的是“{AUDIENCES[whom[1]] if whom else ''}”，按文中的用词猜的；它决定适用哪些法律。"
    yield "- `form` 和 `summary`：待写。前者说明文件的性质，后者是首页上的一句话。"
    yield ""


def _gaps(made: Imported, blanks: dict[str, Blank]) -> Iterator[str]:
    slots = [slot for slot in made.slots if not isinstance(slot.item, Choice)]
    unsure = [slot for slot in slots if not slot.known or slot.proposal.confidence < CLEAR]
    yield "## 一、要填的地方"
    yield ""
    if not slots:
        yield "没有找到下划线、空括号、点线或者表单域。"
        yield ""
        return
    yield f"把握从0到1：{SURE}以下的当作新空白写进 blanks.yml，名称和种类要由人改；{CLEAR}以下的请对照原文核对。"
    yield ""
    yield from _slots("先核对这些", unsure, blanks)
    yield from _slots("把握较大的", [slot for slot in slots if slot not in unsure], blanks)
    yield from _twice(slots, blanks)


def _slots(title: str, slots: list[Slot], blanks: dict[str, Blank]) -> Iterator[str]:
    if not slots:
        return
    yield f"### {title}（{len(slots)}处）"
    yield ""
    yield "| 序号 | 在哪里 | 原文 | 初稿里写成 | 把握 | 其次可能是 |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for slot in slots:
        cells = (
            str(slot.number),
            slot.place,
            _cell(slot.quote),
            _written(slot),
            _sure(slot),
            _other(slot, blanks),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _written(slot: Slot) -> str:
    if slot.capitals:
        return f"大写金额 `capitals({slot.blank})`"
    if slot.signature:
        what = f"{_cell(slot.label)} `{slot.blank}`" if slot.known else _cell(slot.label)
        return f"签署栏：{what}"
    if slot.known:
        return f"{_cell(slot.label)} `{slot.blank}`"
    return f"新空白“{_cell(slot.label)}”（{KINDS[kind(slot)].label}）`{slot.blank}`"


def _sure(slot: Slot) -> str:
    return f"{slot.proposal.confidence:.2f}" if slot.known and not slot.capitals else "—"


def _other(slot: Slot, blanks: dict[str, Blank]) -> str:
    """Return the blank that was not chosen but comes next, with its confidence."""
    proposal = slot.proposal
    name, sure = (
        (proposal.other, proposal.other_confidence) if slot.known else (proposal.blank, proposal.confidence)
    )
    if slot.capitals or not name or sure < 0.2:  # noqa: PLR2004  below that it is a guess nobody needs
        return ""
    return f"{blanks[name].label} {sure:.2f}"


def _twice(slots: list[Slot], blanks: dict[str, Blank]) -> Iterator[str]:
    """Say which blanks were proposed for several gaps: one figure, or one of them is mistaken."""
    places: dict[str, list[int]] = {}
    for slot in slots:
        if slot.known and not slot.capitals:
            places.setdefault(slot.blank, []).append(slot.number)
    several = {name: found for name, found in places.items() if len(found) > 1}
    if several:
        yield "同一个空白用在几处，填一次就处处相同。请确认它们说的是同一件事："
        yield ""
        for name, found in several.items():
            yield f"- {blanks[name].label} `{name}`：序号{'、'.join(map(str, found))}"
        yield ""


def _choices(made: Imported, blanks: dict[str, Blank]) -> Iterator[str]:
    slots = [slot for slot in made.slots if isinstance(slot.item, Choice)]
    yield "## 二、勾选项"
    yield ""
    for slot in slots:
        if isinstance(slot.item, Choice):
            yield from _choice(slot, slot.item, blanks)
    for place, quote in made.lone:
        yield f"- {place}，“{_cell(quote)}”：只有一个方框，没有可选的另一项；照原文留着，写成一句话或者删去。"
    if not slots and not made.lone:
        yield "没有找到空的方框。"
    yield ""


def _choice(slot: Slot, item: Choice, blanks: dict[str, Blank]) -> Iterator[str]:
    options = "、".join(map(_cell, item.options))
    ticked = f"；原文已勾选：{'、'.join(map(_cell, item.ticked))}" if item.ticked else ""
    beside = "；选项后面的空没有带入" if "____" in slot.quote else ""
    yield f"- 序号{slot.number}，{slot.place}，“{_cell(slot.quote)}”：从{options}中选一项{ticked}{beside}。"
    other = f"，其次可能是{_other(slot, blanks)}" if _other(slot, blanks) else ""
    sure = f"，把握{slot.proposal.confidence:.2f}{other}" if slot.known else "，目录里没有这样的选项"
    yield f"  初稿里写成{_written(slot)}{sure}。"


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
        yield f"- 有{count}款限制或者排除客户的权利，已经标为醒目（`.notice`）：{'、'.join(_numbered(made, made.noticed))}。请确认每一款都站得住。"
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
            f"- {must}：{figure.place}，“{_cell(figure.quote)}”如果说的是{item.label}，就低于法律："
            f"《{item.law}》{floor.article}要求{item.rule}（{floor.says}{whom}）。"
        )
    fixed = [figure for figure in made.figures if figure.proposal.confidence >= SURE]
    for figure in fixed:
        yield _fixed(figure, blanks[figure.proposal.blank])
    if not fixed and not made.below:
        yield "没有发现像是承诺的数字。"
    yield ""


def _fixed(figure: Figure, blank: Blank) -> str:
    return (
        f"- {figure.place}，“{_cell(figure.quote)}”：{figure.value}{figure.unit}可能是{blank.label}（把握"
        f"{figure.proposal.confidence:.2f}）；是的话改写成 `{{{{ {blank.id} }}}}`，数值写进变量文件。"
    )


def _clauses(made: Imported) -> Iterator[str]:
    yield "## 五、条款和编号"
    yield ""
    yield "编号由网站自动写出。次序变了的条款："
    yield ""
    changed = [
        (old, made.numbers.get(name, ""), name, text)
        for old, name, text in made.draft.ids
        if old and not _same(old, made.numbers.get(name, ""))
    ]
    if changed:
        yield "| 旧编号 | 新编号 | 标识 | 开头的字 |"
        yield "| --- | --- | --- | --- |"
    for old, new, name, text in changed:
        yield f"| {_cell(old)} | {new} | `#{name}` | {_glimpse(text)} |"
    yield "" if changed else "没有（下层的条款前面会加上上层的编号，如（一）成为1.1）。"
    yield ""
    if made.draft.unnumbered:
        yield "下列文字原来没有编号，已按次序编成款；请确认各在其位："
        yield ""
    for place, text in made.draft.unnumbered:
        yield f"- {place}：{_glimpse(text)}"
    for place in made.draft.flattened:
        yield f"- 层次太深：{place}，保障书最多四层，已提到第四层。"
    yield from _references(made)
    untitled = [
        place
        for place, line in zip(made.draft.places, made.draft.lines, strict=True)
        if "（标题待拟）" in line
    ]
    for place in untitled:
        yield f"- 没有标题：{place}，这一条只有正文；在 page.md 里写上标题。"
    yield ""


def _same(old: str, new: str) -> bool:
    """Whether a clause keeps its count: （二） is the same as 3.2."""
    counts, now = _counts(old), _counts(new)
    return now[-len(counts) :] == counts


def _counts(number: str) -> list[int]:
    """Return the counts in a number, whichever figures it is written in."""
    circle = re.search("[\u2460-\u2473]", number)
    if circle:
        return [ord(circle[0]) - 0x245F]
    return [int(digits(part)) for part in re.findall(r"\d+|[一二三四五六七八九十]+", number)]


def _bare(number: str) -> str:
    return re.sub(r"[\s、.．]", "", number).replace("（", "(").replace("）", ")")


def _references(made: Imported) -> Iterator[str]:
    """Say where the form refers to clauses of its own by a number, which may be another one now."""
    known = {_bare(old): name for old, name, _ in made.draft.ids if old}
    for block in made.form.blocks:
        text = getattr(block, "text", "")
        for match in _REFERENCE.finditer(text):
            name = known.get(_bare(match[0]))
            if match.start() and name and "》" not in text[max(0, match.start() - 1) : match.start()]:
                yield f"- 提到别的条款：{block.place}的“{match[0]}”；改写成 `[](#{name})`，编号会自动跟着变。"


def _glimpse(text: str) -> str:
    said = shown(text)
    return _cell(said[:_GLIMPSE] + ("……" if len(said) > _GLIMPSE else ""))


def _left_out(made: Imported) -> Iterator[str]:
    yield "## 六、表格和没有带入的内容"
    yield ""
    lines = [_cell(line) for line in made.form.left_out]
    if made.outline.contents:
        lines.append(f"目录{made.outline.contents}行，没有带入；网站自动生成目录。")
    if made.outline.signature:
        lines.append(
            f"签署栏{len(made.outline.signature)}行（从{made.outline.signature[0].place}起）改由 `signature()` 写出。"
        )
    lines += [f"{place}已改写成条款、表格或者一个表格空白，请对照原件。" for place in made.draft.tables]
    yield from (f"- {line}" for line in lines)
    if not lines:
        yield "没有。"
    yield ""


def _next(made: Imported) -> Iterator[str]:
    slug = made.topic.replace("_", "-")
    waiting = [problem for problem in made.problems if problem.rule in _LATER]
    rest = [problem for problem in made.problems if problem.rule not in {*_LATER, *_WORDING}]
    new = {slot.blank for slot in made.slots if not slot.known}
    yield "## 七、接下来"
    yield ""
    yield "1. 改好 page.md：去掉不能用的词，核对每处空白，补上标题。"
    yield f"2. 新空白有{len(new)}个。" + (
        f"目录里其实有的，在 page.md 里换成它；真正新的，在 blanks.yml 里补全，再复制成 `catalogue/blanks/{made.topic}.yml`，"
        f"并运行 `pledge schema`。还没有写的项目（方向、起止）有{len(waiting)}处。"
        if new
        else "blanks.yml 用不着，可以删去。"
    )
    yield f"3. 把 page.md 复制成 `docs/guarantees/{slug}.md`，在 `mkdocs.yml` 的 nav 中加一行，在变量文件的 `publish` 中写上 {slug}。"
    yield "4. 运行 `pledge check`，直到没有问题；再请法务审阅。"
    if rest:
        yield ""
        yield "除了上面说的，`pledge check` 还会指出："
        yield ""
        yield from (f"- {_where(made, problem)}，{escaped(problem.message)}。" for problem in rest)


def _cell(text: str) -> str:
    """Return words of the form for a cell of the report: one line, and no sign of it is Markdown."""
    return escaped(legible(text.replace("\t", " ").replace("\n", " "))).replace("&#95;", "_")
