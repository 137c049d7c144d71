"""Charts of the clients: wall time, CPU time and memory by the number of calls, as SVG on a card of its own."""
import math

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 206, 56, 48
COLORS = ("#0969da", "#bc4c00", "#8250df", "#1a7f37", "#6e7781")
FIGURES = {"wall_ms": ("Wall time", "ms"), "cpu_ms": ("CPU time", "ms"), "peak_rss_mib": ("Peak memory", "MiB")}
NOTE = "answers take 500 ms; both scales multiply"


def in_words(value, unit):
    if unit == "ms" and value >= 1000:
        return f"{value / 1000:g} s"
    return f"{value:,g} {unit}"


def scale(values):
    """Round steps of 1, 2, 5 around the values, for an axis whose steps multiply."""
    steps = [factor * 10 ** power for power in range(6) for factor in (1, 2, 5)]
    low = max(step for step in steps if step <= min(values))
    high = min(step for step in steps if step >= max(values))
    return [step for step in steps if low <= step <= high]


def apart(places, least=15):
    """The same heights, in the same order, at least so far apart."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved, last = list(places), -1e9
    for index in order:
        moved[index] = last = max(places[index], last + least)
    return moved


def chart(figure, rows):
    title, unit = FIGURES[figure]
    names = list(dict.fromkeys(row["name"] for row in rows))
    counts = sorted({row["calls"] for row in rows})
    ticks = scale([row[figure] for row in rows])

    def across(calls):
        return LEFT + (WIDTH - LEFT - RIGHT) * counts.index(calls) / (len(counts) - 1)

    def up(value):
        share = math.log(value / ticks[0]) / math.log(ticks[-1] / ticks[0])
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1f2328">',
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8" fill="#ffffff" stroke="#d0d7de"/>',
        f'<text x="20" y="30" font-size="16" font-weight="bold">{title} by calls at once</text>',
        f'<text x="{WIDTH - 20}" y="30" text-anchor="end" fill="#59636e">{NOTE}</text>']
    for tick in ticks:
        y = up(tick)
        lines += [f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d8dee4"/>',
                  f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{in_words(tick, unit)}</text>']
    for calls in counts:
        ending = "call" if calls == 1 else "calls"
        lines.append(f'<text x="{across(calls):.1f}" y="{HEIGHT - BOTTOM + 24}" text-anchor="middle">'
                     f'{calls:,} {ending}</text>')
    values = {name: {row["calls"]: row[figure] for row in rows if row["name"] == name} for name in names}
    ends = apart([up(values[name][max(values[name])]) for name in names])
    for number, name in enumerate(names):
        color, width = COLORS[number % len(COLORS)], 3.5 if number == 0 else 2
        points = " ".join(f"{across(calls):.1f},{up(value):.1f}" for calls, value in sorted(values[name].items()))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="{width}"/>')
        lines += [f'<circle cx="{across(calls):.1f}" cy="{up(value):.1f}" r="{width + 1}" fill="{color}"/>'
                  for calls, value in values[name].items()]
        last = values[name][max(values[name])]
        lines.append(f'<text x="{WIDTH - RIGHT + 12}" y="{ends[number] + 4:.1f}" fill="{color}"'
                     f'{" font-weight=" + chr(34) + "bold" + chr(34) if number == 0 else ""}>'
                     f'{name}: {in_words(float(f"{last:.3g}") if last >= 100 else round(last), unit)}</text>')
    return "\n".join([*lines, "</svg>", ""])


def draw(rows):
    """Names of files and their texts; none without rows."""
    names = {"wall_ms": "bench-wall.svg", "cpu_ms": "bench-cpu.svg", "peak_rss_mib": "bench-memory.svg"}
    return {name: chart(figure, rows) for figure, name in names.items()} if rows else {}
