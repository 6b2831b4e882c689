"""Whether too many are gone: a share of what there was, and a few at least (contract §6a)."""

FEW = 2  # people: one who is gone is no landslide, however few there were
_ROUNDING = 1e-9  # 0.95 × 60 is not quite 57


def fewer(now: int, before: int, share: float, few: int = FEW) -> bool:
    """More than the share of what there was is gone, and at least a few; a 0, or a share of all: any at all."""
    if not few or share >= 1:
        return now < before
    return before - now >= few and now < share * before - _ROUNDING
