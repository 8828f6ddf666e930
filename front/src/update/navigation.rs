//! Going to other times, and going about on the screen.

use jiff::Timestamp;

use crate::app::App;
use crate::command::Command;
use crate::layout::Pane;
use sim::time::Time;

impl App {
    /// Goes to a time without waiting for it: to its second, for nobody means the microseconds that it took to type it.
    pub(crate) fn leap_to(&mut self, stamp: Timestamp) -> Result<(), String> {
        let now = self.play.stage.utc();
        let stamp = Timestamp::from_second(stamp.as_second())
            .ok()
            .filter(|whole| *whole > now)
            .unwrap_or(stamp);
        if stamp < now {
            return Err("that is over, and time doesn't go back: u undoes".to_owned());
        }
        let target = self
            .play
            .stage
            .world
            .time_of(stamp)
            .ok_or("that is before this session began")?;
        self.mark("going to a time");
        self.play.finish_typing();
        let moment = self.play.stage.known.zone.moment(stamp);
        self.play.head_for(moment);
        self.jump = Some(target);
        Ok(())
    }

    /// When the next thing happens that the clock pane announces.
    pub(crate) fn next_stop(&self) -> Option<Time> {
        let event = self.observed.outlook.as_ref().map(|outlook| outlook.at);
        let stay = self
            .view()
            .next_stay_edge()
            .and_then(|(stamp, _)| self.play.stage.world.time_of(stamp));
        let now = self.play.now();
        let lockout = self.play.stage.known.locked_out_until(now);
        [event, stay, lockout]
            .into_iter()
            .flatten()
            .filter(|stop| *stop > now)
            .min()
    }

    pub(super) fn leap_to_next(&mut self) {
        if self.is_scripted() {
            self.begin_step();
            if let Some(script) = &mut self.script {
                script.step(&mut self.play);
            }
            self.heed_script();
            return;
        }
        if let Some(target) = self.next_stop() {
            self.mark("going to the next event");
            self.jump = Some(target);
        }
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
                Command::Left => self.waves.move_cursor(-1, now),
                Command::Right => self.waves.move_cursor(1, now),
                Command::PageUp => self.waves.move_cursor(-20, now),
                Command::PageDown => self.waves.move_cursor(20, now),
                Command::Up => self.waves.zoom_in(),
                Command::Down => self.waves.zoom_out(),
                Command::End => self.waves.follow(),
                _ => {}
            },
            Pane::Script => {
                let Some(script) = &mut self.script else {
                    return;
                };
                let last = script.lines.len().saturating_sub(1);
                let here = script.shown();
                script.looked_at = match command {
                    Command::Up => Some(here.saturating_sub(1)),
                    Command::Down => Some((here + 1).min(last)),
                    Command::PageUp => Some(here.saturating_sub(10)),
                    Command::PageDown => Some((here + 10).min(last)),
                    Command::Home => Some(0),
                    Command::End => None,
                    _ => script.looked_at,
                };
            }
            Pane::Door | Pane::Clock | Pane::Log => {
                // The oldest entry is at the top then, and no line stays empty.
                let most = self
                    .view()
                    .log_entries()
                    .len()
                    .saturating_sub(self.rows(Pane::Log).max(1));
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
