//! What EXIF tells, and that broken EXIF never costs a photo.

use vigila_core::photo::{Hasher, examine, sha256_hex};

use crate::helpers::*;

#[test]
fn all_eight_orientations_come_upright() {
    // What the stored fields (red, green, blue, white) become, by the definition of EXIF:
    // for 6, the stored left column is the upright top row, and so on.
    let expected = [
        [RED, GREEN, BLUE, WHITE],
        [GREEN, RED, WHITE, BLUE],
        [WHITE, BLUE, GREEN, RED],
        [BLUE, WHITE, RED, GREEN],
        [RED, BLUE, GREEN, WHITE],
        [BLUE, RED, WHITE, GREEN],
        [WHITE, GREEN, BLUE, RED],
        [GREEN, WHITE, RED, BLUE],
    ];
    for (stored, small) in [((96, 64), true), ((1800, 1200), false)] {
        let plain = plain_jpeg(stored.0, stored.1);
        for (orientation, fields) in (1_u32..).zip(expected) {
            let name = format!("orientation {orientation}");
            let block = exif(&[(0x0112, 3, 1, orientation)], 0);
            let picture = accept(&name, &with_segment(&plain, 0xe1, &block));
            shows(&name, &picture, fields);
            let turned = match orientation {
                5.. => (u32::from(stored.1), u32::from(stored.0)),
                _ => (u32::from(stored.0), u32::from(stored.1)),
            };
            assert_eq!((picture.width, picture.height), turned, "{name}");
            if small {
                assert_eq!(decoded(&picture.display).dimensions(), turned, "{name}");
            }
        }
    }
}

#[test]
fn time_and_place_are_read_from_every_format() {
    for name in ["jpeg-exif.jpg", "png-exif.png", "webp-exif.webp"] {
        let picture = accept(name, &fixture(name));
        let taken = picture.taken.unwrap();
        assert_eq!(taken.local.to_string(), "2025-03-09 14:05:59", "{name}");
        assert_eq!(taken.offset.unwrap().local_minus_utc(), 3600, "{name}");
        let position = picture.position.unwrap();
        assert!((position.latitude - (41.0 + 13.0 / 60.0 + 30.0 / 3600.0)).abs() < 1e-9);
        assert!((position.longitude - (16.0 + 17.0 / 60.0 + 42.0 / 3600.0)).abs() < 1e-9);
        assert_eq!(position.accuracy_metres, Some(4.5), "{name}");
    }
    let none = accept("none", &fixture("jpeg-420.jpg"));
    assert_eq!((none.taken, none.position), (None, None));
    assert!(!none.exif);
}

/// An EXIF block whose first directory has these texts (tag, type, bytes).
fn with_texts(texts: &[(u16, u16, &[u8])]) -> Vec<u8> {
    let mut behind = u32::try_from(8 + 2 + texts.len() * 12 + 4).unwrap();
    let mut entries = Vec::new();
    let mut values = Vec::new();
    for (tag, kind, text) in texts {
        let length = u32::try_from(text.len()).unwrap();
        // Four bytes and less are in the entry itself.
        let mut inline = [0; 4];
        let value = match text.len() {
            0..=4 => {
                inline[..text.len()].copy_from_slice(text);
                u32::from_le_bytes(inline)
            }
            _ => {
                values.extend_from_slice(text);
                behind += length;
                behind - length
            }
        };
        entries.push((*tag, *kind, length, value));
    }
    [exif(&entries, 0), values].concat()
}

#[test]
fn device_and_program_are_told_as_a_person_can_read_them() {
    const MAKE: u16 = 0x010f;
    const MODEL: u16 = 0x0110;
    const SOFTWARE: u16 = 0x0131;
    let told = |texts: &[(u16, u16, &[u8])]| {
        let block = with_texts(texts);
        let picture = accept("texts", &with_segment(&plain_jpeg(96, 64), 0xe1, &block));
        assert!(picture.exif);
        (picture.make, picture.model, picture.software)
    };
    let text = |text: &str| Some(text.to_owned());
    let plain = told(&[
        (MAKE, 2, b"Camera Works\0"),
        (MODEL, 2, b"  C-1\0 and a rest"),
        (SOFTWARE, 129, "Ritocco più\0".as_bytes()),
    ]);
    assert_eq!(plain, (text("Camera Works"), text("C-1"), text("Ritocco più")));
    let odd = told(&[
        (MAKE, 2, b"\x1b[31m red\r\n\x07line\x7f \0"),
        (MODEL, 2, "a\u{202e}b\u{200b}c\u{feff}\u{e000}".as_bytes()),
        (SOFTWARE, 2, b"\xff\xfeabc\xe9"),
    ]);
    assert_eq!(odd, (text("[31m redline"), text("abc"), text("abc")));
    let nothing = told(&[(MAKE, 2, b"\0\0\0"), (MODEL, 2, b"   "), (SOFTWARE, 3, b"abcdefgh")]);
    assert_eq!(nothing, (None, None, None));
    let long = told(&[
        (MAKE, 2, "è".repeat(9000).as_bytes()),
        (MODEL, 2, b"abc"),
        (SOFTWARE, 2, &[b' '; 65]),
    ]);
    assert_eq!(long, (text(&"è".repeat(64)), text("abc"), None));
}

#[test]
fn an_exif_block_counts_if_it_can_be_opened() {
    let plain = plain_jpeg(96, 64);
    for (name, block, opens) in [
        ("no entries", exif(&[], 0), true),
        ("a loop", exif(&[(0x8769, 4, 1, 8), (0x8825, 4, 1, 8)], 8), true),
        ("no TIFF", b"Exif\0\0something else".to_vec(), false),
        ("empty", b"Exif\0\0".to_vec(), false),
        ("a directory beyond the end", b"Exif\0\0II*\0\xff\xff\0\0".to_vec(), false),
    ] {
        let picture = accept(name, &with_segment(&plain, 0xe1, &block));
        assert_eq!(picture.exif, opens, "{name}");
        assert_eq!((picture.make, picture.model, picture.software), (None, None, None));
    }
    for name in ["jpeg-exif.jpg", "png-exif.png", "webp-exif.webp"] {
        assert!(accept(name, &fixture(name)).exif, "{name}");
    }
}

#[test]
fn broken_exif_never_refuses() {
    let plain = plain_jpeg(96, 64);
    let upright = accept("plain", &plain);
    let to_itself = (0x8769, 4, 1, 8);
    let whole = fixture("jpeg-exif.jpg");
    let start = find_marker(&whole, 0xe1) + 4;
    let good = whole[start..start + 200].to_vec();
    let blocks: Vec<(&str, Vec<u8>)> = vec![
        ("empty", b"Exif\0\0".to_vec()),
        ("no TIFF", b"Exif\0\0something else".to_vec()),
        ("a loop by the next directory", exif(&[(0x0112, 3, 1, 1)], 8)),
        ("a loop by pointers", exif(&[to_itself, (0x8825, 4, 1, 8)], 8)),
        ("an offset beyond", exif(&[(0x8769, 4, 1, u32::MAX), (0x8825, 4, 1, 65_000)], 0)),
        ("a count beyond", exif(&[(0x0112, 3, u32::MAX, 6)], 0)),
        ("an orientation of 9", exif(&[(0x0112, 3, 1, 9)], 0)),
        ("an orientation in words", exif(&[(0x0112, 2, 4, 0x3636_3636)], 0)),
        ("a thousand pointers", exif(&[to_itself; 1000], 8)),
        ("a directory that is cut", exif(&[(0x0112, 3, 1, 1); 4], 0)[..40].to_vec()),
    ];
    for (name, block) in &blocks {
        let picture = accept(name, &with_segment(&plain, 0xe1, block));
        assert_eq!(picture.display, upright.display, "{name}");
        assert!(!picture.damaged, "{name}");
        assert_eq!((picture.taken, picture.position), (None, None), "{name}");
    }
    // Cut anywhere, flipped anywhere: still a photo.
    for at in 0..good.len() {
        let mut flipped = good.clone();
        flipped[at] ^= 0xff;
        for block in [&good[..at], &flipped] {
            accept("worn EXIF", &with_segment(&plain, 0xe1, block));
        }
    }
}

#[test]
fn the_name_is_the_same_in_one_piece_or_many() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(sha256_hex(b""), empty);
    let mut hasher = Hasher::default();
    hasher.update(b"ab");
    hasher.update(b"c");
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hasher.finish(), abc);
}

#[test]
fn the_same_bytes_give_the_same_copies() {
    let bytes = fixture("jpeg-exif.jpg");
    assert_eq!(examine(&bytes).unwrap(), examine(&bytes).unwrap());
}
