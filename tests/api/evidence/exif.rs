//! EXIF as cameras write it, put into JPEGs byte by byte: a root directory, one of the photo,
//! one of the position.

/// What a camera writes; what is none is left out.
#[derive(Clone, Default)]
pub struct Camera<'a> {
    /// Such as `2024:05:14 11:02:00`.
    pub taken: Option<&'a str>,
    /// Such as `+02:00`.
    pub offset: Option<&'a str>,
    /// Degrees north and east.
    pub place: Option<(f64, f64)>,
    /// Metres.
    pub accuracy: Option<u32>,
    pub make: Option<&'a str>,
    pub software: Option<&'a str>,
}

const ASCII: u16 = 2;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// Tag, type, count, value.
type Entry = (u16, u16, u32, Vec<u8>);

fn text(tag: u16, text: &str) -> Entry {
    let bytes = [text.as_bytes(), &[0]].concat();
    (tag, ASCII, u32::try_from(bytes.len()).unwrap(), bytes)
}

fn rationals(tag: u16, numbers: &[(u32, u32)]) -> Entry {
    let bytes = numbers.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat());
    (tag, RATIONAL, u32::try_from(numbers.len()).unwrap(), bytes.collect())
}

/// A directory that begins at `at`, and behind it the values that do not fit into it.
fn directory(entries: &[Entry], at: usize) -> Vec<u8> {
    let mut head = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut rest = Vec::new();
    let after = at + 2 + entries.len() * 12 + 4;
    for (tag, kind, count, value) in entries {
        head.extend(tag.to_le_bytes());
        head.extend(kind.to_le_bytes());
        head.extend(count.to_le_bytes());
        if value.len() <= 4 {
            head.extend(value);
            head.extend(vec![0; 4 - value.len()]);
        } else {
            head.extend(u32::try_from(after + rest.len()).unwrap().to_le_bytes());
            rest.extend(value);
        }
    }
    head.extend([0; 4]);
    [head, rest].concat()
}

impl Camera<'_> {
    fn block(&self) -> Vec<u8> {
        let photo = [(0x9003, self.taken), (0x9011, self.offset)];
        let photo = photo.into_iter().filter_map(|(tag, value)| Some(text(tag, value?)));
        let photo: Vec<_> = photo.collect();
        let mut gps = Vec::new();
        if let Some((north, east)) = self.place {
            // Whole millionths of a degree.
            let degrees = |d: f64| ((d.abs() * 1e6).round() as u32, 1_000_000);
            let zero = (0, 1);
            gps.push(text(1, if north < 0.0 { "S" } else { "N" }));
            gps.push(rationals(2, &[degrees(north), zero, zero]));
            gps.push(text(3, if east < 0.0 { "W" } else { "E" }));
            gps.push(rationals(4, &[degrees(east), zero, zero]));
            gps.extend(self.accuracy.map(|metres| rationals(0x1f, &[(metres, 1)])));
        }
        let named = [(0x010f, self.make), (0x0131, self.software)];
        let named = named.into_iter().filter_map(|(tag, value)| Some(text(tag, value?)));
        let mut root: Vec<Entry> = named.collect();
        let pointer =
            |tag, at: usize| (tag, LONG, 1, u32::try_from(at).unwrap().to_le_bytes().to_vec());
        root.push(pointer(0x8769, 0));
        root.push(pointer(0x8825, 0));
        let photo_at = 8 + directory(&root, 8).len();
        let gps_at = photo_at + directory(&photo, photo_at).len();
        let count = root.len();
        root[count - 2] = pointer(0x8769, photo_at);
        root[count - 1] = pointer(0x8825, gps_at);
        let parts = [directory(&root, 8), directory(&photo, photo_at), directory(&gps, gps_at)];
        [b"Exif\0\0II*\0\x08\0\0\0".to_vec(), parts.concat()].concat()
    }

    /// The JPEG as this camera would have written it.
    pub fn wrote(&self, jpeg: &[u8]) -> Vec<u8> {
        with_block(jpeg, &self.block())
    }
}

/// The JPEG with this EXIF block before all others.
pub fn with_block(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, block, &jpeg[2..]].concat()
}
