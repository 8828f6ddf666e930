//! Every command by its name, with its key.

use super::deed::Deed;
use super::picker::{Choice, Item, Picker};
use crate::command::{Command, Offer};

/// Each command once.
pub(crate) fn picker(offers: &[Offer]) -> Picker {
    let mut commands = vec![Command::Palette];
    let mut items: Vec<Item> = Vec::new();
    for offer in offers {
        let binding = offer.binding;
        if commands.contains(&binding.command) {
            continue;
        }
        commands.push(binding.command);
        items.push(Item {
            label: binding.name.to_owned(),
            detail: format!("{:<12}{}", binding.keys, binding.about),
            choice: Choice::Do(Deed::Command(binding.command)),
            why_not: offer.why_not.clone(),
        });
    }
    // What can't be done now stands last.
    items.sort_by_key(|item| item.why_not.is_some());
    Picker::new("all commands", items, "there are none")
}
