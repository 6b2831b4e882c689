"""Small PNGs: cropped to what is drawn, few colours."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

WHITE = (255, 255, 255)
COLOURS = 256  # flat fills and grey edges of letters: more is not seen
AIR = 24  # pixels left around what is drawn


def save(picture: Image.Image | bytes, path: Path) -> None:
    """Write the picture with a palette of its own, in a folder that is made when it is not there."""
    drawn = Image.open(BytesIO(picture)) if isinstance(picture, bytes) else picture
    path.parent.mkdir(parents=True, exist_ok=True)
    # by coverage: a few red letters keep their red beside large fills
    few = drawn.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def cropped(page: Image.Image) -> Image.Image:
    """The page without the white around what is drawn on it."""
    box = ImageChops.difference(page, Image.new("RGB", page.size, WHITE)).getbbox()
    if box is None:
        return page
    left, top, right, bottom = box
    return page.crop(
        (max(left - AIR, 0), max(top - AIR, 0), min(right + AIR, page.width), min(bottom + AIR, page.height))
    )
