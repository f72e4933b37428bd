"""Flat pictures that scenes hang up: signs, sheets of paper, drawings. Writing is bars, so that nothing can be read."""
import os
import random
import tempfile

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FOLDER = tempfile.mkdtemp()
INK = (60, 60, 64)

def save(image, name):
    path = os.path.join(FOLDER, f"{name}.png")
    image.save(path)
    return path

def font(size):
    return ImageFont.load_default(size)

def exit_sign(way):
    image = Image.new("RGB", (800, 380), (12, 122, 66))
    d = ImageDraw.Draw(image)
    white = (240, 248, 240)
    d.rectangle((430, 40, 560, 340), fill=white)  # the doorway
    d.ellipse((318, 44, 374, 100), fill=white)  # the runner
    d.line([(330, 112), (292, 214)], fill=white, width=54)
    for limb in ([(334, 122), (396, 168), (446, 150)], [(318, 120), (250, 132), (222, 186)]):
        d.line(limb, fill=white, width=24, joint="curve")
    for limb in ([(296, 206), (372, 246), (366, 330)], [(286, 206), (246, 272), (168, 288)]):
        d.line(limb, fill=white, width=32, joint="curve")
    d.line([(446, 150), (430, 156)], fill=(12, 122, 66), width=22)
    if way == "down":
        d.line([(680, 80), (680, 230)], fill=white, width=44)
        d.polygon([(610, 210), (750, 210), (680, 310)], fill=white)
    else:
        d.line([(600, 190), (690, 190)], fill=white, width=44)
        d.polygon([(670, 120), (670, 260), (770, 190)], fill=white)
    return save(image, f"exit-{way}")

def extinguisher_sign():
    image = Image.new("RGB", (500, 500), (186, 24, 24))
    d = ImageDraw.Draw(image)
    white = (245, 240, 238)
    d.rectangle((14, 14, 486, 486), outline=white, width=8)
    d.rounded_rectangle((150, 170, 250, 430), 36, fill=white)
    d.rectangle((182, 120, 218, 180), fill=white)
    d.polygon([(140, 96), (262, 108), (262, 128), (140, 128)], fill=white)
    d.line([(150, 118), (112, 170), (112, 300)], fill=white, width=18, joint="curve")
    for k, (x, h) in enumerate(((330, 150), (375, 220), (415, 130))):  # flames
        d.polygon([(x - 40, 430), (x - 30, 430 - h * 0.6), (x, 430 - h), (x + 22, 430 - h * 0.5), (x + 40, 430)], fill=white)
    return save(image, "extinguisher")

def bars(d, r, x0, y, x1, size):
    """One line of writing that cannot be read."""
    x = x0
    while x < x1 - size:
        w = min(r.uniform(1.2, 5) * size, x1 - x)
        d.rectangle((x, y + r.uniform(0, size * 0.12), x + w, y + size * 0.62), fill=INK)
        x += w + size * 0.55

def letters(seed, paper=None):
    """A sheet of paper with a heading and lines."""
    r = random.Random(seed)
    image = Image.new("RGB", (420, 594), paper or r.choice([(236, 235, 228), (240, 238, 236), (238, 228, 170), (206, 224, 236)]))
    d = ImageDraw.Draw(image)
    if r.random() < 0.7:
        d.rectangle((30, 26, 78, 70), fill=r.choice([(30, 70, 140), (150, 40, 40), (40, 110, 70)]))
    bars(d, r, 100, 34, r.uniform(260, 380), 26)
    y = 100
    while y < 540:
        if r.random() < 0.13:
            d.rectangle((40, y, 380, y + 60), outline=INK, width=2)
            for x in range(40, 381, 85):
                d.line([(x, y), (x, y + 60)], fill=INK, width=2)
            y += 82
            continue
        bars(d, r, 40, y, r.choice([380, 380, 370, 240]), 13)
        y += 21
    return save(image.filter(ImageFilter.GaussianBlur(1.1)), f"letters-{seed}-{paper is None}")

def display(text, color):
    image = Image.new("RGB", (220, 100), (16, 20, 20))
    ImageDraw.Draw(image).text((110, 50), text, fill=color, font=font(72), anchor="mm")
    return save(image.filter(ImageFilter.GaussianBlur(1.2)), "display" + text.replace(":", "-"))

def tag():
    """The service tag of an extinguisher: a grid with punched months."""
    r = random.Random(4)
    image = Image.new("RGB", (300, 460), (238, 226, 120))
    d = ImageDraw.Draw(image)
    d.ellipse((132, 14, 168, 50), fill=(90, 90, 90))
    bars(d, r, 30, 70, 270, 26)
    for row in range(6):
        for column in range(4):
            at = (28 + column * 61, 118 + row * 46)
            d.rectangle((*at, at[0] + 61, at[1] + 46), outline=INK, width=3)
            if r.random() < 0.4:
                d.ellipse((at[0] + 20, at[1] + 12, at[0] + 42, at[1] + 34), fill=(60, 70, 150))
    bars(d, r, 30, 412, 250, 20)
    return save(image.filter(ImageFilter.GaussianBlur(0.8)), "tag")

def spine(seed, color):
    r = random.Random(seed)
    image = Image.new("RGB", (120, 480), color)
    d = ImageDraw.Draw(image)
    d.rectangle((16, 60, 104, 250), fill=(232, 230, 222))
    for y in (84, 112, 140, 190):
        bars(d, r, 28, y, r.uniform(70, 98), 17)
    d.ellipse((36, 350, 84, 398), fill=(170, 170, 170))
    d.ellipse((46, 360, 74, 388), fill=(26, 26, 26))
    return save(image.filter(ImageFilter.GaussianBlur(0.8)), f"spine-{seed}")

def landscape():
    image = Image.new("RGB", (620, 440), (176, 204, 222))
    d = ImageDraw.Draw(image)
    r = random.Random(2)
    for k, color in enumerate(((150, 170, 176), (120, 146, 110), (96, 128, 70), (168, 150, 80))):
        y = 200 + 62 * k
        d.polygon([(0, 440), *[(x, y + r.uniform(-24, 24)) for x in range(0, 681, 62)], (620, 440)], fill=color)
    for _ in range(60):
        x, y = r.uniform(0, 620), r.uniform(300, 430)
        d.ellipse((x, y, x + 18, y + 15), fill=(52, 76, 44))
    return save(image.filter(ImageFilter.GaussianBlur(3)), "landscape")

def books(seed):
    r = random.Random(seed)
    image = Image.new("RGB", (500, 190), (120, 96, 60))
    d = ImageDraw.Draw(image)
    x = 0
    while x < 500:
        w = r.randint(12, 30)
        d.rectangle((x, r.randint(0, 34), x + w - 2, 190), fill=tuple(r.randint(50, 210) for _ in range(3)))
        x += w
    return save(image, f"books-{seed}")

def drawing(seed):
    """What a child might draw: a house, a sun, a tree, grass."""
    r = random.Random(seed)
    image = Image.new("RGB", (580, 420), (240, 238, 228))
    d = ImageDraw.Draw(image)

    def pen():
        return r.choice([(200, 40, 40), (40, 80, 190), (30, 140, 60), (220, 150, 20), (130, 50, 150), (30, 30, 30)])

    def scrawl(x0, y0, x1, y1, color, step=13):
        d.line([(x + r.uniform(-6, 6), (y0 if i % 2 else y1) + r.uniform(-9, 9)) for i, x in
                enumerate(range(int(x0), int(x1), step))], fill=color, width=5)
    x = r.randint(110, 300)
    d.line([(x, 340), (x, 210), (x + 75, 130), (x + 152, 214), (x + 148, 342), (x - 6, 338)], fill=pen(), width=7, joint="curve")
    d.line([(x - 14, 214), (x + 160, 210)], fill=pen(), width=6)
    d.rectangle((x + 56, 272, x + 96, 340), outline=pen(), width=6)
    scrawl(x + 8, 222, x + 144, 262, pen())
    d.ellipse((r.randint(20, 60), 24, r.randint(110, 140), 104), outline=(230, 170, 20), width=9)
    t = x + 200 if x < 240 else x - 80
    d.line([(t, 345), (t + 5, 230)], fill=(110, 70, 30), width=13)
    for _ in range(9):
        a, b = t + r.uniform(-45, 30), r.uniform(140, 225)
        d.ellipse((a, b, a + 36, b + 32), outline=(40, 140, 60), width=5)
    scrawl(10, 350, 570, 392, (60, 160, 70), 10)
    return save(image.filter(ImageFilter.GaussianBlur(1)), f"drawing-{seed}")
