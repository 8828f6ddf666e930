//! The front-end without a terminal: keys in, screens out, the host's time as it is told.

mod in_memory;
mod screens;
mod updates;

use std::path::PathBuf;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Rect};

use super::app::App;
use super::draw;
use super::input::{Chord, Input, KeyCode, Mouse, MouseAction};
use super::theme::{Depth, Theme};
use in_memory::InMemory;

/// Somebody at a terminal.
struct Person {
    app: App,
    screen: Rect,
    theme: Theme,
}

impl Person {
    fn at(width: u16, height: u16) -> Self {
        let (play, origin) = App::fresh(
            "2026-12-01T15:00".parse().unwrap(),
            "America/Denver".parse().unwrap(),
        )
        .unwrap();
        Self {
            app: App::new(play, origin, Box::new(InMemory::scenarios())),
            screen: Rect::new(0, 0, width, height),
            theme: Theme {
                depth: Depth::Mono,
                ascii: false,
            },
        }
    }

    /// The same at another place: its files are these.
    fn moves_to(&mut self, files: &InMemory) -> &mut Self {
        self.app.storage = Box::new(files.clone());
        self
    }

    /// The path of one of the project's scenarios.
    fn scenario(&self, name: &str) -> PathBuf {
        self.app.storage.folder().join(name)
    }

    /// Opens a scenario with that text, `wrong.json`.
    fn opens(&mut self, text: &str) -> &mut Self {
        let path = self.app.storage.folder().join("wrong.json");
        self.app.storage.write(&path, text).unwrap();
        self.app.open_file(&path);
        self
    }

    /// Keys by their letters; `\n` is Enter, `\t` Tab, `\u{1b}` Esc.
    fn keys(&mut self, keys: &str) -> &mut Self {
        for letter in keys.chars() {
            self.key(match letter {
                '\n' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\u{1b}' => KeyCode::Esc,
                letter => KeyCode::Char(letter),
            });
        }
        self
    }

    fn key(&mut self, code: KeyCode) -> &mut Self {
        self.input(&Input::Key(Chord::plain(code)))
    }

    fn input(&mut self, input: &Input) -> &mut Self {
        self.app.handle(input, self.screen);
        self
    }

    fn mouse(&mut self, action: MouseAction, column: u16, row: u16) -> &mut Self {
        let at = Position::new(column, row);
        self.input(&Input::Mouse(Mouse { action, at }))
    }

    fn press(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseAction::Press, column, row)
    }

    fn release(&mut self, column: u16, row: u16) -> &mut Self {
        self.mouse(MouseAction::Release, column, row)
    }

    /// The host's time passes, in frames.
    fn wait(&mut self, seconds: f64) -> &mut Self {
        let frames = (seconds / 0.05).round() as u32;
        for _ in 0..frames.max(1) {
            self.app.tick(Duration::from_millis(50), &mut || true);
        }
        self
    }

    /// A guest for four days from now.
    fn guest(&mut self) -> &mut Self {
        self.keys("a\t\t+4d\n")
    }

    /// Fails unless the screen says so.
    #[track_caller]
    fn shows(&self, part: &str) {
        let screen = self.screen();
        assert!(screen.contains(part), "{screen}");
    }

    fn screen(&self) -> String {
        let backend = TestBackend::new(self.screen.width, self.screen.height);
        let mut terminal = Terminal::new(backend).unwrap();
        terminal
            .draw(|frame| draw(frame, &self.app, self.theme))
            .unwrap();
        let buffer = terminal.backend().buffer();
        let row = |y| {
            let cells = (0..self.screen.width).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned()
        };
        let rows: Vec<_> = (0..self.screen.height).map(row).collect();
        rows.join("\n")
    }

    fn notice(&self) -> &str {
        self.app
            .notice
            .as_ref()
            .map_or("", |notice| notice.text.as_str())
    }

    /// What the lock has logged.
    fn log(&self) -> Vec<String> {
        let trace = self.app.play.stage.world.trace();
        let entry = |event: &sim::trace::TraceEvent| match &event.kind {
            sim::trace::TraceKind::Audit(entry) => Some(entry.event.kind().to_string()),
            _ => None,
        };
        trace.iter().filter_map(entry).collect()
    }
}
