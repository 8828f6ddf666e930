//! The store's part of the Pico's flash chip, a Winbond W25Q16JV.
//!
//! Its sectors have 4 KiB and its pages 256 bytes, of which any part can be programmed, the rest being ones (data sheet,
//! section 8.2.15). The chip can't be read while it writes or erases: the ROM's functions wait for it, from RAM.

use core::ops::Range;

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};
use firmware_core::store::layout::{SECTOR, SIZE};
use rp2040_flash::flash::{flash_range_erase, flash_range_program};

/// Where the chip is in the address space, in whole.
const CHIP: *const u8 = 0x1000_0000 as *const u8;
const CHIP_SIZE: u32 = 2 * 1024 * 1024;
/// The store, by addresses within the chip. memory.x keeps the program out of it, and of the key's sector before it.
const STORE: Range<u32> = CHIP_SIZE - SIZE..CHIP_SIZE;
/// The key's sector.
pub const KEY: Range<u32> = STORE.start - SECTOR..STORE.start;
const PAGE: usize = 256;

/// The second stage that the program begins with is good for going on after a write.
const THEN_BOOT2: bool = true;

/// Copies what the chip holds from `at` on.
pub fn read(at: u32, bytes: &mut [u8]) {
    for (byte, offset) in bytes.iter_mut().zip(at..CHIP_SIZE) {
        // SAFETY: within the chip, which is mapped there; volatile, since writes don't go through this map.
        *byte = unsafe { CHIP.add(offset as usize).read_volatile() };
    }
}

/// The store's flash.
pub struct StoreFlash;

impl ErrorType for StoreFlash {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for StoreFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        check_read(self, offset, bytes.len())?;
        read(STORE.start + offset, bytes);
        Ok(())
    }

    fn capacity(&self) -> usize {
        SIZE as usize
    }
}

impl NorFlash for StoreFlash {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = SECTOR as usize;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        check_erase(self, from, to)?;
        // SAFETY: whole sectors of the store. Nothing else reads the flash meanwhile: the second core never starts, no
        // interrupt is ever taken, no DMA runs.
        unsafe { flash_range_erase(STORE.start + from, to - from, THEN_BOOT2) };
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        check_write(self, offset, bytes.len())?;
        let mut at = (STORE.start + offset) as usize;
        let mut rest = bytes;
        while !rest.is_empty() {
            let within = at % PAGE;
            let (now, later) = rest.split_at(rest.len().min(PAGE - within));
            let mut page = [0xFF; PAGE];
            page[within..within + now.len()].copy_from_slice(now);
            // SAFETY: a whole page of the store, from RAM; and as in `erase`.
            unsafe { flash_range_program((at - within) as u32, &page, THEN_BOOT2) };
            at += now.len();
            rest = later;
        }
        Ok(())
    }
}
