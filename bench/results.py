"""Rows of figures: printed as tables, written as JSON, and drawn as SVG.

results.py FILE [FOLDER] prints the tables of a README from FILE, and draws the charts into FOLDER.
"""
import datetime
import json
import os
import pathlib
import statistics
import sys

FIGURES = ("calls", "ideal_ms", "wall_ms", "cpu_ms", "peak_rss_mib", "connections")


def machine():
    """What a reader has to know of where the figures come from."""
    names = [line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    return {"date": datetime.date.today().isoformat(), "processor": names[0] if names else "unknown",
            "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}


def median_row(name, calls, ideal_ms, runs):
    """One row out of several runs: medians, and how far the wall times lie apart."""
    row = {"name": name, "calls": calls, "ideal_ms": ideal_ms}
    for figure in ("wall_ms", "cpu_ms", "peak_rss_mib", "connections"):
        row[figure] = round(statistics.median(run[figure] for run in runs), 1)
    row["wall_range_ms"] = [round(min(run["wall_ms"] for run in runs)), round(max(run["wall_ms"] for run in runs))]
    return row


def print_clients(rows):
    """A line for each client, with wall (and its range), CPU and memory for each number of calls."""
    counts = sorted({row["calls"] for row in rows})
    print("\n| wall (range), CPU, memory | " + " | ".join(f"{count:,} calls" for count in counts) + " |")
    print("|---|" + "---|" * len(counts))
    for name in dict.fromkeys(row["name"] for row in rows):
        cells = []
        for count in counts:
            row = next((row for row in rows if row["name"] == name and row["calls"] == count), None)
            low, high = row["wall_range_ms"] if row else (0, 0)
            cells.append(f"{row['wall_ms']:.0f} ms ({low}–{high}), {row['cpu_ms']:.0f} ms, "
                         f"{row['peak_rss_mib']:.0f} MiB" if row else "")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def write_json(path, rows):
    document = {"machine": machine(), "rows": rows}
    pathlib.Path(path).write_text(json.dumps(document, indent=1) + "\n")


def bars(title, unit, values):
    """A bar chart: `values` maps names to numbers."""
    top = max(values.values()) or 1
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{40 + 28 * len(values)}" '
             'font-family="sans-serif" font-size="13">', f'<text x="8" y="20" font-weight="bold">{title}</text>']
    for index, (name, value) in enumerate(values.items()):
        y = 34 + 28 * index
        color = "#1f6feb" if name.startswith("outcrop") else "#8b949e"
        lines += [f'<text x="8" y="{y + 15}">{name}</text>',
                  f'<rect x="180" y="{y}" width="{360 * value / top:.1f}" height="20" fill="{color}"/>',
                  f'<text x="{186 + 360 * value / top:.1f}" y="{y + 15}">{value:,.0f} {unit}</text>']
    return "\n".join(lines + ["</svg>", ""])


def write_charts(folder, rows):
    """Wall, CPU and memory of the clients with the most calls."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    calls = max(row["calls"] for row in rows)
    for figure, unit, title in (("wall_ms", "ms", "Wall time"), ("cpu_ms", "ms", "CPU time"),
                                ("peak_rss_mib", "MiB", "Peak memory")):
        values = {row["name"]: row[figure] for row in rows if row["calls"] == calls}
        (folder / f"{figure}.svg").write_text(bars(f"{title}, {calls:,} calls of 500 ms", unit, values))


def cell(row):
    if not row:
        return ""
    return f"{row['cpu_ms'] / 1000:.2f} s, {row['peak_rss_mib']:.0f} MiB, wall {row['wall_ms'] / 1000:.2f} s"


def print_readme(document):
    """The tables for bench/README.md: CPU, memory and wall time of the clients, one table a protocol."""
    machine = document["machine"]
    print(f"{machine['cores']} cores ({machine['processor']}), load {machine['load']}, {machine['date']}.")
    rows = [row for row in document["rows"] if "wall_range_ms" in row]
    for protocol in dict.fromkeys(row.get("protocol", "HTTP/1.1") for row in rows):
        chosen = [row for row in rows if row.get("protocol", "HTTP/1.1") == protocol]
        names = list(dict.fromkeys(row["name"] for row in chosen))
        print(f"\n| calls at once, {protocol} | " + " | ".join(names) + " |\n|--:|" + "--:|" * len(names))
        for calls in sorted({row["calls"] for row in chosen}):
            found = {row["name"]: row for row in chosen if row["calls"] == calls}
            print(f"| {calls:,} | " + " | ".join(cell(found.get(name)) for name in names) + " |")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3 or sys.argv[1].startswith("-"):
        sys.exit("usage: bench/results.py FILE [FOLDER]: prints the tables of FILE, and writes charts into FOLDER")
    written = json.loads(pathlib.Path(sys.argv[1]).read_text())
    print_readme(written)
    if len(sys.argv) > 2:
        write_charts(sys.argv[2], [row for row in written["rows"] if row.get("protocol", "HTTP/1.1") == "HTTP/1.1"
                                   and "wall_range_ms" in row])
