#!/usr/bin/env python3
"""Holds script/models to a small price table: what differs is found and written, the rest is kept."""
import json
import pathlib
import subprocess
import sys
import tempfile

import tap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def entry(price, output, **members):
    return {"litellm_provider": "bedrock_converse", "mode": "chat", "input_cost_per_token": price / 1e6,
            "output_cost_per_token": output / 1e6, **members}


def run(folder, table, *options):
    (folder / "prices.json").write_text(json.dumps(table))
    return subprocess.run([sys.executable, ROOT / "script" / "models", "--file", folder / "models.yml",
                           "--prices", folder / "prices.json", *options], capture_output=True, text=True,
                          check=False)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        original = (ROOT / "agents" / "models.yml").read_text()
        (folder / "models.yml").write_text(original)
        table = {"us.anthropic.claude-opus-5-5": entry(9.9, 22.0),
                 "us.anthropic.claude-sonnet-5-5": entry(2.2, 11.0, cache_read_input_token_cost=1.1e-7),
                 "us.newvendor.model-1": entry(1, 2), "text-model": {"litellm_provider": "other"}}
        said = run(folder, table)
        results = [
            ("a price that differs is named",
             "claude-opus-5-5, default: input is 4.4, the table has 9.9" in said.stdout),
            ("the dearer price of another source stays", "sonnet-5-5, default: cache_read" not in said.stdout),
            ("a model without a row is named", "newvendor.model-1: no row" in said.stdout),
            ("a difference is the exit status", said.returncode == 1),
            ("nothing is written unasked", (folder / "models.yml").read_text() == original)]
        run(folder, table, "--write")
        written = (folder / "models.yml").read_text()
        results += [
            ("the new price is written", "default: { input: 9.90, output: 22.00," in written),
            ("all else stays", len(set(written.split("\n")) - set(original.split("\n"))) <= 2)]
    sys.exit(tap.finish((title.replace(" ", "_"), passed) for title, passed in results))


if __name__ == "__main__":
    main()
