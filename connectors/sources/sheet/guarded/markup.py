"""What hospital software saves under the name of a spreadsheet: a page of HTML tables, or the XML of Excel 2003.

Imported by `child.py` alone, in its guarded process. A page is one sheet, as Excel shows it: its tables and what stands
between them one below the other.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

COLUMNS, SPAN = 500, 1000  # columns of a sheet, as in `child.py`; rows that one cell may reach over
_EXCEL = "urn:schemas-microsoft-com:office:spreadsheet"
_IS_EXCEL = re.compile(rb"<(?:\w+:)?workbook\b[^>]*" + _EXCEL.encode(), re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SHEET_NAME = re.compile(r"<x:Name>([^<]{1,60})</x:Name>", re.IGNORECASE)
ROWS, MOST_TAGS = 1_048_576, 1_000_000  # of a sheet of Excel; of a page that may be of people
_HEAD = 20_000  # bytes in which a page tells of itself
_BREAKS = {"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "center", "caption", "hr"}
_SILENT = {"script", "style", "head", "title", "noscript", "template"}
_STRIKES = {"s", "strike", "del"}
_NUMBER = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)

PageSheet = dict[str, Any]
IsStruck = Callable[[list[bool]], bool]
"""Whether a row is struck through, by its written cells."""


def sheets_of(content: bytes, name: str, struck: IsStruck) -> list[PageSheet]:
    """Return the sheets of a page or of an XML of Excel 2003 with their facts; none where it has no table.

    Raises MemoryError where it is larger than any list of people.
    """
    if content.count(b"<") > MOST_TAGS:
        raise MemoryError
    return _of_excel(content, struck) if _IS_EXCEL.search(content[:_HEAD]) else _of_page(content, name, struck)


class _Rows:
    """Rows as they are written one after the other, the cells that reach into later ones left free there."""

    def __init__(self, struck: IsStruck) -> None:
        self.rows: list[list[str]] = []
        self.merged: list[list[int]] = []
        self.facts: dict[str, list[Any]] = {"hidden_rows": [], "hidden_columns": [], "struck_rows": []}
        self.row_colours: dict[int, list[str]] = {}
        self._struck = struck
        self._taken: dict[int, int] = {}  # column → the row from which on it is free

    def add(self, cells: list[tuple[str, int, int, bool]], *, hidden: bool = False) -> None:
        """Add a row of (text, columns, rows, struck through)."""
        at, row, column = len(self.rows), list[str](), 0
        marks = []
        for text, across, down, struck in cells:
            while self._taken.get(column, 0) > at:
                column += 1
            if column >= COLUMNS:
                break
            row += [""] * (column - len(row)) + [text]
            marks += [struck] if text else []
            last = min(column + across, COLUMNS) - 1
            if across > 1 or down > 1:
                self.merged.append([at, column, at + down - 1, last])
                self._taken.update(dict.fromkeys(range(column, last + 1), at + down))
            column = last + 1
        while row and not row[-1]:
            row.pop()
        self.rows.append(row)
        if hidden:
            self.facts["hidden_rows"].append(at)
        if self._struck(marks):
            self.facts["struck_rows"].append(at)

    def colour(self, names: list[str]) -> None:
        """Note what people may call the colour of the row that comes next."""
        if names:
            self.row_colours[len(self.rows)] = names

    def sheet(self, name: str, *, visible: bool = True) -> PageSheet:
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        return {
            "name": name,
            "visible": visible,
            "rows": self.rows,
            "merged": self.merged,
            "beyond": 0,
            "facts": {**self.facts, "row_colours": self.row_colours},
        }


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────


def _of_page(content: bytes, name: str, struck: IsStruck) -> list[PageSheet]:
    from lxml import etree  # type: ignore[import-untyped]  # its stubs are of another author

    text = _decoded(content)
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None or next(root.iter("table"), None) is None:
        return []
    rows = _Rows(struck)
    _walk(root, rows)
    named = _SHEET_NAME.search(text[:_HEAD])
    return [rows.sheet(named[1] if named else name)]


def _decoded(content: bytes) -> str:
    """By its mark, by what it says of itself, else UTF-8, else as Windows wrote it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    told = _CHARSET.search(content[:_HEAD])
    for code in ("utf-8-sig", told[1].decode() if told else "cp1252"):
        try:
            return content.decode("cp1252" if code.lower() in ("iso-8859-1", "latin1") else code)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _walk(root: Any, rows: _Rows) -> None:
    """Each row of a table in its order; the text between them, a paragraph a row."""
    spoken: list[str] = []

    def end_paragraph() -> None:
        said = " ".join("".join(spoken).split())
        spoken.clear()
        if said:
            rows.add([(said, 1, 1, False)])

    todo: list[tuple[str, Any]] = [("open", root)]
    while todo:  # no recursion: a page may be nested as deep as its author likes
        step, node = todo.pop()
        if step == "text":
            spoken.append(node)
            continue
        if step == "end":
            end_paragraph()
            continue
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            continue
        if node.tag == "tr" and next(node.iter("table"), None) is None:
            end_paragraph()
            cells = [cell for cell in node if cell.tag in ("td", "th")]
            rows.colour(_colours_of(node, cells))
            rows.add([_cell(cell) for cell in cells], hidden=_is_hidden(node))
            continue
        breaks = node.tag in _BREAKS or node.tag in ("td", "th", "table")
        todo += [("end", None)] if breaks else []
        for child in reversed(node):
            todo += [("text", child.tail)] if child.tail else []
            todo.append(("open", child))
        todo += [("text", node.text)] if node.text else []
        if breaks:
            end_paragraph()
    end_paragraph()


def _cell(cell: Any) -> tuple[str, int, int, bool]:
    pieces, struck = list(_pieces(cell)), _lined(cell)
    text = "".join(piece for piece, _ in pieces)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    said = "\n".join(filter(None, lines))
    written = [lined for piece, lined in pieces if piece.strip()]
    if _NUMBER.fullmatch(said) and cell.get("x:num"):  # « 8,10003E+10 » as it is shown, and its value beside
        said = cell.get("x:num")
    formula = _AS_TEXT.fullmatch(said)
    said = formula[1] if formula else said
    return (
        said,
        _span(cell, "colspan", COLUMNS),
        _span(cell, "rowspan", SPAN),
        struck or (bool(written) and all(written)),
    )


def _pieces(cell: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is struck through) of a cell, a line break for each « <br> » and block."""
    todo: list[tuple[Any, bool]] = [(cell, _lined(cell))]
    while todo:
        node, lined = todo.pop()
        if isinstance(node, str):
            yield node, lined
            continue
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            continue
        if node.tag in _BREAKS:
            yield "\n", lined
        for child in reversed(node):
            todo += [(_flat(child.tail), lined)] if child.tail else []
            todo.append((child, lined or _lined(child)))
        todo += [(_flat(node.text), lined)] if node.text else []


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _lined(node: Any) -> bool:
    return node.tag in _STRIKES or "line-through" in (node.get("style") or "").lower()


def _colours_of(row: Any, cells: list[Any]) -> list[str]:
    """The colour of the ground of a row's written cells, or else of the row."""
    import colours  # type: ignore[import-not-found]  # beside this file, when the child is run as a script

    written = [cell for cell in cells if "".join(cell.itertext()).strip()]
    names = [colours.called(_ground(cell) or _ground(row)) for cell in written]
    return colours.of_row(names, len(written)) if any(names) else []


def _ground(node: Any) -> str:
    found = _HEX.search(f"{node.get('bgcolor') or ''} {node.get('style') or ''}")
    return found[1] if found else ""


_HEX = re.compile(r"(?:^|background(?:-color)?\s*:\s*)#([0-9A-Fa-f]{6})")


def _is_hidden(node: Any) -> bool:
    return "display:none" in (node.get("style") or "").lower().replace(" ", "")


def _span(cell: Any, name: str, most: int) -> int:
    said = (cell.get(name) or "").strip()
    return max(1, min(int(said), most)) if said.isdecimal() and len(said) < 9 else 1


# ── the XML of Excel 2003 ────────────────────────────────────────────────────────────────────────


def _of_excel(content: bytes, struck: IsStruck) -> list[PageSheet]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(content, parser)
    if root is None:
        return []
    lined = {
        _said(style, "ID")
        for style in root.iter(_tag("Style"))
        if any(_said(font, "StrikeThrough") == "1" for font in style.iter(_tag("Font")))
    }
    return [_excel_sheet(sheet, lined, struck) for sheet in root.iter(_tag("Worksheet"))]


def _excel_sheet(sheet: Any, lined: set[str], struck: IsStruck) -> PageSheet:
    rows = _Rows(struck)
    for row in sheet.iter(_tag("Row")):
        wanted = _number(row, "Index", 0) - 1
        if wanted >= ROWS:
            raise MemoryError
        rows.rows += [[] for _ in range(len(rows.rows), wanted)]
        cells: list[tuple[str, int, int, bool]] = []
        at, own = 0, _said(row, "StyleID")
        for cell in row.iter(_tag("Cell")):
            ahead = min(_number(cell, "Index", 0), COLUMNS) - 1 - at
            cells += [("", 1, 1, False)] * max(ahead, 0)
            across = min(_number(cell, "MergeAcross", 0), COLUMNS) + 1
            down = min(_number(cell, "MergeDown", 0), SPAN) + 1
            cells.append((_value(cell), across, down, (_said(cell, "StyleID") or own) in lined))
            at += max(ahead, 0) + across
        rows.add(cells, hidden=_said(row, "Hidden") == "1")
    visible = next((one.text for one in sheet.iter() if str(one.tag).endswith("}Visible")), "")
    return rows.sheet(_said(sheet, "Name") or "Feuil1", visible=not (visible or "").startswith("SheetHidden"))


def _value(cell: Any) -> str:
    for data in cell.iter(_tag("Data")):
        text = "".join(data.itertext()).strip()
        kind = _said(data, "Type")
        if kind == "DateTime":
            return text.replace("T", " ").removesuffix(".000").removesuffix(" 00:00:00")
        if kind == "Boolean":
            return "Oui" if text == "1" else "Non"
        if kind == "Number" and _NUMBER.fullmatch(text):
            return f"{float(text):.15g}" if "-" in text else str(int(float(text)))
        return text
    return ""


def _tag(name: str) -> str:
    return f"{{{_EXCEL}}}{name}"


def _said(node: Any, name: str) -> str:
    return node.get(_tag(name)) or node.get(name) or ""


def _number(node: Any, name: str, otherwise: int) -> int:
    said = _said(node, name)
    return int(said) if said.isdecimal() and len(said) < 8 else otherwise
