"""Recalculates formulas in LibreOffice: python calc.py WORKBOOK.json|WORKBOOK.xlsx

A JSON workbook is {"sheets": [{"name", "cells": {"A1": 1.5 | true | "text" | "=FORMULA" | {"text": "=no formula"}}}]};
numbers keep the text they are written with, null is an empty cell, formulas stand in the file without a cached value.
An .xlsx is taken as it is; every formula in it is calculated anew.
Out: {"sheets": [{"name", "cells": {"B1": value...}}]}, the formula cells only: {"number": "1.5"} as LibreOffice prints it,
{"string": "x"}, true, false, {"error": "#DIV/0!"}.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

SECONDS = 600
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml."
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# 0: always recalculate. LibreOffice otherwise trusts what it takes for cached values.
PROFILE = HEAD + """<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class Number(str):
    """A number as it is written."""


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def position(name):
    match = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]*)", name)
    if not match:
        sys.exit(f"calc: {name!r} is no cell name")
    return int(match[2]), column_number(match[1])


def text_xml(text):
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text):
        sys.exit(f"calc: a workbook cannot hold the text {text!r}")
    return escape(text, {"\r": "&#13;"})


def cell_xml(name, value):
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Number):
        return f'<c r="{name}"><v>{value}</v></c>'
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{name}"><f>{text_xml(value[1:])}</f></c>'
    text = value["text"] if isinstance(value, dict) else value
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{text_xml(text)}</t></is></c>'


def sheet_xml(cells):
    rows = {}
    for name, value in cells.items():
        if value is not None:
            row, column = position(name)
            rows.setdefault(row, []).append((column, cell_xml(name, value)))
    body = "".join(
        f'<row r="{row}">' + "".join(xml for _, xml in sorted(found)) + "</row>" for row, found in sorted(rows.items())
    )
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def relations_xml(targets):
    items = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{path}"/>' for i, (kind, path) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def types_xml(count):
    parts = [("xl/workbook.xml", "sheet.main")] + [(f"xl/worksheets/sheet{i}.xml", "worksheet") for i in range(1, count + 1)]
    items = "".join(f'<Override PartName="/{path}" ContentType="{MEDIA}{kind}+xml"/>' for path, kind in parts)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{HEAD}<Types xmlns="{TYPES}">{rels}{items}</Types>'


def write_workbook(path, sheets):
    names = "".join(f'<sheet name={quoteattr(s["name"])} sheetId="{i}" r:id="rId{i}"/>' for i, s in enumerate(sheets, 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        out.writestr("[Content_Types].xml", types_xml(len(sheets)))
        out.writestr("_rels/.rels", relations_xml([("officeDocument", "xl/workbook.xml")]))
        out.writestr("xl/workbook.xml", f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>')
        paths = [("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(sheets) + 1)]
        out.writestr("xl/_rels/workbook.xml.rels", relations_xml(paths))
        for (_, part), sheet in zip(paths, sheets):
            out.writestr("xl/" + part, sheet_xml(sheet["cells"]))


def recalculate(source, folder):
    """The workbook as LibreOffice saves it, under a profile of its own so that runs do not meet."""
    office = os.environ.get("SOFFICE") or shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        sys.exit("calc: LibreOffice is not installed")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    out = folder / "out"
    command = [office, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source)]
    # A session of its own, so that a hanging office ends together with its starter.
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        sys.exit(f"calc: LibreOffice took more than {SECONDS} seconds")
    result = out / (source.stem + ".xlsx")
    if not result.exists():
        sys.exit(f"calc: LibreOffice wrote nothing: {said.strip()}")
    return result


def strings(book):
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{{{MAIN}}}t")) for item in root.iter(f"{{{MAIN}}}si")]


def value_of(cell, shared):
    kind, text = cell.get("t", "n"), cell.findtext(f"{{{MAIN}}}v") or ""
    if kind == "b":
        return text == "1"
    if kind == "e":
        return {"error": text}
    if kind == "s":
        return {"string": shared[int(text)]}
    if kind == "n" and text:
        return {"number": text}
    return {"string": text}


def cells(book, part):
    """Each cell of a sheet, one row in memory at a time."""
    with book.open(part) as file:
        for _, element in ElementTree.iterparse(file):
            if element.tag == f"{{{MAIN}}}c":
                yield element
            elif element.tag == f"{{{MAIN}}}row":
                element.clear()


def sheet_parts(book):
    relations = ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target") for item in relations}
    for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{{{MAIN}}}sheet"):
        target = targets[sheet.get(f"{{{OFFICE}}}id")]
        yield sheet.get("name"), target.lstrip("/") if target.startswith("/") else "xl/" + target


def formula_cells(path):
    """The formula cells of each sheet. Asked of the source: LibreOffice writes a constant TRUE as a formula."""
    with zipfile.ZipFile(path) as book:
        return {
            name: [cell.get("r") for cell in cells(book, part) if cell.find(f"{{{MAIN}}}f") is not None]
            for name, part in sheet_parts(book)
        }


def read_values(path):
    with zipfile.ZipFile(path) as book:
        shared = strings(book)
        return {
            name: {cell.get("r"): value_of(cell, shared) for cell in cells(book, part)}
            for name, part in sheet_parts(book)
        }


def pick(wanted, found):
    """The values of the wanted cells; one that did not come back was read otherwise than it was meant."""
    lost = [f"{sheet}!{name}" for sheet, names in wanted.items() for name in names if name not in found.get(sheet, {})]
    if lost:
        sys.exit(f"calc: {len(lost)} formulas did not come back: " + ", ".join(lost[:10]))
    return [{"name": sheet, "cells": {name: found[sheet][name] for name in names}} for sheet, names in wanted.items()]


def main():
    given = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="formwright-calc-") as name:
        folder = Path(name)
        source = folder / "workbook.xlsx"
        if given.suffix == ".json":
            book = json.loads(given.read_text(encoding="utf-8"), parse_int=Number, parse_float=Number)
            write_workbook(source, book["sheets"])
        else:
            shutil.copyfile(given, source)
        sheets = pick(formula_cells(source), read_values(recalculate(source, folder)))
    json.dump({"sheets": sheets}, sys.stdout, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
