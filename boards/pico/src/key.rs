//! The lock key, in a sector of its own that the lock never writes: a mark, the key, and the key's complement.

use smartpin::LockKey;

use crate::flash;

const MARK: [u8; 4] = *b"LKEY";
const KEY: usize = 16;

/// The key, if one was written. What was torn or damaged is none.
pub fn read() -> Option<LockKey> {
    let mut bytes = [0; MARK.len() + 2 * KEY];
    flash::read(flash::KEY.start, &mut bytes);
    let (mark, keys) = bytes.split_first_chunk::<4>()?;
    let (key, complement) = keys.split_first_chunk::<KEY>()?;
    let whole = key.iter().zip(complement).all(|(a, b)| a ^ b == 0xFF);
    (*mark == MARK && whole).then(|| LockKey::from_bytes(*key))
}
