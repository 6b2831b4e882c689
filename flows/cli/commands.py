"""The commands, a function each: what may be typed after its name, and the job that is called."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

from flows.cli.command_line import Config, Day, Json, Out, annuaire_app, app
from flows.run.without_gc import uncollected
from flows.terminal.help_words import argument, option, told

__all__ = ["app"]


@app.command(**told("demo"))
def demo(*, out: Out = None, json: Json = False) -> Callable[[], int]:
    """Play the main job on `sample_data/`, with nothing to configure."""
    from flows.jobs.demo import demo_night
    from flows.jobs.sync import play

    return partial(play, demo_night(out or Path("out/demo")), as_json=json)


@app.command(**told("sync"))
def sync(
    *,
    config: Config,
    as_of: Day = None,
    out: Out = None,
    dry_run: Annotated[bool, option("dry-run")] = False,
    region: Annotated[tuple[str, ...], option("region", value="code")] = (),
    release: Annotated[str | None, option("release", value="run")] = None,
    jobs: Annotated[int | None, option("jobs", value="count")] = None,
    json: Json = False,
) -> Callable[[], int]:
    """Play the nightly job."""
    with uncollected():  # modules are no garbage
        from flows.jobs.sync import SyncWords, play, sync_night

    asked = sync_night(config, SyncWords(as_of, out, dry_run, region, release, jobs))
    return partial(play, asked, jobs, as_json=json)


@app.command(**told("validate"))
def validate(
    *files: Annotated[Path, argument("file", "files")],
    config: Annotated[Path | None, option("config", value="file")] = None,
    out: Annotated[Path | None, option("out", "validate_out", "file")] = None,
    json: Json = False,
) -> int:
    """Judge one extract or workbook alone: what would be rejected or repaired, and why."""
    from flows.jobs.validate import play_validate

    return play_validate(files, config, out, as_json=json)


@app.command(**told("delta"))
def delta(
    old: Annotated[Path, argument("old", "delta_old")],
    new: Annotated[Path, argument("new", "delta_new")],
    /,
    *,
    config: Annotated[Path | None, option("config", "delta_config", "file")] = None,
    out: Annotated[Path | None, option("out", "delta_out", "file")] = None,
    json: Json = False,
) -> int:
    """Show what changed between two national extracts, person by person."""
    from flows.jobs.delta import play_delta

    return play_delta(old, new, out, config, as_json=json)


@app.command(**told("fetch"))
def fetch(
    *names: Annotated[str, argument("name", "fetch_names")],
    config: Config,
    json: Json = False,
) -> int:
    """Bring in now what `[[fetch]]` names; the night does the same first."""
    from flows.jobs.fetch import play_fetch

    return play_fetch(config, names, as_json=json)


@app.command(**told("decisions"))
def decisions(
    *files: Annotated[Path, argument("file", "returned_files")],
    config: Config,
    as_of: Annotated[str | None, option("as-of", "decisions_as_of", "day")] = None,
    json: Json = False,
) -> int:
    """Take returned reports: the updaters' decisions."""
    from flows.returns.decisions import play_decisions

    return play_decisions(files, config, as_of=as_of, as_json=json)


@app.command(**told("explain"))
def explain(
    identifier: Annotated[str, argument("id", "explain_id")],
    /,
    *,
    config: Config,
    as_of: Day = None,
    forget: Annotated[bool, option("forget", "explain_forget")] = False,
    live: Annotated[bool, option("live")] = False,
    json: Json = False,
) -> int:
    """Show one account, number, change or word: every source's view, the rules that fired, the change and its
    history.
    """
    from flows.jobs.explain import play_explain, play_forget

    if forget:
        return play_forget(identifier, config, as_json=json)
    return play_explain(identifier, config, as_of, as_json=json, live=live)


@app.command(**told("status"))
def status(*, config: Config, as_of: Day = None, json: Json = False) -> int:
    """Show pending changes by updater with their age; who will lose access."""
    from flows.jobs.status import play_status

    return play_status(config, as_of=as_of, as_json=json)


@app.command(**told("history"))
def history(
    *,
    config: Config,
    as_of: Annotated[str | None, option("as-of", "history_as_of", "day")] = None,
    diff: Annotated[tuple[str, str] | None, option("diff", value="nights")] = None,
    json: Json = False,
) -> int:
    """Show the past runs; the annuaire and the change set as they stood on a day; two nights compared."""
    from flows.jobs.history import play_history

    return play_history(config, as_of=as_of, diff=diff, as_json=json)


@app.command(**told("mails"))
def mails(
    *,
    config: Config,
    arrived: Annotated[tuple[str, ...], option("arrived", "mail_arrived", "id")] = (),
    lost: Annotated[tuple[str, ...], option("lost", "mail_lost", "id")] = (),
    json: Json = False,
) -> int:
    """Show the mails whose fate is unknown, and what a human says became of them."""
    from flows.jobs.mails import play_mails

    return play_mails(config, arrived, lost, as_json=json)


@app.command(**told("undo"))
def undo(
    *ids: Annotated[str, argument("change_ids", "undo_ids")],
    config: Config,
    json: Json = False,
) -> int:
    """Take back an answer of who is who."""
    from flows.jobs.undo import play_undo

    return play_undo(config, ids, as_json=json)


@app.command(**told("remind"))
def remind(*, config: Config, as_of: Day = None, out: Out = None, json: Json = False) -> int:
    """Tell again what has waited for long; no source is read."""
    from flows.jobs.remind import play_remind

    return play_remind(config, as_of=as_of, out=out, as_json=json)


@app.command(**told("dashboard"))
def dashboard(
    *,
    config: Config,
    out: Annotated[Path | None, option("out", "dashboard_out", "folder")] = None,
    as_of: Annotated[str | None, option("as-of", "dashboard_as_of", "day")] = None,
    json: Json = False,
) -> int:
    """Draw the administrator's page, for the country and for each region."""
    from flows.jobs.dashboard import play_dashboard

    return play_dashboard(config, out, as_of=as_of, as_json=json)


@app.command(**told("purge"))
def purge(
    *,
    config: Config,
    before: Annotated[str | None, option("before", value="day")] = None,
    json: Json = False,
) -> int:
    """Forget personal data older than that; the counts stay."""
    from flows.jobs.purge import play_purge

    return play_purge(config, before=before, as_json=json)


@app.command(**told("doctor"))
def doctor(
    *,
    config: Config,
    last_success: Annotated[str | None, option("last-success", value="span")] = None,
    rehearse: Annotated[str | None, option("rehearse", value="address")] = None,
    json: Json = False,
) -> int:
    """Tell what is wrong with this installation; whether a night ended lately; a mail for each post, all to one
    address.
    """
    if last_success is not None:
        from flows.doctor.last_success import play_last_success

        return play_last_success(config, last_success, as_json=json)
    if rehearse is not None:
        from flows.doctor.rehearsal import play_rehearsal

        return play_rehearsal(config, rehearse, as_json=json)
    from flows.doctor.checkup import play_doctor

    return play_doctor(config, as_json=json)


@app.command(**told("init"))
def init(
    folder: Annotated[Path, argument("folder", "init_folder")],
    /,
    *,
    export: Annotated[Path | None, option("export", "init_export", "file")] = None,
    json: Json = False,
) -> int:
    """Write a commented configuration to start from, with its folders."""
    from flows.installing.init import play_init

    return play_init(folder, export, as_json=json)


@app.command(**told("passwords"))
def passwords(
    *,
    config: Config,
    out: Annotated[Path | None, option("out", "passwords_out", "folder")] = None,
    json: Json = False,
) -> int:
    """Draw a password for each post that has none, and the slips to hand them over."""
    from flows.installing.passwords import play_passwords

    return play_passwords(config, out, as_json=json)


@app.command(**told("template"))
def template(
    file: Annotated[Path, argument("file", "template_file")],
    /,
    *,
    region: Annotated[str | None, option("region", "template_region", "code")] = None,
    config: Annotated[Path | None, option("config", "template_config", "file")] = None,
    json: Json = False,
) -> int:
    """Write the standard regional workbook, empty."""
    from flows.installing.template import play_template

    return play_template(file, region, config, as_json=json)


@annuaire_app.command(**told("load"))
def load(
    export: Annotated[Path, argument("export", "export")],
    /,
    *,
    url: Annotated[str, option("url", value="url")],
    json: Json = False,
) -> int:
    """Load an export into a database with the tables of contract §4."""
    from flows.installing.load import play_load

    return play_load(export, url, as_json=json)


@app.command(**told("completion"))
def completion(shell: Annotated[str, argument("shell", "shell")], /) -> int:
    """Print the script that makes a shell complete our commands and options."""
    from flows.cli.completion import print_completion

    return print_completion(app, shell)
