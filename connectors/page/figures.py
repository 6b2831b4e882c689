"""What the page says of a figure and of how much of it is known: no 0, percentage or green of what nobody knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from connectors.page.wording import big, counted, curve_said, day, number, percent, region_name, text
from schemas.reports.dashboard import Dashboard, EndingWeek, NightPoint
from schemas.reports.health import FigureName, Health
from schemas.reports.known_figure import Figure, figure_cell, figure_text, last_text
from schemas.reports.known_figure import causes_text as causes
from schemas.reports.unknown_sentences import unknown_texts


def said(key: str, figure: Figure, **values: object) -> str:
    """Return « 12 comptes sans accès », « au moins 12… », « aucun… parmi les 402 connus », « … : inconnu
    (dernier… ) ».
    """
    if figure.found or figure.whole:
        words = figure_text(figure, counted(key, figure.found, **values))
        return words if figure.basis != "unknown" else text("with_last", words=words, last=last_text(figure))
    if figure.basis == "unknown":
        return text(f"{key}_unknown", last=last_text(figure))
    return text(f"{key}_of_known", known=figure.known)


def cell(one: Health, name: FigureName) -> str:
    """Return a figure in a table."""
    return figure_cell(one.figure(name))


def big_losses(one: Health) -> Markup:
    """Return « 68 comptes », « au moins 68 comptes », « Aucun compte connu », « Inconnu »."""
    figure = one.figure("losing")
    if figure.whole:
        return big("accounts", figure.found)
    if figure.found:
        words = text(f"big_accounts_{'one' if figure.found < 2 else 'many'}")
        return Markup("<span>{}</span> {} <span>{}</span>").format(text("big_least"), number(figure.found), words)
    return Markup("<span>{}</span>").format(text("big_unknown" if figure.basis == "unknown" else "big_none"))


def tone(one: Health) -> str:
    """Return the state that colours the answer to « who loses access? »."""
    figure = one.figure("losing")
    if figure.found:
        return "lost"
    return (
        {"verified": "good", "declared": "declared", "unknown": "unknown"}[figure.basis]
        if one.accounts or one.unlooked
        else "empty"
    )


def calm(one: Health) -> str:
    """Return the state that colours what is well, on a page that otherwise verified it."""
    return "good" if one.figure("losing").basis == "verified" else "empty"


def hatched(one: Health) -> bool:
    """Tell whether too little is known, whatever is: it is drawn so."""
    return "unknown" in (one.figure("losing").basis, one.figure("blocked").basis)


def losses(one: Health, cause: str) -> list[str]:
    """Return « 12 comptes sans accès aujourd'hui », « 7 le perdront d'ici 30 jours, le premier le 26/11/2026 »…"""
    losing = one.figure("losing")
    lines = []
    if losing.whole and not losing.found:
        lines.append(text("nobody_declared" if losing.basis == "declared" else "nobody_loses"))
    elif losing.whole and not one.ending:
        lines += [counted("lost", one.lost), text("ending_none")]
    else:
        lines.append(said("lost", one.figure("lost")))
        lines.append(said("ending", one.figure("ending"), day=day(one.first_end)))
    if one.unknown:
        lines.append(counted("unknown", one.unknown, because=causes(one.because, cause)))
    return lines


def structures(one: Health, region: bool) -> str:
    """Tell which structures can declare nothing, as far as that is known."""
    figure = one.figure("blocked")
    if not figure.found and figure.whole:
        return text("blocked_declared" if figure.basis == "declared" else "blocked_none")
    if figure.found and figure.whole and region:
        return text("this_region", count=number(one.blocked), total=number(one.structures))
    line = said("blocked", figure)
    return text("with_unclear", words=line, unclear=counted("unclear", one.unclear)) if one.unclear else line


def share(one: Health) -> str:
    """Return « 97,2 % », « 97,2 % (35 sur 36) », « inconnu »; « – » without an account."""
    return " ".join(filter(None, (bare_share(one), share_of(one))))


def bare_share(one: Health) -> str:
    """Return « 97,2 % », « inconnu », « – »."""
    if one.share is None:
        return text(f"share_{one.figure('losing').basis}") if one.accounts or one.unlooked else percent(None)
    return percent(one.share)


def share_of(one: Health) -> str:
    """Return « (35 sur 36) »; "" where all is known, or no share is said."""
    known = one.share is None or one.figure("losing").whole
    return "" if known else text("share_of", ready=one.ready, known=one.ready + one.lost)


def fact(one: Health) -> str:
    """Return the state of a region in words, with the number that decided it."""
    counts: dict[str, FigureName] = {"blocked": "blocked", "lost": "lost", "soon": "ending"}
    if one.state in counts:
        figure = one.figure(counts[one.state])
        return figure_text(figure, counted(f"fact_{one.state}", figure.found))
    if one.state == "late":
        return counted("fact_late", one.late)
    if one.state == "unknown" and one.unknown:
        return text("fact_unknown_of", count=one.unknown, total=one.accounts)
    return text(f"fact_{one.state}")


def facts(one: Health) -> str:
    """Return all that a region is to be looked at for, with its numbers."""
    counts: dict[str, FigureName] = {"blocked": "blocked", "lost": "lost", "soon": "ending"}
    told = ((state, one.figure(name)) for state, name in counts.items())
    found = [figure_text(figure, counted(f"fact_{state}", figure.found)) for state, figure in told if figure.found]
    return ", ".join(found) or fact(one)


def weeks(board: Dashboard) -> list[EndingWeek]:
    """Return every week of the horizon; where too little is known, only those of which something is."""
    losing = board.total.figure("losing")
    return [one for one in board.weeks if one.count or losing.basis != "unknown"]


def week_count(board: Dashboard, week: EndingWeek) -> str:
    """Tell how many lose their access in a week; what is partly known the last line says, too little each."""
    losing = board.total.figure("losing")
    least = losing.basis == "unknown" or (week.monday is None and week.count and not losing.whole)
    return figure_cell(replace(losing, found=week.count)) if least else number(week.count)


def unknown_week(board: Dashboard) -> EndingWeek:
    """Return the accounts of which nobody knows, by region, the most first."""
    found = [(one.region, one.unknown) for one in board.regions if one.unknown]
    return EndingWeek(None, tuple(sorted(found, key=lambda one: (-one[1], one[0]))))


def warning(board: Dashboard) -> list[str]:
    """Return what the whole page rests on, where that is not enough."""
    verified = board.total.figure("losing").basis == "verified"
    return [] if verified else [*unknown_texts(board.total, board.cause, "page")]


def night_share(one: NightPoint) -> str:
    """Return « 97,2 % », « inconnu », « – » where nothing was kept."""
    return text(f"share_{one.basis}") if one.share is None and one.basis else percent(one.share)


def share_curve(nights: tuple[NightPoint, ...]) -> str:
    """Return the words of the curve, and since when too little is known to go on with it."""
    points = [(one.day, one.share) for one in nights]
    since = next((at for at, one in enumerate(reversed(nights)) if one.share is not None), len(nights))
    first = next((one for one in nights[len(nights) - since :] if one.basis), None)
    if first is None:
        return curve_said(points)
    said = text(f"curve_{first.basis}", day=day(first.day))
    return text("curve_since", since=said, words=curve_said(points)) if since < len(nights) else said


def _too_little(one: Health) -> str:
    """« 34 inconnus sur 37 », unless the state of the tile says it already."""
    told = not one.unknown or one.state == "unknown"
    return "" if told else text("fact_unknown_of", count=one.unknown, total=one.accounts)


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map; `href` is empty where the region has no page, `hatched` too little is known."""

    name: str
    row: int
    column: int
    state: str
    fact: str
    share: str
    hatched: bool
    href: str


def tiles_of(board: Dashboard, table: Sequence[Mapping[str, str]], links: Mapping[str, str]) -> list[Tile]:
    """Return the map: every région sanitaire, and elsewhere only where there is something to show."""
    known = {one.region: one for one in board.regions}
    found = []
    for row in table:
        code = row["code"]
        if row["always"] == "yes" or code in known:
            one = known.get(code, Health(code, unlooked=board.total.unlooked))
            shown = share(one) if one.share is not None else _too_little(one)
            place = int(row["row"]), int(row["column"])
            found.append(
                Tile(region_name(code), *place, one.state, fact(one), shown, hatched(one), links.get(code, ""))
            )
    return found
