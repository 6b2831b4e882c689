"""The matching in Splink: `python by_splink.py LINES ACCOUNTS ANSWERS`, CSV files; the likeliest account of each line.

Numbers come checked: those that the register does not bear out are empty. The model is trained on the two files
themselves, without labels, as its documentation has it.
"""

import logging
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BEST = """
    COPY (
        SELECT unique_id_r AS line, arg_max(unique_id_l, match_weight) AS account, max(match_probability) AS probability
        FROM {found} GROUP BY unique_id_r ORDER BY line
    ) TO '{answers}' (HEADER)
"""


def settings() -> SettingsCreator:
    """What is compared, and who is compared at all."""
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.ForenameSurnameComparison("first", "last"),
            cl.ExactMatch("number"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("structure").configure(term_frequency_adjustments=False),
            cl.ExactMatch("profession"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"),
            block_on("email"),
            block_on("structure", "last"),
            block_on("structure", "first"),
            block_on("structure", "substr(last, 1, 3)"),
            block_on("last", "first"),
        ],
        probability_two_random_records_match=1 / 6000,
    )


def main(lines: str, accounts: str, answers: str) -> None:
    """Train, predict, and keep the best."""
    logging.disable(logging.WARNING)
    base = duckdb.connect()
    for name, path in (("accounts", accounts), ("lines", lines)):
        base.execute(
            f"CREATE TABLE {name} AS SELECT * FROM read_csv('{path}', all_varchar=true, header=true, nullstr='')"
        )
    api = DuckDBAPI(connection=base)
    linker = Linker([api.register("accounts"), api.register("lines")], settings())
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("number"), block_on("last", "first"), block_on("email")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.01)
    base.execute(BEST.format(found=found.physical_name, answers=answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
