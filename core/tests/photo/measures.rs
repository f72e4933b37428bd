//! Fingerprint, sharpness and brightness: copies of a photo stay near, others are far, and the
//! measures follow what a person sees.

use image::imageops::{FilterType, blur, crop_imm, resize};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use jpeg_encoder::ColorType;
use vigila_core::photo::{Picture, fingerprint_distance};

use crate::helpers::*;

/// A picture of 40 things of different colours and sizes, with some grain; another for each
/// seed.
fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let mut next = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) % below
    };
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        Rgb([60 + x * 60 / width, 70 + y * 90 / height, 90].map(|v| u8::try_from(v).unwrap()))
    });
    for _ in 0..40 {
        let colour = Rgb([0; 3].map(|_: u8| u8::try_from(next(220)).unwrap() + 15));
        let (w, h) = (next(width / 3) + 8, next(height / 3) + 8);
        let (left, top) = (next(width - w / 2), next(height - h / 2));
        let round = next(2) == 0;
        for y in top..(top + h).min(height) {
            for x in left..(left + w).min(width) {
                let (dx, dy) = (2 * (x - left), 2 * (y - top));
                let (dx, dy) = (f64::from(dx) / f64::from(w), f64::from(dy) / f64::from(h));
                if !round || (dx - 1.0).hypot(dy - 1.0) < 1.0 {
                    picture.put_pixel(x, y, colour);
                }
            }
        }
    }
    for pixel in picture.pixels_mut() {
        let grain = u8::try_from(next(12)).unwrap();
        pixel.0 = pixel.0.map(|value| value.saturating_add(grain));
    }
    picture
}

fn at_quality(picture: &RgbImage, quality: u8) -> Picture {
    let (width, height) = picture.dimensions();
    let size = (u16::try_from(width).unwrap(), u16::try_from(height).unwrap());
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, quality);
    encoder.encode(picture.as_raw(), size.0, size.1, ColorType::Rgb).unwrap();
    accept("a scene", &bytes)
}

fn seen(picture: &RgbImage) -> Picture {
    at_quality(picture, 90)
}

fn brighter(picture: &RgbImage, by: u8) -> RgbImage {
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        pixel.0 = pixel.0.map(|value| value.saturating_add(by));
    }
    out
}

const SEEDS: std::ops::Range<u32> = 1..6;

#[test]
fn copies_of_a_photo_stay_near_and_other_photos_are_far() {
    let scenes: Vec<RgbImage> = SEEDS.map(|seed| scene(seed, 540, 405)).collect();
    let hash = |picture: &RgbImage| seen(picture).fingerprint.unwrap();
    for (at, scene) in scenes.iter().enumerate() {
        let own = hash(scene);
        let small = resize(scene, 270, 203, FilterType::Triangle);
        let cropped = crop_imm(scene, 8, 6, 524, 393).to_image();
        for (name, copy, bits) in [
            ("compressed again", at_quality(scene, 35).fingerprint.unwrap(), 4),
            ("half the size", hash(&small), 4),
            ("brighter", hash(&brighter(scene, 20)), 6),
            ("three in a hundred cropped", hash(&cropped), 14),
        ] {
            let distance = fingerprint_distance(own, copy);
            assert!(distance <= bits, "{at} {name}: {distance}");
        }
        for (other, scene) in scenes.iter().enumerate().skip(at + 1) {
            let distance = fingerprint_distance(own, hash(scene));
            assert!(distance >= 18, "{at} and {other}: {distance}");
        }
    }
}

#[test]
fn every_format_of_the_same_picture_measures_nearly_the_same() {
    let scene = scene(3, 640, 480);
    let jpeg = at_quality(&scene, 98);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::from(scene.clone()).write_to(&mut bytes, format).unwrap();
        let other = accept("another format", bytes.get_ref());
        let own = jpeg.fingerprint.unwrap();
        assert!(fingerprint_distance(own, other.fingerprint.unwrap()) <= 2, "{format:?}");
        assert!((jpeg.brightness - other.brightness).abs() < 1.0, "{format:?}");
        assert!((jpeg.sharpness / other.sharpness - 1.0).abs() < 0.1, "{format:?}");
    }
}

#[test]
fn a_turned_photo_has_the_fingerprint_of_what_is_seen() {
    let scene = scene(5, 640, 480);
    let stored = image::imageops::rotate270(&scene);
    let (width, height) = stored.dimensions();
    let size = (u16::try_from(width).unwrap(), u16::try_from(height).unwrap());
    let bytes = jpeg(stored.as_raw(), size, ColorType::Rgb, |_| ());
    let turned = accept("turned", &with_segment(&bytes, 0xe1, &exif(&[(0x0112, 3, 1, 6)], 0)));
    let upright = seen(&scene);
    let own = upright.fingerprint.unwrap();
    assert!(fingerprint_distance(turned.fingerprint.unwrap(), own) <= 2);
    let lying = accept("lying", &bytes).fingerprint.unwrap();
    assert!(fingerprint_distance(lying, own) >= 18);
}

#[test]
fn what_shows_nothing_has_no_fingerprint() {
    let even = |value: u8| RgbImage::from_pixel(640, 480, Rgb([value; 3]));
    let mut grain = even(100);
    for (pixel, value) in grain.pixels_mut().zip(noise(640, 480)) {
        pixel.0 = pixel.0.map(|base| base + value / 8);
    }
    let light = RgbImage::from_fn(640, 480, |x, _| Rgb([u8::try_from(x * 255 / 640).unwrap(); 3]));
    for (name, picture) in [
        ("black", even(0)),
        ("grey", even(128)),
        ("white", even(255)),
        ("noise", grain),
        ("light", light),
    ] {
        assert_eq!(seen(&picture).fingerprint, None, "{name}");
    }
    let faint = RgbImage::from_fn(640, 480, |x, y| {
        scene_pixel(x, y).map_or(Rgb([100; 3]), |_| Rgb([130; 3]))
    });
    assert!(seen(&faint).fingerprint.is_some());
}

/// A few faint shapes.
fn scene_pixel(x: u32, y: u32) -> Option<()> {
    let inside = |left: u32, top: u32, side: u32| {
        (left..left + side).contains(&x) && (top..top + side).contains(&y)
    };
    (inside(60, 80, 120) || inside(300, 200, 200) || inside(420, 30, 90)).then_some(())
}

#[test]
fn blurring_lowers_the_sharpness() {
    for seed in SEEDS.take(2) {
        let sharp = scene(seed, 400, 300);
        let of = |picture: &RgbImage| seen(picture).sharpness;
        let steps = [of(&sharp), of(&blur(&sharp, 2.0)), of(&blur(&sharp, 5.0))];
        assert!(steps[1] < steps[0] * 0.7, "{seed}: {steps:?}");
        assert!(steps[2] < steps[1] * 0.5, "{seed}: {steps:?}");
    }
    let even = RgbImage::from_pixel(640, 480, Rgb([128; 3]));
    assert!(seen(&even).sharpness < 0.01);
}

#[test]
fn brightness_is_the_mean_luma() {
    for (value, expected) in [([0; 3], 0.0), ([255; 3], 255.0), ([100; 3], 100.0), (RED, 76.0)] {
        let picture = seen(&RgbImage::from_pixel(640, 480, Rgb(value)));
        let difference = (picture.brightness - expected).abs();
        assert!(difference < 1.5, "{value:?}: {}", picture.brightness);
    }
    let dark = scene(7, 640, 480);
    let bright = brighter(&dark, 40);
    assert!(seen(&dark).brightness + 30.0 < seen(&bright).brightness);
}

#[test]
fn pictures_of_any_size_are_measured() {
    for (width, height) in [(1, 1), (2, 2), (1, 40), (40, 1), (3, 3), (9000, 3), (511, 513)] {
        let picture = accept("a size", &plain_jpeg(width, height));
        assert!(picture.sharpness.is_finite() && picture.sharpness >= 0.0);
        assert!((0.0..=255.0).contains(&picture.brightness));
    }
    let grey = accept("grey", &fixture("jpeg-grey.jpg"));
    assert!((50.0..200.0).contains(&grey.brightness));
}
