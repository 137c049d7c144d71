#!/usr/bin/env python3
"""Links a small program statically and checks what script/sbom makes of it: whose bytes they are."""
import importlib.machinery
import importlib.util
import pathlib
import subprocess
import sys
import tempfile

import tap

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "script/sbom"
NUMBERS = "const unsigned char numbers[5000] = {1};\nint first(void) { return numbers[0]; }\n"
MAIN = "int first(void);\nint main(void) { return first(); }\n"


def load():
    sys.dont_write_bytecode = True  # nothing is left beside the script
    loader = importlib.machinery.SourceFileLoader("sbom", str(SCRIPT))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("sbom", loader))
    loader.exec_module(module)
    return module


def link(folder):
    """Links a program with a library of 5,000 bytes and one that is not needed; returns the map."""
    for name, text in (("numbers", NUMBERS), ("unused", "int unused[3000] = {1};\n"), ("main", MAIN)):
        (folder / f"{name}.c").write_text(text)
        subprocess.run(["cc", "-O2", "-c", f"{name}.c"], cwd=folder, check=True)
    for name in ("numbers", "unused"):
        subprocess.run(["ar", "rc", f"lib{name}.a", f"{name}.o"], cwd=folder, check=True)
    subprocess.run(["cc", "main.o", folder / "libnumbers.a", folder / "libunused.a", "-Wl,-Map=program.map",
                    "-o", "program"], cwd=folder, check=True)
    return (folder / "program.map").read_text()


def main():
    sbom = load()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        linked = sbom.linked_bytes(link(folder))
        image = folder / "image"
        (image / "usr/bin").mkdir(parents=True)
        (image / "usr/bin/outcrop").write_bytes(b"x" * 20000)
        sizes = sbom.bytes_by_package(image, {"numbers": "1.0"}, linked)
    library = linked[str(folder / "libnumbers.a")]
    return tap.finish([
        ("bytes_of_a_static_library_are_read_from_the_map", 5000 <= library < 5400),
        ("a_library_of_which_nothing_is_linked_has_none", str(folder / "libunused.a") not in linked),
        ("they_are_those_of_the_source_that_was_built", sizes["numbers"] == library),
        ("the_rest_of_the_program_is_its_own", sizes["outcrop"] == 20000 - library),
    ])


if __name__ == "__main__":
    sys.exit(main())
