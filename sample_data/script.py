"""What the storylines are written with: new people, and what a night is expected to say of somebody."""

from dataclasses import astuple, fields

from sample_data.cast import Actor, Expected, ExpectedReject, Post, Row
from sample_data.country import Country
from schemas.changes.change import SEVERITIES
from schemas.nomenclatures import label_of, reasons
from schemas.people.identifiers import with_luhn_key


class Script:
    """The country, what differs in it, and what must come of it.

    An updater is written « CRH_ST 24 », « ADMIN_EFIT », « ADMIN_EFIT < CRH_ST 52 » when the post is vacant,
    « ADMIN_EFIT ? » when the procedure says nothing of the case: by hand, from procedure §4, never computed.
    """

    def __init__(self, country: Country) -> None:
        self.country = country
        self.links: dict[str, str] = {}
        self.expected: list[Expected] = []
        self.rejects: list[ExpectedReject] = []
        self.closed: set[str] = set()
        self.loose_rows: list[Row] = []
        self.silent: list[tuple[str, str]] = []

    def newcomer(self, place: str, function: str, rank: str = "", profession: str = "60", **options: str) -> Actor:
        """Known to register and workbook, without an account. `options`: register, category, cells."""
        actor = self.country.hire(place, function, rank, profession=profession, **options)
        actor.account = None
        return actor

    def former_number(self, actor: Actor) -> str:
        """An ADELI number that the correspondence leads to this person, closed since."""
        number = "0" + with_luhn_key(f"449996{len(self.links):02d}")
        self.links[number] = actor.person.number
        return number

    def posts(self, actor: Actor) -> list[Post]:
        """Functions of somebody, by account, else by the workbook's structures."""
        return actor.account.posts if actor.account else []

    def change(
        self,
        story: str,
        actor: Actor | None,
        kind: str,
        reason: str,
        updater: str,
        *,
        post: Post | None = None,
        diff: tuple[tuple[str, str, str], ...] = (("", "", ""),),
        severity: str = "",
        account: bool = True,
    ) -> None:
        """Expect a change. `diff`: (field, before, after); `account` False: the person has none (yet)."""
        route, _, vacant = updater.partition(" < ")
        uncovered = "oui" if route.endswith(" ?") else "non"
        updater_post, _, scope = route.removesuffix(" ?").partition(" ")
        owner = post or (self.posts(actor)[0] if actor and self.posts(actor) else None)
        user = actor.account if actor and account else None
        number = (user.cpx if user else actor.rows[0].cells["N° CPx"]) if actor else ""
        for field, before, after in diff:
            self.expected.append(
                Expected(
                    kind=kind,
                    reason=reason,
                    account_id=user.id if user else "",
                    national_id=str(number),
                    last_name=actor.person.last if actor else "",
                    first_name=actor.person.first if actor else "",
                    structure_code=owner.structure.code if owner else "",
                    function=label_of("functions", owner.function) if owner else "",
                    rank=label_of("ranks", owner.rank) if owner else "",
                    field=field,
                    before=before,
                    after=after,
                    severity=severity or most_severe(reason),
                    updater_post=updater_post,
                    updater_scope=scope,
                    escalated_from=vacant.replace(" ", "-"),
                    uncovered=uncovered,
                    story=story,
                )
            )

    def reject(self, story: str, file: str, code: str, count: int = 1) -> None:
        """Expect a code of contract §8 in a file; 0 when how often does not matter."""
        self.rejects.append(ExpectedReject(file, code, count, story))

    def silence(self, story: str, *actors: Actor | str) -> None:
        """Remember for the README a case in which nothing must happen."""
        who = [one if isinstance(one, str) else one.user.id for one in actors]
        self.silent.append((story, ", ".join(who)))

    def post(self, place: str, function: str, rank: str = "") -> Post:
        """A function at a structure of the country."""
        return Post(self.country.structures[place], function, rank)

    def leaves_the_workbook(self, actor: Actor, place: str) -> None:
        """The rows of a structure that no longer name this person."""
        code = self.country.structures[place].code
        actor.rows = [row for row in actor.rows if row.cells["FINESS"] != code]


def table(lines: list[Expected] | list[ExpectedReject]) -> list[list[str]]:
    """Header and rows of an expectation table."""
    header = [field.name for field in fields(lines[0])]
    return [header, *([str(value) for value in astuple(line)] for line in lines)]


def most_severe(reason: str) -> str:
    """Of one or several reasons, `shared_number|number_of_another`."""
    return min((reasons()[one]["severity"] for one in reason.split("|")), key=list(SEVERITIES).index)
