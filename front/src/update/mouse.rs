//! What the mouse does.

use ratatui::layout::{Position, Rect};

use crate::app::App;
use crate::command::Command;
use crate::input::{Chord, KeyCode, Mouse, MouseAction};
use crate::layout::{Layout, Pane};
use crate::panes::{self, book, door};

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse, screen: Rect) {
        let Some(layout) = self.layout(screen) else {
            return;
        };
        let at = mouse.at;
        match mouse.action {
            MouseAction::Press if self.dialog.is_some() => self.dialog_click(at),
            MouseAction::Press => self.click(at, &layout),
            MouseAction::Release if self.play.is_holding() => {
                self.dirty = true;
                self.play.let_go();
            }
            MouseAction::ScrollDown if self.dialog.is_some() => {
                self.dialog_key(Chord::plain(KeyCode::Down));
            }
            MouseAction::ScrollUp if self.dialog.is_some() => {
                self.dialog_key(Chord::plain(KeyCode::Up));
            }
            MouseAction::ScrollDown => self.scroll(at, &layout, Command::Down),
            MouseAction::ScrollUp => self.scroll(at, &layout, Command::Up),
            MouseAction::Release => {}
        }
    }

    fn click(&mut self, at: Position, layout: &Layout) {
        self.dirty = true;
        let Some((pane, rect)) = layout.panes().find(|(_, rect)| rect.contains(at)) else {
            return;
        };
        self.focus = pane;
        let inner = panes::inner(rect);
        match pane {
            Pane::Door => {
                if let Some(key) = door::key_at(inner, at)
                    && self.may_type()
                {
                    self.mark(format!("key {key}"));
                    self.play.hold(key);
                }
            }
            Pane::Book => {
                if let Some(number) = book::guest_at(&self.view(), inner, at.y) {
                    self.book.chosen = number;
                }
            }
            _ => {}
        }
    }

    fn scroll(&mut self, at: Position, layout: &Layout, way: Command) {
        if let Some((pane, _)) = layout.panes().find(|(_, rect)| rect.contains(at)) {
            self.dirty = true;
            let before = std::mem::replace(&mut self.focus, pane);
            self.travel(way);
            self.focus = before;
        }
    }
}
