"""`efit-annuaire`: results to stdout, progress to stderr, exit codes of contract §1; no traceback for bad input."""

import sys
from collections.abc import Sequence
from json import dumps
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Group, Parameter
from cyclopts.exceptions import MissingArgumentError, UnknownCommandError, UnknownOptionError

from schemas.errors import AnnuaireSyncError, ConfigurationError
from schemas.nomenclatures import say

EXIT_DONE, EXIT_UNEXPECTED, EXIT_USAGE = 0, 1, 2

Config = Annotated[Path, Parameter(name=["--config", "-c"], help=say("cli.config"))]
Out = Annotated[Path | None, Parameter(help=say("cli.out"))]
Json = Annotated[bool, Parameter(name="--json", negative="", help=say("cli.json"))]
Day = Annotated[str | None, Parameter(name="--as-of", help=say("cli.as_of"))]

app = App(
    name="efit-annuaire",
    help=say("cli.app"),
    group_commands=Group(say("cli.commands"), sort_key=0),
    group_parameters=Group(say("cli.options")),
    group_arguments=Group(say("cli.arguments")),
    result_action="return_value",
    version_flags=["--version"],
)
annuaire_app = App(name="annuaire", help=say("cli.annuaire"))
app.command(annuaire_app)
app["--help"].help = say("cli.help")
app["--version"].help = say("cli.version")


@app.command(help=say("cli.demo"))
def demo(*, out: Out = None, json: Json = False) -> int:
    """The main job on `sample_data/`, with nothing to configure."""
    from flows.commands import play_demo

    return play_demo(out or Path("out/demo"), as_json=json)


@app.command(help=say("cli.sync"))
def sync(
    *,
    config: Config,
    as_of: Day = None,
    out: Out = None,
    dry_run: Annotated[bool, Parameter(negative="", help=say("cli.dry_run"))] = False,
    region: Annotated[tuple[str, ...], Parameter(negative="", help=say("cli.region"))] = (),
    release: Annotated[str | None, Parameter(help=say("cli.release"))] = None,
    json: Json = False,
) -> int:
    """The nightly job."""
    from flows.commands import Words, play_sync

    return play_sync(config, Words(as_of, out, dry_run, region, release), as_json=json)


@app.command(help=say("cli.validate"))
def validate(
    *files: Annotated[Path, Parameter(help=say("cli.files"))],
    config: Annotated[Path | None, Parameter(name=["--config", "-c"], help=say("cli.config"))] = None,
    out: Annotated[Path | None, Parameter(help=say("cli.validate_out"))] = None,
    json: Json = False,
) -> int:
    """One extract or workbook alone: what would be rejected or repaired, and why."""
    from flows.validation import play_validate

    return play_validate(files, config, out, as_json=json)


@app.command(help=say("cli.delta"))
def delta(
    old: Annotated[Path, Parameter(name="OLD", help=say("cli.delta_old"))],
    new: Annotated[Path, Parameter(name="NEW", help=say("cli.delta_new"))],
    /,
    *,
    out: Annotated[Path | None, Parameter(help=say("cli.delta_out"))] = None,
    json: Json = False,
) -> int:
    """What changed between two national extracts, person by person."""
    from flows.delta import play_delta

    return play_delta(old, new, out, as_json=json)


@app.command(help=say("cli.decisions"))
def decisions(
    *files: Annotated[Path, Parameter(help=say("cli.returned_files"))],
    config: Config,
    as_of: Annotated[str | None, Parameter(name="--as-of", help=say("cli.decisions_as_of"))] = None,
    json: Json = False,
) -> int:
    """Returned reports: the updaters' decisions."""
    from flows.decisions import play_decisions

    return play_decisions(files, config, as_of=as_of, as_json=json)


@app.command(help=say("cli.explain"))
def explain(
    identifier: Annotated[str, Parameter(name="ID", help=say("cli.explain_id"))],
    *,
    config: Config,
    as_of: Day = None,
    json: Json = False,
) -> int:
    """One account, number or change: every source's view, the rules that fired, the change and its history."""
    from flows.explanation import play_explain

    return play_explain(identifier, config, as_of=as_of, as_json=json)


@app.command(help=say("cli.status"))
def status(*, config: Config, as_of: Day = None, json: Json = False) -> int:
    """Pending changes by updater with their age; who will lose access."""
    from flows.inspection import play_status

    return play_status(config, as_of=as_of, as_json=json)


@app.command(help=say("cli.history"))
def history(
    *,
    config: Config,
    as_of: Annotated[str | None, Parameter(name="--as-of", help=say("cli.history_as_of"))] = None,
    diff: Annotated[tuple[str, str] | None, Parameter(negative="", help=say("cli.diff"))] = None,
    json: Json = False,
) -> int:
    """The past runs; the annuaire and the change set as they stood on a day; two nights compared."""
    from flows.past import play_history

    return play_history(config, as_of=as_of, diff=diff, as_json=json)


@app.command(help=say("cli.mails"))
def mails(
    *,
    config: Config,
    arrived: Annotated[tuple[str, ...], Parameter(negative="", help=say("cli.mail_arrived"))] = (),
    lost: Annotated[tuple[str, ...], Parameter(negative="", help=say("cli.mail_lost"))] = (),
    json: Json = False,
) -> int:
    """The mails whose fate is unknown, and what a human says became of them."""
    from flows.settlement import play_mails

    return play_mails(config, arrived, lost, as_json=json)


@app.command(help=say("cli.remind"))
def remind(*, config: Config, as_of: Day = None, out: Out = None, json: Json = False) -> int:
    """What has waited for long, told again; no source is read."""
    from flows.reminding import play_remind

    return play_remind(config, as_of=as_of, out=out, as_json=json)


@app.command(help=say("dashboard.cli"))
def dashboard(
    *,
    config: Config,
    out: Annotated[Path | None, Parameter(help=say("dashboard.cli_out"))] = None,
    as_of: Annotated[str | None, Parameter(name="--as-of", help=say("dashboard.cli_as_of"))] = None,
    json: Json = False,
) -> int:
    """The administrator's page, for the country and for each region."""
    from flows.dashboard import play_dashboard

    return play_dashboard(config, out, as_of=as_of, as_json=json)


@app.command(help=say("cli.purge"))
def purge(
    *,
    config: Config,
    before: Annotated[str | None, Parameter(help=say("cli.before"))] = None,
    json: Json = False,
) -> int:
    """Forgets personal data older than that; the counts stay."""
    from flows.forgetting import play_purge

    return play_purge(config, before=before, as_json=json)


@app.command(help=say("doctor.cli"))
def doctor(
    *,
    config: Config,
    last_success: Annotated[str | None, Parameter(help=say("doctor.cli_last_success"))] = None,
    json: Json = False,
) -> int:
    """What is wrong with this installation; with `--last-success`, whether a night ended lately."""
    if last_success is not None:
        from flows.doctor.last_success import play_last_success

        return play_last_success(config, last_success, as_json=json)
    from flows.doctor.checkup import play_doctor

    return play_doctor(config, as_json=json)


@app.command(help=say("installation.cli"))
def init(
    folder: Annotated[Path, Parameter(name="DIR", help=say("installation.cli_folder"))], *, json: Json = False
) -> int:
    """A commented configuration to start from, with its folders."""
    from flows.installation import play_init

    return play_init(folder, as_json=json)


@app.command(help=say("cli.template"))
def template(
    file: Annotated[Path, Parameter(help=say("cli.template_file"))],
    *,
    region: Annotated[str | None, Parameter(help=say("cli.template_region"))] = None,
    json: Json = False,
) -> int:
    """The standard regional workbook, empty."""
    from flows.commands import play_template

    return play_template(file, region, as_json=json)


@annuaire_app.command(help=say("cli.annuaire_load"))
def load(
    export: Annotated[Path, Parameter(help=say("cli.export"))],
    *,
    url: Annotated[str, Parameter(help=say("cli.url"))],
    json: Json = False,
) -> int:
    """An export into a database with the tables of contract §4."""
    from flows.commands import play_load

    return play_load(export, url, as_json=json)


def main(tokens: Sequence[str] | None = None) -> None:
    """Entry point of the executable."""
    sys.exit(run(tokens))


def run(tokens: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code. Expected errors become French lines on stderr."""
    try:
        done = app(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        code, problems = EXIT_USAGE, [_usage(error)]
    except ConfigurationError as error:
        code, problems = EXIT_USAGE, error.problems
    except AnnuaireSyncError as error:
        code, problems = EXIT_UNEXPECTED, [str(error)]
    except KeyboardInterrupt:
        code, problems = EXIT_UNEXPECTED, [say("cli.interrupted")]
    else:
        return done if isinstance(done, int) else EXIT_DONE
    _complain(problems)
    if "--json" in (sys.argv[1:] if tokens is None else tokens):
        document = {"status": "error", "exit_code": code, "errors": problems}
        sys.stdout.write(dumps(document, ensure_ascii=False, indent=2) + "\n")
    return code


def _usage(error: CycloptsError) -> str:
    match error:
        case UnknownOptionError():
            return say("cli.unknown_option", found=error.token.value or error.token.keyword)
        case UnknownCommandError():
            return say("cli.unknown_command", found=" ".join(error.unused_tokens or []))
        case MissingArgumentError():
            name = error.argument.name if error.argument else ""
            return say("cli.missing_argument", found=name)
        case _:
            return say("cli.wrong_usage", found=str(error).splitlines()[0] if str(error) else "")


def _complain(lines: Sequence[str]) -> None:
    for line in lines:
        sys.stderr.write(f"efit-annuaire : {line}\n")
