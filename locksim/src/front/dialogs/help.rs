//! The keys that apply where one is, and why a key does nothing right now.

use super::Dialog;
use super::page::{Entry, Page};
use crate::front::app::App;
use crate::front::command::{BINDINGS, Binding, Scope};

impl App {
    pub(crate) fn open_help(&mut self) {
        let mut entries = Vec::new();
        let here: Vec<_> = BINDINGS
            .iter()
            .filter(|binding| binding.scope != Scope::Everywhere && binding.applies(self))
            .collect();
        if !here.is_empty() {
            entries.push(Entry::plain(&format!("in the {} pane", self.focus.title())));
            entries.extend(self.entries(&here));
            entries.push(Entry::plain(""));
            entries.push(Entry::plain("everywhere"));
        }
        entries.push(Entry {
            keys: "0-9",
            text: "lock's digits: typed at a person's pace".to_owned(),
            why_not: self.why_no_keys(),
        });
        let everywhere: Vec<_> = BINDINGS
            .iter()
            .filter(|binding| binding.scope == Scope::Everywhere)
            .collect();
        entries.extend(self.entries(&everywhere));
        entries.push(Entry {
            keys: "mouse",
            text: "click or hold the lock's keys, click a pane or a guest, scroll lists".to_owned(),
            why_not: None,
        });
        self.dialog = Some(Dialog::Page(Page::new("keys that work here", entries)));
        self.dirty = true;
    }

    fn entries(&self, bindings: &[&'static Binding]) -> Vec<Entry> {
        bindings
            .iter()
            .filter(|binding| !binding.keys.is_empty())
            .map(|binding| Entry {
                keys: binding.keys,
                text: if binding.about.is_empty() {
                    binding.name.to_owned()
                } else {
                    format!("{}: {}", binding.name, binding.about)
                },
                why_not: self.why_not(binding.command),
            })
            .collect()
    }
}
