//! The emulator's standard input and output: the processor stops at a breakpoint, and the emulator does what its registers
//! ask for. A frame is one such call, however long it is; a byte through an emulated serial port is many.
//!
//! Names and numbers are those of Arm's "Semihosting for AArch32 and AArch64".

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use link::target::Wire;
use qemu_lm3s6965::{Counter, stack_used};

const SYS_OPEN: u32 = 0x01;
const SYS_WRITE: u32 = 0x05;
const SYS_READ: u32 = 0x06;
const SYS_EXIT: u32 = 0x18;

/// The console, with the zero that ends a name. The bench takes an image without it for one that doesn't speak this way.
const CONSOLE: &[u8; 4] = b":tt\0";
/// Opened as "r": standard input.
const READING: u32 = 0;
/// Opened as "w": standard output.
const WRITING: u32 = 4;

/// Why the emulator is to end.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Exit {
    /// `ADP_Stopped_ApplicationExit`.
    Done = 0x2_0026,
    /// `ADP_Stopped_RunTimeErrorUnknown`.
    Failed = 0x2_0023,
}

/// # Safety
///
/// What `argument` points to must be what `operation` takes.
unsafe fn call(operation: u32, argument: u32) -> u32 {
    // SAFETY: the caller's.
    unsafe { cortex_m::asm::semihosting_syscall(operation, argument) }
}

fn address(block: &[u32; 3]) -> u32 {
    block.as_ptr() as u32
}

/// A handle of the console; of no use where there is none.
fn open(mode: u32) -> u32 {
    let block = [CONSOLE.as_ptr() as u32, mode, CONSOLE.len() as u32 - 1];
    // SAFETY: a name that ends with a zero, a mode, and the name's length without the zero.
    unsafe { call(SYS_OPEN, address(&block)) }
}

/// How many bytes were written.
fn write(to: u32, bytes: &[u8]) -> usize {
    let block = [to, bytes.as_ptr() as u32, bytes.len() as u32];
    // SAFETY: a handle, and bytes of this length that can be read.
    let unwritten = unsafe { call(SYS_WRITE, address(&block)) };
    bytes.len().saturating_sub(unwritten as usize)
}

/// Waits for at least one byte; how many were read. None at the end.
fn read(from: u32, into: &mut [u8]) -> usize {
    let block = [from, into.as_mut_ptr() as u32, into.len() as u32];
    // SAFETY: a handle, and bytes of this length that can be written.
    let unfilled = unsafe { call(SYS_READ, address(&block)) };
    into.len().saturating_sub(unfilled as usize)
}

/// Ends the emulator.
pub fn exit(why: Exit) -> ! {
    loop {
        // SAFETY: the argument is a reason.
        unsafe { call(SYS_EXIT, why as u32) };
    }
}

/// Sends, as far as there is anything to send to.
pub fn send(bytes: &[u8]) {
    write(open(WRITING), bytes);
}

/// The line to the bench.
pub struct Console {
    from: u32,
    to: u32,
    counter: Counter,
}

impl Console {
    /// Both directions.
    pub fn open(counter: Counter) -> Self {
        Self {
            from: open(READING),
            to: open(WRITING),
            counter,
        }
    }
}

impl Wire for Console {
    const TICKS_PER_SECOND: u32 = Counter::TICKS_PER_SECOND;

    fn ticks(&mut self) -> u32 {
        self.counter.read()
    }

    fn stack(&self) -> u32 {
        stack_used()
    }
}

impl ErrorType for Console {
    type Error = ErrorKind;
}

impl Read for Console {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, ErrorKind> {
        Ok(read(self.from, into))
    }
}

impl Write for Console {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        match write(self.to, bytes) {
            0 if !bytes.is_empty() => Err(ErrorKind::BrokenPipe),
            count => Ok(count),
        }
    }

    fn flush(&mut self) -> Result<(), ErrorKind> {
        Ok(())
    }
}
