# SPDX-License-Identifier: Apache-2.0
"""Makes a page and a chart of the price of bitcoin; plain Python, no packages.

In: $monthly, a CSV (month, days, open, high, low, close, volume), and $yearly, another (y, days,
low, high): each a table, whole, whatever files it lies in.
Out: /pfs/out/report.md, /pfs/out/chart.svg. The same tables give the same bytes.
"""
import csv
import math
import os
from xml.sax.saxutils import escape

PFS = os.environ.get("PFS", "/pfs")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

INK, MUTED, GRID, PAPER = "#1f2937", "#6b7280", "#e5e7eb", "#ffffff"
UP, DOWN, VOLUME = "#0f766e", "#c2410c", "#94a3b8"


def rows(repo):
    """The rows of the table of a repo; numbers as numbers, nulls as None."""
    with open(os.environ[repo], newline="", encoding="utf-8") as file:
        return [{name: value(text) for name, text in row.items()} for row in csv.DictReader(file)]


def value(text):
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def dollars(price):
    return f"${price:,.2f}" if price < 1000 else f"${price:,.0f}"


def percent(ratio):
    return f"{ratio:+.1%}".replace("-", "−")


def month_name(month):
    return f"{MONTHS[int(month[5:7]) - 1]} {month[:4]}"


def change(row):
    return row["close"] / row["open"] - 1


# The page ----------------------------------------------------------------------------------------


def table(headers, cells):
    lines = ["| " + " | ".join(headers) + " |"]
    lines.append("| " + " | ".join(["---"] + ["---:"] * (len(headers) - 1)) + " |")
    lines += ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join(lines)


def page(monthly, yearly):
    first, last = monthly[0], monthly[-1]
    days = int(sum(row["days"] for row in yearly))
    best, worst = max(monthly, key=change), min(monthly, key=change)
    peak = max(monthly, key=lambda row: row["high"])
    return f"""# The price of bitcoin

{days:,} days, {month_name(first["month"])} to {month_name(last["month"])}: from \
{dollars(first["open"])} to {dollars(last["close"])}, {last["close"] / first["open"]:,.0f} times as \
much. The highest price was {dollars(peak["high"])}, in {month_name(peak["month"])}. The best month \
was {month_name(best["month"])} with {percent(change(best))}, the worst \
{month_name(worst["month"])} with {percent(change(worst))}.

![Monthly prices and volumes](chart.svg)

## Years

{table(["Year", "Days", "Open", "Low", "High", "Close", "Change"],
       [year_cells(row, monthly) for row in yearly])}

## The last twelve months

{table(["Month", "Open", "Low", "High", "Close", "Change", "Volume, $M"],
       [month_cells(row) for row in reversed(monthly[-12:])])}
"""


def year_cells(row, monthly):
    year = f"{row['y']:.0f}"
    months = [month for month in monthly if month["month"].startswith(year)]
    opened, closed = months[0]["open"], months[-1]["close"]
    prices = [opened, row["low"], row["high"], closed]
    return [year, f"{row['days']:.0f}", *map(dollars, prices), percent(closed / opened - 1)]


def month_cells(row):
    prices = [row["open"], row["low"], row["high"], row["close"]]
    volume = "" if row["volume"] is None else f"{row['volume'] / 1e6:,.0f}"
    return [month_name(row["month"]), *map(dollars, prices), percent(change(row)), volume]


# The chart ---------------------------------------------------------------------------------------

WIDTH, HEIGHT = 960, 540
LEFT, RIGHT, TOP, PRICE_BOTTOM, VOLUME_TOP, BOTTOM = 64, 936, 84, 400, 424, 496


def element(tag, text=None, **attributes):
    """An SVG element; an underscore in a name stands for a hyphen, floats get one decimal."""
    written = "".join(
        f' {name.replace("_", "-")}="{f"{v:.1f}" if isinstance(v, float) else v}"'
        for name, v in attributes.items()
    )
    return f"<{tag}{written}/>" if text is None else f"<{tag}{written}>{text}</{tag}>"


def label(x, y, text, size=12, fill=MUTED, anchor="middle", weight="normal"):
    return element("text", escape(text), x=x, y=y, font_size=size, fill=fill, text_anchor=anchor,
                   font_weight=weight)


def chart(monthly):
    low = math.log10(min(row["low"] for row in monthly))
    high = math.log10(max(row["high"] for row in monthly))
    pad = 0.04 * (high - low)
    most = max([row["volume"] or 0 for row in monthly] + [1])
    step = (RIGHT - LEFT) / len(monthly)

    def price_y(price):
        share = (math.log10(price) - low + pad) / (high - low + 2 * pad)
        return PRICE_BOTTOM - share * (PRICE_BOTTOM - TOP)

    parts = [element("rect", width=WIDTH, height=HEIGHT, fill=PAPER)]
    parts.append(label(LEFT, 36, "The price of bitcoin", 20, INK, "start", "600"))
    span = f"{month_name(monthly[0]['month'])} to {month_name(monthly[-1]['month'])}"
    parts.append(label(LEFT, 58, f"Each month in US dollars, log scale, {span}", 13, MUTED, "start"))
    parts += legend()
    for price in ticks(10 ** (low - pad), 10 ** (high + pad)):
        parts.append(element("line", x1=LEFT, x2=RIGHT, y1=price_y(price), y2=price_y(price),
                             stroke=GRID))
        parts.append(label(LEFT - 8, price_y(price) + 4, f"${price:,}", anchor="end"))
    for i, row in enumerate(monthly):
        if i and row["month"][5:7] == "01":
            x = LEFT + i * step
            parts.append(element("line", x1=x, x2=x, y1=TOP, y2=BOTTOM, stroke=GRID))
    parts += years(monthly, step)
    for i, row in enumerate(monthly):
        parts.append(candle(row, LEFT + (i + 0.5) * step, 0.62 * step, price_y, most))
    parts.append(element("line", x1=LEFT, x2=RIGHT, y1=BOTTOM, y2=BOTTOM, stroke=MUTED))
    parts.append(label(LEFT - 8, VOLUME_TOP + 4, f"${most / 1e9:,.1f}bn", anchor="end"))
    parts.append(label(LEFT - 8, BOTTOM, "volume", anchor="end"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, Helvetica, Arial, sans-serif">\n'
        f"<title>The price of bitcoin, {span}</title>\n{body}\n</svg>\n"
    )


def legend():
    parts = []
    for x, fill, text in ((RIGHT - 218, UP, "month closed higher"), (RIGHT - 64, DOWN, "lower")):
        parts.append(element("rect", x=x, y=48, width=10, height=10, rx=2, fill=fill))
        parts.append(label(x + 16, 57, text, anchor="start"))
    return parts


def ticks(low, high):
    """1, 2 and 5 times the powers of ten between two prices."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    every = [digit * 10 ** power for power in powers if power >= 0 for digit in (1, 2, 5)]
    return [price for price in every if low <= price <= high]


def years(monthly, step):
    """The name of each year under the middle of its months."""
    places = {}
    for i, row in enumerate(monthly):
        places.setdefault(row["month"][:4], []).append(LEFT + (i + 0.5) * step)
    return [label((x[0] + x[-1]) / 2, BOTTOM + 22, year) for year, x in places.items()]


def candle(row, x, width, price_y, most):
    colour = UP if row["close"] >= row["open"] else DOWN
    top, bottom = sorted((price_y(row["open"]), price_y(row["close"])))
    volume = (row["volume"] or 0) / most * (BOTTOM - VOLUME_TOP)
    told = (f"{month_name(row['month'])}: {dollars(row['open'])} to {dollars(row['close'])}, "
            f"low {dollars(row['low'])}, high {dollars(row['high'])}")
    return element(
        "g",
        element("title", escape(told))
        + element("line", x1=x, x2=x, y1=price_y(row["high"]), y2=price_y(row["low"]),
                  stroke=colour, stroke_width=1.4)
        + element("rect", x=x - width / 2, y=top, width=width, height=max(bottom - top, 1.0),
                  rx=1, fill=colour)
        + element("rect", x=x - width / 2, y=BOTTOM - volume, width=width, height=volume,
                  fill=VOLUME),
    )


def write(name, text):
    with open(os.path.join(PFS, "out", name), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def main():
    monthly = sorted(rows("monthly"), key=lambda row: row["month"])
    yearly = sorted(rows("yearly"), key=lambda row: row["y"])
    write("report.md", page(monthly, yearly))
    write("chart.svg", chart(monthly))
    print(f"a page and a chart of {len(monthly)} months")


main()
