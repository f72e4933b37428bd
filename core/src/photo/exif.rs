//! The few facts that the office needs from a photo's EXIF: which way is up, when, where, and
//! what device and program wrote it.
//!
//! A reader of its own because of what hostile EXIF can do to a general one: directories that
//! point into each other by the thousand. Here at most three directories are read, each once
//! and front to back, and nothing is allocated; so no input makes it slow. It is tolerant:
//! whatever is broken or missing is simply not told, and never a reason to refuse the photo.
//! It must not judge the facts: whether a time or place is plausible is asked elsewhere.
//!
//! Source: CIPA DC-008 (Exif 3.0), TIFF 6.0.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime};

/// When the camera says the photo was taken, by its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Date and time on the camera's clock, in whatever zone it was set to.
    pub local: NaiveDateTime,
    /// How far that clock was ahead of UTC, if the camera says so (older ones do not).
    pub offset: Option<FixedOffset>,
}

/// Where the camera says the photo was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Radius in metres within which the camera believes to be, if it says so.
    pub accuracy_metres: Option<f64>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exif {
    /// There is a block that can be opened, whatever it tells.
    pub opened: bool,
    /// 1 to 8 as in EXIF; 1 (upright) when missing or nonsense.
    pub orientation: u8,
    pub taken: Option<Taken>,
    pub position: Option<Position>,
    pub make: Option<String>,
    pub model: Option<String>,
    pub software: Option<String>,
}

impl Exif {
    pub(super) const NONE: Self = Self {
        opened: false,
        orientation: 1,
        taken: None,
        position: None,
        make: None,
        model: None,
        software: None,
    };
}

/// The most characters of a text that are told.
const TEXT_CHARACTERS: usize = 64;

const MAKE: u16 = 0x010f;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const SOFTWARE: u16 = 0x0131;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const TIME_ORIGINAL: u16 = 0x9003;
const TIME_DIGITISED: u16 = 0x9004;
const OFFSET_ORIGINAL: u16 = 0x9011;
const OFFSET_DIGITISED: u16 = 0x9012;
const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;
const POSITIONING_ERROR: u16 = 0x1f;

/// Reads what it can from a TIFF block, with or without the `Exif\0\0` before it.
pub(super) fn read(block: &[u8]) -> Exif {
    let bytes = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    let Some(tiff) = Tiff::open(bytes) else {
        return Exif::NONE;
    };
    let Some(root) = tiff.u32(4).map(|at| tiff.directory(at)).filter(Directory::opens) else {
        return Exif::NONE;
    };
    let pointed = |tag| Some(tiff.directory(root.find(tag)?.number()?));
    let orientation = root
        .find(ORIENTATION)
        .and_then(|entry| u8::try_from(entry.number()?).ok())
        .filter(|n| (1..=8).contains(n))
        .unwrap_or(1);
    let words = |tag| root.find(tag).and_then(|entry| words(entry.text()?));
    Exif {
        opened: true,
        orientation,
        taken: pointed(EXIF_DIRECTORY).and_then(|exif| taken(&exif)),
        position: pointed(GPS_DIRECTORY).and_then(|gps| position(&gps)),
        make: words(MAKE),
        model: words(MODEL),
        software: words(SOFTWARE),
    }
}

/// What a person can read of a text, up to its end marker: without what is not UTF-8, without
/// characters that control a terminal or turn the direction of what follows, on one line.
fn words(text: &[u8]) -> Option<String> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = String::from_utf8_lossy(text);
    let seen: String = text
        .chars()
        .filter(|c| !c.is_control() && !unseen(*c))
        .skip_while(|c| c.is_whitespace())
        .take(TEXT_CHARACTERS)
        .collect();
    let seen = seen.trim_end();
    (!seen.is_empty()).then(|| seen.to_owned())
}

/// Characters that show nothing themselves or stand for bytes that are no text.
fn unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{ffff}'
            | '\u{e0000}'..='\u{10ffff}'
            | '\u{e000}'..='\u{f8ff}'
    )
}

fn taken(exif: &Directory<'_>) -> Option<Taken> {
    let at = |time, offset| {
        let local = moment(exif.find(time)?.text()?)?;
        let offset = exif.find(offset).and_then(|entry| zone(entry.text()?));
        Some(Taken { local, offset })
    };
    at(TIME_ORIGINAL, OFFSET_ORIGINAL).or_else(|| at(TIME_DIGITISED, OFFSET_DIGITISED))
}

/// `2025:03:09 14:05:59`; which separators a camera uses is not looked at.
fn moment(text: &[u8]) -> Option<NaiveDateTime> {
    let number = |from: usize, to: usize| digits(text.get(from..to)?);
    let date =
        NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)
}

/// `+02:00`
fn zone(text: &[u8]) -> Option<FixedOffset> {
    let seconds = digits(text.get(1..3)?)? * 3600 + digits(text.get(4..6)?)? * 60;
    let seconds = i32::try_from(seconds).ok()?;
    match text.first()? {
        b'+' => FixedOffset::east_opt(seconds),
        b'-' => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |sum: u32, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0'))
    })
}

fn position(gps: &Directory<'_>) -> Option<Position> {
    let signed = |value, reference, positive: u8, negative: u8| {
        let degrees = gps.find(value)?.degrees()?;
        match gps.find(reference)?.text()?.first()?.to_ascii_uppercase() {
            hemisphere if hemisphere == positive => Some(degrees),
            hemisphere if hemisphere == negative => Some(-degrees),
            _ => None,
        }
    };
    let latitude = signed(LATITUDE, LATITUDE_REF, b'N', b'S')?;
    let longitude = signed(LONGITUDE, LONGITUDE_REF, b'E', b'W')?;
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then(|| Position {
        latitude,
        longitude,
        accuracy_metres: gps.find(POSITIONING_ERROR).and_then(|e| e.rational(0)),
    })
}

/// A TIFF block and its byte order.
#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Tiff<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let big_endian = match bytes.get(..4)? {
            b"MM\0*" => true,
            b"II*\0" => false,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let raw = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.big_endian {
            true => u16::from_be_bytes(raw),
            false => u16::from_le_bytes(raw),
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let raw = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.big_endian {
            true => u32::from_be_bytes(raw),
            false => u32::from_le_bytes(raw),
        })
    }

    fn directory(self, at: u32) -> Directory<'a> {
        Directory { tiff: self, at: at as usize }
    }
}

/// A list of entries somewhere in the block; it may lie about its length or place.
struct Directory<'a> {
    tiff: Tiff<'a>,
    at: usize,
}

impl<'a> Directory<'a> {
    /// Whether it lies within the block at least by its beginning.
    fn opens(&self) -> bool {
        self.tiff.u16(self.at).is_some()
    }

    /// The first entry of that tag whose value lies within the block.
    fn find(&self, tag: u16) -> Option<Entry<'a>> {
        let count = usize::from(self.tiff.u16(self.at)?);
        (0..count)
            .map(|n| self.at + 2 + n * 12)
            .take_while(|at| at + 12 <= self.tiff.bytes.len())
            .filter(|at| self.tiff.u16(*at) == Some(tag))
            .find_map(|at| Entry::read(self.tiff, at))
    }
}

/// One entry: its type and its raw value.
struct Entry<'a> {
    tiff: Tiff<'a>,
    kind: u16,
    start: usize,
    end: usize,
}

const BYTE: u16 = 1;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
/// Since Exif 3.0.
const UTF8: u16 = 129;

impl<'a> Entry<'a> {
    fn read(tiff: Tiff<'a>, at: usize) -> Option<Self> {
        let kind = tiff.u16(at + 2)?;
        let unit = match kind {
            BYTE | ASCII | UTF8 => 1,
            SHORT => 2,
            LONG => 4,
            RATIONAL => 8,
            _ => return None,
        };
        let length = (tiff.u32(at + 4)? as usize).checked_mul(unit)?;
        let start = match length {
            0..=4 => at + 8,
            _ => tiff.u32(at + 8)? as usize,
        };
        let end = start.checked_add(length)?;
        (length > 0 && end <= tiff.bytes.len()).then_some(Self { tiff, kind, start, end })
    }

    fn number(&self) -> Option<u32> {
        match self.kind {
            BYTE => self.tiff.bytes.get(self.start).copied().map(u32::from),
            SHORT => self.tiff.u16(self.start).map(u32::from),
            LONG => self.tiff.u32(self.start),
            _ => None,
        }
    }

    fn text(&self) -> Option<&'a [u8]> {
        matches!(self.kind, ASCII | UTF8).then(|| self.tiff.bytes.get(self.start..self.end))?
    }

    /// None too when it is not finite.
    fn rational(&self, index: usize) -> Option<f64> {
        let at = self.start + index * 8;
        if self.kind != RATIONAL || at + 8 > self.end {
            return None;
        }
        let value = f64::from(self.tiff.u32(at)?) / f64::from(self.tiff.u32(at + 4)?);
        value.is_finite().then_some(value)
    }

    /// Degrees, minutes and seconds; cameras that write whole minutes leave 0/0 behind them.
    fn degrees(&self) -> Option<f64> {
        let rest =
            self.rational(1).unwrap_or(0.0) / 60.0 + self.rational(2).unwrap_or(0.0) / 3600.0;
        Some(self.rational(0)? + rest)
    }
}
