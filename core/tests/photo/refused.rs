//! What the contract refuses, each for its own reason.

use jpeg_encoder::ColorType;
use vigila_core::photo::{MAX_BYTES, Refusal, examine, memory_needed};

use crate::helpers::*;

#[test]
fn the_bytes_decide_the_type() {
    let still = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let own_brand = b"\0\0\0\x18ftypxxxx\0\0\0\0xxxxmif1";
    let film = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42";
    let refused: &[(&str, &[u8], &str)] = &[
        ("heic", still, "heic"),
        ("heic by a compatible brand", own_brand, "heic"),
        ("avif", &fixture("avif.avif"), "heic"),
        ("a film", film, "unsupported-type"),
        ("gif", &fixture("gif.gif"), "unsupported-type"),
        ("nothing", b"", "unsupported-type"),
        ("half a magic", b"\xff\xd8", "unsupported-type"),
        ("pdf", b"%PDF-1.7 and so on", "unsupported-type"),
        ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported-type"),
        ("tiff", b"II*\0\x08\0\0\0", "unsupported-type"),
        ("a RIFF of sound", b"RIFF\x04\0\0\0WAVE", "unsupported-type"),
        ("text", b"a photo of a room", "unsupported-type"),
    ];
    for (name, bytes, code) in refused {
        assert_eq!(refuse(name, bytes).0, *code, "{name}");
    }
    let found = refuse("gif", &fixture("gif.gif")).1;
    assert_eq!(found, Refusal::UnsupportedType { found: "GIF" });
}

#[test]
fn too_many_bytes_are_refused_and_the_last_allowed_one_is_not() {
    let limit = usize::try_from(MAX_BYTES).unwrap();
    let mut bytes = plain_jpeg(96, 64);
    bytes.resize(limit, 0);
    accept("25,000,000 bytes", &bytes);
    bytes.push(0);
    let bytes_sent = MAX_BYTES + 1;
    assert_eq!(refuse("one more", &bytes).1, Refusal::TooLarge { bytes: bytes_sent });
}

#[test]
fn too_many_pixels_are_refused_in_every_format() {
    let mut jpeg = plain_jpeg(96, 64);
    let frame = find_marker(&jpeg, 0xc0);
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x1f, 0x41, 0x1f, 0x40]); // 8001 x 8000
    let refusal = refuse("jpeg", &jpeg).1;
    assert_eq!(refusal, Refusal::TooManyPixels { width: 8000, height: 8001 });

    let mut png = fixture("png-rgb.png");
    png[16..24].copy_from_slice(&[0, 0, 0x1f, 0x41, 0, 0, 0x1f, 0x40]);
    let sum = crc32fast::hash(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    assert_eq!(refuse("png", &png).0, "too-many-pixels");

    let mut webp = fixture("webp-lossless.webp");
    let bits = (16_383_u32 | 16_383 << 14).to_le_bytes();
    webp[21..25].copy_from_slice(&bits);
    assert_eq!(refuse("webp", &webp).0, "too-many-pixels");
}

#[test]
fn a_header_alone_with_64_megapixels_is_refused_before_it_is_decoded() {
    let mut jpeg = plain_jpeg(96, 64);
    let frame = find_marker(&jpeg, 0xc0);
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x1f, 0x40, 0x1f, 0x40]);
    let scan = find_marker(&jpeg, 0xda);
    let (code, _) = refuse("no data", &jpeg[..scan + 14]);
    assert_eq!(code, "unreadable");
}

#[test]
fn what_would_need_too_much_memory_is_refused_from_its_header() {
    // Four inks go the way of the full size.
    let pixels = [0; 64 * 64 * 4];
    let mut jpeg = jpeg(&pixels, (64, 64), ColorType::Cmyk, |e| e.set_progressive(true));
    let frame = find_marker(&jpeg, 0xc2);
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x1f, 0x40, 0x1f, 0x40]);
    assert_eq!(refuse("progressive", &jpeg).0, "too-much-memory");
    assert_eq!(memory_needed(&jpeg).unwrap_err().code(), "too-much-memory");
}

#[test]
fn scans_and_segments_are_counted() {
    let mut bytes = fixture("jpeg-420-progressive.jpg");
    let last = bytes.windows(2).rposition(|pair| pair == [0xff, 0xda]).unwrap();
    let scan = bytes[last..bytes.len() - 2].to_vec();
    let scans = bytes.windows(2).filter(|pair| *pair == [0xff, 0xda]).count();
    bytes.truncate(bytes.len() - 2);
    for _ in scans..32 {
        bytes.extend(&scan);
    }
    accept("32 scans", &[&bytes[..], b"\xff\xd9"].concat());
    bytes.extend(&scan);
    assert_eq!(refuse("33 scans", &bytes).1, Refusal::TooManyScans);

    let plain = plain_jpeg(96, 64);
    let own = plain[..find_marker(&plain, 0xda)].to_vec();
    let own = count_segments(&own);
    let filled = |count: usize| {
        let empty = [0xff, 0xe5, 0, 2].repeat(count);
        [&plain[..2], &empty, &plain[2..]].concat()
    };
    accept("4096 segments", &filled(4096 - own));
    let refusal = refuse("4097 segments", &filled(4097 - own)).1;
    assert_eq!(refusal, Refusal::TooManySegments);
}

fn count_segments(header: &[u8]) -> usize {
    let (mut at, mut count) = (2, 0);
    while at < header.len() {
        at += 2 + usize::from(u16::from_be_bytes([header[at + 2], header[at + 3]]));
        count += 1;
    }
    count
}

#[test]
fn frames_that_cannot_be_read_are_refused_with_a_reason() {
    let plain = plain_jpeg(96, 64);
    let frame = find_marker(&plain, 0xc0);
    let changed = |at: usize, value: u8| {
        let mut bytes = plain.clone();
        bytes[at] = value;
        bytes
    };
    let zero = |at: usize| {
        let mut bytes = plain.clone();
        bytes[at..at + 2].fill(0);
        bytes
    };
    let header = &plain[..find_marker(&plain, 0xda)];
    let two_frames = with_segment(&plain, 0xc0, &plain[frame + 4..frame + 19]);
    for (name, bytes, reason) in [
        ("12 bits", changed(frame + 4, 12), "12 bits"),
        ("no height", zero(frame + 5), "without width or height"),
        ("no width", zero(frame + 7), "without width or height"),
        ("lossless", changed(frame + 1, 0xc3), "lossless"),
        ("arithmetic", changed(frame + 1, 0xc9), "arithmetic"),
        ("two colours", changed(frame + 9, 2), "colours"),
        ("a factor of 5", changed(frame + 11, 0x52), "sampling"),
        ("a factor of 0", changed(frame + 11, 0x02), "sampling"),
        ("two frames", two_frames, "two frames"),
        ("a header only", header.to_vec(), "without picture data"),
        ("a header that is cut", header[..header.len() - 5].to_vec(), "cut within"),
        ("a start only", b"\xff\xd8\xff\xd9".to_vec(), "without picture data"),
    ] {
        let (code, refusal) = refuse(name, &bytes);
        assert_eq!(code, "unreadable", "{name}");
        assert!(refusal.to_string().contains(reason), "{name}: {refusal}");
    }
}

#[test]
fn a_cut_png_or_webp_is_refused_wherever_it_is_cut() {
    for name in [
        "png-rgb.png",
        "png-rgba-16-interlaced.png",
        "png-palette-8.png",
        "apng.png",
        "webp-lossy.webp",
        "webp-lossless.webp",
        "webp-lossy-alpha.webp",
        "webp-animated.webp",
    ] {
        let whole = fixture(name);
        // A type needs its first bytes; before them it is another refusal.
        for length in 12..whole.len() {
            let (code, _) = refuse(name, &whole[..length]);
            assert_eq!(code, "unreadable", "{name} cut to {length}");
        }
    }
}

#[test]
fn a_png_with_any_bit_flipped_fails_its_checksum() {
    for name in ["png-rgb.png", "png-palette-4.png", "png-exif.png"] {
        let whole = fixture(name);
        for at in 8..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 4;
            assert_eq!(refuse(name, &bytes).0, "unreadable", "{name} flipped at {at}");
        }
    }
}

#[test]
fn sizes_in_a_webp_must_agree() {
    let whole = fixture("webp-lossy-alpha.webp");
    let mut canvas = whole.clone();
    canvas[24] += 1;
    let mut frame = whole.clone();
    let at = whole.windows(3).position(|part| part == [0x9d, 1, 0x2a]).unwrap();
    frame[at + 3..at + 7].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    for bytes in [canvas, frame] {
        let (code, refusal) = refuse("sizes", &bytes);
        assert_eq!(code, "unreadable");
        assert!(refusal.to_string().contains("contradict"), "{refusal}");
    }
}

#[test]
fn every_refusal_has_its_own_code() {
    let all = [
        Refusal::Heic,
        Refusal::UnsupportedType { found: "GIF" },
        Refusal::TooLarge { bytes: 1 },
        Refusal::TooManyPixels { width: 1, height: 1 },
        Refusal::TooMuchMemory { width: 1, height: 1, needed: 1 },
        Refusal::TooManyScans,
        Refusal::TooManySegments,
        Refusal::Unreadable { reason: "r".to_owned() },
    ];
    let mut codes: Vec<&str> = all.iter().map(Refusal::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all.len());
    assert!(codes.iter().all(|c| c.chars().all(|l| l.is_ascii_lowercase() || l == '-')));
    assert!(examine(b"").is_err());
}
