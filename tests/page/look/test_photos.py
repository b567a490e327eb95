import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from briefgen.brief.brief import Brief, Face, Source
from briefgen.page.look import Look
from briefgen.page.make import make_page
from briefgen.page.photos import SIDE, Photo, photo_name, prepare_photo
from briefgen.workspace.language import language_of
from briefgen.workspace.problems import Problem

HERE = Source(file="data/contacts/dana-smith.yaml", line=12)


def save(look: Look, picture: Image.Image, name: str = "dana.png", **options: object) -> str:
    """Put a picture into the contacts folder; the path as a contact file writes it."""
    picture.save(look.contacts / "photos" / name, **options)
    return f"photos/{name}"


def shown(photo: Photo | Problem) -> Image.Image:
    """The prepared photo as a picture."""
    assert isinstance(photo, Photo), photo
    return Image.open(BytesIO(photo.data))


def problem(photo: Photo | Problem) -> Problem:
    """The problem, which is where the contact file names the photo."""
    assert isinstance(photo, Problem)
    assert (photo.file, photo.line, photo.field) == (HERE.file, HERE.line, "photo")
    return photo


def test_a_photo_is_square_and_of_one_size(look: Look) -> None:
    """Whatever its proportions, a prepared photo has the one size."""
    for size in ((900, 1600), (1600, 900), (40, 40), (1, 500)):
        path = save(look, Image.new("RGB", size, "navy"))
        assert shown(prepare_photo(path, look=look)).size == (SIDE, SIDE)


def test_the_upper_third_stays(look: Look) -> None:
    """A tall portrait is cut around the middle of its upper third, where a face most likely is."""
    picture = Image.new("RGB", (300, 900), "black")
    picture.paste("red", (0, 200, 300, 400))
    middle = shown(prepare_photo(save(look, picture), look=look)).getpixel((SIDE // 2, SIDE // 2))
    assert middle[0] > 200


def test_exif_turns_the_photo(look: Look) -> None:
    """A photo taken with the camera on its side is turned upright, and its metadata is dropped."""
    picture = Image.new("RGB", (400, 400), "white")
    picture.paste("red", (0, 0, 400, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # the top is on the right-hand side
    exif[0x010F] = "Camera of Dana Smith"
    path = save(look, picture, "dana.jpg", exif=exif, quality=95)
    upright = shown(prepare_photo(path, look=look))
    assert upright.getpixel((SIDE - 10, SIDE // 2))[1] < 60
    assert upright.getpixel((10, SIDE // 2))[1] > 200
    assert not upright.getexif()


def test_grey_where_there_is_no_colour(look: Look) -> None:
    """With `color: false` photos are grey, and kept apart from the coloured ones."""
    path = save(look, Image.new("RGB", (300, 300), "red"))
    colour, grey = (prepare_photo(path, look=look.replace(color=c)) for c in (True, False))
    assert (shown(colour).mode, shown(grey).mode) == ("RGB", "L")
    assert isinstance(colour, Photo)
    assert isinstance(grey, Photo)
    assert colour.name != grey.name


def test_transparency_becomes_paper(look: Look) -> None:
    """What is transparent is white on the page, not black."""
    path = save(look, Image.new("RGBA", (300, 300), (0, 0, 0, 0)))
    assert shown(prepare_photo(path, look=look)).getpixel((5, 5)) == (255, 255, 255)


def test_a_photo_is_made_once(look: Look) -> None:
    """The second time, the kept file serves; another content is another file."""
    path = save(look, Image.new("RGB", (300, 300), "red"))
    first = prepare_photo(path, look=look)
    (kept,) = look.cache.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    stamp = kept.stat().st_mtime_ns
    assert prepare_photo(path, look=look) == first
    assert kept.stat().st_mtime_ns == stamp
    save(look, Image.new("RGB", (300, 300), "blue"))
    assert prepare_photo(path, look=look) != first


def test_the_name_tells_changes(look: Look) -> None:
    """The name of a photo is known without unpacking it, and empty if there is none."""
    path = save(look, Image.new("RGB", (300, 300), "red"))
    photo = prepare_photo(path, look=look)
    assert isinstance(photo, Photo)
    assert photo_name(path, look=look) == photo.name
    assert photo_name("photos/none.jpg", look=look) == ""


def test_a_read_only_cache_costs_nothing_but_time(look: Look) -> None:
    """A cache that cannot be written does not keep the photo from the page."""
    look.cache.parent.mkdir()
    look.cache.write_text("not a folder")
    assert isinstance(
        prepare_photo(save(look, Image.new("RGB", (9, 9))), look=look, source=HERE), Photo
    )


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "../../secret.png",
        "photos/../../x.png",
        "",
        "a\0b",
        "\ud800.png",
        "file:///etc/passwd",
    ],
)
def test_a_path_out_of_the_folder_is_a_problem(look: Look, path: str) -> None:
    """Only what lies inside data/contacts/ is opened."""
    (look.contacts.parent.parent / "secret.png").write_bytes(b"secret")
    said = problem(prepare_photo(path, look=look, source=HERE)).message
    assert any(mend in said for mend in ("put the photo there", "does not exist", "rename"))


def test_links_are_not_followed(look: Look, tmp_path: Path) -> None:
    """Neither a link to a file nor a folder that is a link leads out of the contacts folder."""
    outside = tmp_path / "outside"
    outside.mkdir()
    Image.new("RGB", (9, 9)).save(outside / "dana.png")
    (look.contacts / "dana.png").symlink_to(outside / "dana.png")
    (look.contacts / "folder").symlink_to(outside)
    for path in ("dana.png", "folder/dana.png"):
        assert "cannot be opened" in problem(prepare_photo(path, look=look, source=HERE)).message


def test_what_is_no_file_does_not_hang(look: Look) -> None:
    """A FIFO, a device or a folder is shown at once."""
    os.mkfifo(look.contacts / "photos" / "pipe.jpg")
    for path in ("photos/pipe.jpg", "photos"):
        assert "is not a file" in problem(prepare_photo(path, look=look, source=HERE)).message


def test_a_huge_sparse_file_is_not_read(look: Look) -> None:
    """4 GB of nothing is a problem, not 4 GB of memory."""
    with (look.contacts / "big.jpg").open("wb") as stream:
        stream.truncate(4 * 1024**3)
    assert "10 MB" in problem(prepare_photo("big.jpg", look=look, source=HERE)).message


def test_a_decompression_bomb_is_refused_by_its_header(look: Look) -> None:
    """A small file that says it has 13,300² pixels, or 60,000², is not unpacked."""
    for side in (13_300, 60_000):
        (look.contacts / "bomb.png").write_bytes(png_header(side))
        said = problem(prepare_photo("bomb.png", look=look, source=HERE)).message
        assert "25 megapixels" in said


def png_header(side: int) -> bytes:
    """A PNG that promises `side`² pixels and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_a_truncated_photo_is_a_problem(look: Look) -> None:
    """A file cut in half is shown, and no half face is printed."""
    for name in ("dana.jpg", "dana.png", "dana.webp"):
        path = look.contacts / save(look, Image.effect_noise((400, 400), 90).convert("RGB"), name)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        said = problem(prepare_photo(f"photos/{name}", look=look, source=HERE)).message
        assert "damaged" in said or "not a picture" in said


def test_a_jpeg_of_a_thousand_scans_is_refused(look: Look) -> None:
    """A progressive JPEG that would be decoded for minutes is not begun."""
    path = look.contacts / save(look, Image.new("RGB", (400, 400)), "dana.jpg", progressive=True)
    path.write_bytes(path.read_bytes() + b"\xff\xda" * 1000)
    said = problem(prepare_photo("photos/dana.jpg", look=look, source=HERE)).message
    assert "hostile" in said


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"%PDF-1.7\n",
        b"MZ",
        b"",
    ],
)
def test_only_raster_pictures_are_read(look: Look, content: bytes) -> None:
    """SVG, EPS, PDF and what is no picture at all are shown with the kinds that are."""
    (look.contacts / "dana.jpg").write_bytes(content)
    said = problem(prepare_photo("dana.jpg", look=look, source=HERE)).message
    assert "JPEG, PNG, WebP or GIF" in said


def test_a_wrong_ending_does_not_matter(look: Look) -> None:
    """A PNG that calls itself .jpg is a picture all the same."""
    Image.new("RGB", (50, 50), "red").save(look.contacts / "dana.jpg", format="PNG")
    assert shown(prepare_photo("dana.jpg", look=look)).size == (SIDE, SIDE)


def test_heic_is_read_where_the_extra_is_installed(look: Look) -> None:
    """A picture as phones take it is read."""
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    path = save(look, Image.new("RGB", (64, 64), "red"), "dana.heic")
    assert shown(prepare_photo(path, look=look)).size == (SIDE, SIDE)


def test_a_broken_photo_is_told_where_the_contact_names_it(
    look: Look, new_brief: Callable[..., Brief]
) -> None:
    """The page is made without it, and the problem has the file and line of the contact."""
    (look.contacts / "dana.jpg").write_bytes(b"\xff\xd8\xff cut short")
    face = Face(key="dana", name="Dana Smith", photo="dana.jpg", photo_line=12, source=HERE)
    page = make_page(new_brief(faces=(face.replace(source=HERE.replace(line=1)),)), look)
    problem(page.problems[0])
    assert not page.plain


def test_what_is_wrong_with_a_photo_is_told_in_the_language_of_the_user(look: Look) -> None:
    """The name of the file and what is wrong with it are one sentence in each language."""
    found = problem(prepare_photo("photos/none.jpg", look=look, source=HERE))
    assert found.message.startswith("'photos/none.jpg' does not exist")
    assert language_of("de").said(found.message).startswith("„photos/none.jpg“ ist nicht da")
