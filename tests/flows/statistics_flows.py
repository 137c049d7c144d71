#!/usr/bin/env python3
"""The statistics of outcrop eval agree with SciPy and statsmodels on the same counts (script/eval-vectors)."""
import json
import pathlib

from harness import Emulator, check, equal, flow, main, outcrop

VECTORS = json.loads((pathlib.Path(__file__).resolve().parent.parent
                      / "vectors/eval/statistics.json").read_text(encoding="utf-8"))
LINES = 200
CHANGE = ("diff --git a/a.c b/a.c\nnew file mode 100644\n--- /dev/null\n+++ b/a.c\n"
          f"@@ -0,0 +1,{LINES} @@\n" + "".join(f"+line{n};\n" for n in range(1, LINES + 1)))
# Bootstrap intervals are random: outcrop takes 2,000 samples, the vectors 20,000.
NEAR = 0.02


def write_cases(folder, rows):
    for number, row in enumerate(rows):
        case = folder / "cases" / f"case-{number:02}"
        case.mkdir(parents=True)
        (case / "change.diff").write_text(CHANGE)
        expect = [{"path": "a.c", "lines": f"{10 * i}-{10 * i}", "says": "problem"}
                  for i in range(1, row["expected"] + 1)]
        (case / "case.yml").write_text(json.dumps({"title": "A change", **({"expect": expect} if expect else {})}))


def write_results(folder, name, rows):
    def finding(line, title):
        return {"path": "a.c", "line": line, "end_line": line, "severity": "low", "title": title}

    replies = [{"case": f"case-{number:02}", "complete": True, "seconds": row["seconds"], "cost_usd": 0.01,
                "findings": [finding(10 * i, "A problem") for i in range(1, row["hits"] + 1)]
                + [finding(100 + 10 * i, "Something else") for i in range(row["noise"])]}
               for number, row in enumerate(rows)]
    (folder / name).write_text(json.dumps({"schema_version": 1, "replies": replies}))


def scored():
    with Emulator() as emulator:
        write_cases(emulator.folder, VECTORS["ours"])
        write_results(emulator.folder, "ours.json", VECTORS["ours"])
        write_results(emulator.folder, "theirs.json", VECTORS["theirs"])
        result = outcrop(emulator, "eval", "--score", "cases", "ours.json", "--against", "theirs.json",
                         "--format", "json")
        equal(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)


def near(actual, expected, tolerance, what):
    check(abs(actual - expected) <= tolerance, f"{what}: {actual}, expected {expected}")


@flow
def values_and_wilson_intervals_are_equal():
    figures = scored()["figures"]
    for name, expected in VECTORS["figures"].items():
        near(figures[name]["value"], expected["value"], 1e-9, name)
    for end in ("low", "high"):
        near(figures["silent"][end], VECTORS["figures"]["silent"][end], 1e-9, f"silent {end}")
    for name in ("seconds_median", "seconds_95"):
        near(figures[name], VECTORS[name], 1e-9, name)


@flow
def bootstrap_intervals_are_near():
    result = scored()
    for figures, expected in ((result["figures"], VECTORS["figures"]), (result["against"], VECTORS["against"])):
        for name in ("precision", "recall", "f1", "f05"):
            near(figures[name]["value"], expected[name]["value"], 1e-9, name)
            for end in ("low", "high"):
                near(figures[name][end], expected[name][end], NEAR, f"{name} {end}")


if __name__ == "__main__":
    main()
