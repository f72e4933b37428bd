//! Chance that repeats: a stream of numbers from a few seeds. Not for secrets.

/// A stream of numbers. Every draw of the sample has its own, made of what it is about, so
/// that an item added to a checklist leaves the answers to all others as they were.
pub(super) struct Chance(u64);

impl Chance {
    /// The stream that belongs to these seeds.
    pub fn of(seeds: &[u64]) -> Self {
        let mut chance = Self(0);
        for seed in seeds {
            chance.0 ^= *seed;
            chance.0 = chance.next();
        }
        chance
    }

    /// The next number: SplitMix64 (Steele, Lea and Flood, 2014), which is enough to look
    /// irregular and needs no dependency.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0, 1 excluded.
    pub fn unit(&mut self) -> f64 {
        // The 53 bits that a double holds.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Between two numbers.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number, both ends included; `low` where they are the wrong way round.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        let count = u64::try_from(high - low).map_or(1, |width| width + 1);
        low + i64::try_from(self.next() % count).unwrap_or(0)
    }

    /// One of these; `None` of nothing.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(among.len()).ok().filter(|count| *count > 0)?;
        among.get(usize::try_from(self.next() % count).ok()?)
    }

    /// Bytes for an id.
    pub fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes()[..2]);
        bytes
    }
}

/// A seed of a text (FNV-1a, 64 bits).
pub(super) fn seed_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
