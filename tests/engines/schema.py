"""Validates instances with python-jsonschema: python schema.py MANIFEST.json

The manifest is [{"schema": path, "instances": [path...]} or {"schema": path, "lines": path}...], paths relative to the
current folder; `lines` names a file of JSON Lines.
Out: JSON Lines {"schema", "instance", "valid", "errors": [pointer...]}. The first line of each schema has the
instance null: whether the schema is itself valid against the 2020-12 meta-schema, and why not. Of `lines` there is
one line more, {"schema", "lines", "passes": [true or false...]}.
"""

import json
import sys

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def pointer(error):
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path)
    return "".join("/" + part for part in escaped)


def pointers(errors):
    """The places of errors and of what lies beneath them (the branches of an anyOf)."""
    found, waiting = set(), list(errors)
    while waiting:
        error = waiting.pop()
        found.add(pointer(error))
        waiting.extend(error.context)
    return sorted(found)


def show(schema, instance, errors, valid):
    print(json.dumps({"schema": schema, "instance": instance, "valid": valid, "errors": errors}, ensure_ascii=False))


def load(path):
    try:
        schema = read(path)
        Draft202012Validator.check_schema(schema)
    except (OSError, ValueError, SchemaError) as problem:
        show(path, None, [getattr(problem, "message", str(problem))], False)
        return None
    show(path, None, [], True)
    return Draft202012Validator(schema)


def judge(validator, schema, path):
    try:
        instance = read(path)
    except (OSError, ValueError) as problem:
        return show(schema, path, [f"unreadable: {problem}"], False)
    errors = list(validator.iter_errors(instance))
    return show(schema, path, pointers(errors), not errors)


def judge_lines(validator, schema, path):
    with open(path, encoding="utf-8") as file:
        passes = [validator.is_valid(json.loads(line)) for line in file]
    print(json.dumps({"schema": schema, "lines": path, "passes": passes}))


def main():
    for entry in read(sys.argv[1]):
        validator = load(entry["schema"])
        if validator is None:
            continue
        for path in entry.get("instances", []):
            judge(validator, entry["schema"], path)
        if "lines" in entry:
            judge_lines(validator, entry["schema"], entry["lines"])


if __name__ == "__main__":
    main()
