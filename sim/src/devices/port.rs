//! A serial port's two queues.

use std::collections::VecDeque;

/// Bytes on their way to a device and from it. `Debug` shows none: an installer's code may be among them.
#[derive(Clone, Default)]
pub struct SerialPort {
    incoming: VecDeque<u8>,
    outgoing: Vec<u8>,
}

impl SerialPort {
    /// The outside sends.
    pub fn deliver(&mut self, bytes: &[u8]) {
        self.incoming.extend(bytes);
    }

    /// Whether the device has bytes to receive.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.incoming.is_empty()
    }

    /// What it has to receive.
    pub fn waiting(&self) -> impl Iterator<Item = u8> {
        self.incoming.iter().copied()
    }

    /// The device receives.
    pub fn receive(&mut self) -> Option<u8> {
        self.incoming.pop_front()
    }

    /// The device sends.
    pub fn send(&mut self, bytes: &[u8]) {
        self.outgoing.extend_from_slice(bytes);
    }

    /// What the device has sent since the last call.
    pub fn take_sent(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.outgoing)
    }

    /// The device has lost power, and with it what it hadn't received.
    pub fn drop_incoming(&mut self) {
        self.incoming.clear();
    }
}

impl std::fmt::Debug for SerialPort {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "SerialPort({} bytes in, {} bytes out)",
            self.incoming.len(),
            self.outgoing.len()
        )
    }
}
