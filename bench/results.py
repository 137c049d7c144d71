"""Rows of figures: printed as a table of clients, and written as JSON."""
import datetime
import json
import os
import pathlib
import statistics


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


def write_json(path, about, rows):
    """`about` says what machine() said before anything was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {**about, "rows": rows}
    pathlib.Path(path).write_text(json.dumps(document, indent=1) + "\n")
