"""Redlines: amounts stay whole, phrases stay phrases, and both texts can be read back from the pieces."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledge.redline import (
    GONE,
    NEW,
    SAME,
    Piece,
    amounts,
    ansi,
    folded,
    html,
    inline,
    marked,
    only_form,
    pieces,
    visible,
)

# old, new, the redline, the redline of the opposite change
REDLINES = {
    "hours": ("2小时内", "24小时内", "[-2小时-]{+24小时+}内", "[-24小时-]{+2小时+}内"),
    "days": ("7日", "17日", "[-7日-]{+17日+}", "[-17日-]{+7日+}"),
    "workdays": (
        "自收到时起3个工作日内",
        "自收到时起13个工作日内",
        "自收到时起[-3个工作日-]{+13个工作日+}内",
        "自收到时起[-13个工作日-]{+3个工作日+}内",
    ),
    "percent": ("的0.05%。", "的0.5%。", "的[-0.05%-]{+0.5%+}。", "的[-0.5%-]{+0.05%+}。"),
    "rate": ("不低于99.5%", "不低于99.95%", "不低于[-99.5%-]{+99.95%+}", "不低于[-99.95%-]{+99.5%+}"),
    "yuan": ("支付500元", "支付50元", "支付[-500元-]{+50元+}", "支付[-50元-]{+500元+}"),
    "thousands": ("1,000元", "10,000元", "[-1,000元-]{+10,000元+}", "[-10,000元-]{+1,000元+}"),
    "ten thousands": ("50万元", "50元", "[-50万元-]{+50元+}", "[-50元-]{+50万元+}"),
    "months": ("12个月", "2个月", "[-12个月-]{+2个月+}", "[-2个月-]{+12个月+}"),
    "unit only": ("3个工作日", "3日", "[-3个工作日-]{+3日+}", "[-3日-]{+3个工作日+}"),
    "date": (
        "2026年12月1日起",
        "2026年12月31日起",
        "[-2026年12月1日-]{+2026年12月31日+}起",
        "[-2026年12月31日-]{+2026年12月1日+}起",
    ),
    "hours of a day": (
        "周一至周五 8:00-20:00",
        "周一至周五 8:30-20:00",
        "周一至周五 [-8:00-20:00-]{+8:30-20:00+}",
        "周一至周五 [-8:30-20:00-]{+8:00-20:00+}",
    ),
    "weekdays": (
        "周一至周日营业",
        "周一至周五营业",
        "[-周一至周日-]{+周一至周五+}营业",
        "[-周一至周五-]{+周一至周日+}营业",
    ),
    "cover": ("提供5×8服务", "提供7×24服务", "提供[-5×8-]{+7×24+}服务", "提供[-7×24-]{+5×8+}服务"),
    "telephone": (
        "热线400-000-0000。",
        "热线400-000-0001。",
        "热线[-400-000-0000-]{+400-000-0001+}。",
        "热线[-400-000-0001-]{+400-000-0000+}。",
    ),
    "reference": (
        "第3.2款第(1)项的",
        "第3.12款第(1)项的",
        "[-第3.2款-]{+第3.12款+}第(1)项的",
        "[-第3.12款-]{+第3.2款+}第(1)项的",
    ),
    "article": ("依照第十二条", "依照第二条", "依照[-第十二条-]{+第二条+}", "依照[-第二条-]{+第十二条+}"),
    "item": ("(1)", "(11)", "[-(1)-]{+(11)+}", "[-(11)-]{+(1)+}"),
    "in words": ("七日内退款", "十七日内退款", "[-七日-]{+十七日+}内退款", "[-十七日-]{+七日+}内退款"),
    "capitals": (
        "人民币伍佰元整",
        "人民币伍拾元整",
        "人民币[-伍佰元整-]{+伍拾元整+}",
        "人民币[-伍拾元整-]{+伍佰元整+}",
    ),
    "address": (
        "见https://a.example.com/x。",
        "见https://b.example.com/x。",
        "见[-https://a.example.com/x-]{+https://b.example.com/x+}。",
        "见[-https://b.example.com/x-]{+https://a.example.com/x+}。",
    ),
    "e-mail": (
        "写信到a@example.com。",
        "写信到ab@example.com。",
        "写信到[-a@example.com-]{+ab@example.com+}。",
        "写信到[-ab@example.com-]{+a@example.com+}。",
    ),
    "word": ("使用App登录", "使用Apps登录", "使用[-App-]{+Apps+}登录", "使用[-Apps-]{+App+}登录"),
    "phrase": (
        "我方立即联系客户。",
        "我方尽快联络客户。",
        "我方[-立即联系-]{+尽快联络+}客户。",
        "我方[-尽快联络-]{+立即联系+}客户。",
    ),
    "amounts are no joint": (
        "收到后2小时联系",
        "接到后2小时回电",
        "[-收-]{+接+}到后2小时[-联系-]{+回电+}",
        "[-接-]{+收+}到后2小时[-回电-]{+联系+}",
    ),
    "sentence end": (
        "可以退货。客户承担运费",
        "可以退款。我方承担运费",
        "可以退[-货-]{+款+}。[-客户-]{+我方+}承担运费",
        "可以退[-款-]{+货+}。[-我方-]{+客户+}承担运费",
    ),
    "comma": ("甲乙，丙丁", "甲戊，己丁", "甲[-乙-]{+戊+}，[-丙-]{+己+}丁", "甲[-戊-]{+乙+}，[-己-]{+丙+}丁"),
    "only added": ("我方联系", "我方立即联系", "我方{+立即+}联系", "我方[-立即-]联系"),
    "twice added": (
        "向客户说明",
        "应当向全体客户说明",
        "{+应当+}向{+全体+}客户说明",
        "[-应当-]向[-全体-]客户说明",
    ),
    "sentence": (
        "我方承担运费。客户确认。",
        "我方承担运费。我方承担保险。客户确认。",
        "我方承担运费。{+我方承担保险。+}客户确认。",
        "我方承担运费。[-我方承担保险。-]客户确认。",
    ),
    "beginning": (
        "我方向客户支付",
        "我方书面通知后，我方向客户支付",
        "{+我方书面通知后，+}我方向客户支付",
        "[-我方书面通知后，-]我方向客户支付",
    ),
    "other mark": ("修理，更换", "修理、更换", "修理[-，-]{+、+}更换", "修理[-、-]{+，+}更换"),
    "form beside a change": ("您好，7日", "您好,8日", "您好,[-7日-]{+8日+}", "您好，[-8日-]{+7日+}"),
    "from nothing": ("", "新的一条", "{+新的一条+}", "[-新的一条-]"),
}


@pytest.mark.parametrize(("old", "new", "expected", "opposite"), REDLINES.values(), ids=REDLINES)
def test_redline(old: str, new: str, expected: str, opposite: str) -> None:
    """A redline reads in phrases, cuts no amount, and works both ways."""
    assert (expected, opposite) == (inline(pieces(old, new)), inline(pieces(new, old)))


FORMS = {
    "full-width": ("您好，请说（一）：好；", "您好,请说(一):好;", True),
    "stop": ("完成。", "完成.", True),
    "half-width stop": ("完成｡", "完成。", True),
    "quotes": ("“客户”和‘您’", "\"客户\"和'您'", True),
    "digits": ("２４小时", "24小时", True),
    "space between Chinese": ("客户 请求", "客户请求", True),
    "space beside an amount": ("3 个工作日 内", "3个工作日内", True),
    "radical": ("⼀⽇", "一日", True),
    "equal": ("客户", "客户", False),
    "comma and pause": ("修理，更换", "修理、更换", False),
    "comma and stop": ("修理，", "修理。", False),
    "point in a number": ("5。5小时", "5.5小时", False),
    "circled": ("①", "1", False),
    "superscript": ("10²", "102", False),
    "space between numbers": ("1 2小时", "12小时", False),
    "space between words": ("App Store", "AppStore", False),
    "space after a stop": (". ", "。", False),
    "dash and minus": ("—", "-", False),
}


@pytest.mark.parametrize(("old", "new", "expected"), FORMS.values(), ids=FORMS)
def test_only_form(old: str, new: str, expected: bool) -> None:  # noqa: FBT001  a table's column
    """Only forms of one mark, and spaces beside Chinese, are no change, whichever text was first."""
    assert (expected, expected) == (only_form(old, new), only_form(new, old))


@pytest.mark.parametrize(("old", "new"), [case[:2] for case in FORMS.values() if case[2]])
def test_forms_are_shown_as_now(old: str, new: str) -> None:
    """Where only forms differ the text is shown as it is now; without folding the difference is shown."""
    assert [Piece(SAME, new)] == pieces(old, new)
    assert [Piece(SAME, new)] != pieces(old, new, fold=False)


WORDS = st.lists(
    st.sampled_from(
        [
            *"我方自收到客户请求时起内，。、；：“”()（）,. 一二十第条款项日元个月年AB5②\u3000\n",
            "24小时",
            "０.5％",
            "8:00",
        ]
    ),
    max_size=30,
).map("".join)
TEXTS = st.one_of(WORDS, st.text(max_size=40))


def joined(found: list[Piece], *kinds: str) -> str:
    """Return the text of the pieces of some kinds."""
    return "".join(piece.text for piece in found if piece.kind in kinds)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    """What stayed and came is the new text; what stayed and went is the old one but for forms."""
    found = pieces(old, new)
    assert new == joined(found, SAME, NEW)
    assert folded(old) == folded(joined(found, SAME, GONE))


@given(TEXTS, TEXTS)
def test_without_folding_the_old_text_is_exact(old: str, new: str) -> None:
    """Without folding, what stayed and went is the old text to the letter."""
    found = pieces(old, new, fold=False)
    assert (old, new) == (joined(found, SAME, GONE), joined(found, SAME, NEW))


@given(TEXTS)
def test_nothing_changed(text: str) -> None:
    """A text beside itself is one piece that stayed; an empty one has no pieces."""
    assert ([Piece(SAME, text)] if text else []) == pieces(text, text)


@given(TEXTS, TEXTS)
def test_pieces_alternate(old: str, new: str) -> None:
    """No piece is empty, none follows one of its kind, and what is gone stands before what is new."""
    kinds = [piece.kind for piece in pieces(old, new)]
    assert all(piece.text for piece in pieces(old, new))
    assert not {(SAME, SAME), (GONE, GONE), (NEW, NEW), (NEW, GONE)} & set(pairwise(kinds))


@given(TEXTS, TEXTS)
def test_html_says_the_text(old: str, new: str) -> None:
    """The HTML shows the text of the pieces and has no element but del and ins."""
    found = pieces(old, new)
    text = re.sub("</?(?:del|ins)>", "", html(found))
    assert not set(text) & set("<>\"'")
    assert visible(joined(found, SAME, GONE, NEW)) == unescape(text)


def test_terminal_and_html() -> None:
    """A terminal shows red struck through and green underlined; HTML has del and ins, the text escaped."""
    found = pieces("在<2小时>内", "在<3小时>内")
    assert "在<\x1b[31;9m2小时\x1b[0m\x1b[32;4m3小时\x1b[0m>内" == ansi(found)
    assert "在&lt;<del>2小时</del><ins>3小时</ins>&gt;内" == html(found)


COMMENTS = {
    "plain": ("2小时内。", "3小时内。", "<del>2小时</del><ins>3小时</ins>内。"),
    "person": ("", "找@someone", "<ins>找&#64;&#8203;someone</ins>"),
    "split person": ("@甲", "@some", "&#64;&#8203;<del>甲</del><ins>some</ins>"),
    "issue": ("", "见#12和a/b#3", "<ins>见&#35;&#8203;12和a/b&#35;&#8203;3</ins>"),
    "link": ("", "见https://a.cn/b", "<ins>见https:&#8203;//a.cn/b</ins>"),
    "bare host": ("", "见www.a.cn", "<ins>见www.&#8203;a.cn</ins>"),
    "markdown": ("", "[a](b)*c*`d`|", "<ins>&#91;a&#93;(b)&#42;c&#42;&#96;d&#96;&#124;</ins>"),
    "html": ("", "<b>&amp;", "<ins>&#60;b&#62;&#38;&#8203;amp;</ins>"),
    "emoji": ("", "好:smile:的", "<ins>好:&#8203;smile:的</ins>"),
    "hours": ("", "8:00-20:00", "<ins>8:00-20:00</ins>"),
    "GitLab": ("", "!1和~bug和/close", "<ins>&#33;&#8203;1和&#126;&#8203;bug和/close</ins>"),
    "lines": ("", "一\n\n    # 二", "<ins>一 &#35; 二</ins>"),
    "terminal codes": ("", "a\x1b[31mb\u202ec", "<ins>a\ufffd&#91;31mb\ufffdc</ins>"),
}


@pytest.mark.parametrize(("old", "new", "expected"), COMMENTS.values(), ids=COMMENTS)
def test_comment(old: str, new: str, expected: str) -> None:
    """In a comment company text is only text: no Markdown, no HTML, no link, and nobody is called."""
    assert expected == marked(pieces(old, new))


@given(st.text(max_size=40))
def test_a_comment_has_no_live_mark(text: str) -> None:
    """No mark that Markdown or HTML takes up reaches a comment, and none that begins a list."""
    shown = marked([Piece(SAME, text)])
    assert not set(shown.replace("&#", "")) & set("!\"#$&'*<>@[\\]^_`{|}~\n")
    assert not re.match(r"[-+=/]|\d{1,2}[.)]", shown, re.ASCII)


@given(st.text(alphabet="a1。(). -+=#*_`[]<>|\\&~!:/@", max_size=40))
def test_a_comment_is_one_paragraph(text: str) -> None:
    """Markdown makes one item of a comment's line, with nothing in it but the text."""
    shown = markdown.markdown(f"- x{marked([Piece(SAME, text)])}")
    inside = re.fullmatch(r"<ul>\n<li>x(.*)</li>\n</ul>", shown)
    assert inside
    assert "<" not in inside[1]


def test_nothing_hidden_reaches_a_terminal() -> None:
    """A control or bidirectional character in a text is shown as a replacement sign."""
    assert "a\ufffd[0m{+\ufffd+}" == inline([Piece(SAME, "a\x1b[0m"), Piece(NEW, "\u202e")])


LONG = {
    "other": ("我方自收到客户请求时起两小时内联系" * 250, "客户承担运输费用并且确认收到的商品" * 250),
    "one character": ("甲" * 4_000, "乙甲" * 2_000),
    "below the limit": ("甲" * 240, "乙甲" * 120),
    "edited": ("我方自收到客户请求时起2小时内联系。" * 222, "我方自收到客户请求时起3小时内联系。" * 222),
}


@pytest.mark.parametrize(("old", "new"), LONG.values(), ids=LONG)
def test_long_texts(old: str, new: str) -> None:
    """Two texts of 4,000 characters are compared whole, however alike their characters are."""
    assert new == joined(pieces(old, new), SAME, NEW)
    assert folded(old) == folded(joined(pieces(old, new), SAME, GONE))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [""]),
        ("收到", ["收到"]),
        ("自收到时起2个工作日内", ["自收到时起", "2个工作日", "内"]),
        ("50万元", ["", "50万元", ""]),
        ("见第8.3款第(2)项。", ["见", "第8.3款", "", "第(2)项", "。"]),
        ("《民法典》第五百七十七条", ["《民法典》", "第五百七十七条", ""]),
        ("拨打 400-000-0000 或者", ["拨打 ", "400-000-0000", " 或者"]),
        (
            "登录https://a1.example.com/x或者a1@example.com",
            ["登录https://a1.example.com/x或者a1@example.com"],
        ),
    ],
)
def test_amounts_stand_apart_from_words(text: str, parts: list[str]) -> None:
    """Numbers with their units, references and dates come in turns with words; addresses are words."""
    assert parts == amounts(text)


@given(st.text())
def test_amounts_lose_nothing(text: str) -> None:
    """The parts of a text are the text."""
    assert text == "".join(amounts(text))
