"""Processor time for a photo: vigila beside sharp and vipsthumbnail, interleaved in one run.

Needs: pip install pillow==12.0.0 numpy==2.4.6; npm install --ignore-scripts sharp@0.35.5 (in the
folder given as --node); Debian's libvips-tools; Debian's lomiri-wallpapers-20.04 and -16.04, which
are fetched and unpacked into the work folder, not installed. Their photographs (of the packages' own authors and
licences, see their copyright files) are scaled to the sizes of phones and get a sensor's grain.
Nothing of them is kept in the repository.

    python benches/photos/compare.py --work FOLDER --node FOLDER [--ours PROGRAM] [--rounds 5]
"""

import argparse
import io
import pathlib
import re
import resource
import shutil
import statistics
import subprocess

import numpy
from PIL import Image

HERE = pathlib.Path(__file__).parent
PACKAGES = ["lomiri-wallpapers-20.04", "lomiri-wallpapers-16.04"]
PHONE, LARGE = (4000, 3000), (8000, 6000)
# Name, source, size, grain (standard deviation), most bytes, chroma (Pillow's word), progressive.
PICTURES = [
    ("a 12 MP", "Kleiber_by_Lukas_Baubkus.jpg", PHONE, 4, 4_300_000, 2, False),
    ("b 12 MP", "Infinite-Sea_by_Aury88.jpg", PHONE, 6, 5_800_000, 2, False),
    ("c 12 MP", "picosdeeuropa_by_Aitzol_Berasategi.jpg", PHONE, 3, 3_200_000, 2, False),
    ("a, progressive", "Kleiber_by_Lukas_Baubkus.jpg", PHONE, 4, 4_300_000, 2, True),
    ("d 48 MP", "Dragonfly_by_Bolly.jpg", LARGE, 4, 12_500_000, 2, False),
]


def sources(work):
    unpacked = work / "unpacked"
    if not unpacked.exists():
        subprocess.run(["apt-get", "download", *PACKAGES], cwd=work, check=True)
        for deb in work.glob("*.deb"):
            subprocess.run(["dpkg", "-x", deb, unpacked], check=True)
    return unpacked / "usr/share/backgrounds"


def make(source, target, size, grain, most, chroma, progressive):
    picture = Image.open(source).convert("RGB")
    width, height = picture.size
    across = min(width, height * size[0] // size[1])
    down = min(height, width * size[1] // size[0])
    left, top = (width - across) // 2, (height - down) // 2
    picture = picture.crop((left, top, left + across, top + down)).resize(size, Image.LANCZOS)
    chance = numpy.random.default_rng(7)
    shape = (size[1], size[0])
    noise = chance.normal(0, grain, (*shape, 1)) + chance.normal(0, grain / 2, (*shape, 3))
    pixels = numpy.clip(numpy.asarray(picture) + noise + 0.5, 0, 255).astype(numpy.uint8)
    for quality in range(95, 60, -2):
        out = io.BytesIO()
        Image.fromarray(pixels).save(
            out, "JPEG", quality=quality, subsampling=chroma, progressive=progressive
        )
        if out.tell() <= most:
            break
    target.write_bytes(out.getvalue())


def lines(command, **options):
    text = subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout
    peak = re.search(r"^peak\s+(\d+)", text, re.M)
    times = [float(line.split()[-1]) for line in text.splitlines() if not line.startswith("peak")]
    return min(times), int(peak.group(1)) / 1024


def vips(file, work):
    """Both sizes, in two processes, the second from the first; start-up included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    display, small = work / "display.jpg", work / "small.jpg"
    for source, target, side in [(file, display, 1600), (display, small, 320)]:
        command = ["vipsthumbnail", source, "--size", f"{side}x{side}>", "-o", f"{target}[Q=80]"]
        subprocess.run(command, check=True, env={"VIPS_CONCURRENCY": "1", "PATH": "/usr/bin"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--node", type=pathlib.Path, required=True)
    parser.add_argument("--ours")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    ours = [options.ours] if options.ours else [
        "cargo", "bench", "--quiet", "--locked", "-p", "vigila-core", "--bench", "photos", "--"
    ]
    script = shutil.copy(HERE / "sharp.js", options.node.resolve() / "vigila-bench.js")
    print("| photo | MB | vigila ms | peak MB | sharp ms | peak MB | vipsthumbnail ms | to sharp |")
    print("|---|---|---|---|---|---|---|---|")
    for name, source, *how in PICTURES:
        file = work / (re.sub(r"\W+", "-", name) + ".jpg")
        if not file.exists():
            make(sources(work) / source, file, *how)
        times = {"ours": [], "sharp": [], "vips": []}
        for _ in range(options.rounds):
            spent, our_peak = lines([*ours, "3", str(file)])
            times["ours"].append(spent)
            spent, sharp_peak = lines(["node", script, "3", str(file)], cwd=options.node)
            times["sharp"].append(spent)
            times["vips"].append(vips(file, work))
        ratio = statistics.median(a / b for a, b in zip(times["ours"], times["sharp"]))
        ms = {key: f"{statistics.median(values):.0f}" for key, values in times.items()}
        size = file.stat().st_size / 1e6
        print(
            f"| {name} | {size:.1f} | {ms['ours']} | {our_peak:.0f} | {ms['sharp']} |"
            f" {sharp_peak:.0f} | {ms['vips']} | {ratio:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
