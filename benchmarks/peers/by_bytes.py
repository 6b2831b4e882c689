"""The join in plain Python: each line is split three times."""

import sys


def joined(path: str, numbers: set[bytes]) -> int:
    """How many rows of a national file are of one of ours."""
    with open(path, "rb") as file:  # noqa: PTH123  # as one would first write it
        return sum(line.split(b"|", 3)[2] in numbers for line in file if line.count(b"|") > 2)


def main(persons: str, cards: str, numbers: str) -> None:
    """Both files."""
    with open(numbers, "rb") as file:  # noqa: PTH123
        wanted = set(file.read().split()[1:])
    print(joined(persons, wanted), joined(cards, wanted))


if __name__ == "__main__":
    main(*sys.argv[1:])
