"""Makes a rendered picture look taken: photo.py NAME IN.png OUT.jpg.

What a phone adds: lens falloff and colour fringes, a tone curve, sharpening, a drift of the white balance, noise that is
stronger in the dark, JPEG; and in some files the notes that phones leave (EXIF), with the pixels lying on their side.
"""
import io
import sys
import zlib

import numpy as np
import piexif
from PIL import Image, ImageFilter

LONG_SIDE = 1080
LARGEST = 43_000  # bytes; the quality goes down until a picture fits

# The day and time on the phone's clock, and for three pictures a point in the province of Barletta-Andria-Trani.
TAKEN = {
    "dormitory-bunk-beds": ("2026:03:17 10:42:08", (41.3193, 16.2817)), "fire-exit-blocked": ("2026:03:17 11:05:51", (41.2266, 16.2952)),
    "courtyard-drying-lines": ("2026:05:06 09:31:27", (41.2737, 16.4163)), "shower-cubicle": ("2026:03:17 10:58:13", None),
    "extinguisher-on-wall": ("2026:05:06 09:47:02", None), "refrigerator-thermometer": ("2026:05:06 10:12:40", None), }
SIDEWAYS = {"shower-cubicle", "extinguisher-on-wall"}  # stored lying, orientation 6 turns them upright

def soft_noise(rng, shape, blur):
    grain = Image.fromarray(rng.normal(128, 40, shape).clip(0, 255).astype("uint8"))
    return np.asarray(grain.filter(ImageFilter.GaussianBlur(blur)), dtype=float) - 128

def develop(image, rng):
    w, h = image.size
    factor = LONG_SIDE / max(w, h)
    image = image.resize((round(w * factor), round(h * factor)), Image.LANCZOS)
    w, h = image.size
    red, green, blue = image.split()
    fringe = 1 + rng.uniform(0.0008, 0.0016)  # the lens draws red a little larger than green

    def stretched(channel, k):
        inset = (w * (1 - 1 / k) / 2, h * (1 - 1 / k) / 2)
        return channel.transform((w, h), Image.EXTENT, (inset[0], inset[1], w - inset[0], h - inset[1]), Image.BICUBIC)
    image = Image.merge("RGB", (stretched(red, fringe ** 2), stretched(green, fringe), blue))
    image = image.filter(ImageFilter.UnsharpMask(1.8, 35, 2))
    a = np.asarray(image, dtype=float) / 255
    y, x = np.mgrid[-1:1:h * 1j, -1:1:w * 1j]
    centre = rng.uniform(-0.06, 0.06, 2)
    a *= (1 - 0.17 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 1.2 / 2)[..., None]
    a *= np.array([1 + rng.uniform(-0.025, 0.035), 1, 1 + rng.uniform(-0.055, 0.02)])
    a = (a * np.clip(0.52 / np.median(a), 0.95, 1.35)).clip(0, 1)  # the phone's own exposure
    a = a + 0.16 * (a - 0.5) * 4 * a * (1 - a)  # more contrast in the middle
    luma = a.mean(axis=2, keepdims=True)
    a = luma + (a - luma) * 0.92
    strength = 0.9 - 0.5 * luma[..., 0]
    a += (soft_noise(rng, (h, w), 0.7) / 255 * 0.05 * strength)[..., None]
    for channel in range(3):
        a[..., channel] += soft_noise(rng, (h, w), 2.0) / 255 * 0.18 * strength
    a = 0.012 + 0.985 * a
    return Image.fromarray((a.clip(0, 1) * 255).astype("uint8"))

def degrees(value):
    seconds = round(value * 3600 * 100)
    return ((seconds // 360_000, 1), (seconds // 6_000 % 60, 1), (seconds % 6_000, 100))

def notes(name, size):
    """EXIF as a phone writes it, or nothing for the pictures without."""
    if name not in TAKEN:
        return b""
    at, place = TAKEN[name]
    first = {piexif.ImageIFD.Make: "Sample", piexif.ImageIFD.Model: "Phone", piexif.ImageIFD.DateTime: at,
             piexif.ImageIFD.Orientation: 6 if name in SIDEWAYS else 1}
    shot = {piexif.ExifIFD.DateTimeOriginal: at, piexif.ExifIFD.DateTimeDigitized: at,
            piexif.ExifIFD.PixelXDimension: size[0], piexif.ExifIFD.PixelYDimension: size[1],
            piexif.ExifIFD.FocalLengthIn35mmFilm: 26, piexif.ExifIFD.ISOSpeedRatings: 250}
    gps = {}
    if place:
        gps = {piexif.GPSIFD.GPSLatitudeRef: "N", piexif.GPSIFD.GPSLatitude: degrees(place[0]),
               piexif.GPSIFD.GPSLongitudeRef: "E", piexif.GPSIFD.GPSLongitude: degrees(place[1])}
    return piexif.dump({"0th": first, "Exif": shot, "GPS": gps})

def main(name, source, target):
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    image = develop(Image.open(source).convert("RGB"), rng)
    if name in SIDEWAYS:
        image = image.transpose(Image.ROTATE_90)
    exif = notes(name, image.size)
    for quality in range(78, 44, -2):
        held = io.BytesIO()
        image.save(held, "JPEG", quality=quality, subsampling="4:2:0", optimize=True, exif=exif)
        if held.tell() <= LARGEST:
            break
    with open(target, "wb") as out:
        out.write(held.getvalue())
    print(f"{name}: {image.size[0]}x{image.size[1]}, quality {quality}, {held.tell()} bytes")

if __name__ == "__main__":
    main(*sys.argv[1:])
