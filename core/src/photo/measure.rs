//! What a photo's pixels tell beside what they show: how sharp, how bright, and a fingerprint
//! by which it is known again. All on one path, box-filtered from the display copy's pixels to
//! a fixed size, so that the numbers do not depend on the decoder and can be compared between
//! photos of any size. It must not judge: what is blurred or dark is decided elsewhere.

use fast_image_resize::FilterType;

use super::raster::{Channels, Raster};
use super::{MEASURED_SIDE, Refusal, fingerprint, render};

/// What was measured; the fields of [`super::Picture`] say what each means.
pub(super) struct Measures {
    pub fingerprint: Option<u64>,
    pub sharpness: f64,
    pub brightness: f64,
}

/// Measures the upright picture.
pub(super) fn measure(display: &Raster) -> Result<Measures, Refusal> {
    let (width, height) = render::within(display.width, display.height, MEASURED_SIDE);
    let luma = luma(&render::resize(display, width, height, FilterType::Box)?);
    let side = fingerprint::SIDE;
    // Not by a box: one that does not divide the picture evenly shifts what it sees.
    let small = render::resize(&luma, side, side, FilterType::Bilinear)?;
    Ok(Measures {
        fingerprint: fingerprint::of(&small.pixels),
        sharpness: sharpness(&luma),
        brightness: mean(&luma.pixels),
    })
}

/// Grey by the weights of ITU-R BT.601, as JPEG has them.
fn luma(raster: &Raster) -> Raster {
    let pixels = match raster.channels {
        Channels::Grey => raster.pixels.clone(),
        Channels::Rgb => raster.pixels.chunks_exact(3).map(weigh).collect(),
        Channels::Ycc => raster.pixels.iter().copied().step_by(3).collect(),
    };
    Raster { width: raster.width, height: raster.height, channels: Channels::Grey, pixels }
}

fn weigh(rgb: &[u8]) -> u8 {
    let sum: u32 = rgb.iter().zip([299, 587, 114]).map(|(value, by)| u32::from(*value) * by).sum();
    u8::try_from((sum + 500) / 1000).unwrap_or(u8::MAX)
}

fn mean(values: &[u8]) -> f64 {
    let sum: u32 = values.iter().map(|value| u32::from(*value)).sum();
    f64::from(sum) / (values.len().max(1) as f64)
}

/// The variance of each pixel's difference from its four neighbours; 0 without inner pixels.
fn sharpness(luma: &Raster) -> f64 {
    let width = luma.width as usize;
    let rows: Vec<&[u8]> = luma.pixels.chunks_exact(width).collect();
    let (mut count, mut sum, mut squares) = (0_u32, 0_i64, 0_i64);
    for window in rows.windows(3) {
        let [above, row, below] = window else { continue };
        for x in 1..width.saturating_sub(1) {
            let around = [above[x], below[x], row[x - 1], row[x + 1]];
            let around: i64 = around.into_iter().map(i64::from).sum();
            let difference = 4 * i64::from(row[x]) - around;
            count += 1;
            sum += difference;
            squares += difference * difference;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let count = f64::from(count);
    let mean = sum as f64 / count;
    (squares as f64 / count - mean * mean).max(0.0)
}
