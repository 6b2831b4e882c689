"""What users read is set as French is, agrees with its numbers, and has one word for one thing, the glossary's."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from schemas.glossary import page
from schemas.glyphs import Count, pair, typeset
from schemas.nomenclatures import messages, rows, say, terms
from tests.house.test_names import ROOT

TABLES = ("card_cases", "glossary", "guide", "health_states", "issue_codes", "unknown_causes")  # whose cells are shown
CELLS = ("label", "meaning", "section", "term", "text", "contact", "link_name")
TEMPLATES = sorted((ROOT / "connectors").rglob("*.j2"))

# A key, a switch, a path, an address or a sample of a file is written as the machine wants it.
CODE = re.compile(
    r"\{[^}]*\}|https?://\S+|\S+://\S+|[=\[{(,:]\s*\"[^\"]*\"|-c \"[^\"]*\"|='[^']*'|--[\w-]+|\bEFIT_\w+|\[\[?\w+\]\]?"
    r"|\b[\w-]+(?:[./_][\w-]+)+/?|«\s[a-z_]+\s»|systemctl \S+ \S+|efit-annuaire[\w-]*(?: [a-z]+)*"
)
ENGLISH = re.compile(
    r"\b(?:and|or|the|of|with|file|files|row|rows|run|job|log|logs|token|warning|error|update|default|timeout|backup|key"
    r"|user|server|reporting|template|checkbox|deadline|feedback|worker|workflow|dashboard|mail|e-mail|email)\b",
    re.IGNORECASE,
)
WORKER_NAMES = ("worker Prefect", "worker Dask")
PLURAL_NOUN = re.compile(r"\{(\w+)(?::n)?\}[ \u00a0](?!dans|depuis|sans|sous|pas|plus)[a-zéèêàîôûç]+[sx]\b")
# Never one: limits, widths, what is expected; or not a number at all.
NEVER_ONE = (
    "expected",
    "found",
    "years",
    "limit",
    "min_length",
    "seconds",
    "length",
    "shown",
    "total",
    "before",
    "date",
)


def sentences() -> Iterator[tuple[str, str]]:
    """Where it stands → what is shown of it, from the catalogue and the tables."""
    yield from ((key, text) for key, text in messages().items() if not key.startswith(("example.", "metavar.")))
    for table in TABLES:
        for number, row in enumerate(rows(table), start=2):
            yield from ((f"{table}.csv:{number} {cell}", row[cell]) for cell in CELLS if row.get(cell))


SENTENCES = dict(sentences())
SET = {where: text for where, text in SENTENCES.items() if not where.startswith("sheet.")}  # names others look for


@cache
def prose(text: str) -> str:
    """Without what is code."""
    return CODE.sub("§", text)


def wrong(texts: dict[str, str], pattern: re.Pattern[str] | str) -> dict[str, str]:
    return {where: text for where, text in texts.items() if re.search(pattern, prose(text))}


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"\w'\w", id="a straight apostrophe"),
        pytest.param(r" [:;?!»%€]|« ", id="a space where a line may break"),
        pytest.param(r"[a-zéè)][:;?!](?:\s|$)", id="no space before a double mark"),
        pytest.param(r"\"", id="a straight quotation mark"),
        pytest.param(r"\((?:s|e|x|es|aux|nt|ent)\)", id="a plural in brackets"),
        pytest.param(r"\.\.\.", id="three dots"),
        pytest.param(r"\b\d{4}-\d\d-\d\d\b|\b(?:YYYY|DD/MM)", id="a date that is not JJ/MM/AAAA"),
        pytest.param(r"  ", id="two spaces"),
    ],
)
def test_a_sentence_is_set_as_french_is(pattern: str) -> None:
    texts = {
        where: text for where, text in SET.items() if where not in ("mails.row", "mails.id", "explain.event")
    }  # columns
    assert wrong(texts, pattern) == {}


def test_guillemets_are_closed() -> None:
    assert {where: text for where, text in SET.items() if text.count("«") != text.count("»")} == {}


def test_no_sentence_says_it_in_english() -> None:
    texts = {where: re.sub("|".join(WORKER_NAMES), "", text) for where, text in SET.items()}
    assert wrong(texts, ENGLISH) == {}


def test_a_word_agrees_with_its_number() -> None:
    """« {count:ligne|lignes} », or a sentence for one and a sentence for many."""
    found = {
        where: text
        for where, text in SENTENCES.items()
        if not where.endswith(("_one", "_many")) and any(name not in NEVER_ONE for name in PLURAL_NOUN.findall(text))
    }
    known = {  # the number comes as text, and is thousands or the words « 3 lignes »
        *("stake.from", "report.reject_more", "delta.alarm_modify", "delta.alarm_remove", "dashboard.this_region"),
        "dashboard.share_of",
        *("doctor.disk", "doctor.disk_low", "doctor.disk_full"),
    }
    assert set(found) <= known


def test_one_and_many_come_in_pairs() -> None:
    ones = {where.removesuffix("_one") for where in SENTENCES if where.endswith("_one")}
    assert ones == {where.removesuffix("_many") for where in SENTENCES if where.endswith("_many")}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_words_and_no_breaking_space_of_its_own(path: object) -> None:
    text = (ROOT / str(path)).read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}|<style.*?</style>|<script.*?</script>|<!--.*?-->", "", text, flags=re.DOTALL)
    assert re.findall(r"\}\} [:;?!]", text) == []
    shown = re.sub(r"\{[{%].*?[%}]\}|<[^>]*>|&\w+;", " ", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{3,}", shown) == []


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("l'écart « CHG-1 » : 5 % ; oui ?", "l’écart «\u00a0CHG-1\u00a0»\u00a0: 5\u00a0%\u00a0; oui\u00a0?"),
        ("jusqu'{day} d'« essai »", "jusqu’{day} d’«\u00a0essai\u00a0»"),
        ("attachments = 'plain', [\"a\"]", "attachments = 'plain', [\"a\"]"),
    ],
)
def test_what_is_typed_is_set(typed: str, printed: str) -> None:
    assert typeset(typed) == printed == typeset(printed)


def test_what_is_filled_in_stays_as_it_was_written() -> None:
    """A name of a file or of a person is looked for as it stands."""
    assert say("console.unusable", path="l'été : 1.csv", found="x").startswith("l'été : 1.csv\u00a0: ")


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 ligne"), (1, "1 ligne"), (2, "2 lignes"), (2922, "2\u00a0922 lignes")]
)
def test_a_noun_agrees(number: int, said: str) -> None:
    assert "{n:n} {n:ligne|lignes}".format(n=Count(number)) == said
    assert pair("Lues", said) == f"Lues\u00a0: {said}"


# ── one word for one thing ───────────────────────────────────────────────────────────────────────
def test_the_page_of_words_is_made_of_the_table() -> None:
    """`make glossary` writes it anew."""
    assert (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8") == page()
    assert "docs/glossaire.md" in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")


TERMS = {row["term"].casefold() for row in rows("glossary")}


@pytest.mark.parametrize("table", ["functions", "ranks", "structure_types", "card_types"])
def test_what_the_annuaire_has_is_in_the_glossary(table: str) -> None:
    """Fonctions, rangs, types de structure, cartes: spelled alike; bodies and cards go by their letters."""
    shown = {term.code if table == "card_types" else term.label for term in terms(table).values()}
    known = TERMS | {"efs national"}
    assert {label for label in shown if label.casefold() not in known} == set()


@pytest.mark.parametrize("key", ["ADMIN_EFIT", "CRH_ST", "CHV_ST_ETS"])
def test_a_post_is_called_by_words_of_the_glossary(key: str) -> None:
    said = say(f"post_name.{key}").casefold()
    assert any(term in said for term in TERMS)


def test_severities_decisions_and_verdicts_are_explained() -> None:
    meanings = {row["term"]: row["meaning"] for row in rows("glossary")}
    for severity in ("access", "important", "info"):
        assert f"{say(f'severity.{severity}')}\u00a0:" in meanings["gravité"]
    for decision in ("accepted", "refused", "postponed"):
        assert say(f"decision.{decision}") in meanings["décision"]


def test_headings_are_words_of_the_glossary() -> None:
    """What heads a column or a table is called as it is explained; plural and capital aside."""
    headings = {
        *("console.updater", "column.updater", "dashboard.updater", "column.lot", "column.decision", "past.run"),
        *("dashboard.source", "console.source", "field.rank", "field.function", "field.cpx_number", "past.changes"),
    }
    unknown = {key for key in headings if re.sub(r"s$", "", say(key).casefold()) not in TERMS}
    assert unknown == set()


@pytest.mark.parametrize("row", rows("variants"), ids=lambda row: row["variant"])
def test_nothing_goes_by_a_second_name(row: dict[str, str]) -> None:
    variant = re.compile(rf"(?<![\w./-]){row['variant']}(?![\w/-])", re.IGNORECASE)
    spared = [re.escape(one) for one in row["but"].split("|") if one]
    found = {}
    for where, text in SENTENCES.items():
        plain = prose(text.replace("\u00a0", " ").replace("’", "'"))
        if variant.search(re.sub("|".join(spared), "", plain, flags=re.IGNORECASE) if spared else plain):
            found[where] = text
    assert found == {}, f"say « {row['say']} »"


def test_sections_read_one_by_one_are_the_catalogue_read_as_a_whole():
    whole = tomllib.loads((ROOT / "schemas" / "tables" / "messages.toml").read_text(encoding="utf-8"))
    typed = {f"{section}.{key}": text for section, found in whole.items() for key, text in found.items()}
    set_as_shown = {key: text if key.startswith("sheet.") else typeset(text) for key, text in typed.items()}
    assert list(messages().items()) == list(set_as_shown.items())
