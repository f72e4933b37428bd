//! A photograph as a phone takes it: the same picture, with a time and a place of its own in the
//! file. So no two photos of the sample have the same bytes, and most agree with what is said
//! of them.
//!
//! Source: CIPA DC-008 (Exif 3.0), TIFF 6.0.

use chrono::{DateTime, Utc};
use vigila_core::domain::Sha256;

use super::photos::Photo;

/// A photo of a visit.
#[derive(Debug, Clone)]
pub struct Shot {
    /// What was photographed.
    pub photo: &'static Photo,
    /// The file.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub sha256: Sha256,
    /// Index of the item to which it is evidence.
    pub item: usize,
}

/// Metres within which the phone believes to be where it says.
const ACCURACY: u32 = 8;

/// Takes a photo as evidence to an item: then, by the clock of the phone, and there, if it knows
/// (degrees north and east).
pub(super) fn shoot(
    photo: &'static Photo,
    item: usize,
    at: DateTime<Utc>,
    place: Option<(f64, f64)>,
) -> Shot {
    let exif = exif(photo.sideways(), at, place);
    let length = u16::try_from(exif.len() + 2).unwrap_or(u16::MAX).to_be_bytes();
    let bytes = [&[0xff, 0xd8, 0xff, 0xe1][..], &length, &exif, without_exif(photo.bytes)].concat();
    Shot { photo, item, sha256: Sha256::of(&bytes), bytes }
}

/// What follows the start of a JPEG and its EXIF, where that comes first as it must.
fn without_exif(jpeg: &[u8]) -> &[u8] {
    let rest = jpeg.get(2..).unwrap_or_default();
    match rest {
        [0xff, 0xe1, high, low, ..] => {
            rest.get(2 + usize::from(u16::from_be_bytes([*high, *low]))..).unwrap_or_default()
        }
        _ => rest,
    }
}

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// A value of a directory.
struct Field {
    tag: u16,
    kind: u16,
    count: usize,
    bytes: Vec<u8>,
}

fn text(tag: u16, text: &str) -> Field {
    let bytes = [text.as_bytes(), b"\0"].concat();
    Field { tag, kind: ASCII, count: bytes.len(), bytes }
}

fn rationals(tag: u16, parts: &[(u32, u32)]) -> Field {
    let bytes = parts.iter().flat_map(|(n, d)| [n.to_be_bytes(), d.to_be_bytes()].concat());
    Field { tag, kind: RATIONAL, count: parts.len(), bytes: bytes.collect() }
}

/// A directory that begins at `at`, with its values behind it.
fn directory(at: usize, fields: &[Field]) -> Vec<u8> {
    let behind = at + 2 + fields.len() * 12 + 4;
    let (mut entries, mut values) = (Vec::new(), Vec::new());
    for Field { tag, kind, count, bytes } in fields {
        entries.extend(tag.to_be_bytes());
        entries.extend(kind.to_be_bytes());
        entries.extend(long(*count));
        if bytes.len() <= 4 {
            entries.extend(bytes);
            entries.resize(entries.len().next_multiple_of(12), 0);
        } else {
            entries.extend(long(behind + values.len()));
            values.extend(bytes);
            values.resize(values.len().next_multiple_of(2), 0);
        }
    }
    let count = u16::try_from(fields.len()).unwrap_or(0).to_be_bytes();
    [&count[..], &entries, &[0; 4], &values].concat()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(0).to_be_bytes()
}

fn exif(sideways: bool, at: DateTime<Utc>, place: Option<(f64, f64)>) -> Vec<u8> {
    let time = directory_of_time(at);
    let gps = place.map(directory_of_place);
    let root = |time_at: usize, gps_at: usize| {
        let turn: u16 = if sideways { 6 } else { 1 };
        let pointer = |tag, at| Field { tag, kind: LONG, count: 1, bytes: long(at).to_vec() };
        let mut fields = vec![
            text(0x010f, "Sample"),
            text(0x0110, "Phone"),
            Field { tag: 0x0112, kind: SHORT, count: 1, bytes: turn.to_be_bytes().to_vec() },
            pointer(0x8769, time_at),
        ];
        if gps.is_some() {
            fields.push(pointer(0x8825, gps_at));
        }
        directory(8, &fields)
    };
    // Its length does not depend on where it points.
    let time_at = 8 + root(0, 0).len();
    let time = directory(time_at, &time);
    let gps_at = time_at + time.len();
    let root = root(time_at, gps_at);
    let gps = gps.as_ref().map(|fields| directory(gps_at, fields)).unwrap_or_default();
    [&b"Exif\0\0MM\0\x2a\0\0\0\x08"[..], &root, &time, &gps].concat()
}

fn directory_of_time(at: DateTime<Utc>) -> [Field; 2] {
    [text(0x9003, &at.format("%Y:%m:%d %H:%M:%S").to_string()), text(0x9011, "+00:00")]
}

fn directory_of_place((latitude, longitude): (f64, f64)) -> [Field; 5] {
    let reference = |tag, degrees: f64, positive: &'static str, negative: &'static str| {
        text(tag, if degrees < 0.0 { negative } else { positive })
    };
    [
        reference(1, latitude, "N", "S"),
        rationals(2, &sexagesimal(latitude)),
        reference(3, longitude, "E", "W"),
        rationals(4, &sexagesimal(longitude)),
        rationals(0x1f, &[(ACCURACY, 1)]),
    ]
}

/// Degrees, minutes and hundredths of seconds.
fn sexagesimal(degrees: f64) -> [(u32, u32); 3] {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "180 degrees are 64,800,000 hundredths of seconds"
    )]
    let hundredths = (degrees.abs() * 360_000.0).round() as u32;
    let (seconds, minutes) = (hundredths % 6_000, hundredths / 6_000);
    [(minutes / 60, 1), (minutes % 60, 1), (seconds, 100)]
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use vigila_core::photo::examine;

    use super::*;
    use crate::sample::photos::photos;

    #[test]
    fn a_shot_is_the_photo_with_a_time_and_a_place_of_its_own() {
        let at: DateTime<Utc> = "2026-03-04T10:15:00Z".parse().unwrap();
        for photo in photos() {
            let as_kept = examine(photo.bytes).unwrap();
            let shot = shoot(photo, 0, at, Some((41.2275, -16.2951)));
            let taken = examine(&shot.bytes).unwrap();
            assert_eq!(
                (taken.width, taken.height),
                (as_kept.width, as_kept.height),
                "{}",
                photo.name
            );
            assert_eq!(taken.display, as_kept.display, "{}", photo.name);
            let camera = taken.taken.unwrap();
            assert_eq!(
                (camera.local, camera.offset.unwrap().local_minus_utc()),
                (at.naive_utc(), 0)
            );
            let place = taken.position.unwrap();
            assert!((place.latitude - 41.2275).abs() < 1e-5, "{place:?}");
            assert!((place.longitude + 16.2951).abs() < 1e-5, "{place:?}");
            assert_eq!(place.accuracy_metres, Some(8.0));
            let later = shoot(photo, 0, at + TimeDelta::seconds(1), None);
            assert_ne!(later.sha256, shot.sha256);
            assert_eq!(examine(&later.bytes).unwrap().position, None);
        }
    }
}
