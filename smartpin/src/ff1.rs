//! FF1 (NIST SP 800-38G, algorithms 7 and 8) of one fixed shape: ten decimal digits and a tweak of at most twelve bytes.
//!
//! With n = 10 and radix 10, both halves have u = v = 5 digits, NUM of a half takes b = 3 bytes, and d = 8 bytes of each
//! round's output count. P is one block and so is Q, so a round is AES(AES(P) ⊕ Q), and AES(P) depends on the key and
//! the tweak's length alone.

#![expect(
    clippy::inline_always,
    reason = "the rounds must run where the backend's instructions are enabled"
)]

use aes::Aes128Enc;
use aes::cipher::common::array::Array;
use aes::cipher::typenum::Unsigned;
use aes::cipher::{
    Block, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser,
    KeyInit, ParBlocks, consts::U16,
};
use zeroize::Zeroize;

/// One more than the highest number of five digits.
const HALF: u32 = 100_000;
const ROUNDS: u8 = 10;
/// The widest backend of the `aes` crate works on so many blocks at once.
pub(crate) const LANES: usize = 64;
/// A row takes as long however few of its lanes are used. From a quarter of them on it is faster than one at a time: with
/// VAES, a row of 64 takes about as long as 16 numbers do (measured on Zen 4).
const WORTH_A_ROW: usize = 4;

/// A key expanded for one length of tweak.
#[derive(Clone)]
pub(crate) struct Ff1 {
    aes: Aes128Enc,
    /// AES(P).
    prefix: u128,
}

/// Which way the rounds run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// Ten digits as FF1 sees them: two numbers of five.
#[derive(Clone, Copy, Default)]
struct Halves {
    a: u32,
    b: u32,
}

impl Halves {
    fn split(number: u64) -> Self {
        Self {
            a: (number / u64::from(HALF)) as u32,
            b: (number % u64::from(HALF)) as u32,
        }
    }

    fn join(self) -> u64 {
        u64::from(self.a) * u64::from(HALF) + u64::from(self.b)
    }
}

impl Ff1 {
    pub(crate) fn new(key: &[u8; 16], tweak_length: usize) -> Self {
        debug_assert!(tweak_length <= 12, "Q is one block");
        let aes = Aes128Enc::new(&Array(*key));
        // [1] || [2] || [1] || [radix]^3 || [10] || [u] || [n]^4 || [t]^4
        let p = 0x0102_0100_000a_0a05_0000_000a_0000_0000 | (tweak_length as u128);
        let mut block = Array(p.to_be_bytes());
        aes.encrypt_block(&mut block);
        Self {
            aes,
            prefix: u128::from_be_bytes(block.0),
        }
    }

    /// Enciphers or deciphers one number below 10^10.
    pub(crate) fn apply(&self, direction: Direction, tweak: &[u8], number: u64) -> u64 {
        let mut halves = Halves::split(number);
        let tweaked = self.tweaked(tweak);
        self.aes.encrypt_with_backend(Single {
            direction,
            tweaked,
            halves: &mut halves,
        });
        halves.join()
    }

    /// Enciphers or deciphers many numbers below 10^10, as many at a time as the processor can.
    pub(crate) fn apply_all(&self, direction: Direction, tweak: &[u8], numbers: &mut [u64]) {
        self.aes.encrypt_with_backend(Batch {
            direction,
            tweaked: self.tweaked(tweak),
            numbers,
        });
    }

    /// AES(P) ⊕ (T || 0…0): what of a round's input block does not change.
    fn tweaked(&self, tweak: &[u8]) -> u128 {
        let mut block = [0; 16];
        for (byte, tweak) in block.iter_mut().zip(tweak) {
            *byte = *tweak;
        }
        self.prefix ^ u128::from_be_bytes(block)
    }
}

impl Drop for Ff1 {
    fn drop(&mut self) {
        self.prefix.zeroize();
    }
}

/// A round's input block: Q ends in the round's number and the three bytes of a half.
fn input(tweaked: u128, round: u8, half: u32) -> [u8; 16] {
    (tweaked ^ (u128::from(round) << 24) ^ u128::from(half)).to_be_bytes()
}

/// The first eight bytes of a round's output block, modulo 10^5.
fn output(block: &[u8; 16]) -> u32 {
    let number = (u128::from_be_bytes(*block) >> 64) as u64;
    (number % u64::from(HALF)) as u32
}

/// The same bytes, as the upper and the lower half of a number.
fn output_halves(block: &[u8; 16]) -> (u32, u32) {
    let [h0, h1, h2, h3, l0, l1, l2, l3, ..] = *block;
    (
        u32::from_be_bytes([h0, h1, h2, h3]),
        u32::from_be_bytes([l0, l1, l2, l3]),
    )
}

/// The number of these two halves, modulo 10^5, by numbers of 32 bits alone: by itself slower than [`output`], but the
/// compiler can do many at once.
///
/// 10^5 is 32 · 3125, so the lowest five bits stay as they are, and what is above them counts modulo 3125. Its own lower
/// 27 bits and 2103 times the rest add up to less than 2^32: 2^27 modulo 3125 is 2103.
fn modulo(high: u32, low: u32) -> u32 {
    let above = ((high % 3125) * 2103 + (low >> 5)) % 3125;
    above * 32 + low % 32
}

/// One Feistel round, given what its block's output adds: a number below [`HALF`].
///
/// Of the two candidates for the new half, the one in range is the smaller, as the other has wrapped or is over by
/// [`HALF`]: no branch depends on the digits.
fn turn(direction: Direction, halves: Halves, y: u32) -> Halves {
    match direction {
        Direction::Encrypt => {
            let sum = halves.a + y;
            Halves {
                a: halves.b,
                b: sum.min(sum.wrapping_sub(HALF)),
            }
        }
        Direction::Decrypt => {
            let difference = halves.b.wrapping_sub(y);
            Halves {
                b: halves.a,
                a: difference.min(difference.wrapping_add(HALF)),
            }
        }
    }
}

/// The round numbers in the order in which they run, and the half that goes into the block.
fn rounds(direction: Direction) -> impl Iterator<Item = u8> {
    (0..ROUNDS).map(move |step| match direction {
        Direction::Encrypt => step,
        Direction::Decrypt => ROUNDS - 1 - step,
    })
}

fn fed(direction: Direction, halves: Halves) -> u32 {
    match direction {
        Direction::Encrypt => halves.b,
        Direction::Decrypt => halves.a,
    }
}

struct Single<'a> {
    direction: Direction,
    tweaked: u128,
    halves: &'a mut Halves,
}

impl BlockSizeUser for Single<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Single<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        *self.halves = one(backend, self.direction, self.tweaked, *self.halves);
    }
}

struct Batch<'a> {
    direction: Direction,
    tweaked: u128,
    numbers: &'a mut [u64],
}

impl BlockSizeUser for Batch<'_> {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for Batch<'_> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(self, backend: &B) {
        let width = B::ParBlocksSize::USIZE.min(LANES);
        for numbers in self.numbers.chunks_mut(width) {
            if numbers.len() * WORTH_A_ROW > width {
                row(backend, self.direction, self.tweaked, numbers);
            } else {
                for number in numbers {
                    let halves = Halves::split(*number);
                    *number = one(backend, self.direction, self.tweaked, halves).join();
                }
            }
        }
    }
}

/// All rounds of one number.
#[inline(always)]
fn one<B: BlockCipherEncBackend<BlockSize = U16>>(
    backend: &B,
    direction: Direction,
    tweaked: u128,
    mut halves: Halves,
) -> Halves {
    for round in rounds(direction) {
        let mut block: Block<B> = Array(input(tweaked, round, fed(direction, halves)));
        backend.encrypt_block((&mut block).into());
        halves = turn(direction, halves, output(&block.0));
    }
    halves
}

/// All rounds of as many numbers as the backend takes in a row, at most.
///
/// Bytes and arithmetic have loops and arrays of their own, for the compiler to make vectors of.
#[inline(always)]
fn row<B: BlockCipherEncBackend<BlockSize = U16>>(
    backend: &B,
    direction: Direction,
    tweaked: u128,
    numbers: &mut [u64],
) {
    let (mut a, mut b) = ([0; LANES], [0; LANES]);
    for ((number, a), b) in numbers.iter().zip(&mut a).zip(&mut b) {
        Halves { a: *a, b: *b } = Halves::split(*number);
    }
    let mut blocks = ParBlocks::<B>::default();
    let (mut high, mut low) = ([0; LANES], [0; LANES]);
    for round in rounds(direction) {
        for ((block, a), b) in blocks.iter_mut().zip(&a).zip(&b) {
            let half = fed(direction, Halves { a: *a, b: *b });
            *block = Array(input(tweaked, round, half));
        }
        backend.encrypt_par_blocks((&mut blocks).into());
        for ((block, high), low) in blocks.iter().zip(&mut high).zip(&mut low) {
            (*high, *low) = output_halves(&block.0);
        }
        for (((a, b), high), low) in a.iter_mut().zip(&mut b).zip(high).zip(low) {
            let halves = Halves { a: *a, b: *b };
            Halves { a: *a, b: *b } = turn(direction, halves, modulo(high, low));
        }
    }
    for ((number, a), b) in numbers.iter_mut().zip(a).zip(b) {
        *number = Halves { a, b }.join();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SP 800-38G samples 1 and 2 (<https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines>, FF1), and an
    /// ACVP FF1 case: every published one of ten digits under AES-128.
    #[test]
    fn published_vectors() {
        let table: [(&str, u128, &[u8], u64, u64); 3] = [
            (
                "sample 1",
                0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C,
                b"",
                123_456_789,
                2_433_477_484,
            ),
            (
                "sample 2",
                0x2B7E_1516_28AE_D2A6_ABF7_1588_09CF_4F3C,
                b"9876543210",
                123_456_789,
                6_124_200_773,
            ),
            (
                "ACVP",
                0xCF11_A347_64AB_09FF_BF8B_8A16_60E8_81A2,
                b"",
                846_108_952,
                7_759_031_405,
            ),
        ];
        for (source, key, tweak, plain, cipher) in table {
            let ff1 = Ff1::new(&key.to_be_bytes(), tweak.len());
            assert_eq!(
                ff1.apply(Direction::Encrypt, tweak, plain),
                cipher,
                "{source}"
            );
            assert_eq!(
                ff1.apply(Direction::Decrypt, tweak, cipher),
                plain,
                "{source}"
            );
        }
    }

    #[test]
    fn many_at_once_are_as_one_at_a_time() {
        let ff1 = Ff1::new(&[7; 16], 4);
        for length in [0, 1, 7, 8, 9, 63, 64, 65, 200] {
            let numbers: [u64; 200] =
                core::array::from_fn(|n| n as u64 * 49_999_993 % 10_000_000_000);
            let mut batch = numbers;
            ff1.apply_all(Direction::Encrypt, &[0, 0, 0, 1], &mut batch[..length]);
            for (number, enciphered) in numbers.iter().zip(&batch[..length]) {
                assert_eq!(
                    ff1.apply(Direction::Encrypt, &[0, 0, 0, 1], *number),
                    *enciphered
                );
            }
            assert_eq!(numbers[length..], batch[length..]);
        }
    }

    #[test]
    fn both_ways_of_taking_the_remainder_agree() {
        let edges = [0, 1, 31, 32, 99_999, 100_000, u32::MAX - 1, u32::MAX];
        let spread = (0..1_000_u32).map(|n| n.wrapping_mul(2_654_435_761));
        for high in edges.into_iter().chain(spread.clone()) {
            for low in edges.into_iter().chain(spread.clone()) {
                let number = u128::from(high) << 96 | u128::from(low) << 64 | 0x0123_4567_89AB_CDEF;
                let block = number.to_be_bytes();
                assert_eq!(output_halves(&block), (high, low));
                assert_eq!(modulo(high, low), output(&block), "{high} {low}");
            }
        }
    }
}
