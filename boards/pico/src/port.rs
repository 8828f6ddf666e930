//! The installer's port: UART0 at 115,200 baud.

use firmware_core::board::Port;
use heapless::Deque;
use rp2040_hal::uart::ReadErrorType;
use start::Serial;

/// What the lock has said and the line has not taken yet. The whole audit log has room, at 128 bytes for each of its 1,536
/// entries: the lock says it at once, the line takes ten seconds, and RAM is what this chip has plenty of.
pub type Backlog = Deque<u8, { 192 * 1024 }>;

/// What a byte that came spoilt is taken for: no request has it, so its line is none.
const SPOILT: u8 = 0xFF;

/// The port, with what is still to be sent.
pub struct InstallerPort {
    uart: Serial,
    backlog: &'static mut Backlog,
}

impl InstallerPort {
    /// A port that wakes the processor when something comes.
    pub fn new(mut uart: Serial, backlog: &'static mut Backlog) -> Self {
        uart.enable_rx_interrupt();
        Self { uart, backlog }
    }

    /// Whether the lock has something to receive.
    pub fn has_come(&self) -> bool {
        self.uart.uart_is_readable()
    }

    /// Hands to the line what it takes, and has it wake the processor when it takes more.
    pub fn pump(&mut self) {
        while self.uart.uart_is_writable()
            && let Some(byte) = self.backlog.pop_front()
        {
            // There is room for it.
            let _ = self.uart.write_raw(&[byte]);
        }
        if self.backlog.is_empty() {
            self.uart.disable_tx_interrupt();
        } else {
            self.uart.enable_tx_interrupt();
        }
    }
}

impl Port for InstallerPort {
    fn receive(&mut self) -> Option<u8> {
        let mut byte = [SPOILT];
        match self.uart.read_raw(&mut byte) {
            Ok(_) => Some(byte[0]),
            // A plug that is pulled or put in ends a line.
            Err(nb::Error::Other(error)) if matches!(error.err_type, ReadErrorType::Break) => {
                Some(b'\n')
            }
            Err(nb::Error::Other(_)) => Some(SPOILT),
            Err(nb::Error::WouldBlock) => None,
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        for byte in bytes {
            // More than the whole log is more than anyone asked for.
            let _ = self.backlog.push_back(*byte);
        }
    }
}
