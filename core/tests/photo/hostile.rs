//! Damaged and hostile bytes: a damaged JPEG of which something can be seen is taken and
//! marked, and whatever comes, there is an answer and no panic.

use jpeg_encoder::{ColorType, SamplingFactor};
use proptest::prelude::*;
use vigila_core::photo::{examine, memory_needed};

use crate::helpers::*;

fn detailed(size: (u16, u16), progressive: bool, restart: u16) -> Vec<u8> {
    jpeg(&noise(size.0, size.1), size, ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
        e.set_progressive(progressive);
        e.set_restart_interval(restart);
    })
}

#[test]
fn a_jpeg_cut_in_its_data_is_taken_and_marked() {
    for (progressive, restart) in [(false, 0), (false, 4), (true, 0), (true, 4)] {
        let whole = detailed((320, 240), progressive, restart);
        assert!(!accept("whole", &whole).damaged);
        let data = find_marker(&whole, 0xda);
        for part in [30, 50, 80, 95] {
            let name = format!("progressive {progressive}, restart {restart}, {part} %");
            let cut = &whole[..data + (whole.len() - data) * part / 100];
            assert!(accept(&name, cut).damaged, "{name}");
            // The same with an end marker, as a phone's cut transfer may be patched up.
            let closed = [cut, b"\xff\xd9"].concat();
            assert!(accept(&name, &closed).damaged, "{name}, closed");
        }
    }
}

#[test]
fn what_is_there_of_a_cut_jpeg_is_shown() {
    let whole = jpeg(&quadrants(640, 480), (640, 480), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
    });
    let data = find_marker(&whole, 0xda) + 14;
    let cut = &whole[..data + (whole.len() - data) * 2 / 3];
    let picture = accept("two thirds", cut);
    assert!(picture.damaged);
    let [left, right, ..] = fields(&picture.display);
    assert!(left[0] > 240 && left[1] < 15, "{left:?}");
    assert!(right[1] > 240 && right[0] < 15, "{right:?}");
}

#[test]
fn less_than_a_row_of_blocks_is_nothing_to_see() {
    let whole = detailed((320, 240), false, 0);
    let data = find_marker(&whole, 0xda) + 14;
    let row = (whole.len() - data) / 15;
    assert!(accept("two rows", &whole[..data + row * 2]).damaged);
    assert_eq!(refuse("a third of a row", &whole[..data + row / 3]).0, "unreadable");
    assert_eq!(refuse("a byte", &whole[..data + 1]).0, "unreadable");
}

#[test]
fn a_large_header_with_little_data_is_not_taken_for_whole() {
    let mut bytes = detailed((320, 240), false, 0);
    let frame = find_marker(&bytes, 0xc0);
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x17, 0x70, 0x1f, 0x40]); // 8000 x 6000
    match examine(&bytes) {
        Ok(picture) => assert!(picture.damaged),
        Err(refusal) => assert_eq!(refusal.code(), "unreadable"),
    }
}

#[test]
fn a_progressive_jpeg_of_its_first_scan_only_is_taken_and_marked() {
    let whole = fixture("jpeg-420-progressive.jpg");
    let first = find_marker(&whole, 0xda) + 2;
    let next = whole[first..].windows(2).position(|p| matches!(p, [0xff, 0xc4 | 0xda])).unwrap();
    let end = first + next;
    for bytes in [whole[..end].to_vec(), [&whole[..end], b"\xff\xd9"].concat()] {
        assert!(accept("the first scan", &bytes).damaged);
    }
}

/// Small pictures of every kind.
const SEEDS: [&str; 14] = [
    "jpeg-420.jpg",
    "jpeg-444-progressive.jpg",
    "jpeg-restart.jpg",
    "jpeg-cmyk-adobe.jpg",
    "jpeg-exif.jpg",
    "mpo.jpg",
    "png-palette-8.png",
    "png-rgba-16-interlaced.png",
    "apng.png",
    "png-exif.png",
    "webp-lossy-alpha.webp",
    "webp-lossless-alpha.webp",
    "webp-animated-lossy.webp",
    "webp-exif.webp",
];

#[derive(Debug, Clone)]
pub enum Harm {
    Flip(prop::sample::Index, u8),
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Drop(prop::sample::Index, u8),
    Repeat(prop::sample::Index, u8),
}

pub fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        4 => (at(), 0..8_u8).prop_map(|(at, bit)| Harm::Flip(at, bit)),
        4 => (at(), any::<u8>()).prop_map(|(at, value)| Harm::Set(at, value)),
        1 => at().prop_map(Harm::Cut),
        1 => (at(), any::<u8>()).prop_map(|(at, count)| Harm::Drop(at, count)),
        1 => (at(), any::<u8>()).prop_map(|(at, count)| Harm::Repeat(at, count)),
    ]
}

pub fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        let length = bytes.len();
        if length == 0 {
            break;
        }
        let span = |at: usize, count: u8| at..(at + usize::from(count)).min(length);
        match harm {
            Harm::Flip(at, bit) => bytes[at.index(length)] ^= 1 << bit,
            Harm::Set(at, value) => bytes[at.index(length)] = *value,
            Harm::Cut(at) => bytes.truncate(at.index(length)),
            Harm::Drop(at, count) => drop(bytes.drain(span(at.index(length), *count))),
            Harm::Repeat(at, count) => {
                let at = at.index(length);
                let part = bytes[span(at, *count)].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// Puts right every checksum of a PNG, so that harm reaches the decoder.
fn mend(bytes: &mut [u8]) {
    let mut at = 8;
    while let Some(length) = bytes.get(at..at + 4).and_then(|b| b.first_chunk::<4>()) {
        let end = at + 8 + u32::from_be_bytes(*length) as usize;
        if end + 4 > bytes.len() {
            return;
        }
        let sum = crc32fast::hash(&bytes[at + 4..end]).to_be_bytes();
        bytes[end..end + 4].copy_from_slice(&sum);
        at = end + 4;
    }
}

fn answers(bytes: &[u8]) -> Result<(), TestCaseError> {
    // A size that a flipped bit made huge is right to be tried, but takes a second in a test.
    let heavy = memory_needed(bytes).is_ok_and(|needed| needed > 60_000_000);
    if heavy {
        return Ok(());
    }
    if let Ok(picture) = examine(bytes) {
        prop_assert!(!picture.display.is_empty() && !picture.thumbnail.is_empty());
        prop_assert!(picture.width > 0 && picture.height > 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn harmed_pictures_always_get_an_answer(
        seed in 0..SEEDS.len(),
        harms in prop::collection::vec(harm(), 1..6),
    ) {
        let mut bytes = harmed(fixture(SEEDS[seed]), &harms);
        answers(&bytes)?;
        if SEEDS[seed].ends_with(".png") {
            mend(&mut bytes);
            answers(&bytes)?;
        }
    }

    #[test]
    fn anything_behind_a_magic_always_gets_an_answer(
        magic in prop::sample::select(vec![
            b"\xff\xd8\xff".to_vec(),
            b"\x89PNG\r\n\x1a\n".to_vec(),
            b"RIFF\x40\0\0\0WEBPVP8X".to_vec(),
            b"RIFF\x40\0\0\0WEBPVP8L".to_vec(),
            b"\0\0\0\x18ftyp".to_vec(),
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        answers(&[magic, rest].concat())?;
    }
}
