//! Whatever bytes come, the photo pipeline answers; what it accepts has two copies that it can
//! read itself, of the right size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigila_core::photo::{DISPLAY_SIDE, Format, THUMBNAIL_SIDE, examine, memory_needed};

fuzz_target!(|bytes: &[u8]| {
    let Ok(needed) = memory_needed(bytes) else {
        assert!(examine(bytes).is_err(), "refused by its structure, yet taken");
        return;
    };
    // Right to be tried, but a second each.
    if needed > 20_000_000 {
        return;
    }
    let Ok(picture) = examine(bytes) else { return };
    for (copy, longest) in [(&picture.display, DISPLAY_SIDE), (&picture.thumbnail, THUMBNAIL_SIDE)]
    {
        let again = examine(copy).expect("a copy that can be read");
        assert_eq!(again.format, Format::Jpeg);
        assert!(!again.damaged && !again.exif);
        let long = picture.width.max(picture.height);
        assert_eq!(again.width.max(again.height), long.min(longest));
        assert_eq!(again.width >= again.height, picture.width >= picture.height);
    }
    assert!(picture.sharpness.is_finite() && picture.sharpness >= 0.0);
    assert!((0.0..=255.0).contains(&picture.brightness));
    for text in [picture.make, picture.model, picture.software].into_iter().flatten() {
        assert!(!text.is_empty() && text.chars().count() <= 64);
        assert!(!text.chars().any(char::is_control));
    }
});
