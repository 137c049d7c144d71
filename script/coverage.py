#!/usr/bin/env python3
"""Prints the coverage of each folder of src, and the lines that nothing executes, from gcov's own reports."""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEAST_PERCENT = 90
FILES_A_CALL = 40


def reports(build):
    """What gcov prints of every object file of the build, one report a line."""
    objects = sorted(build.rglob("*.gcda"))
    for start in range(0, len(objects), FILES_A_CALL):
        names = [str(path.resolve()) for path in objects[start:start + FILES_A_CALL]]
        run = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *names],
                             check=True, capture_output=True, text=True, cwd=build)
        yield from (json.loads(line) for line in run.stdout.splitlines() if line.startswith("{"))


def measure(build):
    """{file: {line: [executed, {branch: executed}]}}; several programs share a source file."""
    files = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, {}]))
    for report in reports(build):
        for entry in report["files"]:
            path = (pathlib.Path(report["current_working_directory"]) / entry["file"]).resolve()
            if not path.is_relative_to(ROOT / "src"):
                continue
            lines = files[path.relative_to(ROOT).as_posix()]
            for line in entry["lines"]:
                seen = lines[line["line_number"]]
                seen[0] += line["count"]
                for place, branch in enumerate(line["branches"]):
                    seen[1][place] = seen[1].get(place, 0) + branch["count"]
    return files


def percent(covered, total):
    return 100.0 * covered / total if total else 100.0


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    runs = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in runs)


def main():
    files = measure(pathlib.Path(sys.argv[1]))
    if not files:
        print("coverage: gcov reported no file of src")
        return 1
    folders = collections.defaultdict(lambda: [0, 0, 0, 0])
    for name, lines in sorted(files.items()):
        sums = folders[name.split("/")[1]]
        for executed, branches in lines.values():
            sums[0] += executed > 0
            sums[1] += 1
            sums[2] += sum(count > 0 for count in branches.values())
            sums[3] += len(branches)
        missing = [number for number, (executed, _) in lines.items() if not executed]
        if missing:
            print(f"{name}: not executed: {ranges(missing)}")
    low = []
    print(f"\n{'folder':<14}{'lines':>8}{'branches':>10}")
    for folder, (line_covered, line_total, branch_covered, branch_total) in sorted(folders.items()):
        of_lines = percent(line_covered, line_total)
        print(f"{folder:<14}{of_lines:>7.1f}%{percent(branch_covered, branch_total):>9.1f}%")
        if of_lines < LEAST_PERCENT:
            low.append(folder)
    if low:
        print(f"coverage: under {LEAST_PERCENT} % of lines: {', '.join(low)}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
