"""Checks a return with the emitted JSON Schema: python check.py RETURN.json

Prints a line for each finding and exits with 1 if there is one.
"""

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).resolve().parents[3] / "generated" / "planning-2015" / "json-schema"


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def label(meta, steps):
    """The label of a cell, or of the innermost table, section or row that has one; rows count from 1."""
    pointer = ""
    found = ""
    for step in steps:
        pointer += "/*" if isinstance(step, int) else f"/{step}"
        named = meta["cells"].get(pointer, {}).get("label") or meta["objects"].get(pointer)
        if named:
            found += " " + named["zh"]
        elif isinstance(step, int):
            found += f" 第{step + 1}行"
    return found.strip()


def leaves(errors):
    """The errors themselves, or what lies behind them where a choice (anyOf) failed."""
    for error in errors:
        yield from leaves(error.context) if error.context else [error]


def findings(returned):
    """Yields the JSON path, the label and the words of every error."""
    kind = "return.draft.schema.json" if returned.get("state") == "draft" else "return.schema.json"
    validator = Draft202012Validator(load(SCHEMAS / kind))
    meta = load(SCHEMAS / "return.meta.json")
    for error in leaves(validator.iter_errors(returned)):
        yield error.json_path, label(meta, error.absolute_path), error.message


def main():
    found = list(findings(load(sys.argv[1])))
    for path, where, words in found:
        print(f"{path} ({where}): {words}" if where else f"{path}: {words}")
    print(f"{len(found)} findings" if found else "accepted")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
