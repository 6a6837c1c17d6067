"""Validates JSON against a schema of data/schema.

Usage: validate.py SCHEMA FILE [lines]     "lines": one object a line
Says nothing where python3-jsonschema is not there.
"""
import json
import os
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(0)

folder = os.path.join(os.environ["FLOWCERT_DATA"], "schema")
with open(os.path.join(folder, sys.argv[1]), encoding="utf-8") as file:
    schema = json.load(file)


def load(name):
    with open(os.path.join(folder, name + ".schema.json"), encoding="utf-8") as file:
        return json.load(file)


stored = {s["$id"]: s for s in map(load, ["record", "report", "eval"])}
resolver = jsonschema.RefResolver.from_schema(schema, store=stored)
validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
with open(sys.argv[2], encoding="utf-8") as file:
    texts = file.read().splitlines() if len(sys.argv) > 3 else [file.read()]
for text in texts:
    for error in validator.iter_errors(json.loads(text)):
        sys.exit("%s: %s" % (list(error.absolute_path), error.message[:200]))
