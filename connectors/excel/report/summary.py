"""« Synthèse »: what happens if nothing is done, what there is to do, who loses access when; one A4 page."""

from xlsxwriter import Workbook

from connectors.excel.report.charts import age_chart, alternative, calendar_chart, write_data
from connectors.excel.report.heights import row_height
from connectors.excel.report.styles import Styles, set_up_page
from connectors.excel.report.top_down_sheet import Page
from schemas.nomenclatures import say
from schemas.reports.report import RejectLine, Report, SummaryCount
from schemas.reports.stake_sentences import consequence, first_weeks, nobody_loses, rejects_texts, tone, when_text

# Left, the tables; right, the pictures; between them some air.
WIDTHS = (28, 14, 15, 11, 12, 9, 2, 64)
TABLE, RIGHT = 5, 7
DATA = 9  # beside the page: the numbers of the pictures
LINE = 18.0
# Rows of either band: the picture beside a table is as high as the longest table.
COUNT_ROWS, AGE_ROWS = 9, 7
# Below this many rejects the list stands on the printed page; the rest is for the screen.
REJECTS_ON_THE_PAGE = 4


def write_summary(book: Workbook, styles: Styles, report: Report) -> int:
    """Write the first sheet. What is printed is one page; a long list of rejects follows below it. How many rows it
    has: what comes back below them is somebody else's.
    """
    sheet = book.add_worksheet(say("sheet.summary"))
    set_up_page(sheet, report)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.ignore_errors({"number_stored_as_text": "A1:Z10000"})
    page = Page(sheet, styles, WIDTHS)
    page.across(report.title, "page title", 30)
    day = say("report.as_of", date=f"{report.as_of:%d/%m/%Y}")
    page.across(f"{day} · {say('report.lot', lot=report.lot)}", "subtitle", LINE)
    page.gap()
    stake = consequence(report)
    page.across(stake, f"banner {tone(report)}", 2 + 2 * row_height([(stake, 150)]))
    for sentence in (*report.unknown, *report.own_cards):
        page.paragraph(sentence)
    page.gap()
    _write_counts(book, page, report)
    page.gap()
    _write_ends(book, page, report)
    if report.answered:
        page.paragraph(report.answered)
    page.gap()
    _write_texts(page, report)
    _write_rejects(page, report)
    return max(page.row, (sheet.dim_rowmax or 0) + 1)


def _write_counts(book: Workbook, page: Page, report: Report) -> None:
    """What there is to do by kind and severity; beside it, the calendar of accesses that end."""
    _headings(page, say("report.todo_heading"), say("report.calendar_heading"))
    top = page.row
    _draw_calendar(book, page, report)
    if report.counts:
        heads = [say("column.kind"), say("column.sheet")]
        heads += [say("column.count_access"), *(say(f"severity.{severity}") for severity in ("important", "info"))]
        _write_header(page, [*heads, say("column.total")])
        for count in report.counts:
            _write_count(page, count)
        _write_total(page, report)
    else:
        page.over(0, TABLE, say("report.nothing_pending"), "paragraph")
        page.next(LINE)
    _fill_up(page, top + COUNT_ROWS)


def _draw_calendar(book: Workbook, page: Page, report: Report) -> None:
    if not report.calendar:
        page.sheet.write_string(page.row, RIGHT, nobody_loses(report), page.styles("nothing"))
        return
    heads = [say("chart.when"), say("week.accounts")]
    (place,) = write_data(page, DATA, report.calendar, heads)
    chart = calendar_chart(book, page.sheet.get_name(), report.calendar, place)
    _put(page, chart, COUNT_ROWS, alternative("calendar", report.calendar))


def _write_ends(book: Workbook, page: Page, report: Report) -> None:
    """Who loses access and when; beside it, how long the lines have waited."""
    _headings(page, say("report.deadline_heading"), say("report.age_heading"))
    top = page.row
    if report.ages:
        heads = [say("chart.age"), say("chart.access"), say("chart.others")]
        places = write_data(page, DATA + 3, report.ages, heads)
        chart = age_chart(book, page.sheet.get_name(), report.ages, places)
        _put(page, chart, AGE_ROWS, alternative("age", report.ages))
    else:
        page.sheet.write_string(page.row, RIGHT, say("chart.no_age"), page.styles("nothing"))
    _write_weeks(page, report)
    _fill_up(page, top + AGE_ROWS)


def _write_weeks(page: Page, report: Report) -> None:
    if not report.weeks and not report.deadlines:
        page.over(0, TABLE, nobody_loses(report), "paragraph")
        page.next(LINE)
        return
    _write_header(page, [say("letter.when"), say("letter.accounts" if report.weeks else "letter.people")])
    unknown = sum(one.unknown for one in report.weeks)
    room = AGE_ROWS - 2 - unknown  # between the heading and the note
    most = room if len(report.weeks) - unknown <= room else room - 1
    for end in first_weeks(report, most) or report.deadlines:
        page.sheet.write_string(page.row, 0, end.label, page.styles("label"))
        style = "access" if end.now else "unknown" if end.unknown else "bold"
        page.sheet.write_number(page.row, 1, end.count, page.styles("number", style))
        page.next(LINE)
    if report.weeks:
        page.over(0, TABLE, say("letter.existing"), "subtitle")
        page.next(LINE)


def _write_texts(page: Page, report: Report) -> None:
    page.across(say("report.answer_heading"), "heading", 22)
    page.paragraph(say("report.answer"))
    if when := when_text(report):
        page.paragraph(when)
    if report.workbooks:
        page.paragraph(say("report.workbook", files=", ".join(report.workbooks)))
    told = {
        "unable.heading": report.unable,
        "report.notice_heading": report.notices,
        "run.gone_heading": report.vanished,
    }
    for heading, texts in {**told, "report.help_heading": (*report.help_lines, *report.contacts)}.items():
        if texts:
            page.gap()
            page.across(say(heading), "heading", 22)
            for text in texts:
                page.paragraph(text)


def _headings(page: Page, left: str, right: str) -> None:
    page.over(0, TABLE, left, "heading")
    page.over(RIGHT, RIGHT, right, "heading")
    page.next(22)


def _fill_up(page: Page, to: int) -> None:
    while page.row < to:
        page.next(LINE)


def _put(page: Page, chart: object, rows: int, said: str) -> None:
    """A picture in the right column, as high as so many rows; sizes in pixels, 96 to the inch."""
    chart.set_size({"width": WIDTHS[RIGHT] * 7 + 5, "height": int(rows * LINE * 96 / 72)})  # type: ignore[attr-defined]
    options = {"description": said, "object_position": 1, "x_offset": 0, "y_offset": 2}
    page.sheet.insert_chart(page.row, RIGHT, chart, options)


def _write_header(page: Page, heads: list[str]) -> None:
    for at, head in enumerate(heads):
        centred = at > 1 or (at == 1 and len(heads) == 2)
        page.sheet.write_string(page.row, at, head, page.styles("header centred" if centred else "header"))
    page.next(20)


def _write_count(page: Page, count: SummaryCount) -> None:
    sheet, styles = page.sheet, page.styles
    sheet.write_string(page.row, 0, count.label, styles("label"))
    sheet.write_url(page.row, 1, f"internal:'{count.sheet}'!A1", styles("link"), count.sheet)
    sheet.write_number(page.row, 2, count.access, styles("number", "access" if count.access else "plain"))
    sheet.write_number(page.row, 3, count.important, styles("number"))
    sheet.write_number(page.row, 4, count.info, styles("number"))
    sheet.write_number(page.row, 5, count.total, styles("number", "bold"))
    page.next(LINE)


def _write_total(page: Page, report: Report) -> None:
    page.over(0, 1, say("column.total"), "total label")
    important, info = sum(c.important for c in report.counts), sum(c.info for c in report.counts)
    for at, number in enumerate((report.access, important, info, report.total), 2):
        page.sheet.write_number(page.row, at, number, page.styles("number", "total"))
    page.next(LINE)


def _write_rejects(page: Page, report: Report) -> None:
    """The list of rejects, what is to be corrected first; a long one stands below the printed page, which says so."""
    shown = len(report.rejects) <= REJECTS_ON_THE_PAGE
    if report.rejects:
        page.gap()
        page.across(say("report.reject_heading"), "heading", 22)
    if report.rejects and not shown:
        page.paragraph(" ".join((*rejects_texts(report, "report.rejects"), say("report.reject_more"))))
    end = page.row - 1
    if report.rejects and not shown:
        page.gap(20)
    for key, mended in (("mend", False), ("mended", True)):
        listed = [one for one in report.rejects if one.mended is mended]
        if listed:
            page.across(say(f"report.reject_{key}"), "term", LINE)
            _write_reject_head(page)
        for reject in listed:
            _write_reject(page, reject)
    page.sheet.print_area(0, 0, page.row - 1 if shown else end, page.last)


def _write_reject_head(page: Page) -> None:
    for at, name in ((0, "source"), (1, "location"), (2, "effect"), (4, "label"), (RIGHT, "message")):
        page.over(at, _until(at), say(f"column.{name}"), "header")
    page.next(20)


def _until(at: int) -> int:
    return {2: 3, 4: 5}.get(at, at)


def _write_reject(page: Page, reject: RejectLine) -> None:
    texts = {0: reject.source, 1: reject.location, 2: reject.effect, 4: reject.label, RIGHT: reject.message}
    for at, text in texts.items():
        page.over(at, _until(at), text, "cell")
    page.next(row_height([(text, sum(WIDTHS[at : _until(at) + 1])) for at, text in texts.items()]))
