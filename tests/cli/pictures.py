"""Holds the pictures of templates against what --json says of them: pictures.py PKTSMITH TEMPLATE... prints what is wrong."""
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

PROGRAM, TEMPLATES = sys.argv[1], sys.argv[2:]
SVG = "{http://www.w3.org/2000/svg}"
LEFT, GRID = 56, 768


def show(*arguments):
    return subprocess.run([PROGRAM, "show", *arguments], check=True, capture_output=True).stdout


def fields_of(frame):
    """The paths that cells should have, in order: fields that have octets, items of lists, padding and FCS."""
    for layer in frame["layers"]:
        for name, value in layer["fields"].items():
            path = f"{layer['protocol']}.{name}"
            if isinstance(value, list):
                yield from (f"{path}.{item['item']}" for item in value)
            elif value != "":
                yield path
    if "padding" in frame:
        yield "padding.data" if frame["padding"]["hex"].strip("0") else "padding.zeros"
    if frame["fcs"]["state"] != "none":
        yield "fcs.crc32"


def check_svg(text, frames):
    root = ET.fromstring(text)
    cells = [cell for cell in root.iter(f"{SVG}g") if cell.get("class") == "cell"]
    wanted = [path for frame in frames for path in fields_of(frame)]
    got = [cell.get("data-field") for cell in cells]
    if got != wanted:
        yield f"cells are {got}, wanted {wanted}"
    texts = {"".join(t.itertext()) for t in root.iter(f"{SVG}text")}
    notes = " ".join(texts)
    for path in wanted:
        name = path.split(".")[-1]
        if name not in texts and not re.search(rf": {re.escape(name)}(,|$| )", notes):
            yield f"no name {name} is written out"
    # Nothing reaches out of the sheet, and text is no wider than the cell that it stands in.
    height = float(root.get("height"))
    for element in root.iter(f"{SVG}text"):
        if not 0 < float(element.get("y")) < height:
            yield f"text outside: {''.join(element.itertext())}"
    for cell in cells:
        yield from check_cell(cell)


def check_cell(cell):
    xs = [int(x) for path in cell.iter(f"{SVG}path") for x in re.findall(r"[MH](-?\d+)", path.get("d"))]
    if min(xs) < LEFT or max(xs) > LEFT + GRID:
        yield f"{cell.get('data-field')} leaves the grid: {xs}"
    for text in cell.iter(f"{SVG}text"):
        # 0.602 of the size is a character of DejaVu Sans Mono.
        width = 0.602 * float(text.get("font-size")) * len(text.text)
        if text.get("text-anchor") == "middle" and width > max(xs) - min(xs):
            yield f"{cell.get('data-field')}: {text.text!r} is wider than its cell"


def check_rfc(text, frames, values):
    figure = None
    for line in text.splitlines():
        if line.startswith("+-"):
            figure = figure or len(line)
        elif not line.startswith(("+", "|", "/")):
            figure = None
            continue
        # All lines of a figure are as wide as its first, but those of a last row that is shorter.
        if len(line) > 65 or len(line) % 2 == 0 or line[-1] not in "+|/":
            yield f"a crooked line: {line}"
        elif len(line) > figure:
            yield f"a line is wider than the figure: {line}"
    for frame in frames:
        for path in fields_of(frame):
            name = path.split(".")[-1]
            if name not in text:
                yield f"no name {name}"
    if values:
        for frame in frames:
            for layer in frame["layers"]:
                for name in ("src", "dst"):
                    value = layer["fields"].get(name)
                    if value and value not in text:
                        yield f"no {value}"


for template in TEMPLATES:
    frames = json.loads(show("--json", template))["frames"]
    problems = list(check_svg(show("--format", "svg", template), frames))
    problems += check_rfc(show("--format", "rfc", template).decode(), frames, False)
    problems += check_rfc(show("--format", "rfc", "-v", template).decode(), frames, True)
    for problem in problems:
        print(f"{template}: {problem}")
