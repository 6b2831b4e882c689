"""A real FHIR R4 server of the national directory for tests: it serves people of the national files, page by page."""

import csv
import io
import json
import pickle
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from tests.https_servers import HttpsServer, serving
from tests.mail_servers import Authority, tls_context

HOST, KEY = "127.0.0.1", "une-cle-inventee"
NOS = "https://mos.esante.gouv.fr/NOS"
PROFILE = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition"
Resource = dict[str, Any]


def practitioner(national_id: str, family: str, given: str, **more: Any) -> Resource:
    """As the agency's published examples have one (IG-fhir-annuaire, `as-dp-practitioner`).

    `civility`, `profession`, `category`; `cards`: (type, serial, start, end) each.
    """
    cards = [
        {
            "url": f"{PROFILE}/as-ext-smartcard",
            "extension": [
                {"url": "type", "valueCodeableConcept": coded("TRE_R87-TypeCarte", kind)},
                {"url": "number", "valueString": serial},
                {"url": "period", "valuePeriod": {"start": start, "end": end}},
            ],
        }
        for kind, serial, start, end in more.get("cards", ())
    ]
    exercise = [
        *coded("TRE_R09-CategorieProfessionnelle", more.get("category", "C"))["coding"],
        *coded("TRE_G15-ProfessionSante", more.get("profession", "10"))["coding"],
    ]
    return {
        "resourceType": "Practitioner",
        "id": f"003-{national_id}",
        "meta": {"lastUpdated": "2026-11-20T18:19:26.335+01:00", "source": "https://annuaire.sante.fr"},
        "language": "fr",
        "extension": cards,
        "identifier": [
            {"use": "official", "system": "urn:oid:1.2.250.1.71.4.2.1", "value": national_id},
            {"use": "official", "system": "https://rpps.esante.gouv.fr", "value": national_id[1:]},
        ],
        "active": True,
        "name": [{"use": "usual", "family": family, "given": [given], "prefix": [more.get("civility", "MME")]}],
        "qualification": [{"code": coded("TRE_R48-DiplomeEtatFrancais", "DE05")}, {"code": {"coding": exercise}}],
    }


def coded(table: str, code: str) -> Resource:
    return {"coding": [{"system": f"{NOS}/{table}/FHIR/{table.replace('_', '-')}", "code": code}]}


def activity(national_id: str, finess: str) -> list[Resource]:
    """Somebody's activity, and where."""
    role = {
        "resourceType": "PractitionerRole",
        "id": f"005-{national_id}-{finess}",
        "active": True,
        "practitioner": {"reference": f"Practitioner/003-{national_id}"},
        "organization": {"reference": f"Organization/001-{finess}"},
    }
    place = {
        "resourceType": "Organization",
        "id": f"001-{finess}",
        "name": "CH INVENTÉ",
        "identifier": [
            {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": f"1{finess}"},
            {
                "system": "https://finess.esante.gouv.fr",
                "value": finess,
                "type": {"coding": [{"system": "v2-0203", "code": "FINEG"}]},
            },
        ],
    }
    return [role, place]


def of_files(persons: Path, cards: Path) -> list[Resource]:
    """The people, activities and cards of two national extracts, as the directory would tell them."""
    found: list[Resource] = pickle.loads(_read((persons.read_bytes(), cards.read_bytes())))
    return found


@cache
def _read(extracts: tuple[bytes, bytes]) -> bytes:
    """The same as they are kept, for whoever changes his own; read once."""
    persons, cards = (io.BytesIO(one) for one in extracts)
    held: dict[str, list[tuple[str, str, str, str]]] = {}
    for row in _rows(cards, "windows-1252"):
        period = (row["Date début validité"], row["Date fin validité"])
        mine = held.setdefault(row["Identification nationale PP"], [])
        mine.append((row["Code type de carte"], row["Numéro carte"], *period))
    found: dict[str, Resource] = {}
    for row in _rows(persons, "utf-8"):
        key = row["Identification nationale PP"]
        more = {"civility": row["Code civilité"], "profession": row["Code profession"], "cards": held.get(key, ())}
        person = practitioner(key, row["Nom d'exercice"], row["Prénom d'exercice"], **more)
        person["qualification"][1]["code"]["coding"][0]["code"] = row["Code catégorie professionnelle"]
        found.setdefault(person["id"], person)
        if finess := row["Numéro FINESS site"]:
            found |= {one["id"]: one for one in activity(key, finess)}
    return pickle.dumps(list(found.values()))


def _rows(extract: IO[bytes], encoding: str) -> Iterator[dict[str, str]]:
    """The rows of full width in their own encoding: the others are the files' own blemishes."""
    with io.TextIOWrapper(extract, encoding=encoding, errors="replace", newline="") as file:
        for row in csv.DictReader(file, delimiter="|", quoting=csv.QUOTE_NONE):
            text = "".join(value for value in row.values() if isinstance(value, str))
            if None not in row and None not in row.values() and "\ufffd" not in text:
                yield row


@dataclass
class National:
    """What the server holds and how it behaves. `acts`: the next answers: « 429 », « 503:7 », « cut », « page »,
    « short », « moved », « drip »; `asked`: what was searched, with the moment; `seen`: the keys that came;
    `endless`: each page names a next one, of another address, with the « same » people or « nobody »."""

    resources: list[Resource] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    asked: list[tuple[float, str]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    moment: str = ""
    base: str = ""
    next_base: str = ""
    endless: str = ""

    def searched(self, kind: str) -> list[str]:
        return [path for _, path in self.asked if urlsplit(path).path.endswith(f"/{kind}")]

    def find(self, kind: str, wanted: Mapping[str, list[str]]) -> list[Resource]:
        values = {key: set(",".join(found).split(",")) for key, found in wanted.items()}
        return [one for one in self.resources if one["resourceType"] == kind and _fits(one, values)]


def _fits(one: Resource, values: Mapping[str, set[str]]) -> bool:
    identifiers = {named["value"] for named in one.get("identifier", ()) if "value" in named}
    tests = {
        "identifier": lambda asked: bool(identifiers & {value.rpartition("|")[2] for value in asked}),
        "_id": lambda asked: one["id"] in asked,
        "practitioner": lambda asked: one["practitioner"]["reference"].rpartition("/")[2] in asked,
    }
    return all(test(values[key]) for key, test in tests.items() if key in values)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        national = self.server.national
        national.asked.append((time.monotonic(), self.path))
        national.seen.add(self.headers.get("ESANTE-API-KEY", ""))
        if self.headers.get("ESANTE-API-KEY") != KEY:
            return self._send(401, {}, b"{}")
        act, _, number = (national.acts.pop(0) if national.acts else "").partition(":")
        if act.isdigit():
            return self._send(int(act), {"Retry-After": number} if number else {}, b"{}")
        if act == "page":
            return self._send(200, {"Content-Type": "text/html"}, b"<html>Maintenance</html>")
        if act == "moved":
            return self._send(302, {"Location": f"{national.base}/ailleurs"}, b"")
        if act == "drip":
            return self._drip()
        page = json.dumps(self._bundle(national, short=act == "short")).encode()
        self._send(200, {"Content-Type": "application/fhir+json"}, page, cut=act == "cut")
        return None

    def _drip(self) -> None:
        """A byte now and then, without end: never long enough to be called a stall."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        with suppress(OSError):
            for _ in range(600):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        self.close_connection = True

    def _bundle(self, national: National, *, short: bool) -> Resource:
        parts = urlsplit(self.path)
        wanted, kind = parse_qs(parts.query), parts.path.rpartition("/")[2]
        found, at, size = (
            national.find(kind, wanted),
            int(wanted.get("_at", ["0"])[0]),
            int(wanted.get("_count", ["50"])[0]),
        )
        links = [{"relation": "self", "url": national.base + self.path}]
        if at + size < len(found):
            query = f"{parts.query}&_at={at + size}".replace(f"&_at={at}&", "&")
            links.append({"relation": "next", "url": f"{national.next_base or national.base}/fhir/v2/{kind}?{query}"})
        here = found[at : at + size][: -1 if short else None]
        if national.endless:  # the same people again and again, or nobody
            here = found[:size] if national.endless == "same" else []
            links[1:] = [
                {"relation": "next", "url": f"{national.base}{parts.path}?{parts.query}&_p={time.monotonic()}"}
            ]
        included: list[Resource] = []
        if "PractitionerRole:organization" in wanted.get("_include", []):
            places = {one["organization"]["reference"].rpartition("/")[2] for one in here}
            included = [one for one in national.resources if one["resourceType"] == "Organization"]
            included = [one for one in included if one["id"] in places]
        kind_of_page = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
        meta = {"meta": {"lastUpdated": national.moment}} if national.moment else {}
        entries = [{"resource": one, "search": {"mode": "match"}} for one in here]
        entries += [{"resource": one, "search": {"mode": "include"}} for one in included]
        return kind_of_page | meta | {"entry": entries}

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True


class _Server(HttpsServer):
    national: National


@contextmanager
def fhir_server(national: National, authority: Authority) -> Iterator[National]:
    """Serve while the block lasts, over HTTPS."""
    server = _Server((HOST, 0), _Handler)
    server.national = national
    server.tls = tls_context(*authority.signed(HOST))
    national.base = f"https://{HOST}:{server.server_address[1]}"
    with serving(server):
        yield national


def most_in_a_second(moments: Iterable[float]) -> int:
    """How many calls came within any second."""
    times = sorted(moments)
    return max((sum(1 for other in times if one <= other < one + 1) for one in times), default=0)
