"""Each kind of value: what it reads, how it prints, what it gives to machines, what it refuses and why."""

from __future__ import annotations

import datetime

import pytest

from pledge.kinds import KINDS, MisreadError, chinese_date, odd_phone

# As long as RFC 5321 allows: 254 characters.
LONG_EMAIL = "a" * 242 + "@example.com"

# Kind, units, text as written, as printed, as given to machines.
GOOD = [
    ("text", (), "示例", "示例", "示例"),
    ("text", (), "  示例 家电  ", "示例 家电", "示例 家电"),
    ("text", (), "例" * 300, "例" * 300, "例" * 300),
    ("choice", (), "企业", "企业", "企业"),
    ("duration", ("小时",), "2小时", "2小时", "PT2H"),
    ("duration", ("小时",), "2 小时", "2小时", "PT2H"),
    ("duration", ("小时",), "2个小时", "2小时", "PT2H"),
    ("duration", ("小时",), "1.50小时", "1.5小时", "PT1.5H"),
    ("duration", ("工作日",), "3工作日", "3个工作日", "3个工作日"),
    ("duration", ("工作日",), "3个工作日", "3个工作日", "3个工作日"),
    ("duration", ("个月",), "6月", "6个月", "P6M"),
    ("duration", ("个月",), "6个月", "6个月", "P6M"),
    ("duration", ("年",), "0.5年", "0.5年", "P0.5Y"),
    ("duration", ("日",), "15.0日", "15日", "P15D"),
    ("money", ("元",), "0元", "0元", "0"),
    ("money", ("元",), "500.50元", "500.5元", "500.5"),
    ("money", ("元", "万元"), "2万元", "2万元", "20000"),
    ("percent", ("%",), "95%", "95%", "95%"),
    ("percent", ("%",), "0.05%", "0.05%", "0.05%"),
    ("percent", ("%",), "100%", "100%", "100%"),
    ("count", ("次",), "2次", "2次", "2次"),
    ("count", ("倍",), "3倍", "3倍", "3倍"),
    ("date", (), "2026-12-01", "2026年12月1日", "2026-12-01"),
    ("date", (), "2028-02-29", "2028年2月29日", "2028-02-29"),
    ("phone", (), "400-000-0000", "400-000-0000", "400-000-0000"),
    ("phone", (), "+86 (10) 0000-0000", "+86 (10) 0000-0000", "+86 (10) 0000-0000"),
    ("phone", (), "010-00000000转8", "010-00000000转8", "010-00000000转8"),
    ("phone", (), "12315", "12315", "12315"),
    ("email", (), "a.b+c@mail.example.com", "a.b+c@mail.example.com", "a.b+c@mail.example.com"),
    ("email", (), LONG_EMAIL, LONG_EMAIL, LONG_EMAIL),
    ("url", (), "https://example.com", "https://example.com", "https://example.com"),
    ("url", (), "http://xn--fsq.com/", "http://xn--fsq.com/", "http://xn--fsq.com/"),
    ("hours", (), "全天", "全天", "全天"),
    ("hours", (), "每日 8:00-20:00", "每日 8:00-20:00", "每日 8:00-20:00"),
    (
        "hours",
        (),
        "周一 08:00-24:00；周二0:00-8:00",
        "周一 08:00-24:00；周二0:00-8:00",
        "周一 08:00-24:00；周二0:00-8:00",
    ),
    ("credit_code", (), "91110000600037341L", "91110000600037341L", "91110000600037341L"),
    ("credit_code", (), "91110000600037341l", "91110000600037341L", "91110000600037341L"),
    ("icp", (), "京ICP备00000000号-1", "京ICP备00000000号-1", "京ICP备00000000号-1"),
    (
        "police_filing",
        (),
        "京公网安备 00000000000000号",
        "京公网安备 00000000000000号",
        "京公网安备 00000000000000号",
    ),
    ("color", (), "#1D3557", "#1d3557", "#1d3557"),
]

_FORM = "；写成如“2小时”，单位可用：小时"
# Kind, units, text as written, the whole message, its rule, its level.
BAD = [
    ("text", (), "", "没有内容；填写，或者删去这一行", "empty-value", "error"),
    ("text", (), " 　", "没有内容；填写，或者删去这一行", "empty-value", "error"),
    ("text", (), "a\nb", "文字不能换行；写成一行", "wrong-kind", "error"),
    ("text", (), "例" * 301, "文字超过300个字；删短，细节写进正文", "wrong-kind", "error"),
    ("text", (), "todo", "“todo”还是空白；填写实际内容", "empty-value", "error"),
    ("text", (), "电话＿＿＿＿", "“电话＿＿＿＿”还是空白；填写实际内容", "empty-value", "error"),
    ("duration", ("小时",), "", f"“”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "2", f"“2”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "小时", f"“小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "010小时", f"“010小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "+2小时", f"“+2小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "1e3小时", f"“1e3小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "1,000小时", f"“1,000小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "2-4小时", f"“2-4小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "2至4小时", f"“2至4小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "2.小时", f"“2.小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    ("duration", ("小时",), "两小时", f"“两小时”不是数字加单位{_FORM}", "wrong-kind", "error"),
    (
        "duration",
        ("小时",),
        "1000000000000小时",
        f"“1000000000000小时”不是数字加单位{_FORM}",
        "wrong-kind",
        "error",
    ),
    ("duration", ("小时",), "２小时", "“２小时”用了全角数字；改用半角 0-9", "fullwidth-digit", "error"),
    ("duration", ("小时",), "2．5小时", "“2．5小时”用了全角数字；改用半角 0-9", "fullwidth-digit", "error"),
    ("duration", ("小时",), "2天", "单位“天”不能用在这里；可用的单位：小时", "wrong-unit", "error"),
    ("duration", ("小时",), "0小时", "“0小时”等于没有时间；写一个大于零的期限", "wrong-kind", "error"),
    ("duration", ("日",), "1.5日", "“1.5日”不是整数；换一个更小的单位，写成整数", "wrong-kind", "error"),
    ("money", ("元",), "￥500", "“￥500”不是数字加单位；写成如“2元”，单位可用：元", "wrong-kind", "error"),
    ("money", ("元",), "-5元", "“-5元”不是数字加单位；写成如“2元”，单位可用：元", "wrong-kind", "error"),
    ("money", ("元",), "5角", "单位“角”不能用在这里；可用的单位：元", "wrong-unit", "error"),
    ("percent", ("%",), "0%", "“0%”不在0%到100%之间；检查小数点", "wrong-kind", "error"),
    ("percent", ("%",), "100.1%", "“100.1%”不在0%到100%之间；检查小数点", "wrong-kind", "error"),
    ("percent", ("%",), "95％", "“95％”用了全角数字；改用半角 0-9", "fullwidth-digit", "error"),
    ("count", ("次",), "0次", "“0次”不是正整数；写成如“2次”", "wrong-kind", "error"),
    ("count", ("次",), "1.5次", "“1.5次”不是正整数；写成如“2次”", "wrong-kind", "error"),
    ("count", (), "许多", "“许多”不是数字加单位；写成如“2”，单位可用：", "wrong-kind", "error"),
    ("date", (), "2026-2-9", "“2026-2-9”不是日期；写成如“2026-12-01”，并核对这一天存在", "bad-date", "error"),
    (
        "date",
        (),
        "2027-02-29",
        "“2027-02-29”不是日期；写成如“2026-12-01”，并核对这一天存在",
        "bad-date",
        "error",
    ),
    (
        "date",
        (),
        "2026-W49-2",
        "“2026-W49-2”不是日期；写成如“2026-12-01”，并核对这一天存在",
        "bad-date",
        "error",
    ),
    (
        "date",
        (),
        "1066-10-14",
        "“1066-10-14”不是日期；写成如“2026-12-01”，并核对这一天存在",
        "bad-date",
        "error",
    ),
    ("phone", (), "9", "“9”不是电话号码；写成如“400-000-0000”或“010-00000000”", "bad-phone", "error"),
    (
        "phone",
        (),
        "４００",
        "“４００”不是电话号码；写成如“400-000-0000”或“010-00000000”",
        "bad-phone",
        "error",
    ),
    ("email", (), "a@b", "“a@b”不是邮箱地址；写成如“service@example.com”", "bad-email", "error"),
    (
        "email",
        (),
        f"a{LONG_EMAIL}",
        f"“a{LONG_EMAIL}”不是邮箱地址；写成如“service@example.com”",
        "bad-email",
        "error",
    ),
    ("email", (), "a@b.com\n", "“a@b.com\n”不是邮箱地址；写成如“service@example.com”", "bad-email", "error"),
    (
        "url",
        (),
        "ftp://example.com/",
        "“ftp://example.com/”不是网址；写成如“https://www.example.com/”",
        "bad-url",
        "error",
    ),
    (
        "url",
        (),
        "https://localhost/",
        "“https://localhost/”不是网址；写成如“https://www.example.com/”",
        "bad-url",
        "error",
    ),
    (
        "url",
        (),
        "https://a.com:99999/",
        "“https://a.com:99999/”不是网址；写成如“https://www.example.com/”",
        "bad-url",
        "error",
    ),
    (
        "url",
        (),
        "https://例子.com/",
        "“https://例子.com/”不是网址；写成如“https://www.example.com/”",
        "bad-url",
        "error",
    ),
    ("hours", (), "", "“”不是服务时间；写成如“周一至周日 8:00-20:00”，或者“全天”", "bad-hours", "error"),
    (
        "hours",
        (),
        "每日 8:00-8:00",
        "“每日 8:00-8:00”的起止颠倒；从早写到晚，从周一写到周日",
        "bad-hours",
        "error",
    ),
    (
        "hours",
        (),
        "每日 25:00-26:00",
        "“每日 25:00-26:00”不是服务时间；写成如“周一至周日 8:00-20:00”，或者“全天”",
        "bad-hours",
        "error",
    ),
    (
        "hours",
        (),
        "全天；周一 8:00-9:00",
        "“全天；周一 8:00-9:00”不是服务时间；写成如“周一至周日 8:00-20:00”，或者“全天”",
        "bad-hours",
        "error",
    ),
    (
        "hours",
        (),
        "每日 8:00-9:00；每日 8:59-10:00",
        "“每日 8:00-9:00；每日 8:59-10:00”中有重叠的时段；每一刻只写一次",
        "bad-hours",
        "error",
    ),
    ("credit_code", (), "9111", "“9111”不是18位；核对营业执照", "bad-credit-code", "error"),
    (
        "credit_code",
        (),
        "91110000600037341X",
        "“91110000600037341X”校验不通过；核对营业执照上的统一社会信用代码",
        "bad-credit-code",
        "error",
    ),
    (
        "credit_code",
        (),
        "9111000060003734 L",
        "“9111000060003734 L”校验不通过；核对营业执照上的统一社会信用代码",
        "bad-credit-code",
        "error",
    ),
    (
        "icp",
        (),
        "备案中",
        "“备案中”不像ICP备案号；核对后写成如“京ICP备00000000号-1”",
        "bad-filing",
        "warning",
    ),
    (
        "police_filing",
        (),
        "备案中",
        "“备案中”不像公安备案号；核对后写成如“京公网安备00000000000000号”",
        "bad-filing",
        "warning",
    ),
    *(
        (
            "color",
            (),
            text,
            f'“{text}”不是颜色；写成带引号的“#”和六位十六进制数，如“"#1d3557"”',
            "bad-color",
            "error",
        )
        for text in ("navy", "#135", "#1d35571c", "1d3557", "#1d355７")
    ),
]


@pytest.mark.parametrize(("kind", "units", "text", "shown", "machine"), GOOD)
def test_read(kind: str, units: tuple[str, ...], text: str, shown: str, machine: str) -> None:
    """A value is printed in one form however it was written, and given to machines in theirs."""
    value = KINDS[kind].parse(text, units)
    assert shown == KINDS[kind].show(value)
    assert machine == KINDS[kind].machine(value)


@pytest.mark.parametrize(
    ("kind", "units", "text", "expected"), [(kind, units, text, rest) for kind, units, text, *rest in BAD]
)
def test_refused(kind: str, units: tuple[str, ...], text: str, expected: list[str]) -> None:
    """What is not of a kind is refused with what is wrong and the way out."""
    with pytest.raises(MisreadError) as caught:
        KINDS[kind].parse(text, units)
    assert expected == [str(caught.value), caught.value.rule, caught.value.level]


def test_every_kind_is_tried() -> None:
    """Each kind has a value it reads and one it refuses; lists and tables are made of the others."""
    assert KINDS.keys() - {"list", "table"} == {kind for kind, *_ in GOOD}
    assert KINDS.keys() - {"list", "table", "choice"} == {kind for kind, *_ in BAD}


@pytest.mark.parametrize(
    ("text", "gap", "day", "working"),
    [
        ("全天", 0, 1440, True),
        ("每日 8:00-20:00", 720, 720, True),
        ("每日 8:00-12:00、13:00-20:10", 710, 670, True),
        ("周一至周五 9:00-18:00", 63 * 60, 540, True),
        ("周六至周日 9:00-18:00", 5 * 1440 + 15 * 60, 540, False),
        ("周六至周日 0:00-24:00", 5 * 1440, 1440, False),
        ("周日 0:00-24:00", 6 * 1440, 1440, False),
        ("周一 0:00-24:00；周二 0:00-1:00", 5 * 1440 + 23 * 60, 1440, True),
        ("每日 8:00-20:00（法定节假日除外）", 720, 720, True),
    ],
)
def test_hours(text: str, gap: int, day: int, *, working: bool) -> None:
    """Hours know their longest gap over the turn of the week, their longest day, and working days."""
    hours = KINDS["hours"].parse(text, ())
    assert (gap, day, working) == (hours.longest_gap(), hours.longest_day(), hours.on_working_days())
    assert text.endswith("（法定节假日除外）") == hours.but_holidays


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("400-000-0000", False),
        ("95000", False),
        ("12315", False),
        ("010-00000000", False),
        ("13800000000", False),
        ("+86 10 0000 0000", False),
        ("010-00000000转8", False),
        ("400-000-000", True),
        ("1380000000", True),
        ("00", True),
        ("123456", True),
    ],
)
def test_odd_phone(text: str, *, odd: bool) -> None:
    """A number with a digit too many or too few is worth a second look."""
    assert odd == odd_phone(text)


def test_chinese_date() -> None:
    """Documents write dates without leading zeros."""
    assert chinese_date(datetime.date(2026, 1, 2)) == "2026年1月2日"
