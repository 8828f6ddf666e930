//! The installer's port: nothing is answered until the programming code was given.

use super::Turn;
use super::keys::Counts;
use crate::audit::{Event, Reason};
use crate::board::{Board, Port};
use crate::code::Code;
use crate::limits::{COUNTED_DIGITS, PORT_FORGOTTEN};
use crate::logic::lockout::Accepted;
use crate::port::{Reply, Request, RequestLine};
use crate::settings::SettingName;

impl<B: Board> Turn<'_, B> {
    pub(super) fn serve_installer(&mut self) {
        while let Some(byte) = self.parts.port.receive() {
            let Some(line) = self.lock.line.push(byte) else {
                continue;
            };
            let greets = matches!(line, RequestLine::Request(Request::Code(_)));
            if !greets && !self.installer_is_known() {
                continue;
            }
            match line {
                RequestLine::Request(request) => self.answer(request),
                RequestLine::Wrong(error) => self.reply(&Reply::Error(&error)),
            }
        }
    }

    fn reply(&mut self, reply: &Reply<'_>) {
        reply.send(&mut self.parts.port);
    }

    /// Whether the code was given, and not too long ago; to be heard makes it last.
    fn installer_is_known(&mut self) -> bool {
        let known = self
            .lock
            .installer
            .is_some_and(|heard| self.now < heard + PORT_FORGOTTEN);
        self.lock.installer = known.then_some(self.now);
        known
    }

    /// A code at the port counts as at the keypad; only the programming code is any use.
    fn greet(&mut self, code: &Code) {
        self.lock.installer = None;
        if self.lock.lockout.is_running(self.now) {
            return self.reply(&Reply::Locked);
        }
        if code.digits().len() < COUNTED_DIGITS {
            self.record_denial(Reason::TooShort, None, Counts::No);
            return self.reply(&Reply::Denied);
        }
        if self.begin_try().is_ok() && self.is_programming_code(code) {
            self.accept(Accepted::Owner);
            self.lock.installer = Some(self.now);
            return self.reply(&Reply::Ok);
        }
        self.record_denial(Reason::Unknown, None, Counts::Yes);
        self.reply(&Reply::Denied);
    }

    fn answer(&mut self, request: Request) {
        match request {
            Request::Code(code) => self.greet(&code),
            Request::Get(name) => {
                let settings = self.store.settings();
                Reply::Value(&settings.get(name)).send(&mut self.parts.port);
            }
            Request::Set(name, value) => self.set(name, &value),
            Request::Clock => match self.time() {
                Ok(time) => self.reply(&Reply::Value(&time)),
                Err(_) => self.reply(&Reply::Error(&"the clock can't be trusted")),
            },
            Request::SetClock(to) => match self.set_clock(to) {
                Ok(()) => self.reply(&Reply::Ok),
                Err(_) => self.reply(&Reply::Error(&"the clock can't be set")),
            },
            Request::Log { from } => self.tell_log(from),
            Request::Bye => {
                self.lock.installer = None;
                self.reply(&Reply::Ok);
            }
        }
    }

    fn set(&mut self, name: SettingName, value: &str) {
        let mut settings = self.store.settings().clone();
        if let Err(error) = settings.set(name, value) {
            return self.reply(&Reply::Error(&error));
        }
        let generation = settings.generation;
        let raised = name == SettingName::Generation;
        if settings.smartpin_enabled && !raised && self.store.raise_required() {
            return self.reply(&Reply::Error(&"the generation must be raised first"));
        }
        if self.write_settings(settings).is_err() {
            return self.reply(&Reply::Error(&"the store failed"));
        }
        self.audit(if raised {
            Event::GenerationRaised { to: generation }
        } else {
            Event::SettingChanged(name)
        });
        self.reply(&Reply::Ok);
    }

    fn tell_log(&mut self, from: u32) {
        let crate::board::Parts { flash, port, .. } = self.parts;
        let told = self
            .store
            .entries(flash, from, |entry| Reply::Entry(&entry).send(port));
        match told {
            Ok(()) => self.reply(&Reply::Ok),
            Err(_) => self.reply(&Reply::Error(&"the log can't be read")),
        }
    }
}
