//! The bench as the installer: it speaks the line protocol of the lock's port.

use super::{Stage, Stop};
use crate::scenario::model::settings::Settings;
use crate::scenario::settings::put;
use crate::stimulus::{PortBytes, Stimulus};
use crate::time::Lapse;

/// A lock answers at once; after so long it won't.
const PATIENCE: Lapse = Lapse::from_micros(2_000_000);

impl Stage {
    /// Changes settings, one request each, in the order of the file.
    pub(super) fn set(&mut self, settings: &Settings) -> Result<(), Stop> {
        let mut requests = Vec::new();
        for change in &settings.0 {
            let zone =
                put(&mut self.known.settings, change).map_err(|problem| problem.to_string())?;
            let value = zone
                .as_ref()
                .map_or_else(|| change.value.to_string(), |zone| zone.posix().to_owned());
            requests.push(format!("set {} {value}", change.name));
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
    pub(super) fn ask_installer(&mut self, requests: &[String]) -> Result<(), Stop> {
        let code = format!("code {}", self.known.code());
        self.request(&code, "the programming code")?;
        for request in requests {
            self.request(request, request)?;
        }
        self.request("bye", "bye").map(drop)
    }

    /// What the lock says that these settings are.
    ///
    /// # Errors
    ///
    /// The first request that the lock refused, or didn't answer.
    pub fn read_settings(&mut self, names: &[&str]) -> Result<Vec<String>, Stop> {
        let code = format!("code {}", self.known.code());
        self.request(&code, "the programming code")?;
        let ask = |name: &&str| {
            let line = format!("get {name}");
            self.request(&line, &line)
        };
        names.iter().map(ask).collect()
    }

    /// The answer to a request, without its `ok`.
    fn request(&mut self, line: &str, shown: &str) -> Result<String, Stop> {
        let asked = format!("{line}\n").into_bytes();
        drop(self.world.take_port_output());
        self.apply(Stimulus::Port(PortBytes(asked)))?;
        let reply = self.reply()?;
        let now = self.world.now();
        self.monitor
            .answered(line, reply.as_deref(), &self.known.zone, now);
        match reply.as_deref() {
            Some(reply) if reply == "ok" || reply.starts_with("ok ") => {
                Ok(reply[2..].trim_start().to_owned())
            }
            Some(reply) => Err(format!(
                "over the installer's port, the lock answered {shown} with \"{reply}\""
            )
            .into()),
            None => {
                Err(format!("over the installer's port, the lock didn't answer {shown}").into())
            }
        }
    }

    /// The next line that the lock sends.
    fn reply(&mut self) -> Result<Option<String>, Stop> {
        let deadline = self.world.now() + PATIENCE.duration();
        let mut sent = Vec::new();
        loop {
            sent.extend(self.world.take_port_output());
            if let Some(end) = sent.iter().position(|byte| *byte == b'\n') {
                return Ok(Some(
                    String::from_utf8_lossy(&sent[..end]).trim_end().to_owned(),
                ));
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
