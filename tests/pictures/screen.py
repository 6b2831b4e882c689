"""What is seen in a browser: mails as a mail program shows them, the dashboard, what a command prints."""

import html
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.pictures.image import save

Scheme = Literal["light", "dark"]
MAIL_WIDTH = 720
TERMINAL_WIDTH = 80
THEME = TerminalTheme(
    (20, 24, 29),
    (232, 236, 241),
    [
        (60, 68, 80),
        (240, 113, 120),
        (130, 200, 130),
        (240, 200, 100),
        (120, 170, 240),
        (200, 150, 230),
        (110, 200, 210),
        (232, 236, 241),
    ],
)
SHELL = (
    "<!DOCTYPE html><meta charset='utf-8'><body style='margin:0;background:#14181d'>"
    "<pre style='display:inline-block;margin:0;padding:16px 20px;background:#14181d;color:#e8ecf1;"
    "font:14px/19px DejaVu Sans Mono,Liberation Mono,monospace'>{text}</pre>"
)


def draw_page(
    browser: Browser, page: Path, picture: Path, *, width: int, height: int, scheme: Scheme = "light"
) -> None:
    """The top of a page, `height` pixels of it at the most, in a window of that width."""
    context = browser.new_context(viewport={"width": width, "height": 400}, color_scheme=scheme)
    sheet = context.new_page()
    sheet.goto(page.as_uri())
    whole = int(sheet.evaluate("document.documentElement.scrollHeight"))
    shot = sheet.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": min(height, whole)})
    context.close()
    save(shot, picture)


def draw_mail(browser: Browser, mail: Path, picture: Path, scheme: Scheme, folder: Path) -> None:
    """The HTML of an `.eml`, with the subject above it as a mail program has it; `folder` takes the page."""
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    body = message.get_body(("html",))
    assert body is not None
    colours = "background:#14181d;color:#e8ecf1" if scheme == "dark" else "background:#fff;color:#1b222b"
    subject = f'<div style="padding:14px 20px;font:bold 18px Arial;{colours}">{html.escape(message["Subject"])}</div>'
    page = folder / f"{picture.stem}.html"
    head, opening, rest = str(body.get_content()).partition("<body")
    attributes, end, content = rest.partition(">")
    page.write_text(head + opening + attributes + end + subject + content, encoding="utf-8")
    draw_page(browser, page, picture, width=MAIL_WIDTH, height=2000, scheme=scheme)


def draw_terminal(browser: Browser, command: str, printed: str, picture: Path) -> None:
    """A command and what it printed, at 80 columns."""
    console = Console(record=True, file=StringIO(), width=TERMINAL_WIDTH, color_system="truecolor")
    console.print(Text(f"$ {command}", style="bold"), Text.from_ansi(printed), sep="\n", soft_wrap=True)
    text = console.export_html(theme=THEME, inline_styles=True, code_format="{code}")
    page = browser.new_page()
    page.set_content(SHELL.format(text=text))
    shot = page.locator("pre").first.screenshot()
    page.close()
    save(shot, picture)
