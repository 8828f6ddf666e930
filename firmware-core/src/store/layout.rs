//! Where things lie in the flash.

use core::ops::Range;

pub use super::flash::SECTOR;

use super::codec::{CUSTOM_RECORD, LONGEST_RECORD, PIN_RECORD, SEALED_RECORD};
use super::frame::frame_length;
use super::key::TABLE;

/// Sectors of one copy of the records.
pub const BANK_SECTORS: u8 = 4;
/// Sectors of the audit log.
pub const LOG_SECTORS: u32 = 12;
/// One copy of the records.
pub const BANK_A: Range<u32> = 0..BANK_SECTORS as u32 * SECTOR;
/// The other copy.
pub const BANK_B: Range<u32> = BANK_A.end..2 * BANK_A.end;
/// The audit log.
pub const LOG: Range<u32> = BANK_B.end..BANK_B.end + LOG_SECTORS * SECTOR;
/// How much flash the store needs, from its start.
pub const SIZE: u32 = LOG.end;

/// Entries of the audit log that are kept at least.
pub const LOG_ENTRIES: u32 = 1_000;

const _: () = {
    let tables = TABLE * (frame_length(CUSTOM_RECORD) + 2 * frame_length(PIN_RECORD));
    let worst = 2 * frame_length(LONGEST_RECORD) + 11 * frame_length(SEALED_RECORD) + tables;
    // Of four sectors one may be worn, and one be full of what is outdated.
    assert!(
        worst < 2 * (SECTOR as usize - 2 * LONGEST_RECORD),
        "all that is in force fits into two sectors"
    );
};
