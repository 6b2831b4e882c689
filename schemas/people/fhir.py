"""The few fields of FHIR R4 that the national directory is asked for, as its public profiles have them (ANS).

Of ours, and lenient: what we have no use for is not judged, so that a new extension costs nobody their card. Facts in
docs/reference/domain/sources.md.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

IDENTIFICATION = "urn:oid:1.2.250.1.71.4.2.1"  # national identification of a person: 8 and the RPPS number
STRUCTURE = "urn:oid:1.2.250.1.71.4.2.2"  # of a structure: 1 and the FINESS number
RPPS = "https://rpps.esante.gouv.fr"
FINESS = "finess.esante.gouv.fr"
SMARTCARD = "as-ext-smartcard"
LEGAL_ENTITY = "FINEJ"


def _listed(value: object) -> object:
    """One where several are allowed is one of several."""
    return value if isinstance(value, list) else [] if value is None else [value]


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Element(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Coding(_Element):
    """A code of a nomenclature."""

    system: str = ""
    code: str = ""


class Concept(_Element):
    """A codeable concept."""

    coding: tuple[Coding, ...] = ()

    def code(self, table: str = "") -> str:
        """Return the code of a table (« TRE_G15 », however it is written), the first one without a table, "" where
        none.
        """
        wanted = _plain(table)
        return next((one.code for one in self.coding if wanted in _plain(one.system)), "")


class Identifier(_Element):
    """A number, and whose system it is of."""

    system: str = ""
    value: str = ""
    type: Concept = Concept()


class Period(_Element):
    """From a day to another, as text: FHIR admits a year or a month alone."""

    start: str = ""
    end: str = ""


class Extension(_Element):
    """What the national profile adds."""

    url: str = ""
    extension: tuple["Extension", ...] = ()
    text: str = Field(default="", alias="valueString")
    date: str = Field(default="", alias="valueDate")
    moment: str = Field(default="", alias="valueDateTime")
    plain_code: str = Field(default="", alias="valueCode")
    coding: Coding = Field(default=Coding(), alias="valueCoding")
    concept: Concept = Field(default=Concept(), alias="valueCodeableConcept")
    identifier: Identifier = Field(default=Identifier(), alias="valueIdentifier")
    period: Period = Field(default=Period(), alias="valuePeriod")

    def part(self, name: str) -> "Extension":
        """Return the part of that name, an empty one where there is none."""
        return next((one for one in self.extension if one.url.rpartition("/")[2] == name), Extension())

    @property
    def code(self) -> str:
        """Its code, however it is given."""
        return self.concept.code() or self.coding.code or self.plain_code or self.text

    @property
    def number(self) -> str:
        """Its number, however it is given."""
        return self.text or self.identifier.value


class HumanName(_Element):
    """The name under which somebody practises."""

    family: str = ""
    given: Texts = ()
    prefix: Texts = ()
    suffix: Texts = ()


class Qualification(_Element):
    """A profession, a diploma."""

    code: Concept = Concept()


class Practitioner(_Element):
    """A person."""

    id: str
    active: bool = True
    identifier: tuple[Identifier, ...] = ()
    name: Annotated[tuple[HumanName, ...], BeforeValidator(_listed)] = ()
    qualification: tuple[Qualification, ...] = ()
    extension: tuple[Extension, ...] = ()

    @property
    def national_id(self) -> str:
        """`8` and the RPPS number, `0` and the ADELI number; "" without one."""
        given = next((one.value for one in self.identifier if one.system == IDENTIFICATION), "")
        rpps = next((one.value for one in self.identifier if one.system == RPPS), "")
        return given or (f"8{rpps}" if rpps else "")

    @property
    def cards(self) -> Iterator[Extension]:
        """Every card that was issued to them."""
        return (one for one in self.extension if one.url.rpartition("/")[2] == SMARTCARD)


class Reference(_Element):
    """To another resource."""

    reference: str = ""
    identifier: Identifier = Identifier()

    @property
    def id(self) -> str:
        """Of the other resource, whatever stands before it."""
        return self.reference.rpartition("/")[2]


class PractitionerRole(_Element):
    """An activity: somebody, somewhere."""

    id: str = ""
    active: bool = True
    practitioner: Reference = Reference()
    organization: Reference = Reference()


class Organization(_Element):
    """Where."""

    id: str = ""
    name: str = ""
    identifier: tuple[Identifier, ...] = ()


class Link(_Element):
    """To another page."""

    relation: str = ""
    url: str = ""


class Entry(_Element):
    """A resource of a page, as it came."""

    resource: dict[str, object] = Field(default_factory=dict)


class Meta(_Element):
    """Of when it is."""

    moment: datetime | None = Field(default=None, alias="lastUpdated")


class Bundle(_Element):
    """A page of answers; `total`: of the matches on all pages, where the server counts them."""

    resourceType: str  # noqa: N815 - FHIR's own name
    total: int | None = None
    link: tuple[Link, ...] = ()
    entry: tuple[Entry, ...] = ()
    meta: Meta = Meta()

    @property
    def next(self) -> str:
        """The address of the page that comes next, "" on the last one."""
        return next((one.url for one in self.link if one.relation == "next"), "")

    def of(self, kind: str) -> Iterator[dict[str, object]]:
        """Yield its resources of a kind."""
        return (one.resource for one in self.entry if one.resource.get("resourceType") == kind)


def _plain(text: str) -> str:
    return text.lower().replace("_", "-")
