//! The keys that apply where one is, and why a key does nothing right now.

use super::page::{Page, PageEntry};
use crate::command::{Offer, Scope};
use crate::layout::Pane;

/// The keys of the pane that has them, and those that work everywhere. `why_no_digits` tells why the lock's digits can't
/// be typed.
pub(crate) fn page(focus: Pane, offers: &[Offer], why_no_digits: Option<String>) -> Page {
    let (everywhere, elsewhere): (Vec<_>, Vec<_>) = offers
        .iter()
        .partition(|offer| offer.binding.scope == Scope::Everywhere);
    let mut here = elsewhere
        .into_iter()
        .filter(|offer| offer.applies)
        .peekable();
    let mut entries = Vec::new();
    if here.peek().is_some() {
        entries.push(PageEntry::plain(&format!("in the {} pane", focus.title())));
        entries.extend(here.filter_map(entry));
        entries.push(PageEntry::plain(""));
        entries.push(PageEntry::plain("everywhere"));
    }
    entries.push(PageEntry {
        keys: "0-9",
        text: "lock's digits: typed at a person's pace".to_owned(),
        why_not: why_no_digits,
    });
    entries.extend(everywhere.into_iter().filter_map(entry));
    entries.push(PageEntry {
        keys: "mouse",
        text: "click or hold the lock's keys, click a pane or a guest, scroll lists".to_owned(),
        why_not: None,
    });
    Page::new("keys that work here", entries)
}

fn entry(offer: &Offer) -> Option<PageEntry> {
    let binding = offer.binding;
    (!binding.keys.is_empty()).then(|| PageEntry {
        keys: binding.keys,
        text: if binding.about.is_empty() {
            binding.name.to_owned()
        } else {
            format!("{}: {}", binding.name, binding.about)
        },
        why_not: offer.why_not.clone(),
    })
}
