//! The fast way for JPEG alone, at every reduction, also of pictures that the pipeline would
//! decode in full.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigila_core::photo::{memory_needed, reduced_jpeg};

fuzz_target!(|bytes: &[u8]| {
    if !memory_needed(bytes).is_ok_and(|needed| needed < 20_000_000) {
        return;
    }
    for side in [1, 24, 48, 80] {
        let Ok(Some(small)) = reduced_jpeg(bytes, side) else { continue };
        let pixels = small.width as usize * small.height as usize;
        assert!(small.width.max(small.height) >= side);
        assert!(small.pixels.len() == pixels || small.pixels.len() == 3 * pixels);
    }
});
