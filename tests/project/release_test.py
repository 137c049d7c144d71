#!/usr/bin/env python3
"""Checks a built program: what it must not know, and how the compiler and the linker protected it.

release_test.py BUILD-FOLDER, or release_test.py PROGRAM (such as an image's), which is not run.
"""
import json
import pathlib
import re
import subprocess
import sys

import tap

# The instructions where a jump may land (endbr64; bti c and paciasp), and how often at least.  The mark of
# the whole program needs start files of the C library that have it too, which Debian 12's have not.
LANDINGS = {"X86-64": (b"\xf3\x0f\x1e\xfa",), "AArch64": (b"\x5f\x24\x03\xd5", b"\x3f\x23\x03\xd5")}
LANDINGS_MIN = 500


def readelf(binary, *options):
    return subprocess.run(["readelf", *options, binary], capture_output=True, text=True,
                          check=True).stdout


def segments(headers):
    """The program headers as (type, flags)."""
    return re.findall(r"^  (\w+) +0x.*? ([R ][W ][E ]) +0x", headers, re.M)


def elf_checks(binary):
    headers = readelf(binary, "-hlW")
    dynamic = readelf(binary, "-dW")
    symbols = readelf(binary, "--dyn-syms", "-W")
    content = binary.read_bytes()
    landings = next((LANDINGS[name] for name in LANDINGS if name in headers), ())
    flags = dict(segments(headers))
    return [
        ("is_position_independent", "DYN (" in headers and "PIE" in dynamic),
        ("has_no_executable_stack", flags.get("GNU_STACK", "RWE").strip() == "RW"),
        ("has_no_segment_that_is_writable_and_executable",
         not any("W" in f and "E" in f for f in flags.values())),
        ("is_read_only_after_relocation", "GNU_RELRO" in flags and "BIND_NOW" in dynamic),
        ("has_no_relocations_in_its_code_and_no_search_path_of_its_own",
         not re.search(r"\((TEXTREL|RPATH|RUNPATH)\)", dynamic)),
        ("checks_its_stack", "__stack_chk_fail" in symbols),
        ("checks_its_copies", bool(re.search(r"__(mem|str|sn?printf|vsnprintf|read)\w*_chk\b", symbols))),
        ("checks_its_jumps", sum(content.count(mark) for mark in landings) >= LANDINGS_MIN),
    ]


def compile_checks(build):
    """What leaves no mark in the program is looked for in the commands that built it."""
    commands = json.loads((build / "compile_commands.json").read_text())
    ours = [c["command"] for c in commands if "/src/" in c["file"] or c["file"].startswith("src/")]
    return [("every_file_is_built_with_" + name, bool(ours) and all(flag in c for c in ours))
            for name, flag in (("probes_of_large_stack_frames", "-fstack-clash-protection"),
                               ("zeroed_local_variables", "-ftrivial-auto-var-init=zero"))]


def main():
    target = pathlib.Path(sys.argv[1])
    binary = target / "src/cli/outcrop" if target.is_dir() else target
    checks = elf_checks(binary)
    checks.append(("does_not_know_the_test_build", b"OUTCROP_CLOCK_SCALE" not in binary.read_bytes()))
    if target.is_dir():
        ran = subprocess.run([binary, "version"], capture_output=True, text=True, timeout=120,
                             stdin=subprocess.DEVNULL)
        checks.append(("says_its_version", ran.returncode == 0 and "outcrop" in ran.stdout))
        checks += compile_checks(target)
    return tap.finish((f"the_release_{name}", passed) for name, passed in checks)


if __name__ == "__main__":
    sys.exit(main())
