//! What one can do, and the keys that do it: one table for the keyboard, the palette and the help.

use super::input::{Chord, KeyCode, Modifiers};
use super::layout::Pane;
use sim::key::Key;

/// Something that one can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// A key of the lock, tapped.
    Tap(Key),
    /// The next key of the lock is held until something else is pressed.
    HoldNext,
    /// R, for five seconds.
    HoldReset,
    /// Time stands still, or goes on.
    Pause,
    Faster,
    Slower,
    NextEvent,
    GoTo,
    Undo,
    Redo,
    AddUser,
    RaiseGeneration,
    TypePin,
    Block,
    Faults,
    Settings,
    Power,
    Save,
    Open,
    /// One step of the scenario, at once.
    Step,
    /// On to the scenario's next expectation, at once.
    ToExpectation,
    CloseScenario,
    Search,
    Palette,
    Help,
    Quit,
    Suspend,
    FocusNext,
    FocusPrevious,
    /// The pane that has the keys fills the screen, or no longer does.
    Zoom,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
}

/// Where a key means what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Everywhere,
    /// Only while that pane has the keys.
    In(Pane),
    /// Only while a scenario is open.
    WithScenario,
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) command: Command,
    chords: &'static [Chord],
    /// The keys as a person reads them.
    pub(crate) keys: &'static str,
    /// A few words, for the palette and the footer.
    pub(crate) name: &'static str,
    /// More of them, for the help.
    pub(crate) about: &'static str,
    pub(crate) scope: Scope,
}

const fn letter(letter: char) -> Chord {
    plain(KeyCode::Char(letter))
}

const fn plain(code: KeyCode) -> Chord {
    Chord::plain(code)
}

const fn control(letter: char) -> Chord {
    Chord::control(letter)
}

const fn lock(name: char) -> Command {
    match Key::named(name) {
        Some(key) => Command::Tap(key),
        None => panic!("no key of the lock"),
    }
}

macro_rules! bindings {
    ($($scope:expr => { $($command:expr, [$($chord:expr),*], $keys:literal, $name:literal, $about:literal;)* })*) => {
        &[$($(Binding {
            command: $command,
            chords: &[$($chord),*],
            keys: $keys,
            name: $name,
            about: $about,
            scope: $scope,
        },)*)*]
    };
}

/// Every key that does something, but for the digits, which are the lock's.
pub(crate) const BINDINGS: &[Binding] = bindings! {
    Scope::WithScenario => {
        Command::Step, [letter('.')], ".", "scenario: one step", "does the scenario's next step at once";
        Command::ToExpectation, [letter('>')], ">", "scenario: to the next expectation", "does the steps up to the next expectation, and that, at once";
        Command::CloseScenario, [letter('c')], "c", "scenario: close", "closes the scenario; your own lock comes back, or the scenario's stays";
    }
    Scope::In(Pane::Book) => {
        Command::TypePin, [plain(KeyCode::Enter)], "Enter", "type the PIN", "types the chosen guest's PIN";
        Command::Up, [plain(KeyCode::Up)], "Up Down", "choose a guest", "goes through the access book";
        Command::Down, [plain(KeyCode::Down)], "", "next guest", "";
    }
    Scope::In(Pane::Pins) => {
        Command::Left, [plain(KeyCode::Left)], "Left Right", "move the cursor", "moves the cursor along the waves; End returns to the present";
        Command::Right, [plain(KeyCode::Right)], "", "cursor right", "";
        Command::Up, [plain(KeyCode::Up)], "Up Down", "zoom the waves", "shows less time or more";
        Command::Down, [plain(KeyCode::Down)], "", "more time", "";
    }
    Scope::Everywhere => {
        lock('#'), [letter('#'), plain(KeyCode::Enter)], "# Enter", "lock's # (Enter)", "ends an entry; on nothing, throws the bolt";
        lock('*'), [letter('*'), plain(KeyCode::Backspace)], "* Backspace", "lock's * (Clear)", "clears the entry and leaves whatever was begun";
        lock('L'), [letter('l'), letter('L')], "l", "lock's Lock/Unlock button", "is Enter, too";
        Command::HoldNext, [letter('h')], "h", "hold a key", "holds the lock's key that is pressed next, until any key is; with the mouse, just hold";
        Command::HoldReset, [letter('r')], "r", "hold R for 5 s", "restores factory settings if the lock was powered up less than 10 s ago";
        Command::Pause, [letter(' ')], "Space", "run or pause", "lets time stand still, or go on";
        Command::Faster, [letter('+'), letter('=')], "+", "faster", "1x, 10x, 60x, 600x, 3600x, as fast as it goes; while someone types, 1x";
        Command::Slower, [letter('-')], "-", "slower", "the way back";
        Command::NextEvent, [letter('n')], "n", "next event", "goes straight to what the clock pane announces; in a scenario that plays, to the end of its step";
        Command::GoTo, [letter('g')], "g", "go to a time", "2026-12-05 11:00, 11:00, +3d, unit 4 end - 1s, next dst";
        Command::Undo, [letter('u')], "u", "undo", "goes back to before the last input, time included";
        Command::Redo, [letter('U')], "U", "redo", "goes forward again";
        Command::AddUser, [letter('a')], "a", "add a guest", "issues a SmartPIN";
        Command::TypePin, [letter('i')], "i", "type the chosen PIN", "types the PIN of the guest that is chosen in the access book, and Enter";
        Command::Block, [letter('b')], "b", "block the chosen PIN", "types the owner's block sequence for the guest that is chosen";
        Command::RaiseGeneration, [letter('e')], "e", "raise the generation", "types the owner's sequence that voids every PIN issued before";
        Command::Faults, [letter('f')], "f", "faults", "breaks something, or repairs it";
        Command::Settings, [letter('t')], "t", "settings", "changes settings and the clock over the installer's port";
        Command::Power, [letter('p')], "p", "power off or on", "takes the main batteries out, or puts them in";
        Command::Save, [letter('s')], "s", "save as a scenario", "writes all that was done as a scenario file, with what the lock showed";
        Command::Open, [letter('o')], "o", "open a scenario", "plays a scenario file here";
        Command::Search, [letter('/')], "/", "search the log", "shows the entries alone that contain a text";
        Command::Palette, [letter(':')], ":", "all commands", "finds a command by its name";
        Command::FocusNext, [plain(KeyCode::Tab)], "Tab", "next pane", "gives the keys to the next pane; Shift-Tab to the one before";
        Command::FocusPrevious, [plain(KeyCode::BackTab)], "", "pane before", "";
        Command::Zoom, [letter('z')], "z", "fill the screen", "the pane that has the keys fills the screen, or no longer does";
        Command::Up, [plain(KeyCode::Up)], "Up Down", "scroll", "scrolls the pane that has the keys";
        Command::Down, [plain(KeyCode::Down)], "", "scroll down", "";
        Command::PageUp, [plain(KeyCode::PageUp)], "PgUp PgDn", "scroll by a page", "";
        Command::PageDown, [plain(KeyCode::PageDown)], "", "page down", "";
        Command::Home, [plain(KeyCode::Home)], "Home End", "first and latest", "";
        Command::End, [plain(KeyCode::End)], "", "latest", "";
        Command::Help, [letter('?')], "?", "keys that work here", "this page";
        Command::Suspend, [control('z')], "Ctrl-Z", "back to the shell", "fg returns";
        Command::Quit, [letter('q'), control('c')], "q", "quit", "asks once if something worth saving isn't saved";
    }
};

/// Where keys are pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The pane that has the keys.
    pub(crate) focus: Pane,
    /// Whether a scenario is open.
    pub(crate) has_scenario: bool,
}

/// A row of the table, and what it is worth at present.
#[derive(Debug)]
pub(crate) struct Offer {
    pub(crate) binding: &'static Binding,
    /// Whether its keys mean this.
    pub(crate) applies: bool,
    /// Why it would do nothing.
    pub(crate) why_not: Option<String>,
}

impl Offer {
    /// What a row is worth at that place.
    pub(crate) fn of(binding: &'static Binding, place: Place, why_not: Option<String>) -> Self {
        Self {
            binding,
            applies: binding.applies(place),
            why_not,
        }
    }
}

impl Binding {
    /// Whether its keys mean this at that place.
    pub(crate) fn applies(&self, place: Place) -> bool {
        match self.scope {
            Scope::Everywhere => true,
            Scope::In(pane) => place.focus == pane,
            Scope::WithScenario => place.has_scenario,
        }
    }
}

/// What a key of the keyboard means at that place.
pub(crate) fn command_for(key: Chord, place: Place) -> Option<Command> {
    if let KeyCode::Char(letter @ '0'..='9') = key.code
        && key.modifiers == Modifiers::NONE
    {
        return Key::named(letter).map(Command::Tap);
    }
    BINDINGS
        .iter()
        .filter(|binding| binding.applies(place))
        .find(|binding| binding.chords.iter().any(|chord| chord.is(key)))
        .map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for (number, binding) in BINDINGS.iter().enumerate() {
            for other in &BINDINGS[number + 1..] {
                let same = binding
                    .chords
                    .iter()
                    .any(|chord| other.chords.contains(chord));
                assert!(
                    !same || binding.scope != other.scope,
                    "{} and {}",
                    binding.name,
                    other.name
                );
            }
        }
    }

    #[test]
    fn every_key_that_is_shown_says_what_it_does() {
        for binding in BINDINGS {
            assert!(!binding.name.is_empty());
            assert!(binding.keys.is_empty() || !binding.chords.is_empty());
        }
    }
}
