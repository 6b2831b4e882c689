"""Addresses and telephone numbers of a mail, one touch away."""

import re

from markupsafe import Markup, escape

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)»]")
TELEPHONE = re.compile(r"\b0 \d{3} \d{2} \d{4}\b|\b0\d(?: \d{2}){4}\b")
_STYLE = 'style="color:#0b4fa0;"'


def linked(text: str) -> Markup:
    """Return the text with its web addresses, mail addresses and telephone numbers as links."""
    html = WEB.sub(rf'<a href="\g<0>" {_STYLE}>\g<0></a>', str(escape(text)))
    html = ADDRESS.sub(rf'<a href="mailto:\g<0>" {_STYLE}>\g<0></a>', html)

    def call(found: re.Match[str]) -> str:
        digits = "+33" + re.sub(r"\D", "", found[0])[1:]
        return f'<a href="tel:{digits}" {_STYLE}>{found[0]}</a>'

    return Markup(TELEPHONE.sub(call, html))  # escaped above


def linked_lines(text: str) -> Markup:
    """Return the same, each line on its own."""
    return Markup("<br>").join(map(linked, text.split("\n")))
