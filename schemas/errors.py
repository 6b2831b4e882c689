"""The one tree of errors (house.md): what each costs.

AnnuaireSyncError
├── SourceError         a file sits out tonight; nobody is ended because of it
├── AnnuaireError       the annuaire itself cannot be read: nothing is written, nothing is sent
├── ConfigurationError  wrong usage or configuration: exit code 2, all mistakes at once
└── DeliveryError       a mail could not be handed over: recorded, sent again another night

Messages are French and end on the screen or in the report as they are.
"""


class AnnuaireSyncError(Exception):
    """Root of what this product raises on purpose."""


class SourceError(AnnuaireSyncError):
    """A source that cannot be used tonight; `code` is one of contract §8 (FILE_…, COLUMN_MISSING)."""

    def __init__(self, code: str, message: str, location: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.location = location


class AnnuaireError(AnnuaireSyncError):
    """The annuaire cannot be read, so nothing can be compared."""


class ConfigurationError(AnnuaireSyncError):
    """Wrong configuration or usage; `problems` has one French line per mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class DeliveryError(AnnuaireSyncError):
    """A mail was not handed over."""
