//! The bench as the installer: it asks at the lock's port.

use firmware_core::settings::SettingName;

use super::{Stage, StepError};
use crate::port::{Reply, Request};
use crate::scenario::model::settings::Settings;
use crate::scenario::settings::put;
use crate::stimulus::{PortBytes, Stimulus};
use crate::time::Lapse;

/// A lock answers at once; after so long it won't.
const PATIENCE: Lapse = Lapse::from_micros(2_000_000);

impl Stage {
    /// Changes settings, one request each, in the order of the file.
    pub(super) fn set(&mut self, settings: &Settings) -> Result<(), StepError> {
        let mut requests = Vec::new();
        for change in &settings.0 {
            let zone =
                put(&mut self.known.settings, change).map_err(|problem| problem.to_string())?;
            let value = zone
                .as_ref()
                .map_or_else(|| change.value.to_string(), |zone| zone.posix().to_owned());
            requests.push(Request::Set(change.name, value));
            if let Some(zone) = zone {
                self.known.zone = zone;
            }
        }
        self.ask_installer(&requests)
    }

    /// Gives the programming code that is in force, asks, and says goodbye.
    ///
    /// # Errors
    ///
    /// The first request that the lock refused, or didn't answer.
    pub(super) fn ask_installer(&mut self, requests: &[Request]) -> Result<(), StepError> {
        self.give_code()?;
        for request in requests {
            self.request(request)?;
        }
        self.request(&Request::Bye).map(drop)
    }

    /// What the lock says that these settings are.
    ///
    /// # Errors
    ///
    /// The first request that the lock refused, or didn't answer.
    pub fn read_settings(&mut self, names: &[SettingName]) -> Result<Vec<String>, StepError> {
        self.give_code()?;
        let ask = |name: &SettingName| self.request(&Request::Get(*name));
        names.iter().map(ask).collect()
    }

    fn give_code(&mut self) -> Result<(), StepError> {
        let code = Request::Code(self.known.code().to_owned());
        self.request(&code).map(drop)
    }

    /// The answer to a request, without its `ok`.
    fn request(&mut self, request: &Request) -> Result<String, StepError> {
        drop(self.world.take_port_output());
        let line = format!("{request}\n");
        self.apply(Stimulus::Port(PortBytes(line.into_bytes())))?;
        let reply = self.reply()?;
        let now = self.world.now();
        self.monitor.answered(request, reply.as_ref(), now);
        let title = request.title();
        match reply {
            Some(Reply::Ok(value)) => Ok(value),
            Some(Reply::Refused(reply)) => Err(format!(
                "over the installer's port, the lock answered {title} with \"{reply}\""
            )
            .into()),
            None => {
                Err(format!("over the installer's port, the lock didn't answer {title}").into())
            }
        }
    }

    /// The next line that the lock sends.
    fn reply(&mut self) -> Result<Option<Reply>, StepError> {
        let deadline = self.world.now() + PATIENCE.duration();
        let mut sent = Vec::new();
        loop {
            sent.extend(self.world.take_port_output());
            if let Some(end) = sent.iter().position(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(&sent[..end]);
                return Ok(Some(Reply::read(line.trim_end())));
            }
            if self.world.now() >= deadline {
                return Ok(None);
            }
            let next = self
                .world
                .next_event()
                .map_or(deadline, |next| next.min(deadline));
            self.advance(next)?;
        }
    }
}
