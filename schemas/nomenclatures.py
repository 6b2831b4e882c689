"""The code tables of `schemas/tables`, read once: enumerations are data, not `if` chains.

Raises KeyError for a code that no table holds; look-ups of what people write return "" when unknown.
"""

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from numbers import Integral

from schemas.glyphs import Count, typeset
from schemas.words import label_key

ADMIN_EFIT = "ADMIN_EFIT"
CRH_ST_POST = "CRH_ST"
CHV_ST_ETS_POST = "CHV_ST_ETS"
POSTS = (ADMIN_EFIT, CRH_ST_POST, CHV_ST_ETS_POST)


_TABLES = files("schemas").joinpath("tables")
# Tables that are shown and never compared but by key; the others hold what people write, or what e-FIT is to be given.
_SHOWN = (
    "card_cases",
    "ets",
    "glossary",
    "guide",
    "health_states",
    "issue_codes",
    "regions",
    "routing",
    "unknown_causes",
)


TableRow = dict[str, str]
# What a deployment adds to our tables, or says otherwise ([[region]] and [[ets]], contract §2): set once, before
# anything is read, by whoever loads its configuration; the same for every thread, and sent along to other machines.
_OWN: dict[str, tuple[TableRow, ...]] = {}


def own_rows() -> dict[str, tuple[TableRow, ...]]:
    """Return table → the deployment's own rows."""
    return dict(_OWN)


def use_own_rows(own: Mapping[str, Sequence[TableRow]]) -> None:
    """Let these rows, and no others, stand beside the shipped ones, in the place of those that have their code."""
    wanted = {name: tuple(found) for name, found in own.items() if found}
    if wanted != _OWN:
        _OWN.clear()
        _OWN.update(wanted)
        for cached in (rows, regions, ets, _region_names, _ets_names, region_of_departement):
            cached.cache_clear()


@cache
def rows(name: str, delimiter: str = ",") -> tuple[TableRow, ...]:
    """Return the rows of `tables/<name>.csv` as dictionaries of text, the deployment's own among them; what is only
    shown is typeset.
    """
    shipped = _shipped(name, delimiter)
    own = {row["code"]: {key: typeset(text) for key, text in row.items()} for row in _OWN.get(name, ())}
    if not own:
        return shipped
    codes = {row["code"] for row in shipped}
    blank = dict.fromkeys(shipped[0], "")
    added = (blank | row for code, row in own.items() if code not in codes)
    return (*(row | own.get(row["code"], {}) for row in shipped), *added)


@cache
def _shipped(name: str, delimiter: str = ",") -> tuple[TableRow, ...]:
    text = _TABLES.joinpath(f"{name}.csv").read_text(encoding="utf-8")
    shown = typeset(text) if name in _SHOWN else text
    return tuple(csv.DictReader(shown.splitlines(), delimiter=delimiter))


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a nomenclature: code, French label, and the words people write for it."""

    code: str
    label: str
    synonyms: tuple[str, ...]


@cache
def terms(name: str) -> dict[str, Term]:
    """Return code → term, of a table with the columns code, label, synonyms."""
    return {
        row["code"]: Term(row["code"], row["label"], tuple(filter(None, row["synonyms"].split("|"))))
        for row in rows(name)
    }


@cache
def _by_label(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for term in terms(name).values():
        for text in (term.code, term.label, *term.synonyms):
            key = label_key(text)
            found.setdefault(key, term.code)
            found.setdefault(key.replace(" ", ""), term.code)
    return found


@lru_cache(maxsize=65536)
def code_of(name: str, text: str) -> str:
    """Return the code in table `name` of what somebody wrote (« E.S. », « suppléant(e) »), "" when no synonym fits."""
    return code_of_words(name, label_key(text))


def code_of_words(name: str, key: str) -> str:
    """Return the same of the words of a label (`label_key`)."""
    known = _by_label(name)
    return known.get(key) or known.get(key.removesuffix(" e")) or known.get(key.replace(" ", ""), "")


def label_of(name: str, code: str) -> str:
    """Return the French label of a code; the code itself when the table does not know it."""
    term = terms(name).get(code)
    return term.label if term else code


@cache
def regions() -> dict[str, str]:
    """Return région sanitaire code → name."""
    return {row["code"]: row["name"] for row in rows("regions")}


@cache
def ets() -> dict[str, str]:
    """Return regional ETS code → name."""
    return {row["code"]: row["name"] for row in rows("ets")}


@cache
def _region_names() -> dict[str, str]:
    found = {label_key(code): code for code in regions()}
    for row in rows("regions"):
        found[label_key(row["name"])] = row["code"]
    for row in (*rows("regions"), *_shipped("regions")):  # a name that the deployment changed is an old name
        for text in filter(None, (row["ars"], row["name"])):
            found.setdefault(label_key(text), row["code"])
    for row in rows("legacy_regions"):
        found.setdefault(label_key(row["legacy_name"]), row["code"])
    return found


_REGION = re.compile(
    r"^(?:r(?=\d)|(?:ars|region(?: sanitaire)?|agence regionale de sante)(?: (?:de l|de la|du|des|de|d))?\s)"
)


def region_of(text: str) -> str:
    """Return the region code of a code, a name, an ARS or an old name (« Picardie »); "" when unknown."""
    key = label_key(text)
    bare = _REGION.sub("", key)
    return next((found for one in (key, key.zfill(2), bare, bare.zfill(2)) if (found := _region_names().get(one))), "")


@cache
def _ets_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows("ets"):
        for text in (row["code"], row["name"], row["name"].removeprefix("EFS ")):
            found[label_key(text)] = row["code"]
    for row in _shipped("ets"):  # a name that the deployment changed is an old name
        for text in (row["name"], row["name"].removeprefix("EFS ")):
            found.setdefault(label_key(text), row["code"])
    for row in rows("ets_legacy_names"):
        successors = row["successors"].split()
        if len(successors) == 1:  # a name that was split between two ETS says nothing
            for text in (row["legacy_name"], "EFS " + row["legacy_name"], "ETS " + row["legacy_name"]):
                found.setdefault(label_key(text), successors[0])
    return found


def ets_of(text: str) -> str:
    """Return regional ETS code of a code, a name or an old name with one successor; "" when unknown."""
    return _ets_names().get(label_key(text), "")


@cache
def region_of_departement() -> dict[str, str]:
    """Return département code (INSEE and FINESS spelling) → region code."""
    found: dict[str, str] = {}
    for row in rows("departements", ";"):
        region = row["code_region_insee"]
        for code in (row["code_dep"], row["code_dep_finess_legacy"]):
            if code and region in regions():
                found[code] = region
    own = {row["code"]: row.get("departements", "").split() for row in _OWN.get("regions", ())}
    return found | {departement: region for region, theirs in own.items() for departement in theirs}


def profession_group(code: str) -> str:
    """Return group of a profession code for the decision tables: medecin_pharmacien, infirmier, …; "" unknown."""
    return _profession_groups().get(code, "")


@cache
def _profession_groups() -> dict[str, str]:
    return {row["code"]: row["group"] for row in rows("professions")}


@cache
def _card_kinds() -> dict[str, tuple[str, ...]]:
    return {row["code"]: tuple(row["number_kinds"].split("|")) for row in rows("card_types")}


def card_kinds(card_type: str) -> tuple[str, ...]:
    """Return kinds of number that a card type carries (`NumberKind` values); () for an unknown type."""
    return _card_kinds().get(card_type, ())


@cache
def structure_levels() -> dict[str, tuple[str, str]]:
    """Return structure type → (level, kind of code)."""
    return {row["code"]: (row["level"], row["code_kind"]) for row in rows("structure_types")}


@cache
def posts_of_types() -> dict[str, tuple[str, ...]]:
    """Return structure type → the posts that have a region or an ETS for it; the administrator serves every one."""
    return {row["code"]: tuple(filter(None, row["posts"].split("|"))) for row in rows("structure_types")}


LEVEL_ORDER = {"national": 0, "regional": 1, "local": 2, "": 3}


def level_of(structure_type: str) -> str:
    """Return national, regional or local; "" for an unknown type."""
    return structure_levels().get(structure_type, ("", ""))[0]


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Return reason code → kind, severity, sheet, source of the rule (contract §6)."""
    return {row["code"]: row for row in rows("reasons")}


@cache
def issue_effects() -> dict[str, str]:
    """Return issue code → what it costs: file, row, field, duplicate, warning or repair (contract §8)."""
    return {row["code"]: row["effect"] for row in rows("issue_codes")}


@cache
def _issue_labels() -> dict[str, str]:
    return {row["code"]: row["label"] for row in rows("issue_codes")}


def issue_label(code: str) -> str:
    """Return the French label of an issue code."""
    return _issue_labels()[code]


@cache
def _sections() -> dict[str, str]:
    """Section → what stands under its heading, not yet read: to read all of it takes longer than many a command."""
    text = _TABLES.joinpath("messages.toml").read_text(encoding="utf-8")
    _, *parts = re.split(r"^\[(\w+)\]$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@cache
def _said_in(section: str) -> dict[str, str]:
    """Key → sentence, typeset; names of sheets stay as they are written: others look for them (contract §9)."""
    entries = tomllib.loads(_sections()[section])
    return entries if section == "sheet" else {key: typeset(text) for key, text in entries.items()}


@cache
def messages() -> dict[str, str]:
    """Return key → French sentence (`tables/messages.toml`, sections joined by a dot), typeset: the file is as one
    types it.
    """
    return {f"{section}.{key}": text for section in _sections() for key, text in _said_in(section).items()}


def post_said(post: str, scope: str = "") -> str:
    """Return « CRH-ST de la région 24 »: a post as screens, receipts and mails say it."""
    return say(f"post.{post}", scope=scope)


def rules_in_words() -> tuple[str, ...]:
    """Return the sentences that stand in the id of a change: what does not go together, of `role_incompatible`.

    An id never changes (contract §5), so they stay; another wording of theirs is another rule, and is told as such.
    """
    return tuple(f"role.{key}={text}" for key, text in sorted(_said_in("role").items()))


def say(key: str, /, **values: object) -> str:
    """Return the French sentence of the catalogue, filled in; what is filled in stays as it is, numbers agree."""
    section, _, name = key.partition(".")
    text = _said_in(section)[name]
    if "{" not in text and "}" not in text:  # every other one
        return text
    if ":" in text:  # perhaps a form of a number; without any, a number is written as it is
        values = {name: Count(one) if isinstance(one, Integral) else one for name, one in values.items()}
    return text.format(**values)
