"""« Mode d'emploi »: how to answer, what the words mean, how to get a card (procedure §3), help."""

from xlsxwriter import Workbook

from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import Styles, set_up_page
from connectors.excel.report.top_down_sheet import Page
from schemas.glossary import words_of
from schemas.glyphs import typeset
from schemas.nomenclatures import rows, say
from schemas.reports.report import Report

WIDTHS = (34, 118)


def write_guide(book: Workbook, styles: Styles, report: Report) -> None:
    """Write the last sheet, made of `guide.csv`, `glossary.csv`, `card_cases.csv` and the hotlines."""
    sheet = book.add_worksheet(say("sheet.guide"))
    set_up_page(sheet, report)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 2)  # one sheet of paper, printed on both sides
    page = Page(sheet, styles, WIDTHS)
    page.across(typeset(say("sheet.guide")), "page title", 30)
    for heading, entries in _sections(report).items():
        page.gap()
        page.across(heading, "heading", 22)
        for term, text in entries:
            _write_entry(page, term, text)


def _sections(report: Report) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows("guide"):
        found.setdefault(row["section"], []).append((row["term"], row["text"]))
    found[say("report.words_heading")] = words_of("guide")
    found[say("report.card_heading")] = [
        (say("report.card_term", card=row["card"], contact=row["contact"]), _card_steps(row))
        for row in {row["case"]: row for row in rows("card_cases")}.values()  # one of several rows of a case
    ]
    found[say("report.help_heading")] = [_entry(line) for line in report.help_lines]
    return found


def _entry(line: str) -> tuple[str, str]:
    term, found, text = line.replace("\u00a0:", " :").partition(" : ")
    return (term, text) if found else ("", line)


def _card_steps(row: dict[str, str]) -> str:
    link = say("card_case.link", link=row["link"]) if row["link"] else ""
    return say(f"card_case.{row['case']}") + link


def _write_entry(page: Page, term: str, text: str) -> None:
    for at, (said, style) in enumerate(((term, "term"), (text, "cell"))):
        page.sheet.write_string(page.row, at, said, page.styles(style))
    page.next(row_height([(term, WIDTHS[0] - 2), (text, WIDTHS[1])]))
