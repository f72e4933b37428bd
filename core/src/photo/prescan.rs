//! A walk over the markers of a JPEG before any decoder sees it. No decoder tried has all the
//! limits that hostile files ask for (scans, segments, pixels), so they are held here: nothing
//! is allocated and every byte is looked at once at most. It must not know how pictures are
//! decoded.
//!
//! Source: ITU-T T.81, annex B.

use super::{MAX_SCANS, MAX_SEGMENTS, Refusal};

/// What the markers tell.
#[derive(Debug, Clone)]
pub(super) struct Prescan<'a> {
    pub width: u16,
    pub height: u16,
    /// Horizontal and vertical sampling factor (1 to 4) of each of the 1, 3 or 4 components.
    pub sampling: Vec<(u8, u8)>,
    pub progressive: bool,
    /// An Adobe segment is there: four components are then stored inverted.
    pub adobe: bool,
    /// Three components are red, green and blue, not luma and chroma: an Adobe segment says so,
    /// or they have those letters as names.
    pub rgb: bool,
    /// The first EXIF block, without its `Exif\0\0`.
    pub exif: Option<&'a [u8]>,
    /// Components in the first scan.
    pub first_scan: u8,
    /// The last scan's data ends where a restart marker could follow.
    pub ends_at_restart: bool,
    /// Bytes of application segments and comments, which the decoder copies.
    pub metadata: usize,
    /// Where the picture's data ends: the end marker, or where the bytes or their sense end.
    /// What lies behind (further pictures of an MPO, a film, anything) is not looked at.
    pub end: usize,
    /// A segment between scans runs over the end of the file: data is surely missing. (That
    /// the end marker is missing does not say so.)
    pub cut: bool,
}

impl Prescan<'_> {
    /// The most samples of any component, across and down.
    pub(super) fn most_samples(&self) -> (u8, u8) {
        let across = self.sampling.iter().map(|(h, _)| *h).max();
        let down = self.sampling.iter().map(|(_, v)| *v).max();
        (across.unwrap_or(1), down.unwrap_or(1))
    }

    /// Whether the first scan brings everything.
    pub(super) fn one_scan(&self) -> bool {
        !self.progressive && usize::from(self.first_scan) == self.sampling.len()
    }
}

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const DRI: u8 = 0xdd;
const DHT: u8 = 0xc4;
const DAC: u8 = 0xcc;
const COM: u8 = 0xfe;
const APP1: u8 = 0xe1;
const APP14: u8 = 0xee;

/// Walks the markers of the first picture in `bytes`, which start with the start marker.
pub(super) fn prescan(bytes: &[u8]) -> Result<Prescan<'_>, Refusal> {
    let mut walk = Walk {
        bytes,
        at: 2,
        segments: 0,
        scans: 0,
        frame: None,
        adobe: None,
        exif: None,
        first_scan: 0,
        restart: 0,
        units: 0,
        metadata: 0,
        first_data: 0,
    };
    let (end, cut) = walk.run()?;
    let frame = walk.frame.ok_or_else(no_data)?;
    if walk.scans == 0 || walk.first_data == 0 {
        return Err(no_data());
    }
    Ok(Prescan {
        width: frame.width,
        height: frame.height,
        sampling: frame.sampling,
        progressive: frame.progressive,
        adobe: walk.adobe.is_some(),
        rgb: match walk.adobe {
            Some(transform) => transform == 0,
            None => frame.ids == b"RGB",
        },
        exif: walk.exif,
        first_scan: walk.first_scan,
        ends_at_restart: walk.restart > 0 && walk.units.is_multiple_of(walk.restart),
        metadata: walk.metadata,
        end,
        cut,
    })
}

fn no_data() -> Refusal {
    Refusal::unreadable("a JPEG header without picture data")
}

struct Frame {
    width: u16,
    height: u16,
    ids: Vec<u8>,
    sampling: Vec<(u8, u8)>,
    progressive: bool,
}

impl Frame {
    /// How many units (T.81: minimum coded units) a scan with this header holds: blocks, if it
    /// is of one component, else sets of blocks of all of them.
    fn units(&self, scan_header: &[u8]) -> u64 {
        let h_max = self.sampling.iter().map(|(h, _)| u64::from(*h)).max();
        let v_max = self.sampling.iter().map(|(_, v)| u64::from(*v)).max();
        let (h_max, v_max) = (h_max.unwrap_or(1), v_max.unwrap_or(1));
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let alone = match scan_header {
            [1, id, ..] => self.ids.iter().position(|own| own == id),
            _ => None,
        };
        match alone.and_then(|n| self.sampling.get(n)) {
            Some((h, v)) => {
                let across = (width * u64::from(*h)).div_ceil(h_max).div_ceil(8);
                let down = (height * u64::from(*v)).div_ceil(v_max).div_ceil(8);
                across * down
            }
            None => width.div_ceil(8 * h_max) * height.div_ceil(8 * v_max),
        }
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    segments: u32,
    scans: u32,
    frame: Option<Frame>,
    /// The colour transform that an Adobe segment names.
    adobe: Option<u8>,
    exif: Option<&'a [u8]>,
    first_scan: u8,
    /// Coded units between restart markers, 0 for none.
    restart: u64,
    /// Coded units in the latest scan.
    units: u64,
    metadata: usize,
    first_data: usize,
}

impl<'a> Walk<'a> {
    /// Where the picture's data ends, and whether a segment is cut there.
    fn run(&mut self) -> Result<(usize, bool), Refusal> {
        loop {
            let Some((start, marker)) = self.next_marker() else {
                return Ok((self.bytes.len(), false));
            };
            let begun = self.scans > 0;
            match marker {
                EOI => return Ok((start, false)),
                SOI if begun => return Ok((start, false)),
                // Filling, a stuffed byte, restart markers and the like: no segment follows.
                0x00..=0x01 | 0xd0..=0xd7 => continue,
                SOI => return Err(Refusal::unreadable("two start markers in a JPEG header")),
                _ => {}
            }
            let Some(body) = self.segment() else {
                return match begun {
                    true => Ok((start, true)),
                    false => Err(Refusal::unreadable("a JPEG that is cut within its header")),
                };
            };
            self.segments += u32::from(marker != SOS);
            if self.segments > MAX_SEGMENTS {
                return Err(Refusal::TooManySegments);
            }
            match marker {
                SOS => self.scan(body)?,
                0xe0..=0xef | COM => self.metadata(marker, body),
                DRI => {
                    if let [high, low, ..] = *body {
                        self.restart = u16::from_be_bytes([high, low]).into();
                    }
                }
                0xc0..=0xcf if !begun && !matches!(marker, DHT | DAC | 0xc8) => {
                    self.frame(marker, body)?;
                }
                _ => {}
            }
            if begun {
                self.skip_data();
            }
        }
    }

    /// The next marker and where it starts; `at` is then behind it. Bytes that are no marker
    /// are passed over, as all decoders do.
    fn next_marker(&mut self) -> Option<(usize, u8)> {
        let start = self.at + memchr::memchr(0xff, self.bytes.get(self.at..)?)?;
        let fill = self.bytes[start..].iter().take_while(|b| **b == 0xff).count();
        let marker = *self.bytes.get(start + fill)?;
        self.at = start + fill + 1;
        Some((start, marker))
    }

    /// The body of the segment whose length is at `at`; `at` is then behind it. None if the
    /// length is nonsense or runs over the end.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(u16::from_be_bytes(*self.bytes.get(self.at..)?.first_chunk()?));
        let body = self.bytes.get(self.at + 2..self.at + length)?;
        self.at += length;
        Some(body)
    }

    fn frame(&mut self, marker: u8, body: &[u8]) -> Result<(), Refusal> {
        if !(0xc0..=0xc2).contains(&marker) {
            return Err(Refusal::unreadable("a lossless, hierarchical or arithmetic JPEG"));
        }
        if self.frame.is_some() {
            return Err(Refusal::unreadable("two frames in one JPEG"));
        }
        let (&[precision, h1, h2, w1, w2, count], rest) = body
            .split_first_chunk()
            .ok_or_else(|| Refusal::unreadable("a JPEG frame header that is too short"))?;
        let (height, width) = (u16::from_be_bytes([h1, h2]), u16::from_be_bytes([w1, w2]));
        if precision != 8 {
            let reason = format!("a JPEG of {precision} bits, only 8 are read");
            return Err(Refusal::unreadable(reason));
        }
        if width == 0 || height == 0 {
            return Err(Refusal::unreadable("a picture without width or height"));
        }
        if !matches!(count, 1 | 3 | 4) || rest.len() != usize::from(count) * 3 {
            return Err(Refusal::unreadable("a JPEG of an unknown set of colours"));
        }
        super::check_pixels(u32::from(width), u32::from(height))?;
        let sampling: Vec<(u8, u8)> =
            rest.chunks_exact(3).map(|c| (c[1] >> 4, c[1] & 15)).collect();
        let sound = |factor| (1..=4).contains(&factor);
        if !sampling.iter().all(|(h, v)| sound(*h) && sound(*v)) {
            return Err(Refusal::unreadable("a JPEG sampling factor beyond 1 to 4"));
        }
        self.frame = Some(Frame {
            width,
            height,
            ids: rest.iter().copied().step_by(3).collect(),
            sampling,
            progressive: marker == 0xc2,
        });
        Ok(())
    }

    fn metadata(&mut self, marker: u8, body: &'a [u8]) {
        self.metadata += body.len();
        if marker == APP14 && body.starts_with(b"Adobe") {
            self.adobe = Some(body.get(11).copied().unwrap_or(1));
        }
        if marker == APP1 && self.exif.is_none() {
            self.exif = body.strip_prefix(b"Exif\0\0");
        }
    }

    fn scan(&mut self, header: &[u8]) -> Result<(), Refusal> {
        let frame = self
            .frame
            .as_ref()
            .ok_or_else(|| Refusal::unreadable("a JPEG scan before its frame"))?;
        self.units = frame.units(header);
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return Err(Refusal::TooManyScans);
        }
        let start = self.at;
        self.skip_data();
        // Without a byte of data a scan shows nothing, and the first is what there is to see.
        if self.scans == 1 {
            self.first_scan = header.first().copied().unwrap_or(0);
            self.first_data = self.at - start;
        }
        Ok(())
    }

    /// Goes to the next marker that can follow picture data. A flipped bit makes markers that
    /// cannot: those are left to the decoder, which will find the damage.
    fn skip_data(&mut self) {
        while let Some(found) = memchr::memchr(0xff, &self.bytes[self.at..]) {
            self.at += found;
            match self.bytes.get(self.at + 1) {
                Some(&(DHT | 0xd8..=0xdd | 0xe0..=0xef | COM)) => return,
                Some(0xff) => self.at += 1,
                Some(_) => self.at += 2,
                None => break,
            }
        }
        self.at = self.bytes.len();
    }
}
