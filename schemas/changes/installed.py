"""Whose installation this is: what its store, key, configuration and mails have in common, and how it was last seen."""

from pydantic import BaseModel, ConfigDict, Field


class Installation(BaseModel):
    """An installation as one command sees it; kept in the store and in its witness as the last night saw it.

    `id`: as the configuration names it, "" where it does not; `key`: fingerprint of the key that signs, "" without one.
    `store`, `way_out`: where the state lies and where mails leave, without who asks. `variables`: the names of the
    `EFIT_…` variables that were given. `seen`: key of the configuration → digest of its value, which only the holder
    of the signing key could compare with a guess. `copied_from`: the folder that it was played in before, while that is
    still there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    key: str = ""
    store: str = ""
    way_out: str = ""
    config: str = ""
    user: str = ""
    host: str = ""
    variables: tuple[str, ...] = ()
    seen: dict[str, str] = Field(default_factory=dict)
    copied_from: str = ""

    def lacks(self, other: "Installation") -> tuple[str, ...]:
        """Return the variables that the other one was given and this one is not."""
        return tuple(sorted(set(other.variables) - set(self.variables)))
