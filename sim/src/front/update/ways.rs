//! Going to other times, and going about on the screen.

use std::time::Duration;

use jiff::Timestamp;

use crate::front::app::App;
use crate::front::command::Command;
use crate::front::layout::Pane;
use crate::front::panes::log;
use crate::front::words::{Standing, standing};
use crate::time::Time;

impl App {
    /// Goes to a time without waiting for it.
    pub(crate) fn leap_to(&mut self, stamp: Timestamp) -> Result<(), String> {
        let now = self.play.stage.utc();
        if stamp < now {
            return Err("that is over, and time doesn't go back: u undoes".to_owned());
        }
        let target = self
            .play
            .stage
            .world
            .time_of(stamp)
            .ok_or("that is before this lock was hung")?;
        let moment = self.play.stage.known.zone.moment(stamp);
        self.mark("going to a time");
        self.play.stop_typing();
        self.play.head_for(moment);
        self.jump = Some(target);
        Ok(())
    }

    /// When the next thing happens that the clock pane announces.
    pub(crate) fn next_stop(&self) -> Option<Time> {
        let event = self.face.outlook.as_ref().map(|outlook| outlook.at);
        let stay = self
            .next_stay_edge()
            .and_then(|(stamp, _)| self.play.stage.world.time_of(stamp));
        [event, stay].into_iter().flatten().min()
    }

    pub(super) fn leap_to_next(&mut self) {
        if let Some(target) = self.next_stop() {
            self.mark("going to the next event");
            self.jump = Some(target);
        }
    }

    /// The next beginning or end of a stay in the access book.
    pub(crate) fn next_stay_edge(&self) -> Option<(Timestamp, String)> {
        let stage = &self.play.stage;
        let now = stage.utc();
        let guests = stage.known.guests().iter();
        let edge = |ahead: Duration, text: String| {
            let ahead = jiff::SignedDuration::try_from(ahead).ok()?;
            Some((now.checked_add(ahead).ok()?, text))
        };
        guests
            .filter_map(|guest| match standing(guest, &stage.known, now) {
                Standing::Coming(ahead) => edge(ahead, format!("{}'s stay begins", guest.title())),
                Standing::Active(left) => edge(left, format!("{}'s stay ends", guest.title())),
                Standing::Blocked | Standing::Expired | Standing::Void => None,
            })
            .min_by_key(|(stamp, _)| *stamp)
    }

    pub(super) fn move_focus(&mut self, by: usize) {
        let here = Pane::ALL.iter().position(|pane| *pane == self.focus);
        let mut number = here.unwrap_or(0);
        loop {
            number = (number + by) % Pane::ALL.len();
            let pane = Pane::ALL[number];
            if pane != Pane::Script || self.script.is_some() {
                self.focus = pane;
                return;
            }
        }
    }

    /// Arrows and their kin, in the pane that has the keys.
    pub(super) fn travel(&mut self, command: Command) {
        let now = self.play.now();
        match self.focus {
            Pane::Book => {
                let last = self.play.stage.known.guests().len().saturating_sub(1);
                let chosen = self.book.chosen;
                self.book.chosen = match command {
                    Command::Up => chosen.saturating_sub(1),
                    Command::Down => (chosen + 1).min(last),
                    Command::PageUp | Command::Home => 0,
                    Command::PageDown | Command::End => last,
                    _ => chosen,
                };
            }
            Pane::Pins => match command {
                Command::Left => self.pins.move_cursor(-1, now),
                Command::Right => self.pins.move_cursor(1, now),
                Command::PageUp => self.pins.move_cursor(-20, now),
                Command::PageDown => self.pins.move_cursor(20, now),
                Command::Up => self.pins.zoom_in(),
                Command::Down => self.pins.zoom_out(),
                Command::End => self.pins.follow(),
                _ => {}
            },
            _ => {
                let most = log::count(self).saturating_sub(1);
                let back = self.log.back;
                self.log.back = match command {
                    Command::Up => (back + 1).min(most),
                    Command::Down => back.saturating_sub(1),
                    Command::PageUp => (back + 10).min(most),
                    Command::PageDown => back.saturating_sub(10),
                    Command::Home => most,
                    Command::End => 0,
                    _ => back,
                };
            }
        }
    }
}
