"""commands.py README: writes the table of commands, read as JSON from standard input, between the
markers of the README."""

import json
import sys

BEGIN = "<!-- commands: written by `make docs` -->"
END = "<!-- end of commands -->"


def table(commands):
    rows = ["| command | what it does |", "| --- | --- |"]
    for command in commands:
        summary = command["summary"].replace("|", "\\|")
        rows.append(f"| `billing {command['name']}` | {summary} |")
    return "\n".join(rows)


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{path}: the markers {BEGIN} and {END} must each stand once")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    written = f"{before}{BEGIN}\n{table(json.load(sys.stdin)['data'])}\n{END}{after}"
    with open(path, "w", encoding="utf-8") as file:
        file.write(written)


main()
