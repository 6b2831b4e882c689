"""Values as people write them, put into one form; each function says which repair or reject that cost."""

import re
from datetime import date, timedelta
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from pipelines import names
from pipelines.contacts import bare_addresses, is_aside, is_remark, numbers_among
from pipelines.dates import FIRST_YEAR, LAST_YEAR, renewed_until, worded_date
from schemas.nomenclatures import code_of
from schemas.words import clean

MOST_PARTS = 10  # addresses or numbers in one cell; more is a list of something else, and each costs time
# « a@example.org Bcc: b@example.com »: whoever writes a header into an address is adding a reader to our mails.
_HEADER = re.compile(r"\b(?:b?cc|cci|to|from|subject|reply-to|content-[a-z]+|mime-[a-z]+)\s*:", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})( 00:00(:00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\s?[/.\- ]\s?(\d{1,2})\s?[/.\- ]\s?(\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_USUAL_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")  # of an address, before the @
LONGEST_NAME, LONGEST_ADDRESS = 64, 254
_OF_FRANCE = re.compile(r"\+33[1-7][0-9]{8}")
_USUAL_PHONE = re.compile(r"0[1-9](?:[ .-]?[0-9]{2}){4}")
_SLASHED = re.compile(r"\b(0[1-9])/(\d\d)/(\d\d)/(\d\d)/(\d\d)\b")
_PREFIX = re.compile(r"^(?:\+\s?33|0033)\s?(?:\(\s?0\s?\))?")
_NO_DIGIT = re.compile(r"[^0-9]")
_EXCEL_EPOCH = date(1899, 12, 30)
_TITLE = re.compile(
    r"^(dr|pr|m|mr|mme|mlle|melle|docteur|professeur|monsieur|madame)\b\.?\s+"
    r"(?:(?:(?:le|la)\s+)?(?:dr|pr|prof|docteur|professeur|pharmacien(?:ne)?)\b\.?\s+)*",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def parse_date(text: str) -> tuple[date | None, tuple[str, ...]]:
    """Return a date and its codes: () for ISO or JJ/MM/AAAA, DATE_REFORMATTED otherwise, CARD_DATE_INVALID for
    no date.
    """
    raw = clean(text)
    if not raw:
        return None, ()
    value, codes = _plain_date(raw)
    if value is None:
        value = worded_date(raw) or renewed_until(raw)
        codes = ("DATE_REFORMATTED",) if value else codes
    return value, () if value and raw == f"{value:%d/%m/%Y}" else codes


def _plain_date(raw: str) -> tuple[date | None, tuple[str, ...]]:
    if found := _ISO.fullmatch(raw):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        codes: tuple[str, ...] = ()
    elif found := _DAY_FIRST.fullmatch(raw):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        year += 2000 if year < 100 else 0
        codes = ("DATE_REFORMATTED",)
    elif found := _COMPACT.fullmatch(raw):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        codes = ("DATE_REFORMATTED",)
    elif re.fullmatch(r"[34]\d{4}|5[0-5]\d{3}", raw):
        serial = _EXCEL_EPOCH + timedelta(days=int(raw))
        return serial, ("DATE_REFORMATTED",)
    else:
        return None, ("CARD_DATE_INVALID",)
    try:
        value = date(year, month, day)
    except ValueError:
        return None, ("CARD_DATE_INVALID",)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None, ("CARD_DATE_INVALID",)
    return value, codes


def add_years(day: date, years: int) -> date:
    """Return the same day years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def parse_emails(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (addresses in lower case, parts that are none): several may share a cell; one with a mail header
    has none.
    """
    good: list[str] = []
    bad: list[str] = []
    cell = clean(text)
    parts = re.split(r"[;,/\s]+", bare_addresses(cell), maxsplit=MOST_PARTS)
    if _HEADER.search(cell) or len(parts) > MOST_PARTS:
        return (), (cell,)
    written = any("@" in part for part in parts)
    if not written:
        return (), (cell,) if cell else ()
    for part in parts:
        if not part or part.lower() in ("et", "ou") or is_remark(part):
            continue
        address = _address(part.strip("<>()[]"))
        if not address or not part.isascii():  # « аnsm.sante.fr » in Cyrillic letters is an address, of somebody else
            bad.append(part)
        else:
            good.append(address)
    return tuple(dict.fromkeys(good)), tuple(bad)


def _address(text: str) -> str:
    """The address in lower case, "" when it is none. A usual name before the @ leaves the domain to judge, once."""
    name, _, domain = text.rpartition("@")
    if _USUAL_NAME.fullmatch(name) and len(name) <= LONGEST_NAME and len(text) <= LONGEST_ADDRESS and domain:
        found = _domain(domain)
        return f"{name}@{found}".lower() if found else ""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return ""


@lru_cache(maxsize=4096)
def _domain(text: str) -> str:
    try:
        return validate_email(f"a@{text}", check_deliverability=False).domain
    except EmailNotValidError:
        return ""


_FRANCE = 33
# Guadeloupe, Guyane, Martinique, La Réunion and Mayotte: « +590 590 12 34 56 » is dialled « 0590 12 34 56 » in France,
# and both are one number.
_OVERSEAS = (590, 594, 596, 262)
_SIGNIFICANT = re.compile(r"[1-9]\d{8}")  # of a French number, behind its zero


@lru_cache(maxsize=32768)  # the annuaire and the workbooks have the same ones
def parse_phones(text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return (numbers in E.164, parts that are none, whether a leading zero was restored)."""
    good: list[str] = []
    bad: list[str] = []
    restored = False
    parts = re.split(r"[;/\n]|\bou\b", _SLASHED.sub(r"\1 \2 \3 \4 \5", clean(text)), maxsplit=MOST_PARTS)
    if len(parts) > MOST_PARTS:
        return (), (clean(text),), False
    for part in parts:
        candidate = part.strip()
        if not candidate:
            continue
        among, rest = numbers_among(candidate) if not _USUAL_PHONE.fullmatch(candidate) else ([], "")
        if among and not re.search(r"\d", rest):
            good += ["+33" + _NO_DIGIT.sub("", _PREFIX.sub("", one))[-9:] for one in among]
            continue
        if _USUAL_PHONE.fullmatch(candidate):  # nearly all: what the library would say, twenty times faster
            good.append("+33" + _NO_DIGIT.sub("", candidate)[1:])
            continue
        import phonenumbers  # with the plans of all countries: not imported where nobody needs them

        try:
            number = phonenumbers.parse(candidate, "FR")
        except phonenumbers.NumberParseException:
            bad.append(candidate)
            continue
        # a figure lost behind the zero is possible for the library, which knows local numbers too
        french = number.country_code == _FRANCE
        if not phonenumbers.is_possible_number(number) or (
            french and not _SIGNIFICANT.fullmatch(phonenumbers.national_significant_number(number))
        ):
            bad.append(candidate)
            continue
        restored |= bool(re.fullmatch(r"[1-9]\d{8}", candidate))
        if number.country_code in _OVERSEAS:
            good.append(f"+{_FRANCE}{phonenumbers.national_significant_number(number)}")
            continue
        good.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    missed = tuple(part for part in bad if not (good and is_aside(part)))
    return tuple(dict.fromkeys(good)), missed, restored


def show_phone(e164: str) -> str:
    """Return « 01 99 00 12 34 », as a French reader writes it."""
    if _OF_FRANCE.fullmatch(e164):  # nearly all: as the library writes it
        return f"0{e164[3]} {e164[4:6]} {e164[6:8]} {e164[8:10]} {e164[10:12]}"
    import phonenumbers  # with the plans of all countries: not imported where nobody needs them

    number = phonenumbers.parse(e164, None)
    style = phonenumbers.PhoneNumberFormat
    form = style.NATIONAL if number.country_code == 33 else style.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@lru_cache(maxsize=32768)
def phone_key(text: str) -> str:
    """Return the number alone, or the digits of what cannot be read: to compare."""
    good, _, _ = parse_phones(text)
    return good[0] if good else re.sub(r"\D", "", text)


def yes_or_no(text: str) -> bool | None:
    """Return oui → True, Non → False, anything else None."""
    return {"OUI": True, "NON": False}.get(code_of("yes_no", text))


def strip_title(name: str) -> tuple[str, str]:
    """Return (title, name) of « Dr ROUX », « Mme le Dr ROUX »; the title, the first of several, is "" when there is
    none.
    """
    text = clean(name)
    found = _TITLE.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _shouted(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return bool(letters) and all(letter.isupper() for letter in letters)


def split_name(last_name: str, first_name: str, *, one_cell: bool) -> tuple[str, str, str]:
    """Return (title, last name, first name).

    A name and first name in one cell part where capitals end (« DUPONT-MARTIN Anne », « Anne DUPONT »). When nothing
    is in capitals or everything is, only a sheet without a first-name column (`one_cell`) is split: after the
    first word of two, before the last of more.
    """
    title, last = strip_title(last_name)
    other_title, first = strip_title(first_name)
    title = title or other_title
    if not last and len(first.split()) > 1:
        last, first = first, ""  # both stand in the other cell
    if first or not last:
        return title, last, first
    words = last.split()
    shouted = [word for word in words if _shouted(word) and len(word.strip(".-'")) > 1]
    quiet = [word for word in words if word not in shouted and not names.tells_of_birth(word)]
    if shouted and quiet:
        return title, " ".join(word for word in words if word not in quiet), " ".join(quiet)
    if one_cell and len(words) > 1:
        return title, " ".join(words[:-1]), words[-1]
    return title, last, ""


def civility_code(text: str) -> str:
    """Return M, MME, DR, PR of what was written; "" when unknown."""
    return code_of("civilities", text)
