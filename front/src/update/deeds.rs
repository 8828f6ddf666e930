//! What dialogs asked for is done.

use std::path::Path;

use crate::app::{App, End};
use crate::dialogs::deed::{Deed, Performance};
use crate::storage::short;
use crate::theme::Role;
use crate::words;
use sim::play::Transcript;
use sim::scenario::model::step::{Issue, Verb};

impl App {
    /// Does what a dialog asked for.
    ///
    /// # Errors
    ///
    /// Why it can't be done, in lines.
    pub(super) fn carry_out(&mut self, deed: Deed) -> Result<(), String> {
        match deed {
            Deed::Command(command) => self.update(command),
            Deed::Warn(text) => self.say(Role::Warn, text),
            Deed::Perform(performance) => return self.do_at_once(performance),
            Deed::AddGuest(issue) => return self.add_guest(issue),
            Deed::GoTo(stamp) => return self.leap_to(stamp),
            Deed::Save { path, name } => return self.save(&path, &name),
            Deed::Search(text) => {
                self.log.filter = text;
                self.log.back = 0;
            }
            Deed::EndSearch => self.log.filter.clear(),
            Deed::OpenFile(path) => self.open_file(&path),
            Deed::OpenTest(roots, number) => self.open_test(&roots, number),
            Deed::RaiseGeneration => self.raise_generation(),
            Deed::Quit => self.end = Some(End::Quit),
            Deed::ReturnToOwn => self.go_back_to_own(),
            Deed::KeepScenarios => self.go_on_with_scenarios(),
        }
        Ok(())
    }

    fn do_at_once(&mut self, performance: Performance) -> Result<(), String> {
        self.perform(&performance.deed, &performance.verb)?;
        let (role, text) = performance.said;
        self.say(role, text);
        Ok(())
    }

    fn add_guest(&mut self, issue: Issue) -> Result<(), String> {
        let name = issue.name.value.clone();
        self.perform("adding a guest", &Verb::Issue(issue))?;
        let known = &self.play.stage.known;
        let told = known.guest(&name).map_or_else(String::new, |guest| {
            let pin = words::grouped(&guest.code());
            format!("{}'s PIN is {pin}: i types it", guest.title())
        });
        self.book.chosen = known.guests().len().saturating_sub(1);
        self.say(Role::Good, told);
        Ok(())
    }

    /// Writes what was played as a scenario, which was replayed and passed.
    fn save(&mut self, path: &Path, name: &str) -> Result<(), String> {
        let play = &self.play;
        let transcript = Transcript::of(name, &self.origin, &play.record, &play.stage)
            .map_err(|unlike| unlike.to_string())?;
        self.storage
            .write(path, &transcript.text)
            .map_err(|why| format!("{}: {why}", path.display()))?;
        self.play.record.saved();
        let text = format!(
            "saved {} steps, replayed them, passed: locksim run {}",
            transcript.steps,
            short(self.storage.as_ref(), path)
        );
        self.say(Role::Good, text);
        Ok(())
    }
}
