//! The segments of a JPEG that decoding needs: frame, tables, restart interval, scan headers.
//! The walk before the decoder has counted and limited them; here they are read. It must not
//! know coded data.
//!
//! Source: ITU-T T.81, annex B.

use std::rc::Rc;

use super::huffman::Table;

/// Goes from segment to segment.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Walk<'a> {
    /// Behind the start marker.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 2 }
    }

    /// The next segment, its marker and its body; what lies between is passed over.
    pub(super) fn segment(&mut self) -> Option<(u8, &'a [u8])> {
        loop {
            self.at += memchr::memchr(0xff, self.bytes.get(self.at..)?)?;
            let marker = *self.bytes.get(self.at + 1)?;
            self.at += 1;
            match marker {
                // Filling, and markers without a body.
                0xff => {}
                0x00..=0x01 | 0xd0..=0xd9 => self.at += 1,
                _ => break,
            }
        }
        let marker = self.bytes[self.at];
        let length = self.bytes.get(self.at + 1..)?.first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let body = self.bytes.get(self.at + 3..self.at + 1 + length)?;
        self.at += 1 + length;
        Some((marker, body))
    }
}

/// A component as the frame has it.
pub(super) struct Component {
    pub id: u8,
    /// Which quantisation table, 0 to 3.
    pub quantisation: usize,
}

/// What is not in the pre-scan.
pub(super) struct Frame {
    pub progressive: bool,
    pub components: Vec<Component>,
}

impl Frame {
    pub(super) fn read(marker: u8, body: &[u8]) -> Option<Self> {
        let components = body.get(6..)?.chunks_exact(3);
        Some(Self {
            progressive: marker == 0xc2,
            components: components
                .map(|c| Component { id: c[0], quantisation: usize::from(c[2] & 3) })
                .collect(),
        })
    }
}

/// Quantisation factors in the order of the file.
pub(super) type Factors = [f32; 64];

/// The tables in force; scans hold those they began with.
#[derive(Default)]
pub(super) struct Tables {
    pub quantisation: [Option<Factors>; 4],
    pub first: [Option<Rc<Table>>; 4],
    pub others: [Option<Rc<Table>>; 4],
    /// Units between restart markers, 0 for none.
    pub restart: u32,
}

impl Tables {
    /// Takes over what a segment defines. A broken one defines nothing: scans that need it
    /// will miss it.
    pub(super) fn read(&mut self, marker: u8, body: &[u8]) {
        match (marker, body) {
            (0xdb, _) => drop(self.factors(body)),
            (0xc4, _) => drop(self.codes(body)),
            (0xdd, [high, low, ..]) => self.restart = u16::from_be_bytes([*high, *low]).into(),
            _ => {}
        }
    }

    fn factors(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((head, rest)) = body.split_first() {
            let wide = head >> 4 != 0;
            let (values, rest) = rest.split_at_checked(if wide { 128 } else { 64 })?;
            let value = |n: usize| match wide {
                true => f32::from(u16::from_be_bytes([values[2 * n], values[2 * n + 1]])),
                false => f32::from(values[n]),
            };
            *self.quantisation.get_mut(usize::from(head & 15))? = Some(std::array::from_fn(value));
            body = rest;
        }
        Some(())
    }

    fn codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((head, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().map(|count| usize::from(*count)).sum();
            let (symbols, rest) = rest.split_at_checked(total)?;
            let tables = match head >> 4 {
                0 => &mut self.first,
                _ => &mut self.others,
            };
            *tables.get_mut(usize::from(head & 15))? = Table::new(counts, symbols).map(Rc::new);
            body = rest;
        }
        Some(())
    }
}

/// What a scan's header asks for.
pub(super) struct ScanHeader {
    /// For each component in it: its place in the frame and its two tables.
    pub components: Vec<(usize, usize, usize)>,
    /// First and last coefficient, in the order of the file.
    pub first: usize,
    pub last: usize,
    /// Bits of precision that came before (0 for none) and that are still to come.
    pub before: u32,
    pub to_come: u32,
}

impl ScanHeader {
    /// None if it is not one that an encoder writes.
    pub(super) fn read(body: &[u8], frame: &Frame) -> Option<Self> {
        let (count, rest) = body.split_first()?;
        let (named, rest) = rest.split_at_checked(usize::from(*count) * 2)?;
        let &[first, last, precision, ..] = rest else {
            return None;
        };
        let mut components: Vec<(usize, usize, usize)> = Vec::new();
        for pair in named.chunks_exact(2) {
            let place = frame.components.iter().position(|own| own.id == pair[0])?;
            let repeated = components.iter().any(|(other, ..)| *other == place);
            let (dc, ac) = (usize::from(pair[1] >> 4), usize::from(pair[1] & 15));
            if repeated || dc > 3 || ac > 3 {
                return None;
            }
            components.push((place, dc, ac));
        }
        let (before, to_come) = (u32::from(precision >> 4), u32::from(precision & 15));
        let (first, last) = (usize::from(first), usize::from(last));
        let sound = match (frame.progressive, first) {
            (false, _) => true,
            (true, 0) => last == 0,
            (true, _) => first <= last && last < 64 && components.len() == 1,
        };
        let sound = sound
            && (!frame.progressive || (to_come < 14 && (before == 0 || before == to_come + 1)));
        (sound && !components.is_empty()).then_some(match frame.progressive {
            true => Self { components, first, last, before, to_come },
            false => Self { components, first: 0, last: 63, before: 0, to_come: 0 },
        })
    }
}
