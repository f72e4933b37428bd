//! Lossless WebP whose prefix codes are made to take memory: a stream of a megabyte can ask for
//! hundreds. What they will take is reckoned before the decoder sees them.

use vigila_core::photo::{MAX_MEMORY, memory_needed};

use crate::helpers::{accept, decoded, fixture, refuse};

/// Pixels a side of the pictures here, and of the image that gives each square its group.
const SIDE: u32 = 512;
const GROUPS_A_SIDE: u32 = SIDE / 4;

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    /// The lowest bit first.
    fn put(&mut self, value: u32, count: usize) {
        for bit in 0..count {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (self.count % 8);
            self.count += 1;
        }
    }

    /// A code, whose highest bit comes first.
    fn code(&mut self, code: u32, length: usize) {
        for bit in (0..length).rev() {
            self.put(code >> bit, 1);
        }
    }

    /// A code of the one symbol 0, which takes no bits.
    fn one_symbol(&mut self) {
        self.put(0b001, 3);
        self.put(0, 1);
    }

    /// A code of 256 symbols of eight bits each, in an alphabet of `size`.
    fn bytes_code(&mut self, size: u32) {
        self.put(0, 1);
        // Lengths 0 and 8 alone, told by one bit each.
        self.put(12 - 4, 4);
        for place in 0..12 {
            self.put(u32::from(place == 2 || place == 11), 3);
        }
        self.put(0, 1);
        for symbol in 0..size {
            self.code(u32::from(symbol < 256), 1);
        }
    }

    /// A code of eleven symbols with lengths 1 to 10: a table of 1,024 entries.
    fn long_code(&mut self) {
        self.put(0, 1);
        self.put(19 - 4, 4);
        for place in 0..19 {
            // Symbols 16 to 18 repeat, and are not used.
            self.put(if [0, 1, 8].contains(&place) { 0 } else { 4 }, 3);
        }
        self.put(1, 1);
        self.put(1, 3);
        self.put(11 - 2, 4);
        for length in (1..=10).chain([10]) {
            self.code(length, 4);
        }
    }
}

/// A black picture with so many groups of codes, of which each takes some 20 kB to decode.
fn many_groups(groups: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2f, 8);
    bits.put(SIDE - 1, 14);
    bits.put(SIDE - 1, 14);
    bits.put(0, 4);
    // No transform, no cache; squares of four pixels with a group each.
    bits.put(0, 2);
    bits.put(1, 1);
    bits.put(0, 3);
    bits.put(0, 1);
    bits.bytes_code(280);
    bits.bytes_code(256);
    (0..3).for_each(|_| bits.one_symbol());
    for square in 0..GROUPS_A_SIDE * GROUPS_A_SIDE {
        let group = square % groups;
        bits.code(group & 0xff, 8);
        bits.code(group >> 8, 8);
    }
    (0..5 * groups).for_each(|_| bits.long_code());
    // Every pixel is the first symbol of four codes, a bit of 0 each.
    let mut stream = bits.bytes;
    stream.extend(vec![0; (SIDE * SIDE / 2) as usize + 8]);
    riff(&[(b"VP8L", &stream)])
}

/// A WebP of these chunks.
fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let size = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let mut body = b"WEBP".to_vec();
    for (kind, chunk) in chunks {
        body.extend([&kind[..], &size(chunk.len()), chunk].concat());
        body.resize(body.len().next_multiple_of(2), 0);
    }
    [&b"RIFF"[..], &size(body.len()), &body].concat()
}

#[test]
fn prefix_codes_are_reckoned_as_the_decoder_makes_them() {
    let [one, thousand] = [1, 1000].map(many_groups);
    let (few, many) = (memory_needed(&one).unwrap(), memory_needed(&thousand).unwrap());
    let codes = many - few - (thousand.len() - one.len()) as u64 * 2;
    // Five tables of 1,024 entries each.
    assert!((20_000_000..23_000_000).contains(&codes), "{codes}");
    let picture = accept("a thousand groups", &thousand);
    assert!(decoded(&picture.display).pixels().all(|pixel| pixel.0 == [0; 3]));
}

#[test]
fn a_stream_whose_prefix_codes_would_take_too_much_is_refused_unread() {
    let hostile = many_groups(GROUPS_A_SIDE * GROUPS_A_SIDE);
    assert!(hostile.len() < 1_500_000, "{}", hostile.len());
    assert_eq!(refuse("16,384 groups", &hostile).0, "too-much-memory");
    // And so is the transparency of a lossy picture, which is packed the same way: the head of
    // a picture is enough to tell.
    let side = (SIDE - 1).to_le_bytes();
    let extended = [&[0x10, 0, 0, 0][..], &side[..3], &side[..3]].concat();
    // Behind RIFF and chunk heads and the stream's own head of five bytes: the size is the canvas'.
    let transparency = [&[1], &hostile[25..]].concat();
    let [low, high, ..] = SIDE.to_le_bytes();
    let lossy = [0, 0, 0, 0x9d, 0x01, 0x2a, low, high, low, high];
    let chunks = [(b"VP8X", &extended[..]), (b"ALPH", &transparency), (b"VP8 ", &lossy)];
    assert_eq!(refuse("transparency", &riff(&chunks)).0, "too-much-memory");
}

#[test]
fn a_picture_that_another_encoder_gave_several_groups_is_taken() {
    let bytes = fixture("webp-lossless-groups.webp");
    let picture = accept("groups", &bytes);
    let pixels = decoded(&picture.display);
    let middle = |x: u32, y: u32| pixels.get_pixel(x, y).0;
    assert!(middle(48, 32)[0] > 180 && middle(48, 32)[2] < 40);
    assert!(middle(144, 32)[1] > 180 && middle(144, 32)[0] < 40);
    assert!(middle(48, 96)[2] > 180 && middle(48, 96)[1] < 40);
    assert!(middle(144, 96).iter().all(|value| *value > 240));
    assert!(memory_needed(&bytes).unwrap() < MAX_MEMORY / 100);
}

#[test]
fn a_stream_that_ends_within_its_codes_is_refused() {
    let whole = many_groups(20);
    let pixels = (SIDE * SIDE / 2) as usize + 8;
    for kept in (30..whole.len() - pixels - 20).step_by(97) {
        let cut = riff(&[(b"VP8L", &whole[20..kept])]);
        assert_eq!(refuse("cut", &cut).0, "unreadable", "{kept}");
    }
}
