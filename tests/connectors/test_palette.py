"""The colours of reports and mails: read on paper in grey, by colour-blind eyes, in the light and in the dark."""

import re
from pathlib import Path

import pytest

from connectors.excel.report.styles import COLOURS
from connectors.mail import letter

Rgb = tuple[float, float, float]

ENOUGH = 4.5  # WCAG 2.2 AA, text of ordinary size
TOLD_APART = 1.2  # between two fills beside each other; words say it too

TEXT_ON = [
    ("ink", "paper"),
    ("ink", "pale"),
    ("ink", "input"),
    ("grey", "paper"),
    ("navy", "paper"),
    ("paper", "navy"),
    ("paper", "alarm"),
    ("paper", "input_head"),
    ("amber_ink", "amber"),
    ("before", "paper"),
    ("after", "paper"),
]
# the three urgencies, and the two sorts of bar
BESIDE = [("alarm", "amber"), ("amber", "paper"), ("alarm", "paper")]

# Viénot, Brettel and Mollon 1999, on linear light: what a protanope, a deuteranope and an achromat see
EYES: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "protanope": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranope": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "grey print": ((0.2126, 0.7152, 0.0722),) * 3,
}


def linear(colour: str) -> Rgb:
    """The light of « #RRGGBB »."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return red, green, blue


def luminance(light: Rgb) -> float:
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), light, strict=True))


def contrast(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def seen(light: Rgb, eye: str) -> Rgb:
    red, green, blue = (min(max(sum(a * b for a, b in zip(row, light, strict=True)), 0.0), 1.0) for row in EYES[eye])
    return red, green, blue


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_stands_out_from_its_ground_for_every_eye(text: str, ground: str) -> None:
    ink, paper = linear(COLOURS[text]), linear(COLOURS[ground])
    assert contrast(ink, paper) >= ENOUGH
    for eye in EYES:
        assert contrast(seen(ink, eye), seen(paper, eye)) >= ENOUGH, eye


@pytest.mark.parametrize(("one", "other"), BESIDE)
@pytest.mark.parametrize("eye", EYES)
def test_urgencies_are_told_apart_without_their_hue(one: str, other: str, eye: str) -> None:
    assert contrast(seen(linear(COLOURS[one]), eye), seen(linear(COLOURS[other]), eye)) >= TOLD_APART


def test_the_mail_stands_out_in_the_light_and_in_the_dark() -> None:
    template = (Path(letter.__file__).parent / "templates" / "letter.html.j2").read_text(encoding="utf-8")
    inks = dict(re.findall(r'\("([.\w]+)", "(#\w{6})"\)', template.partition("set dark_ink")[2].partition("%}")[0]))
    papers = dict(re.findall(r'\("([.\w]+)", "(#\w{6})"\)', template.partition("set dark_paper")[2].partition("%}")[0]))
    assert set(inks) == {".ink", ".soft", ".title", "a"}
    for name, ink in inks.items():
        for ground in papers.values():
            assert contrast(linear(ink), linear(ground)) >= ENOUGH, f"{name} on {ground}"
    light = set(re.findall(r"(?<![-\w])color:(#\w{6})", template)) - {"#ffffff"}
    assert light == {"#1b222b", "#1f3a5f", "#4f5b69"}
    for ink in light:
        for ground in ("#ffffff", "#f3f5f8"):
            assert contrast(linear(ink), linear(ground)) >= ENOUGH, f"{ink} on {ground}"
    for banner in ("#9b1c1c", "#1f5f3a", "#1f3a5f"):
        assert contrast(linear("#ffffff"), linear(banner)) >= ENOUGH, banner
