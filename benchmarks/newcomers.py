"""The same extracts and fifty accounts more, beside a night where nothing changed: whoever is new is looked up."""

import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

from benchmarks.measure import ROOT, Cost, cost_of
from benchmarks.run import Run, night

NEW = 50
UNCHANGED, MORE = "night nothing changed", f"night with {NEW} accounts more, the same extracts"


def bench(run: Run) -> str:
    """Markdown. Every measured night begins where the same first night left the store."""
    costs = costs_of(run)
    ratio = costs[MORE].seconds / costs[UNCHANGED].seconds
    lines = ["### Fifty new accounts", "", "| | processor seconds | peak MB |", "|---|---|---|"]
    lines += [f"| {name} | {cost.seconds:.2f} | {cost.megabytes:.0f} |" for name, cost in costs.items()]
    return "\n".join([*lines, "", f"{MORE} : {UNCHANGED} = {ratio:.2f}."])


def costs_of(run: Run) -> dict[str, Cost]:
    """The medians of both nights, which take turns."""
    country = _copy(run)
    configuration, export = country / "annuaire.toml", country / "efit" / "export.xlsx"
    exports = {UNCHANGED: export.with_suffix(".few"), MORE: export.with_suffix(".more")}
    shutil.copy(export, exports[UNCHANGED])
    subprocess.run([sys.executable, "-m", "benchmarks.newcomers", str(country)], cwd=ROOT, check=True)
    cost_of(night(configuration, fresh=True))
    shutil.copytree(country / "var", country / "before")
    costs: dict[str, list[Cost]] = {name: [] for name in exports}
    for turn in range(run.times):
        for name, file in exports.items():
            print(f"  {name} ({turn + 1}/{run.times})", file=sys.stderr)
            shutil.rmtree(country / "var")
            shutil.copytree(country / "before", country / "var")
            shutil.copy(file, export)
            costs[name].append(cost_of(night(configuration, fresh=False)))
    return {
        name: Cost(median(one.seconds for one in all_), median(one.megabytes for one in all_))
        for name, all_ in costs.items()
    }


def _copy(run: Run) -> Path:
    """The country once more, its extracts linked: the files that change are not those of the other parts."""
    country, copy = run.country(), run.folder / "newcomers"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(country, copy, ignore=shutil.ignore_patterns("var", "out", "rpps", "same-work"))
    (copy / "rpps").mkdir()
    for extract in (country / "rpps").iterdir():
        (copy / "rpps" / extract.name).hardlink_to(extract)
    return copy


def write_more(country: Path) -> None:
    """`export.more`: the accounts, and some more of people whom nobody was looking for."""
    from openpyxl import load_workbook

    from benchmarks.country import NUMBERS
    from benchmarks.national import SEED, people

    known = set((country / NUMBERS).read_text().split())
    strangers = [one for one in people(SEED, 9000)[3::40] if "8" + one[0] not in known][:NEW]
    book = load_workbook(country / "efit" / "export.xlsx")
    sheet = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)][7::90][:NEW]
    for turn, ((number, last, first), row) in enumerate(zip(strangers, rows, strict=True)):
        row[0] = f"EF9{turn:06d}"
        row[2], row[3], row[5] = last, first, "8" + number
        sheet.append(row)
    book.save(country / "efit" / "export.more.xlsx")
    (country / "efit" / "export.more.xlsx").rename(country / "efit" / "export.more")


if __name__ == "__main__":
    write_more(Path(sys.argv[1]))
