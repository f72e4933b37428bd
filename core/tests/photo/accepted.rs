//! Every kind of picture that the contract accepts, looked at by its pixels.

use jpeg_encoder::{ColorType, SamplingFactor};
use vigila_core::photo::{Format, MAX_MEMORY, memory_needed};

use crate::helpers::*;

const COLOURS: [[u8; 3]; 4] = [RED, GREEN, BLUE, WHITE];
const GREYS: [[u8; 3]; 4] = [[0; 3], [90; 3], [170; 3], [255; 3]];
/// What `make.py` lays over white: half transparent red and nothing at all.
const OVER_WHITE: [[u8; 3]; 4] = [[255, 127, 127], GREEN, BLUE, WHITE];

#[test]
fn every_fixture_shows_its_colours() {
    let table: &[(&str, Format, [[u8; 3]; 4])] = &[
        ("jpeg-444.jpg", Format::Jpeg, COLOURS),
        ("jpeg-422.jpg", Format::Jpeg, COLOURS),
        ("jpeg-420.jpg", Format::Jpeg, COLOURS),
        ("jpeg-444-progressive.jpg", Format::Jpeg, COLOURS),
        ("jpeg-422-progressive.jpg", Format::Jpeg, COLOURS),
        ("jpeg-420-progressive.jpg", Format::Jpeg, COLOURS),
        ("jpeg-restart.jpg", Format::Jpeg, COLOURS),
        ("jpeg-rgb.jpg", Format::Jpeg, COLOURS),
        ("jpeg-grey.jpg", Format::Jpeg, GREYS),
        ("jpeg-grey-progressive.jpg", Format::Jpeg, GREYS),
        ("jpeg-cmyk-adobe.jpg", Format::Jpeg, COLOURS),
        ("jpeg-cmyk-plain.jpg", Format::Jpeg, COLOURS),
        ("mpo.jpg", Format::Jpeg, COLOURS),
        ("png-rgb.png", Format::Png, COLOURS),
        ("png-palette-2.png", Format::Png, COLOURS),
        ("png-palette-4.png", Format::Png, COLOURS),
        ("png-palette-8.png", Format::Png, COLOURS),
        ("png-rgba.png", Format::Png, OVER_WHITE),
        ("png-rgb-16.png", Format::Png, COLOURS),
        ("png-rgba-16.png", Format::Png, OVER_WHITE),
        ("png-rgb-interlaced.png", Format::Png, COLOURS),
        ("png-rgba-16-interlaced.png", Format::Png, OVER_WHITE),
        ("png-grey-8.png", Format::Png, GREYS),
        ("png-grey-16.png", Format::Png, GREYS),
        ("png-grey-4.png", Format::Png, [[0; 3], [85; 3], [170; 3], [255; 3]]),
        ("png-grey-2.png", Format::Png, [[0; 3], [85; 3], [170; 3], [255; 3]]),
        ("png-grey-1.png", Format::Png, [[0; 3], [0; 3], [255; 3], [255; 3]]),
        ("png-grey-alpha.png", Format::Png, GREYS),
        ("png-palette-transparent.png", Format::Png, [WHITE, GREEN, BLUE, WHITE]),
        ("apng.png", Format::Png, COLOURS),
        ("webp-lossy.webp", Format::WebP, COLOURS),
        ("webp-lossless.webp", Format::WebP, COLOURS),
        ("webp-lossy-alpha.webp", Format::WebP, OVER_WHITE),
        ("webp-lossless-alpha.webp", Format::WebP, OVER_WHITE),
        ("webp-animated.webp", Format::WebP, COLOURS),
        ("webp-animated-lossy.webp", Format::WebP, COLOURS),
    ];
    for (name, format, expected) in table {
        let picture = accept(name, &fixture(name));
        shows(name, &picture, *expected);
        assert_eq!(picture.format, *format, "{name}");
        assert_eq!((picture.width, picture.height), (96, 64), "{name}");
        assert!(!picture.damaged, "{name} was taken for damaged");
    }
    let tiny = accept("tiny", &fixture("png-interlaced-tiny.png"));
    assert_eq!((tiny.width, tiny.height), (1, 1));
    accept("one bit of palette", &fixture("png-palette-1.png"));
}

#[test]
fn every_sampling_that_encoders_offer_keeps_its_colours() {
    let pixels = quadrants(94, 62);
    for (factor, interleaved) in [
        (SamplingFactor::F_1_1, true),
        (SamplingFactor::F_2_1, true),
        (SamplingFactor::F_1_2, true),
        (SamplingFactor::F_2_2, true),
        (SamplingFactor::F_4_1, true),
        (SamplingFactor::F_4_2, false),
        (SamplingFactor::F_1_4, false),
        (SamplingFactor::F_2_4, false),
    ] {
        for progressive in [false, true] {
            let name = format!("{factor:?}, progressive {progressive}");
            let bytes = jpeg(&pixels, (94, 62), ColorType::Rgb, |e| {
                e.set_sampling_factor(factor);
                e.set_progressive(progressive);
            });
            // The encoder writes these in three scans, which the decoder gets wrong.
            if !progressive && !interleaved {
                assert_eq!(refuse(&name, &bytes).0, "unreadable", "{name}");
                continue;
            }
            let picture = accept(&name, &bytes);
            shows(&name, &picture, COLOURS);
            assert!(!picture.damaged, "{name}");
        }
    }
}

#[test]
fn four_inks_as_luma_and_chroma_keep_their_colours() {
    let pixels: Vec<u8> = quadrants(96, 64)
        .chunks_exact(3)
        .flat_map(|rgb| [255 - rgb[0], 255 - rgb[1], 255 - rgb[2], 0])
        .collect();
    for colours in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        for progressive in [false, true] {
            let name = format!("{colours:?}, progressive {progressive}");
            let bytes = jpeg(&pixels, (96, 64), colours, |e| e.set_progressive(progressive));
            shows(&name, &accept(&name, &bytes), COLOURS);
        }
    }
}

#[test]
fn a_missing_end_marker_is_no_damage_and_bytes_behind_it_are_passed_over() {
    for name in [
        "jpeg-420.jpg",
        "jpeg-444.jpg",
        "jpeg-grey.jpg",
        "jpeg-restart.jpg",
        "jpeg-420-progressive.jpg",
        "jpeg-cmyk-adobe.jpg",
    ] {
        let whole = fixture(name);
        let open = &whole[..whole.len() - 2];
        let picture = accept(name, open);
        assert!(!picture.damaged, "{name} without end marker");
        assert_eq!(picture.display, accept(name, &whole).display, "{name}");

        let longer = [&whole[..], b"\xff\xd8\xff\xe1 and a film \xff\xd9"].concat();
        let picture = accept(name, &longer);
        assert!(!picture.damaged, "{name} with bytes behind");
        assert_eq!(picture.display, accept(name, &whole).display, "{name}");
    }
    for name in ["png-rgb.png", "webp-lossless.webp"] {
        accept(name, &[&fixture(name)[..], b"anything"].concat());
    }
}

#[test]
fn what_real_phones_write_around_the_picture_is_accepted() {
    let mut bytes = plain_jpeg(96, 64);
    // A thumbnail within EXIF has markers and scans of its own.
    let thumbnail = [&exif(&[], 0)[..], &plain_jpeg(32, 32)].concat();
    for n in 0..1000_u16 {
        bytes = with_segment(&bytes, 0xe2 + u8::try_from(n % 10).unwrap(), &n.to_be_bytes());
    }
    bytes = with_segment(&bytes, 0xe1, &thumbnail);
    bytes = with_segment(&bytes, 0xfe, &[b'c'; 60_000]);
    let picture = accept("segments", &bytes);
    assert!(!picture.damaged);
    shows("segments", &picture, COLOURS);
}

#[test]
fn copies_have_their_longest_side_and_are_never_enlarged() {
    for (stored, display, thumbnail) in [
        ((3000, 2000), (1600, 1067), (320, 213)),
        ((2000, 3000), (1067, 1600), (213, 320)),
        ((1600, 900), (1600, 900), (320, 180)),
        ((300, 200), (300, 200), (300, 200)),
        ((9000, 3), (1600, 1), (320, 1)),
    ] {
        let picture = accept("a size", &plain_jpeg(stored.0, stored.1));
        assert_eq!((picture.width, picture.height), (stored.0.into(), stored.1.into()));
        assert_eq!(decoded(&picture.display).dimensions(), display);
        assert_eq!(decoded(&picture.thumbnail).dimensions(), thumbnail);
    }
    shows("large", &accept("large", &plain_jpeg(3000, 2000)), COLOURS);
}

#[test]
fn copies_carry_no_metadata() {
    for name in ["jpeg-exif.jpg", "png-exif.png", "webp-exif.webp"] {
        let picture = accept(name, &fixture(name));
        for copy in [&picture.display, &picture.thumbnail] {
            let segments = copy.windows(2).filter(|pair| {
                pair[0] == 0xff && (matches!(pair[1], 0xe1..=0xef) || pair[1] == 0xfe)
            });
            assert_eq!(segments.count(), 0, "{name}");
            assert!(!copy.windows(4).any(|part| part == b"2025"), "{name}");
        }
    }
}

#[test]
fn a_picture_of_64_megapixels_passes_within_the_memory() {
    for (name, bytes) in [
        ("a square", flat_jpeg(8000, 8000)),
        ("a long strip", flat_jpeg(65_000, 984)),
        ("a tall strip", flat_jpeg(984, 65_000)),
    ] {
        let needed = memory_needed(&bytes).unwrap();
        assert!(needed <= MAX_MEMORY, "{name} needs {needed}");
        let picture = accept(name, &bytes);
        assert!(!picture.damaged, "{name}");
    }
}

/// A grey 4:2:0 picture of any size, its data made without an encoder: with the usual tables a
/// flat set of blocks takes four bytes.
fn flat_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(&[128; 16 * 16 * 3], (16, 16), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
    });
    let frame = find_marker(&bytes, 0xc0);
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes.truncate(find_marker(&bytes, 0xda) + 14);
    let sets = usize::from(width.div_ceil(16)) * usize::from(height.div_ceil(16));
    bytes.extend([0x28, 0xa2, 0x8a, 0x00].repeat(sets));
    bytes.extend(b"\xff\xd9");
    bytes
}
