"""The first sheet and the last: what there is to do at a glance, and how to do it."""

from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from connectors.spreadsheet.heights import row_height
from connectors.spreadsheet.styles import (
    CELL,
    HEADER,
    HEADING,
    PALE,
    SUBTITLE,
    TITLE,
    URGENCY,
    Props,
    Styles,
    set_up_page,
)
from schemas.nomenclatures import rows, say
from schemas.report import Report, SummaryCount
from schemas.typography import say_count, typeset

WIDTHS = (34, 26, 14, 14, 14, 14, 46)
LAST = len(WIDTHS) - 1
WHOLE = sum(WIDTHS)
TEXT: Props = {**CELL, "bottom": 0, "valign": "vcenter"}
CENTRED: Props = {"align": "center", "indent": 0}
LABEL: Props = {**CELL, "valign": "vcenter"}
NUMBER: Props = {**LABEL, "align": "center", "indent": 0, "quote_prefix": False}
# Below this many rejects the whole « Synthèse » still reads well on one printed page.
REJECTS_ON_ONE_PAGE = 8


@dataclass(slots=True)
class _Page:
    """A sheet written from top to bottom."""

    sheet: Worksheet
    styles: Styles
    row: int = 0

    def across(self, text: str, look: Props, height: float, last: int = LAST) -> None:
        """One text over the width of the page."""
        self.sheet.merge_range(self.row, 0, self.row, last, "", self.styles(look))
        self.sheet.write_string(self.row, 0, text, self.styles(look))
        self.sheet.set_row(self.row, height)
        self.row += 1

    def gap(self, height: float = 8) -> None:
        """Some air."""
        self.sheet.set_row(self.row, height)
        self.row += 1

    def paragraph(self, text: str, look: Props = TEXT) -> None:
        """A wrapped text over the width of the page."""
        self.across(text, look, row_height([(text, WHOLE)]) + 2)


def write_summary(book: Workbook, styles: Styles, report: Report) -> None:
    """« Synthèse »: what happens if nothing is done, counts, deadlines, notices, help, rejects."""
    sheet = book.add_worksheet(say("sheet.summary"))
    set_up_page(sheet, report)
    sheet.ignore_errors({"number_stored_as_text": "A1:G10000"})
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width)
    page = _Page(sheet, styles)
    page.across(report.title, {**TITLE, "font_size": 18}, 30)
    day = say("report.as_of", date=f"{report.as_of:%d/%m/%Y}")
    page.across(f"{day} · {say('report.lot', lot=report.lot)}", SUBTITLE, 18)
    page.gap()
    _write_consequence(page, report)
    page.gap()
    _write_counts(page, report)
    _write_deadlines(page, report)
    page.gap()
    page.across(typeset(say("report.answer_heading")), HEADING, 22)
    page.paragraph(typeset(say("report.answer")))
    for heading, texts in (("notice_heading", report.notices), ("help_heading", report.help_lines)):
        if texts:
            page.gap()
            page.across(say(f"report.{heading}"), HEADING, 22)
            for text in texts:
                page.paragraph(text)
    _write_rejects(page, report)
    if len(report.rejects) <= REJECTS_ON_ONE_PAGE:
        sheet.fit_to_pages(1, 1)


def _write_consequence(page: _Page, report: Report) -> None:
    if report.access:
        text, look = say_count("count.consequence", report.access), URGENCY["access"]
    else:
        text, look = say("report.no_access_at_stake"), {"bold": True, "bg_color": PALE}
    size: Props = {"font_size": 12, "text_wrap": True, "valign": "vcenter", "indent": 1}
    page.across(text, {**look, **size}, 34)


def _write_counts(page: _Page, report: Report) -> None:
    page.across(say("report.todo_heading"), HEADING, 22)
    if not report.counts:
        page.paragraph(say("report.nothing_pending"))
        return
    heads = [say("column.kind"), say("column.sheet")]
    heads += [say(f"severity.{severity}") for severity in ("access", "important", "info")]
    _write_header(page, [*heads, say("column.total")])
    for count in report.counts:
        _write_count(page, count)
    totals = [report.access, sum(c.important for c in report.counts), sum(c.info for c in report.counts)]
    strong: Props = {"bold": True, "bg_color": PALE}
    page.sheet.write_string(page.row, 0, say("column.total"), page.styles(LABEL, strong))
    page.sheet.write_blank(page.row, 1, None, page.styles(LABEL, strong))
    for at, number in enumerate([*totals, report.total], 2):
        page.sheet.write_number(page.row, at, number, page.styles(NUMBER, strong))
    page.sheet.set_row(page.row, 18)
    page.row += 1


def _write_header(page: _Page, heads: list[str]) -> None:
    for at, head in enumerate(heads):
        page.sheet.write_string(page.row, at, head, page.styles(HEADER, CENTRED if at > 1 else {}))
    page.sheet.set_row(page.row, 20)
    page.row += 1


def _write_count(page: _Page, count: SummaryCount) -> None:
    sheet, styles = page.sheet, page.styles
    sheet.write_string(page.row, 0, count.label, styles(LABEL))
    link = styles(LABEL, font_color="#0B4FA0", underline=1)
    sheet.write_url(page.row, 1, f"internal:'{count.sheet}'!A1", link, count.sheet)
    numbers = {"access": count.access, "important": count.important, "info": count.info}
    for at, (severity, number) in enumerate(numbers.items(), 2):
        look = URGENCY[severity] if number and severity == "access" else {}
        sheet.write_number(page.row, at, number, styles(NUMBER, look))
    sheet.write_number(page.row, 5, count.total, styles(NUMBER, bold=True))
    sheet.set_row(page.row, 18)
    page.row += 1


def _write_deadlines(page: _Page, report: Report) -> None:
    if not report.deadlines:
        return
    page.gap()
    page.across(say("report.deadline_heading"), HEADING, 22)
    for deadline in report.deadlines:
        look = URGENCY["access"] if deadline.now else {"bold": True}
        page.sheet.write_string(page.row, 0, deadline.label, page.styles(LABEL))
        page.sheet.write_number(page.row, 1, deadline.count, page.styles(NUMBER, look))
        page.sheet.set_row(page.row, 18)
        page.row += 1


def _write_rejects(page: _Page, report: Report) -> None:
    if not report.rejects:
        return
    page.gap()
    page.across(say("report.reject_heading"), HEADING, 22)
    sheet, styles = page.sheet, page.styles
    heads = [say(f"column.{name}") for name in ("source", "location", "effect", "label", "message")]
    for at, head in zip((0, 1, 2, 4, 6), heads, strict=True):
        if at in (2, 4):
            sheet.merge_range(page.row, at, page.row, at + 1, "", styles(HEADER))
        sheet.write_string(page.row, at, head, styles(HEADER))
    sheet.set_row(page.row, 20)
    page.row += 1
    for reject in report.rejects:
        sheet.write_string(page.row, 0, reject.source, styles(CELL))
        sheet.write_string(page.row, 1, reject.location, styles(CELL))
        for at, text in ((2, reject.effect), (4, reject.label)):
            sheet.merge_range(page.row, at, page.row, at + 1, "", styles(CELL))
            sheet.write_string(page.row, at, text, styles(CELL))
        sheet.write_string(page.row, LAST, reject.message, styles(CELL))
        cells = [(reject.source, 34.0), (reject.location, 26.0), (reject.label, 28.0), (reject.message, 46.0)]
        sheet.set_row(page.row, row_height(cells))
        page.row += 1


def write_guide(book: Workbook, styles: Styles, report: Report) -> None:
    """« Mode d'emploi »: how to answer, what the words mean, how to get a card (procedure §3), help."""
    sheet = book.add_worksheet(say("sheet.guide"))
    set_up_page(sheet, report)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 118)
    page = _Page(sheet, styles)
    page.across(say("sheet.guide"), {**TITLE, "font_size": 18}, 30, last=1)
    sections: dict[str, list[tuple[str, str]]] = {}
    for row in rows("guide"):
        sections.setdefault(row["section"], []).append((row["term"], row["text"]))
    sections[say("report.card_heading")] = [
        (say("report.card_term", card=row["card"], contact=row["contact"]), _card_steps(row))
        for row in rows("card_cases")
    ]
    sections[say("report.help_heading")] = [
        tuple(line.split(" : ", 1)) if " : " in line else ("", line)  # type: ignore[misc]
        for line in report.help_lines
    ]
    for heading, entries in sections.items():
        page.gap()
        page.across(heading, HEADING, 22, last=1)
        for term, text in entries:
            _write_entry(page, term, typeset(text))


def _card_steps(row: dict[str, str]) -> str:
    link = say("card_case.link", link=row["link"]) if row["link"] else ""
    return say(f"card_case.{row['case']}") + link


def _write_entry(page: _Page, term: str, text: str) -> None:
    page.sheet.write_string(page.row, 0, term, page.styles(CELL, bold=True))
    page.sheet.write_string(page.row, 1, text, page.styles(CELL))
    page.sheet.set_row(page.row, row_height([(term, 32.0), (text, 118.0)]))
    page.row += 1
