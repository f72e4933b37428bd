//! The fast way for JPEG: what it shows is the picture, smaller, and no damage escapes it that
//! the other decoder finds.

use image::RgbImage;
use jpeg_encoder::{ColorType, SamplingFactor};
use proptest::prelude::*;
use vigila_core::photo::{MAX_MEMORY, Reduced, examine, memory_needed, reduced_jpeg};

use crate::helpers::*;
use crate::hostile::{harm, harmed};

fn reduced(name: &str, bytes: &[u8], side: u32) -> Reduced {
    reduced_jpeg(bytes, side).unwrap().unwrap_or_else(|| panic!("{name}: not reduced"))
}

/// Waves of every direction, smooth enough to be scaled by any means.
fn waves(width: u16, height: u16) -> Vec<u8> {
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (x, y) = (f32::from(x), f32::from(y));
            let values = [(x / 17.0).sin(), (y / 13.0).cos(), ((x + y) / 23.0).sin()];
            pixels.extend(values.map(|value| (128.0 + 90.0 * value) as u8));
        }
    }
    pixels
}

/// The mean over squares of the picture, which is what a smaller one should show.
fn averaged(picture: &RgbImage, by: u32) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let mut out = Vec::new();
    for y in 0..height.div_ceil(by) {
        for x in 0..width.div_ceil(by) {
            for channel in 0..3 {
                let (mut sum, mut count) = (0, 0);
                for row in (y * by..(y + 1) * by).filter(|row| *row < height) {
                    for column in (x * by..(x + 1) * by).filter(|column| *column < width) {
                        sum += u32::from(picture.get_pixel(column, row)[channel]);
                        count += 1;
                    }
                }
                out.push(u8::try_from(sum / count).unwrap());
            }
        }
    }
    out
}

fn mean_difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn every_kind_shows_the_picture() {
    let size = (251, 190);
    let pixels = waves(size.0, size.1);
    // Not as the other decoder shows it: it has wrong colours for some of these.
    let picture = RgbImage::from_raw(251, 190, pixels.clone()).unwrap();
    for factor in [
        SamplingFactor::F_1_1,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_2_2,
        SamplingFactor::F_4_1,
        SamplingFactor::F_4_2,
        SamplingFactor::F_1_4,
        SamplingFactor::F_2_4,
    ] {
        for (progressive, restart) in [(false, 0), (false, 3), (true, 0), (true, 3)] {
            let bytes = jpeg(&pixels, size, ColorType::Rgb, |e| {
                e.set_sampling_factor(factor);
                e.set_progressive(progressive);
                e.set_restart_interval(restart);
            });
            for (by, side) in [(8, 32), (4, 63), (2, 126)] {
                let name = format!("{factor:?}, {progressive}, {restart}, by {by}");
                let small = reduced(&name, &bytes, side);
                assert!(!small.damaged, "{name}");
                assert_eq!(small.width, u32::from(size.0).div_ceil(by), "{name}");
                assert_eq!(small.height, u32::from(size.1).div_ceil(by), "{name}");
                let difference = mean_difference(&small.pixels, &averaged(&picture, by));
                // Colours sampled less are repeated, which shifts them by a part of a pixel.
                assert!(difference < 2.0 + 3.0 * f64::from(by), "{name}: {difference}");
            }
        }
    }
}

#[test]
fn fixtures_are_whole_and_keep_their_colours() {
    for name in [
        "jpeg-444.jpg",
        "jpeg-422.jpg",
        "jpeg-420.jpg",
        "jpeg-444-progressive.jpg",
        "jpeg-422-progressive.jpg",
        "jpeg-420-progressive.jpg",
        "jpeg-restart.jpg",
        "jpeg-rgb.jpg",
        "jpeg-exif.jpg",
        "mpo.jpg",
        "jpeg-grey.jpg",
        "jpeg-grey-progressive.jpg",
    ] {
        let whole = fixture(name);
        let small = reduced(name, &whole, 48);
        assert!(!small.damaged, "{name}");
        let mut pixels = small.pixels;
        if name.contains("grey") {
            pixels = pixels.into_iter().flat_map(|grey| [grey; 3]).collect();
        }
        let difference = mean_difference(&pixels, &averaged(&decoded(&whole), 2));
        assert!(difference < 6.0, "{name}: {difference}");
        let open = reduced(name, &whole[..whole.len() - 2], 48);
        assert!(!open.damaged || name == "mpo.jpg", "{name} without end marker");
    }
    // Four inks are left to the other decoder, and so are pictures that are small already.
    for (name, side) in [("jpeg-cmyk-adobe.jpg", 48), ("jpeg-420.jpg", 49)] {
        assert_eq!(reduced_jpeg(&fixture(name), side).unwrap(), None, "{name}");
    }
}

fn detailed(progressive: bool, restart: u16) -> Vec<u8> {
    jpeg(&noise(320, 240), (320, 240), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
        e.set_progressive(progressive);
        e.set_restart_interval(restart);
    })
}

const KINDS: [(bool, u16); 4] = [(false, 0), (false, 4), (true, 0), (true, 4)];

#[test]
fn data_that_stops_anywhere_is_damage() {
    for (progressive, restart) in KINDS {
        let whole = detailed(progressive, restart);
        let data = find_marker(&whole, 0xda);
        for part in (10..100).step_by(4) {
            let cut = &whole[..data + (whole.len() - data) * part / 100];
            for bytes in [cut.to_vec(), [cut, b"\xff\xd9"].concat()] {
                let name = format!("{progressive}, {restart}, {part} %");
                // A progressive one of which only a part of the first scan came shows nothing.
                if let Some(small) = reduced_jpeg(&bytes, 160).unwrap() {
                    assert!(small.damaged, "{name}");
                }
            }
        }
        // The last bytes hold the last blocks, also behind the last restart marker.
        let cut = &whole[..whole.len() - 8];
        assert!(reduced("the end", cut, 160).damaged, "{progressive}, {restart}");
    }
}

#[test]
fn restart_markers_out_of_order_or_missing_are_damage_and_the_rest_is_shown() {
    let whole = jpeg(&waves(320, 240), (320, 240), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
        e.set_restart_interval(20);
    });
    let good = reduced("whole", &whole, 160);
    assert!(!good.damaged);
    let third = find_marker(&whole, 0xd2);
    let mut renamed = whole.clone();
    renamed[third + 1] = 0xd5;
    let mut dropped = whole.clone();
    dropped.drain(third..third + 2);
    let mut emptied = whole.clone();
    emptied.drain(third + 2..find_marker(&whole, 0xd3));
    for (name, bytes) in [("renamed", &renamed), ("dropped", &dropped), ("emptied", &emptied)] {
        assert!(reduced(name, bytes, 160).damaged, "{name}");
    }
    // Only the rows behind the third marker are lost (each interval is a row of units).
    let small = reduced("emptied", &emptied, 160);
    let row = 160 * 3 * 8;
    assert_eq!(small.pixels[..3 * row], good.pixels[..3 * row]);
    assert!(small.pixels[3 * row + 40..4 * row].iter().all(|value| *value == 128));
    assert_eq!(small.pixels[4 * row..], good.pixels[4 * row..]);
}

#[test]
fn a_progressive_picture_that_was_never_finished_is_damaged() {
    let whole = fixture("jpeg-420-progressive.jpg");
    let mut ends: Vec<usize> = Vec::new();
    for at in 0..whole.len() - 1 {
        if whole[at..at + 2] == [0xff, 0xda] {
            ends.push(at);
        }
    }
    assert!(ends.len() > 5);
    for end in &ends[1..] {
        let part = [&whole[..*end], b"\xff\xd9"].concat();
        let small = reduced("some scans", &part, 48);
        assert!(small.damaged, "{end}");
        assert!(mean_difference(&small.pixels, &averaged(&decoded(&whole), 2)) < 20.0);
    }
}

#[test]
fn large_pictures_go_the_fast_way_upright_and_in_their_colours() {
    let colours = [RED, GREEN, BLUE, WHITE];
    for progressive in [false, true] {
        let plain = jpeg(&quadrants(3300, 2200), (3300, 2200), ColorType::Rgb, |e| {
            e.set_sampling_factor(SamplingFactor::F_2_2);
            e.set_progressive(progressive);
        });
        let needed = memory_needed(&plain).unwrap();
        assert!(needed < 3300 * 2200 * 3, "{needed}");
        let picture = accept("large", &plain);
        assert!(!picture.damaged);
        assert_eq!((picture.width, picture.height), (3300, 2200));
        shows("large", &picture, colours);
        assert_eq!(decoded(&picture.display).dimensions(), (1600, 1067));
        let turned = with_segment(&plain, 0xe1, &exif(&[(0x0112, 3, 1, 6)], 0));
        let picture = accept("turned", &turned);
        assert_eq!((picture.width, picture.height), (2200, 3300));
        shows("turned", &picture, [BLUE, RED, WHITE, GREEN]);
        let data = find_marker(&plain, 0xda) + 14;
        let cut = &plain[..data + (plain.len() - data) * 9 / 10];
        assert!(accept("cut", cut).damaged);
        assert_eq!(refuse("a byte", &plain[..data + 1]).0, "unreadable");
    }
}

#[test]
fn large_progressive_pictures_are_within_the_memory() {
    let pixels = [0; 64 * 64 * 3];
    let mut bytes = jpeg(&pixels, (64, 64), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_1_1);
        e.set_progressive(true);
    });
    let frame = find_marker(&bytes, 0xc2);
    for size in [[0x1f, 0x40, 0x1f, 0x40], [0x03, 0xd8, 0xfd, 0xe8], [0xfd, 0xe8, 0x03, 0xd8]] {
        bytes[frame + 5..frame + 9].copy_from_slice(&size);
        assert!(memory_needed(&bytes).unwrap() < MAX_MEMORY / 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a file: what the other decoder calls damaged, this one does too.
    #[test]
    fn no_damage_escapes_that_the_other_decoder_finds(
        kind in 0..KINDS.len(),
        harms in prop::collection::vec(harm(), 1..4),
    ) {
        let (progressive, restart) = KINDS[kind];
        let whole = jpeg(&noise(96, 64), (96, 64), ColorType::Rgb, |e| {
            e.set_sampling_factor(SamplingFactor::F_2_2);
            e.set_progressive(progressive);
            e.set_restart_interval(restart);
        });
        // In the data: headers change what the picture is.
        let data = find_marker(&whole, 0xda) + 14;
        let bytes = [&whole[..data], &harmed(whole[data..].to_vec(), &harms)].concat();
        let (Ok(picture), Ok(small)) = (examine(&bytes), reduced_jpeg(&bytes, 48)) else {
            return Ok(());
        };
        if let Some(small) = small {
            prop_assert!(small.damaged || !picture.damaged);
        }
    }

    #[test]
    fn the_fast_way_always_answers(
        kind in 0..KINDS.len(),
        side in prop::sample::select(vec![1_u32, 12, 24, 48]),
        harms in prop::collection::vec(harm(), 0..6),
    ) {
        let (progressive, restart) = KINDS[kind];
        let whole = jpeg(&noise(96, 64), (96, 64), ColorType::Rgb, |e| {
            e.set_progressive(progressive);
            e.set_restart_interval(restart);
        });
        let bytes = harmed(whole, &harms);
        if memory_needed(&bytes).is_ok_and(|needed| needed > 20_000_000) {
            return Ok(());
        }
        if let Ok(Some(small)) = reduced_jpeg(&bytes, side) {
            let pixels = small.width as usize * small.height as usize;
            prop_assert!(small.pixels.len() == pixels || small.pixels.len() == pixels * 3);
        }
    }
}
