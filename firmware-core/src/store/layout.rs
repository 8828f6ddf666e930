//! Where things lie in the flash.

use core::ops::Range;

/// An erase sector, in bytes.
pub const SECTOR: u32 = 4096;
/// One copy of the records.
pub const BANK_A: Range<u32> = 0..4 * SECTOR;
/// The other copy.
pub const BANK_B: Range<u32> = BANK_A.end..8 * SECTOR;
/// The audit log.
pub const LOG: Range<u32> = BANK_B.end..20 * SECTOR;
/// How much flash the store needs, from its start.
pub const SIZE: u32 = LOG.end;

/// Entries of the audit log that are kept at least.
pub const LOG_ENTRIES: u32 = 1_000;
/// What an item costs besides its bytes, in either library structure.
const OVERHEAD: u32 = 8;
/// The page states at both ends of a sector.
const MARKERS: u32 = 8;

/// What a record takes in a bank: its key of one byte goes before it.
const fn item(record: usize) -> u32 {
    (record as u32 + 1).next_multiple_of(4) + OVERHEAD
}

const _: () = {
    let tables = super::key::TABLE as u32
        * (item(super::codec::CUSTOM_RECORD) + 2 * item(super::codec::PIN_RECORD));
    let worst =
        2 * item(super::codec::LONGEST_RECORD) + 11 * item(super::codec::SEALED_RECORD) + tables;
    // Of four sectors one is kept empty to move into, and one may be full of what is outdated.
    assert!(
        worst < 2 * (SECTOR - MARKERS),
        "all that is in force fits into two sectors"
    );
    let entry = (super::codec::LONGEST_ENTRY as u32).next_multiple_of(4) + OVERHEAD;
    let a_sector = (SECTOR - MARKERS) / entry;
    // The oldest sector goes whole when the newest begins.
    assert!(
        ((LOG.end - LOG.start) / SECTOR - 1) * a_sector >= LOG_ENTRIES,
        "the log is long enough"
    );
};
