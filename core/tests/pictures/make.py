"""Makes the small pictures beside it, which the tests of the photo pipeline read.

What the Rust encoders of the tests cannot write comes from here: `python make.py`, with
Pillow 12.0.0 and nothing else. See README.md for what each picture shows.
"""

import io
import pathlib
import struct
import zlib

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

HERE = pathlib.Path(__file__).parent
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def quadrants(width=96, height=64, colours=(RED, GREEN, BLUE, WHITE), mode="RGB"):
    """Four fields: top left, top right, bottom left, bottom right."""
    picture = Image.new(mode, (width, height))
    half = (width // 2, height // 2)
    for n, colour in enumerate(colours):
        picture.paste(colour, ((n % 2) * half[0], (n // 2) * half[1],
                               (n % 2 + 1) * half[0], (n // 2 + 1) * half[1]))
    return picture


def save(name, picture, **options):
    picture.save(HERE / name, **options)


def chunk(kind, body):
    checked = kind + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(name, width, height, depth, colour, rows, interlaced=False, extra=b""):
    """A PNG of rows as they stand in the file, for what Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    (HERE / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
        + chunk(b"IDAT", data) + chunk(b"IEND", b""))


ADAM7 = [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4),
         (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)]


def interlaced_rows(width, height, pixel):
    for x0, dx, y0, dy in ADAM7:
        if x0 < width:
            for y in range(y0, height, dy):
                yield b"".join(pixel(x, y) for x in range(x0, width, dx))


def jpegs():
    picture = quadrants()
    for name, sampling in [("444", 0), ("422", 1), ("420", 2)]:
        save(f"jpeg-{name}.jpg", picture, quality=90, subsampling=sampling)
        save(f"jpeg-{name}-progressive.jpg", picture, quality=90, subsampling=sampling,
             progressive=True)
    save("jpeg-restart.jpg", picture, quality=90, subsampling=2, restart_marker_blocks=2)
    save("jpeg-rgb.jpg", picture, quality=90, keep_rgb=True)
    grey = quadrants(colours=(0, 90, 170, 255), mode="L")
    save("jpeg-grey.jpg", grey, quality=90)
    save("jpeg-grey-progressive.jpg", grey, quality=90, progressive=True)
    inks = ((0, 255, 255, 0), (255, 0, 255, 0), (255, 255, 0, 0), (0, 0, 0, 0))
    cmyk = quadrants(colours=inks, mode="CMYK")
    save("jpeg-cmyk-adobe.jpg", cmyk, quality=90)
    # Without the Adobe segment the numbers are ink, not its absence: Pillow inverts on both
    # ways only if the segment is there, so the inverse is saved and the segment cut out.
    plain = io.BytesIO()
    quadrants(colours=[tuple(255 - v for v in ink) for ink in inks], mode="CMYK").save(
        plain, "JPEG", quality=90)
    data = plain.getvalue()
    at = data.index(b"\xff\xee")
    (HERE / "jpeg-cmyk-plain.jpg").write_bytes(
        data[:at] + data[at + 2 + struct.unpack(">H", data[at + 2:at + 4])[0]:])
    second = quadrants(colours=(BLUE, BLUE, RED, RED))
    save("mpo.jpg", picture, format="MPO", save_all=True, append_images=[second], quality=90)
    tall = quadrants(64, 96)
    exif = Image.Exif()
    exif[0x0112] = 1
    exif.get_ifd(0x8769)[0x9003] = "2025:03:09 14:05:59"
    exif.get_ifd(0x8769)[0x9011] = "+01:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (41.0, 13.0, 30.0), "E", (16.0, 17.0, 42.0)
    gps[0x1F] = IFDRational(9, 2)
    save("jpeg-exif.jpg", tall, quality=90, exif=exif)
    save("png-exif.png", tall, exif=exif)
    save("webp-exif.webp", tall, exif=exif, lossless=True)


def pngs():
    picture = quadrants()
    palette = picture.quantize(4)
    save("png-rgb.png", picture)
    for bits in (1, 2, 4, 8):
        save(f"png-palette-{bits}.png", picture.quantize(2 if bits == 1 else 4), bits=bits)
    half_red = quadrants(colours=[(255, 0, 0, 128), GREEN + (255,), BLUE + (255,), (0, 0, 0, 0)],
                         mode="RGBA")
    save("png-rgba.png", half_red)
    save("png-grey-alpha.png", quadrants(
        colours=[(0, 255), (90, 255), (170, 255), (0, 0)], mode="LA"))
    save("png-palette-transparent.png", palette, transparency=palette.getpixel((2, 2)))
    grey = quadrants(colours=(0, 90, 170, 255), mode="L")
    save("png-grey-8.png", grey)
    for bits in (1, 2, 4):
        per_byte, top = 8 // bits, (1 << bits) - 1
        rows = []
        for y in range(64):
            row = bytearray()
            for x in range(0, 96, per_byte):
                value = 0
                for n in range(per_byte):
                    value = value << bits | round(grey.getpixel((x + n, y)) / 255 * top)
                row.append(value)
            rows.append(bytes(row))
        png(f"png-grey-{bits}.png", 96, 64, bits, 0, rows)
    wide = lambda value: struct.pack(">H", value * 257)
    deep = lambda x, y: b"".join(wide(v) for v in picture.getpixel((x, y)))
    clear = lambda x, y: b"".join(wide(v) for v in half_red.getpixel((x, y)))
    flat = lambda x, y: bytes(picture.getpixel((x, y)))
    by_row = lambda pixel: [b"".join(pixel(x, y) for x in range(96)) for y in range(64)]
    png("png-rgb-16.png", 96, 64, 16, 2, by_row(deep))
    png("png-rgba-16.png", 96, 64, 16, 6, by_row(clear))
    png("png-grey-16.png", 96, 64, 16, 0, by_row(lambda x, y: wide(grey.getpixel((x, y)))))
    png("png-rgb-interlaced.png", 96, 64, 8, 2, interlaced_rows(96, 64, flat), True)
    png("png-rgba-16-interlaced.png", 96, 64, 16, 6, interlaced_rows(96, 64, clear), True)
    png("png-interlaced-tiny.png", 1, 1, 8, 2, interlaced_rows(1, 1, lambda x, y: bytes(RED)), True)
    save("apng.png", picture, save_all=True,
         append_images=[quadrants(colours=(BLUE, BLUE, RED, RED))], duration=100)


def patches():
    """Four fields whose pixels are spread each in another way, so that each wants codes of its own."""
    picture = Image.new("RGB", (192, 128))
    seed = 7
    for y in range(128):
        for x in range(192):
            seed = (seed * 1103515245 + 12345) % (1 << 31)
            noise = seed >> 16
            field = (x >= 96) + 2 * (y >= 64)
            colour = [(200 + noise % 55, noise % 4, 0), (0, 200 + noise % 55, noise % 8),
                      (noise % 16, 0, 200 + noise % 55), (255 - noise % 3,) * 3][field]
            picture.putpixel((x, y), colour)
    return picture


def webps():
    picture = quadrants()
    half_red = quadrants(colours=[(255, 0, 0, 128), GREEN + (255,), BLUE + (255,), (0, 0, 0, 0)],
                         mode="RGBA")
    save("webp-lossy.webp", picture, quality=90)
    save("webp-lossless.webp", picture, lossless=True)
    save("webp-lossless-groups.webp", patches(), lossless=True, quality=100, method=6)
    save("webp-lossy-alpha.webp", half_red, quality=90)
    save("webp-lossless-alpha.webp", half_red, lossless=True, exact=True)
    second = quadrants(colours=(BLUE, BLUE, RED, RED))
    save("webp-animated.webp", picture, save_all=True, append_images=[second], lossless=True)
    save("webp-animated-lossy.webp", picture, save_all=True, append_images=[second], quality=90)
    save("gif.gif", picture)
    save("avif.avif", picture, quality=60)


jpegs()
pngs()
webps()
