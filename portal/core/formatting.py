"""The one place that writes numbers, money, dates and periods for people.

Pages, files, feeds and PDFs all call these, so that a figure reads the same everywhere.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from portal.core.partial_dates import first_day, last_day

MILLION = Decimal(1_000_000)
MINUS = "\N{MINUS SIGN}"
QUALIFIER_WORDS = {
    "exact": "",
    "about": "about",
    "more_than": "more than",
    "up_to": "up to",
    # Of sums
    "at least": "at least",
    "at least about": "at least about",
}
CHANGE_WORDS = {"": "", "increase": "up", "decrease": "down"}


def format_number(value: Decimal | int) -> str:
    """Write a number exactly: 29,103; 11.5; 2.7 million when that loses nothing."""
    value = Decimal(value)
    sign = MINUS if value < 0 else ""
    value = abs(value)
    if value >= MILLION and value % 1000 == 0:
        return f"{sign}{_plain(value / MILLION)} million"
    return sign + _plain(value)


def _plain(value: Decimal) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole):,}" + (f".{fraction}" if fraction else "")


def exact_number(value: Decimal) -> str:
    """Write a number for machines: every digit, no separator, no needless zero."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_money(value: Decimal | int) -> str:
    """Write pounds: £224 million, £70.44, −£1,200."""
    value = Decimal(value)
    sign = MINUS if value < 0 else ""
    text = format_number(abs(value))
    if "." in text and "million" not in text and len(text.partition(".")[2]) == 1:
        text += "0"
    return f"{sign}£{text}"


def _with_unit(value: Decimal, unit: str, counted: str) -> str:
    if unit == "GBP":
        return format_money(value)
    if unit == "percent":
        return f"{format_number(value)}%" + (f" of {counted}" if counted else "")
    word = counted or unit
    if unit in ("ratio", "count") and not counted:
        return format_number(value)
    if value == 1 and word.endswith("s"):
        word = word.removesuffix("s")
    return f"{format_number(value)} {word}"


def _bare(value: Decimal, unit: str) -> str:
    """Write the lower end of a range, whose unit follows the upper end."""
    if unit == "GBP":
        return format_money(value)
    return format_number(value) + ("%" if unit == "percent" else "")


def format_figure(
    *,
    value: Decimal,
    unit: str,
    counted: str = "",
    per: str = "",
    qualifier: str = "exact",
    change: str = "",
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> str:
    """Write a value with all that belongs to it, starting with a capital.

    `unit` is the measure's ("GBP", "percent", "hours"); `counted` a narrower word for it
    ("nurses"). With `low` and `high` the range stands instead of the value.
    """
    if low is not None and high is not None:
        amount = f"{_bare(low, unit)} to {_with_unit(high, unit, counted)}"
    else:
        amount = _with_unit(value, unit, counted)
    words = [CHANGE_WORDS[change], QUALIFIER_WORDS[qualifier] if low is None else "", amount]
    words.append(f"a {per}" if per in PERIODS_OF_A_RATE else f"per {per}" if per else "")
    text = " ".join(word for word in words if word)
    return capitalised(text)


PERIODS_OF_A_RATE = ("day", "week", "month", "quarter", "year", "working day")


def format_coverage(*, low: int, high: int, replied: int, out_of: int) -> str:
    """Write how much of a group is live as an interval with its reply rate: "31% to 58%, 73% replied"."""
    if not out_of:
        return "Nobody to count"
    least, most = _share(low, out_of), _share(high, out_of)
    interval = least if least == most else f"{least} to {most}"
    text = f"{interval}, {_share(replied, out_of)} replied"
    return capitalised(text)


def capitalised(text: str) -> str:
    """Write the first letter large and leave the others as they are: names and abbreviations stay."""
    return text[:1].upper() + text[1:]


def _share(part: int, whole: int) -> str:
    """Write a share in whole percent, halves up: 0% is nobody and 100% is everybody, never by rounding."""
    percent = (200 * part + whole) // (2 * whole)
    if part and not percent:
        return "under 1%"
    if part < whole and percent == 100:
        return "over 99%"
    return f"{percent}%"


def format_date(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def format_moment(moment: datetime) -> str:
    """Write a day and time as in England: 12 March 2026 at 09:30."""
    here = timezone.localtime(moment)
    return f"{format_date(here)} at {here:%H:%M}"


def format_partial_date(text: str) -> str:
    """Write "2023-06" as "June 2023"; empty text stays empty."""
    if not text:
        return ""
    day = first_day(text)
    return {4: f"{day:%Y}", 7: f"{day:%B %Y}"}.get(len(text), format_date(day))


def _name_of_span(start: date, end: date) -> str:
    """Name a span as people do: a year, a financial year, a month, or from when to when."""
    if (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)):
        return str(start.year)
    if (start, end) == (date(start.year, 4, 1), date(start.year + 1, 3, 31)):
        return f"{start.year}/{end.year % 100:02d}"
    if start.day == 1 and end == last_day(f"{end:%Y-%m}"):
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%B %Y}"
        if start.month == 1 and end.month == 12:
            return f"{start.year} to {end.year}"
        first = f"{start:%B}" if start.year == end.year else f"{start:%B %Y}"
        return f"{first} to {end:%B %Y}"
    return f"{format_date(start)} to {format_date(end)}"


def _name_of_end(end: date) -> str:
    return f"{end:%B %Y}" if (end + timedelta(days=1)).day == 1 else format_date(end)


def format_period(*, kind: str, start: date | None, end: date | None) -> str:
    """Write a figure's period, starting with a capital; `kind` is a PeriodKind value."""
    if kind == "during" and start and end:
        return _name_of_span(start, end)
    if kind == "cumulative" and start and end:
        return f"{_name_of_span(start, end)}, running total"
    if kind == "cumulative" and end:
        return f"Up to {_name_of_end(end)}, running total"
    if kind == "as_at" and end:
        return f"As at {_name_of_end(end)}"
    return "Period not stated"


def format_days(start: date | None, end: date | None) -> str:
    """Name the period a question asks about; None leaves that side open."""
    if start and end:
        return _name_of_span(start, end)
    if start:
        return f"Since {format_date(start)}"
    return f"Up to {_name_of_end(end)}" if end else "All dates"


def format_financial_year(first_year: int) -> str:
    return f"{first_year}/{(first_year + 1) % 100:02d}"


def format_file_size(size_in_bytes: int) -> str:
    """Write a file's size in the decimal units that browsers show: 180 kB, 1.2 MB."""
    if size_in_bytes < 1_000_000:
        return f"{max(1, round(size_in_bytes / 1000))} kB"
    return f"{size_in_bytes / 1_000_000:.1f} MB"
