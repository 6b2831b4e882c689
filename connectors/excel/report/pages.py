"""Sheets and workbooks of XlsxWriter that write what it writes, byte for byte, in less time.

Most cells are a text in a style, and a text in several styles has the same few: what does not differ from cell to cell
is worked out once. Anything else goes the library's own way (`tests/connectors/test_pages.py` holds the two together).
"""

import re
from functools import lru_cache
from io import StringIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings
from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name
from xlsxwriter.worksheet import CellBlankTuple, CellRichStringTuple, CellStringTuple, Worksheet
from xlsxwriter.xmlwriter import XMLwriter

_CERTAINLY_FITS = 16_000  # characters: no longer than Excel's 32,767 units, however they are counted


class QuickPage(Worksheet):  # type: ignore[misc]  # it ships no types
    """A sheet of a report."""

    def __init__(self) -> None:
        super().__init__()
        self._fonts: dict[Format, str] = {}

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The library looks in each for 130 names of functions, and every column has the rule of the one before."""
        return _prepared(formula, expand_future_functions)

    def write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        """Write a text, told by row and column."""
        if len(string) > _CERTAINLY_FITS or self._check_dimensions(row, col):
            outcome: int = super().write_string(row, col, string, cell_format)
            return outcome
        self.table[row][col] = CellStringTuple(self.str_table._get_shared_string_index(string), cell_format)
        return 0

    def write_rich_string(self, row: int, col: int, *parts: Any) -> int:
        """Write a text in several styles: style and text in turn, and the style of the cell."""
        *pairs, cell_format = parts
        styles, texts = pairs[::2], pairs[1::2]
        whole = "".join(texts) if all(isinstance(text, str) for text in texts) else ""
        usual = len(styles) == len(texts) > 1 and all(isinstance(one, Format) for one in (*styles, cell_format))
        if not (usual and all(texts) and 0 < len(whole) <= _CERTAINLY_FITS) or self._check_dimensions(row, col):
            outcome: int = super().write_rich_string(row, col, *parts)
            return outcome
        string = "".join(self._run(style, text) for style, text in zip(styles, texts, strict=True))
        index = self.str_table._get_shared_string_index(string)
        self.table[row][col] = CellRichStringTuple(index, cell_format, whole)
        return 0

    def _run(self, style: Format, text: str) -> str:
        space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
        return f"<r>{self._font(style)}<t{space}>{self._escape_control_characters(self._escape_data(text))}</t></r>"

    def _font(self, style: Format) -> str:
        found = self._fonts.get(style)
        if found is None:
            text = StringIO()
            self.rstring = XMLwriter()
            self.rstring._set_filehandle(text)
            self._write_font(style)
            found = self._fonts[style] = text.getvalue()
        return found

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write the element of a cell."""
        kind = type(cell)
        if cell.format and kind in _PLAIN:
            place = f'<c r="{_column(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
            self.fh.write(f"{place}/>" if kind is CellBlankTuple else f'{place} t="s"><v>{cell.string}</v></c>')
        else:
            super()._write_cell(row, col, cell)


_PLAIN = CellStringTuple, CellRichStringTuple, CellBlankTuple


@lru_cache(maxsize=256)
def _prepared(formula: str, expand_future_functions: bool) -> str:
    prepared: str = Worksheet()._prepare_formula(formula, expand_future_functions)
    return prepared


@lru_cache(maxsize=256)
def _column(at: int) -> str:
    name: str = xl_col_to_name(at)
    return name


class _Texts(SharedStrings):  # type: ignore[misc]  # likewise
    """The table of texts: most have nothing in them that is written otherwise than it is read."""

    def _write_sst_strings(self) -> None:
        write = self.fh.write
        for text in self.string_table.string_array:
            if not text or _ODD.search(text) or text[0].isspace() or text[-1].isspace():
                self._write_si(text)
            else:
                write(f"<si><t>{text}</t></si>")


# Perhaps written otherwise: what XML or Excel has another meaning for, « _x0041_ » among it.
_ODD = re.compile('[\x00-\x1f"&<>_\ufffe\uffff]')


class _Package(Packager):  # type: ignore[misc]  # likewise
    """The parts of a workbook."""

    def _write_shared_strings_file(self) -> None:
        if self.workbook.str_table.count:
            texts = _Texts()
            texts.string_table = self.workbook.str_table
            texts._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            texts._assemble_xml_file()


class QuickBook(Workbook):  # type: ignore[misc]  # likewise
    """A workbook of such sheets: its texts are shared, never written as they come (`constant_memory`)."""

    worksheet_class = QuickPage

    def take_apart(self) -> None:
        """Let go of sheets and styles, once written: they hold each other, and a night searches for no such garbage."""
        for one in (*self.worksheets(), *self.formats, self):
            vars(one).clear()

    def _get_packager(self) -> Packager:
        return _Package()
