//! Every command by its name, with its key.

use super::picker::{Choice, Item, Picker};
use crate::front::app::App;
use crate::front::command::{BINDINGS, Command};

impl App {
    pub(crate) fn open_palette(&mut self) {
        let mut items: Vec<Item> = Vec::new();
        for binding in BINDINGS {
            let known = |item: &Item| matches!(item.choice, Choice::Command(command) if command == binding.command);
            if items.iter().any(known) || binding.command == Command::Palette {
                continue;
            }
            items.push(Item {
                label: binding.name.to_owned(),
                detail: format!("{:<12}{}", binding.keys, binding.about),
                choice: Choice::Command(binding.command),
                why_not: self.why_not(binding.command),
            });
        }
        // What can't be done now stands last.
        items.sort_by_key(|item| item.why_not.is_some());
        self.open_picker(Picker::new("all commands", items, "there are none"));
    }
}
