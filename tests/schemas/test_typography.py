"""How French is set: its signs hold to their words, its counts agree."""

from schemas.typography import NBSP, say_count, typeset


def test_french_typography_holds_its_signs_to_their_words() -> None:
    assert typeset("Rappel : « oui » ; 24 h/24 ? https://a.fr:80") == (
        f"Rappel{NBSP}: «{NBSP}oui{NBSP}»{NBSP}; 24{NBSP}h/24{NBSP}? https://a.fr:80"
    )
    assert [say_count("count.access", count) for count in (0, 1, 2)] == [
        "0 accès menacé",
        "1 accès menacé",
        "2 accès menacés",
    ]
