"""The tables and charts of the documents, made of the newest file of bench/results.

figures.py [--check] [FILE]: writes them between the marks of the documents, or says what differs.
"""
import json
import pathlib
import re
import sys

import charts

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "bench/README.md")
CHARTS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- figures: end -->)", re.S)
OURS = "outcrop review"
HEADS = {OURS: "outcrop, a whole review", "boto3, threads": "boto3 with threads, bare calls",
         "aioboto3": "aioboto3, bare calls", "AWS SDK for JS": "AWS SDK for JavaScript, bare calls",
         "Anthropic SDK": "Anthropic SDK, bare calls"}
NOT_MEASURED = "Not measured in this run.\n"


def table(heads, lines, left=1):
    """A table of Markdown: `left` columns of words, the others of numbers."""
    rule = ["---" if number < left else "--:" for number in range(len(heads))]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in [heads, rule, *lines])


def named(rows, beginning):
    return [row for row in rows if row["name"].startswith(beginning)]


def seconds(row):
    return f"{row['wall_ms'] / 1000:.2f} s"


def cost_of(row):
    return f"{seconds(row)}, {row['cpu_ms'] / 1000:.2f} s, {row['peak_rss_mib']:.0f} MiB"


def machine_line(document):
    machine = document["machine"]
    rounds = document.get("rounds", 1)
    return (f"{machine['cores']} cores ({machine['processor']}), load {machine['load']} before it, "
            f"{machine['date']}; clients: {'one round' if rounds == 1 else f'medians of {rounds} rounds'}. "
            f"The program is linked {document.get('linked', 'with shared libraries of Debian')}.\n")


def client_rows(document, protocol):
    return [row for row in document["rows"] if row.get("protocol") == protocol and "wall_range_ms" in row]


def clients_table(rows, names, counts):
    lines = []
    for calls in counts:
        found = {row["name"]: row for row in rows if row["calls"] == calls}
        lines.append([f"{calls:,}", *(cost_of(found[name]) if name in found else "" for name in names)])
    return table(["model calls at once", *(HEADS[name] for name in names)], lines, left=0)


def clients_short(document):
    names = (OURS, "boto3, threads", "AWS SDK for JS")
    return clients_table(client_rows(document, "HTTP/1.1"), names, (1, 100, 1000))


def clients_long(document):
    text = ""
    for protocol in dict.fromkeys(row["protocol"] for row in document["rows"] if "wall_range_ms" in row):
        rows = client_rows(document, protocol)
        names = list(dict.fromkeys(row["name"] for row in rows))
        counts = sorted({row["calls"] for row in rows})
        text += f"Over {protocol}:\n\n{clients_table(rows, names, counts)}\n"
    return text


def against_ideal(document):
    rows = [row for row in document["rows"] if row["name"].startswith(("start", "shape", "soak"))]
    return table(["", "ideal", "took", "ratio", "CPU", "memory"], [
        [row["name"], f"{row['ideal_ms']:,.0f} ms" if row["ideal_ms"] else "", f"{row['wall_ms']:,.1f} ms",
         f"{row['wall_ms'] / row['ideal_ms']:.2f}" if row["ideal_ms"] else "",
         f"{row['cpu_ms']:,.0f} ms" if "cpu_ms" in row else "",
         f"{row['peak_rss_mib']:.0f} MiB" if "peak_rss_mib" in row else ""] for row in rows])


def growth(document):
    return table(["files, 100 at a time", "CPU a file", "memory"], [
        [f"{row['calls']:,}", f"{row['cpu_ms'] / row['calls']:.2f} ms", f"{row['peak_rss_mib']:.0f} MiB"]
        for row in named(document["rows"], "growth")], left=0)


def throttled(document):
    return table(["a quota of one call a second after ten", "ideal", "took", "calls made over needed"], [
        [row["name"].split(", ")[1], f"{row['ideal_ms'] / 1000:.0f} s", seconds(row),
         f"{row['made_over_needed']:.2f}"] for row in named(document["rows"], "throttled")])


def cost(document):
    return table(["agents on one diff", "input billed, of what independent calls cost"], [
        [row["name"].split(", ")[1], f"{row['share']:.2f}"] for row in named(document["rows"], "input billed")],
        left=0)


def parts(document):
    return table(["", "a second", "beside it"], [
        [row["name"].removeprefix("part: "), row["rate"], row.get("beside", "")]
        for row in named(document["rows"], "part: ")])


def peer(document):
    return table(["40 files, cold", "wall", "CPU", "memory", "model calls", "input sent", "billed",
                  "comments placed"], [
        [row["name"].removeprefix("peer: "), seconds(row), f"{row['cpu_ms'] / 1000:.2f} s",
         f"{row['peak_rss_mib']:.0f} MiB", str(row["calls"]), f"{row['sent_tokens']:,} tokens",
         f"{row['billed_tokens']:,} tokens", row["placed"]] for row in named(document["rows"], "peer: ")])


def image(document):
    """Packages of less than a hundredth are one line."""
    text = ""
    for row in named(document["rows"], "image"):
        packages = sorted(row["libraries"].items(), key=lambda package: -package[1])
        large = [(name, size) for name, size in packages if size * 100 >= row["bytes"]]
        rest = row["bytes"] - sum(size for _, size in large)
        text += (f"{row['compressed_bytes'] / 1e6:.2f} MB compressed, {row['bytes'] / 1e6:.1f} MB unpacked, "
                 "by Debian's packages:\n\n")
        text += table(["of", "MB"], [[name, f"{size / 1e6:.2f}"] for name, size in [*large, ("the rest", rest)]])
    return text or NOT_MEASURED


BLOCKS = {"machine": machine_line, "clients": clients_long, "short": clients_short, "ideal": against_ideal,
          "growth": growth, "throttled": throttled, "cost": cost, "parts": parts, "peer": peer,
          "image": image}


def block(name, document):
    text = BLOCKS[name](document)
    return text if text.count("\n") != 2 else NOT_MEASURED  # the head and the rule of a table alone


def rewritten(text, document):
    return BLOCK.sub(lambda found: f"{found[1]}\n{block(found[2], document).rstrip()}\n\n{found[3]}", text)


def newest():
    return max((ROOT / "bench/results").glob("*.json"))


def wanted(document):
    """Each file that holds figures, and what it should hold."""
    files = {ROOT / name: rewritten((ROOT / name).read_text(), document) for name in DOCUMENTS}
    rows = client_rows(document, "HTTP/1.1")
    files.update({CHARTS / name: text for name, text in charts.draw(rows).items()})
    return files


def main(arguments):
    check = "--check" in arguments
    given = [argument for argument in arguments if argument != "--check"]
    document = json.loads((pathlib.Path(given[0]) if given else newest()).read_text())
    different = [(path, text) for path, text in wanted(document).items()
                 if not path.exists() or path.read_text() != text]
    for path, text in different:
        if check:
            print(f"{path.relative_to(ROOT)} does not hold the figures of {newest().name}: run bench/figures.py")
        else:
            path.write_text(text)
    return bool(check and different)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
