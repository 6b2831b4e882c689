"""The decisions of a deployment: environment over TOML, read once, passed down as plain values (contract §2)."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import (
    AliasChoices,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from connectors.system.names_on_disk import lying_there
from flows.settings.directory import DirectorySettings
from flows.settings.mail import DelegationSettings, MailSettings
from flows.settings.routing_section import RoutingSettings, refuse_unreached
from flows.settings.section import Section as _Section
from flows.settings.sources import AnnuaireSettings, FetchSettings, RegisterSettings, WorkbookSettings
from flows.settings.territory import EtsSettings, RegionSettings, settle_ets, settle_regions
from pipelines.policy import Policy
from schemas.errors import ConfigurationError
from schemas.nomenclatures import say


class StoreSettings(_Section):
    """Our own state. `witness`: a file outside of it, beside the store unless it is named; « » for none."""

    url: str = "sqlite:///var/annuaire.db"
    witness: str | None = None


class PolicySettings(_Section):
    """Thresholds and delays."""

    expiry_warning_days: tuple[int, ...] = (90, 30)
    card_validity_years: int = Field(default=3, ge=1, le=10)
    max_deactivation_share: float = Field(default=0.05, ge=0, le=1)
    min_deactivations_to_hold: int = Field(default=5, ge=0)
    max_update_share: float = Field(default=0.3, ge=0, le=1)
    min_updates_to_hold: int = Field(default=50, ge=0)
    max_rejected_share: float = Field(default=0.2, ge=0, le=1)
    min_rejected_to_hold: int = Field(default=50, ge=0)
    max_creation_share: float = Field(default=0.1, ge=0, le=1)
    min_creations_to_hold: int = Field(default=10, ge=0)
    min_annuaire_share: float = Field(default=0.95, ge=0, le=1)
    min_workbook_share: float = Field(default=0.8, ge=0, le=1)
    min_lost_rows_to_hold: int = Field(default=2, ge=0)
    min_register_share: float = Field(default=0.95, ge=0, le=1)
    remind_after_days: int = Field(default=14, ge=1)
    max_postpone_days: int = Field(default=366, ge=1)


class RetentionSettings(_Section):
    """How long personal data is kept: in files (mails, returned reports), and in the history of the changes."""

    logs_months: int = Field(default=12, ge=1)
    trail_years: int = Field(default=3, ge=1)


class OrchestrationSettings(_Section):
    """Under Prefect: when to try again, and with whom to share the work.

    `retry_delays`: seconds before each further try of what may pass by itself.
    `dask`: the address of a cluster's scheduler, whose workers see the files by the same paths; without it, threads.
    `part_megabytes`: how much of a national text is one part. `results_url`: where `out/` is shared, for links.
    """

    retry_delays: tuple[float, ...] = (60, 300, 900)
    dask: str | None = Field(default=None, pattern=r"^(tcp|tls)://[^\s/]+:\d+$")
    part_megabytes: float = Field(default=64, gt=0)
    results_url: str | None = Field(default=None, pattern=r"^(https?|file)://\S+$")

    @property
    def part_bytes(self) -> int:
        """The same in bytes, at least one."""
        return max(1, int(self.part_megabytes * (1 << 20)))


SECRET_VARIABLES = "_secret_variables"  # the argument that brings the variables of `secrets_file`
SHORTEST_KEY = 32  # characters: 16 random bytes as hex, the least that cannot be guessed


class Settings(BaseSettings):
    """The whole configuration of contract §2."""

    model_config = SettingsConfigDict(env_prefix="EFIT_", env_nested_delimiter="__", extra="forbid", frozen=True)

    # These first: what they say is known to whatever names a region or an ETS below.
    region: tuple[RegionSettings, ...] = Field(default=(), validate_default=True)
    ets: tuple[EtsSettings, ...] = Field(default=(), validate_default=True)
    # `register` itself is an attribute of every class; the environment name is spelled out for the same reason.
    register_: RegisterSettings = Field(
        default_factory=RegisterSettings, validation_alias=AliasChoices("register", "EFIT_REGISTER")
    )
    workbook: tuple[WorkbookSettings, ...] = ()
    annuaire: AnnuaireSettings
    store: StoreSettings = Field(default_factory=StoreSettings)
    routing: tuple[RoutingSettings, ...] = ()
    fetch: tuple[FetchSettings, ...] = ()
    directory: DirectorySettings = Field(default_factory=DirectorySettings)
    policy: PolicySettings = Field(default_factory=PolicySettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    delegation: tuple[DelegationSettings, ...] = ()
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    orchestration: OrchestrationSettings = Field(default_factory=OrchestrationSettings)
    installation: str | None = Field(default=None, pattern=r"^[0-9A-Za-z-]{1,64}$")
    secrets_file: str | None = None
    signing_key: str | None = Field(default=None, repr=False, min_length=SHORTEST_KEY)
    signing_key_previous: str | None = Field(default=None, repr=False)
    signing_key_lost: str | None = None  # the fingerprint of a key that nobody has any more
    _root: Path = PrivateAttr(default=Path())
    _given: frozenset[str] = PrivateAttr(default=frozenset())

    @field_validator("region")
    @classmethod
    def _own_regions(cls, lines: tuple[RegionSettings, ...]) -> tuple[RegionSettings, ...]:
        settle_regions(lines)
        return lines

    @field_validator("ets")
    @classmethod
    def _own_ets(cls, lines: tuple[EtsSettings, ...], info: ValidationInfo) -> tuple[EtsSettings, ...]:
        settle_ets(info.data.get("region", ()), lines)
        return lines

    @field_validator("routing")
    @classmethod
    def _reached(cls, routes: tuple[RoutingSettings, ...]) -> tuple[RoutingSettings, ...]:
        refuse_unreached(routes)
        return routes

    @field_validator("fetch")
    @classmethod
    def _one_address_a_source(cls, fetch: tuple[FetchSettings, ...]) -> tuple[FetchSettings, ...]:
        twice = sorted({one.name for one in fetch if sum(other.name == one.name for other in fetch) > 1})
        if twice:
            raise ValueError(say("config.fetch_twice", found=", ".join(twice)))
        return fetch

    @field_validator("signing_key_previous")
    @classmethod
    def _none_to_be_guessed(cls, keys: str | None) -> str | None:
        """What an old key signed counts: a short one would let anybody sign."""
        if any(len(key) < SHORTEST_KEY for key in (keys or "").split()):
            raise ValueError(say("config.short_key", length=SHORTEST_KEY))
        return keys

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment over the secrets' file (`SECRET_VARIABLES`) over the configuration."""
        given = init_settings.init_kwargs.pop(SECRET_VARIABLES, {})  # type: ignore[attr-defined]  # of InitSettingsSource
        secrets = EnvSettingsSource(settings_cls)
        secrets.env_vars = {name.lower(): value for name, value in given.items()}
        return env_settings, secrets, init_settings

    @property
    def root(self) -> Path:
        """The folder of the configuration file."""
        return self._root

    def database(self, url: str) -> str:
        """Return a database's address; the path of an SQLite file is relative to the configuration.

        Raises ConfigurationError for one that is none.
        """
        try:
            found = _address(url)
        except ArgumentError as error:
            raise ConfigurationError([say("config.bad_url")]) from error
        if found.get_backend_name() == "sqlite" and found.database:
            found = found.set(database=str(self.path(found.database)))
        return found.render_as_string(hide_password=False)

    @property
    def store_file(self) -> Path | None:
        """The file of an SQLite store, there or not; None for a server's database."""
        found = _address(self.store_url)
        return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None

    @property
    def state_folder(self) -> Path:
        """Where our own state lies: the folder of an SQLite store, else `var` beside the configuration."""
        return self.store_file.parent if self.store_file else self.root / "var"

    def take_effect(self) -> None:
        """Let this deployment's own regions and ETS count, whatever other configuration was read since."""
        settle_ets(self.region, self.ets)

    @property
    def given(self) -> frozenset[str]:
        """The names of the `EFIT_…` variables that were given, by the environment or by `secrets_file`."""
        return self._given

    def at(self, root: Path, given: Iterable[str] = ()) -> Self:
        """Return the same settings, their relative paths starting at `root`, of which these variables were `given`."""
        settings = self.model_copy()
        settings._root, settings._given = root, frozenset(given)
        return settings

    def path(self, text: str) -> Path:
        """Return a path of the configuration, relative to its file, as it lies on the disk."""
        return lying_there(self.root / Path(text).expanduser())

    def shown(self, path: Path) -> str:
        """Return a path as reports name it: relative to the configuration where it can be."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    @property
    def thresholds(self) -> Policy:
        """The thresholds as the rules take them."""
        return Policy(**self.policy.model_dump(exclude={"remind_after_days", "max_postpone_days"}))

    @property
    def store_url(self) -> str:
        """The store's address; an SQLite path is relative to the configuration. Raises ConfigurationError."""
        return self.database(self.store.url)


@lru_cache(maxsize=64)  # a night asks seventy times where its store lies
def _address(url: str) -> URL:
    """The parts of a database's address. Raises ArgumentError."""
    return make_url(url)
