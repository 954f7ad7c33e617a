#!/usr/bin/env python3
"""Writes the API facts that the sandbox checks requests and its own answers against.

Usage: make-api-facts.py FACTS.json OLD.json REPOSITORY

FACTS.json holds every operation and object as an official SDK of the current API version declares
them, OLD.json the same of 2024-11-20.acacia. Writes
Sources/StripeSandbox/Engine/APIFactsText.swift (the operations' parameters) and, in
Tests/StripeSandboxTests/Fixtures, ObjectFactsText.swift and OldObjectFactsText.swift (the objects'
fields) and RemovedParametersText.swift (what the older version takes and the current one does not).
"""

import json
import pathlib
import sys


def compact(schema):
    """A simple type is its name; the others are an object with one telling key."""
    if "any_of" in schema:
        return {"any": [compact(choice) for choice in schema["any_of"]]}
    kind = schema["type"]
    if kind == "enum":
        # The SDK declares a text that can be unset as the one literal ''.
        return "string" if schema["values"] == [""] else {"enum": schema["values"]}
    if kind == "array":
        return {"array": compact(schema["items"])}
    if kind == "object":
        return compact_object(schema["fields"], schema["required"])
    return kind


def compact_object(fields, required):
    result = {"object": {name: compact(field) for name, field in sorted(fields.items())}}
    if required:
        result["required"] = required
    return result


def write_operations(facts, path):
    lines = {}
    for operation in facts["operations"]:
        key = f"{operation['method']} {operation['path']}"
        schema = json.dumps(
            compact_object(operation["params"], operation["required"]), separators=(",", ":"))
        lines.setdefault(key, f"{key}\t{operation['returns']}\t{schema}")
    body = "\n".join(lines.values())
    path.write_text(
        heading(facts) +
        "/// Method and path, what it returns, its parameters: a line for each operation.\n"
        f'enum APIFactsText {{\n  static let operations = ##"""\n{body}\n"""##\n}}\n')


def compact_field(schema):
    if "any_of" in schema:
        return {"any": [compact_field(choice) for choice in schema["any_of"]]}
    kind = schema["type"]
    if kind == "enum":
        return {"enum": schema["values"]}
    if kind == "resource":
        return {"resource": schema["object"]}
    if kind in ("array", "list"):
        return {kind: compact_field(schema["items"])}
    if kind == "object" and "fields" not in schema:
        return "map"
    if kind == "object":
        return {
            "object": {name: compact_field(field) for name, field in schema["fields"].items()},
            "required": schema["required"],
        }
    return kind


def heading(facts):
    return (
        f"// Made by Tests/Conformance/make-api-facts.py from Stripe's API {facts['api_version']}."
        " Do not edit.\n// swift-format-ignore-file\n\n")


def write_objects(facts, name, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    objects = "\n".join(
        f"{name}\t{json.dumps(compact_field(schema), separators=(',', ':'))}"
        for name, schema in facts["objects"].items())
    path.write_text(
        heading(facts) + "/// The name of an object and its fields: a line for each.\n"
        f'enum {name} {{\n  static let objects = ##"""\n' + objects + '\n"""##\n}\n')


def paths(schema, prefix=""):
    """The path of every parameter; an element of an array is written []."""
    if "any_of" in schema:
        return [path for choice in schema["any_of"] for path in paths(choice, prefix)]
    if schema["type"] == "array":
        return paths(schema["items"], prefix + ".[]")
    result = []
    for name, field in schema.get("fields", {}).items():
        path = f"{prefix}.{name}".lstrip(".")
        result += [path] + paths(field, path)
    return result


def write_removed(old, facts, path):
    """The parameters that only the older version has, by the operation, where both have it."""
    def all_paths(facts):
        return {
            f"{operation['method']} {operation['path']}":
                set(paths({"type": "object", "fields": operation["params"]}))
            for operation in facts["operations"]}
    now = all_paths(facts)
    lines = []
    for key, before in sorted(all_paths(old).items()):
        removed = sorted(before - now[key]) if key in now else []
        if removed:
            lines.append("\t".join([key] + removed))
    path.write_text(
        heading(old) + "/// An operation and the parameters that it has no longer: a line for each.\n"
        'enum RemovedParametersText {\n  static let operations = ##"""\n'
        + "\n".join(lines) + '\n"""##\n}\n')


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    facts = json.loads(pathlib.Path(sys.argv[1]).read_text())
    old = json.loads(pathlib.Path(sys.argv[2]).read_text())
    repository = pathlib.Path(sys.argv[3])
    fixtures = repository / "Tests/StripeSandboxTests/Fixtures"
    write_operations(facts, repository / "Sources/StripeSandbox/Engine/APIFactsText.swift")
    write_objects(facts, "ObjectFactsText", fixtures / "ObjectFactsText.swift")
    write_objects(old, "OldObjectFactsText", fixtures / "OldObjectFactsText.swift")
    write_removed(old, facts, fixtures / "RemovedParametersText.swift")


main()
