#!/usr/bin/env python3
"""Looks at the release build in the folder given: what it must not know, and what it must have."""
import pathlib
import subprocess
import sys


def main():
    binary = pathlib.Path(sys.argv[1]) / "src/cli/outcrop"
    content = binary.read_bytes()
    ran = subprocess.run([binary, "version"], capture_output=True, text=True, timeout=20,
                         stdin=subprocess.DEVNULL)
    headers = subprocess.run(["readelf", "-hlWd", binary], capture_output=True, text=True).stdout
    checks = [
        ("the_release_does_not_know_the_test_clock", b"OUTCROP_CLOCK_SCALE" not in content),
        ("the_release_says_its_version", ran.returncode == 0 and "outcrop" in ran.stdout),
        ("the_release_is_position_independent", "DYN (" in headers),
        ("the_release_has_no_executable_stack",
         any("GNU_STACK" in line and " RWE" not in line for line in headers.splitlines())),
    ]
    for number, (name, passed) in enumerate(checks, 1):
        print(f"{'ok' if passed else 'not ok'} {number} - {name}")
    print(f"1..{len(checks)}")
    return 0 if all(passed for _, passed in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
