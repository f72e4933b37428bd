//! Areas that are filled: black where asked, as before elsewhere, in every size.

use vigila_core::photo::{Area, THUMBNAIL_SIDE, display_size, redact};

use crate::helpers::{WHITE, accept, decoded, fields, quadrants};

fn encoded(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&quadrants(width, height), width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

#[test]
fn filled_areas_are_black_in_every_size_and_the_rest_stays() {
    let picture = accept("four fields", &encoded(2400, 1200));
    let (width, height) = display_size(picture.width, picture.height);
    assert_eq!((width, height), (1600, 800));
    let before = fields(&picture.display);
    // The upper left field, and a part of the lower right one that reaches over the edge.
    let areas = [
        Area { x: 0, y: 0, width: 800, height: 400 },
        Area { x: 1100, y: 550, width: u32::MAX, height: 9_000 },
    ];
    for longest in [1600, THUMBNAIL_SIDE] {
        let shown = redact(&picture.display, &areas, longest).unwrap();
        let pixels = decoded(&shown);
        assert_eq!(pixels.width(), longest);
        let found = fields(&shown);
        for (at, field) in [(0, [0; 3]), (1, before[1]), (2, before[2]), (3, [0; 3])] {
            let near = found[at].iter().zip(field).all(|(a, b)| a.abs_diff(b) <= 14);
            assert!(near, "{longest}, field {at}: {found:?}");
        }
        // Just outside the second area it is white still.
        let (x, y) = (1080 * longest / 1600, 530 * longest / 1600);
        let near = pixels.get_pixel(x, y).0.iter().zip(WHITE).all(|(a, b)| a.abs_diff(b) <= 24);
        assert!(near, "{longest}: {:?}", pixels.get_pixel(x, y));
    }
}

#[test]
fn an_area_outside_covers_nothing_and_a_grey_picture_is_filled_too() {
    let grey = vec![200; 64 * 48];
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&grey, 64, 48, jpeg_encoder::ColorType::Luma).unwrap();
    let picture = accept("grey", &bytes);
    let outside = [Area { x: 64, y: 48, width: 5, height: 5 }];
    let shown = decoded(&redact(&picture.display, &outside, 1600).unwrap());
    assert!(shown.pixels().all(|pixel| pixel.0[0].abs_diff(200) <= 4));
    let half = [Area { x: 0, y: 0, width: 32, height: 48 }];
    let shown = decoded(&redact(&picture.display, &half, 1600).unwrap());
    assert!(shown.get_pixel(8, 24).0[0] <= 8 && shown.get_pixel(56, 24).0[0].abs_diff(200) <= 8);
}
