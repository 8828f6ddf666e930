//! What has happened last, and the keys that matter now.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::command::{BINDINGS, Command};
use crate::layout::Pane;
use crate::theme::{Role, Theme};
use crate::view::ViewModel;

pub(crate) fn draw(frame: &mut Frame, area: Rect, view: &ViewModel<'_>, theme: Theme) {
    let notice = view.notice.map_or_else(Line::default, |notice| {
        Line::styled(format!(" {}", notice.text), theme.style(notice.role))
    });
    frame.render_widget(
        Paragraph::new(vec![notice, hints(view, theme, area.width)]),
        area,
    );
}

/// As many as there is room for; the last is always how to find the others.
fn hints(view: &ViewModel<'_>, theme: Theme, width: u16) -> Line<'static> {
    let mut hints: Vec<(&str, &str)> = match view.focus {
        Pane::Book => vec![
            ("Up Down", "choose"),
            ("i Enter", "type its PIN"),
            ("b", "block it"),
        ],
        Pane::Pins => vec![
            ("Left Right", "cursor"),
            ("Up Down", "zoom"),
            ("End", "present"),
        ],
        Pane::Log => vec![("Up Down", "scroll"), ("/", "search")],
        Pane::Script if view.is_scripted() => vec![("Space", "stop"), ("n", "end of this step")],
        Pane::Script => vec![
            (".", "step"),
            (">", "to expectation"),
            ("Up Down", "look"),
            ("c", "close"),
        ],
        Pane::Door | Pane::Clock if view.is_scripted() => vec![("Space", "stop")],
        Pane::Door | Pane::Clock => vec![("0-9 # *", "type"), ("l", "lock")],
    };
    let common = [
        (Command::Pause, if view.running { "pause" } else { "run" }),
        (Command::AddUser, "add guest"),
        (Command::GoTo, "go to"),
        (Command::NextEvent, "next"),
        (Command::Faster, "faster"),
        (Command::Undo, "undo"),
        (Command::Faults, "faults"),
        (Command::Save, "save"),
        (Command::Open, "open"),
        (Command::FocusNext, "pane"),
        (Command::Settings, "settings"),
        (Command::Palette, "commands"),
        (Command::Quit, "quit"),
    ];
    let row = |command| BINDINGS.iter().find(|binding| binding.command == command);
    hints.extend(
        common
            .into_iter()
            .filter_map(|(command, name)| Some((row(command)?.keys, name))),
    );
    let last = [("?", "all keys")];
    let size = |(keys, name): &(&str, &str)| keys.len() + name.len() + 3;
    let mut left = usize::from(width).saturating_sub(1 + last.iter().map(size).sum::<usize>());
    let mut shown = Vec::new();
    for hint in hints {
        if size(&hint) > left {
            break;
        }
        left -= size(&hint);
        shown.push(hint);
    }
    shown.extend(last);
    shown
        .into_iter()
        .flat_map(|(keys, name)| {
            [
                Span::styled(format!(" {keys}"), theme.style(Role::Hint)),
                Span::raw(format!(" {name} ")),
            ]
        })
        .collect()
}
