//! The installer's port: nothing is answered until the programming code was given.

use super::Turn;
use super::keys::Counts;
use crate::audit::Reason;
use crate::board::{Board, Port};
use crate::code::Code;
use crate::limits::{COUNTED_DIGITS, PORT_FORGOTTEN};
use crate::logic::lockout::Accepted;
use crate::port::{Line, Reply, Request};
use crate::settings::SettingName;

impl<B: Board> Turn<'_, B> {
    pub(super) fn serve_installer(&mut self) {
        while let Some(byte) = self.parts.port.receive() {
            match self.lock.line.push(byte) {
                Some(Line::Request(request)) => self.answer(request),
                Some(Line::Wrong(error)) => self.answer_wrong(error),
                None => {}
            }
        }
    }
}
