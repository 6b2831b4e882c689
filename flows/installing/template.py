"""`template`: the standard regional workbook, empty."""

from pathlib import Path

from connectors.excel.template import write_template
from flows.settings.load import load_settings
from flows.terminal.console import print_json, stdout
from schemas.errors import ConfigurationError
from schemas.nomenclatures import ets, regions, say


def play_template(file: Path, region: str | None, config: Path | None = None, *, as_json: bool) -> int:
    """Write the standard workbook; `config`: for a region or an ETS that the deployment declares itself.

    Raises ConfigurationError for a region or a file name that will not do.
    """
    problems = []
    if config:
        load_settings(config)
    if region is not None and region not in regions() and region not in ets():
        problems.append(say("config.region_option", found=region))
    if file.suffix.lower() != ".xlsx":
        problems.append(say("cli.not_xlsx", path=file))
    if problems:
        raise ConfigurationError(problems)
    try:
        write_template(file, region=region)
    except OSError as error:
        raise ConfigurationError([say("config.no_store", path=file.parent)]) from error
    if as_json:
        print_json({"path": str(file), "region": region})
    else:
        stdout().print(say("cli.template_written", path=file), markup=False, soft_wrap=True)
    return 0
