//! The front-end in a real terminal: tmux holds it, types into it, and reads its screen.
//!
//! Without tmux these tests are ignored, and say so; where `CI` is set they fail instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};

use acceptance::scenarios;
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;

type Outcome = Result<(), Failed>;

const PROGRAM: &str = env!("CARGO_BIN_EXE_locksim-under-test");
/// A slow machine gets so long to show something.
const PATIENCE: Duration = Duration::from_secs(40);

/// A test, and what it is called.
type Named = (&'static str, fn() -> Outcome);

const TESTS: [Named; 8] = [
    ("an_evening_by_hand_is_saved_and_runs", evening),
    ("the_mouse_presses_keys_and_chooses", mouse),
    ("a_scenario_plays_from_the_command_line", replay),
    ("a_window_too_small_says_what_it_needs", too_small),
    ("suspended_the_shell_is_as_it_was", suspend),
    ("ended_by_a_signal_the_lock_is_kept", signal),
    ("a_folder_in_use_foreign_or_damaged_is_refused", refused),
    ("killed_at_any_moment_a_whole_state_is_left", killed),
];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let there = Command::new("tmux").arg("-V").output().is_ok();
    let required = std::env::var_os("CI").is_some();
    let trials = TESTS
        .into_iter()
        .map(|(name, test)| Trial::test(name, test).with_ignored_flag(!there && !required));
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// A terminal with a shell in it, in a folder of its own.
struct Terminal {
    folder: TempDir,
}

impl Terminal {
    fn open(width: u16, height: u16) -> Result<Self, Failed> {
        let terminal = Self {
            folder: tempfile::tempdir()?,
        };
        let size = [width.to_string(), height.to_string()];
        terminal.tmux(&[
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            &size[0],
            "-y",
            &size[1],
            "sh",
        ])?;
        terminal.tmux(&["set-option", "-g", "escape-time", "0"])?;
        terminal.line("export PS1='$ ' LC_ALL=C.UTF-8 NO_COLOR=1")?;
        Ok(terminal)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tmux(&self, arguments: &[&str]) -> Result<Output, Failed> {
        let output = Command::new("tmux")
            .arg("-S")
            .arg(self.path("socket"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("TMUX")
            .output()?;
        if output.status.success() {
            Ok(output)
        } else {
            Err(format!("tmux {arguments:?}: {output:?}").into())
        }
    }

    /// Types text as it is.
    fn text(&self, text: &str) -> Outcome {
        self.tmux(&["send-keys", "-l", text]).map(drop)
    }

    /// Presses a key by tmux's name for it.
    fn key(&self, name: &str) -> Outcome {
        self.tmux(&["send-keys", name]).map(drop)
    }

    /// A line for the shell.
    fn line(&self, line: &str) -> Outcome {
        self.text(line)?;
        self.key("Enter")
    }

    /// Opens the front-end.
    fn locksim(&self, arguments: &str) -> Outcome {
        let pid = self.path("pid");
        self.line(&format!(
            "sh -c 'echo $$ > {}; exec {PROGRAM} {arguments}'; echo ended with $?",
            pid.display()
        ))?;
        self.shows("all keys").map(drop)
    }

    /// What is on the screen; a line of the shell's is one, however wide the window is.
    fn screen(&self) -> Result<String, Failed> {
        let output = self.tmux(&["capture-pane", "-p", "-J"])?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Waits until the screen shows this.
    fn shows(&self, part: &str) -> Result<String, Failed> {
        self.comes_to(part, |screen| screen.contains(part))
    }

    /// Waits until the screen doesn't show this.
    fn hides(&self, part: &str) -> Result<String, Failed> {
        self.comes_to(part, |screen| !screen.contains(part))
    }

    fn comes_to(&self, what: &str, holds: impl Fn(&str) -> bool) -> Result<String, Failed> {
        let begun = Instant::now();
        loop {
            let screen = self.screen()?;
            if holds(&screen) {
                return Ok(screen);
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("waited for {what:?}, the screen is\n{screen}").into());
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// A click at a column and a row, both from 1, as xterm tells it.
    fn mouse(&self, button: u8, column: u16, row: u16, down: bool) -> Outcome {
        let end = if down { 'M' } else { 'm' };
        self.text(&format!("\u{1b}[<{button};{column};{row}{end}"))
    }

    fn resize(&self, width: u16, height: u16) -> Outcome {
        let size = [width.to_string(), height.to_string()];
        self.tmux(&["resize-window", "-x", &size[0], "-y", &size[1]])
            .map(drop)
    }

    /// Sends a signal to the program.
    fn kill(&self, signal: &str) -> Outcome {
        let process = fs::read_to_string(self.path("pid"))?;
        let status = Command::new("kill")
            .args([signal, process.trim()])
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err("no such process".into())
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.tmux(&["kill-server"]));
    }
}

fn run(path: &Path) -> Outcome {
    let output = Command::new(PROGRAM).arg("run").arg(path).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stdout).into_owned().into())
}

fn evening() -> Outcome {
    let terminal = Terminal::open(100, 30)?;
    terminal.locksim("")?;
    terminal.text("a")?;
    terminal.shows("add a guest")?;
    for key in ["Tab", "Tab"] {
        terminal.key(key)?;
    }
    terminal.text("2026-12-05 11:00")?;
    terminal.shows("opens Tue 2026-12-01 15:00 until Sat 2026-12-05 11:00")?;
    terminal.key("Enter")?;
    let screen = terminal.shows("Unit 1's PIN is")?;
    let (_, rest) = screen.split_once("Unit 1's PIN is ").ok_or("no PIN")?;
    let pin: String = rest.chars().take(12).filter(char::is_ascii_digit).collect();
    terminal.text(&pin)?;
    terminal.key("Enter")?;
    terminal.shows("unlocked by Unit 1's SmartPIN")?;
    terminal.text("7391")?;
    terminal.key("Enter")?;
    terminal.shows("custom PIN saved")?;
    terminal.shows("locked (auto)")?;
    // Past the end, without waiting for it.
    terminal.text("g")?;
    terminal.text("unit 1 end")?;
    terminal.key("Enter")?;
    terminal.shows("expired")?;
    terminal.text("i")?;
    terminal.shows("denied: expired")?;
    terminal.text("fjammed")?;
    terminal.key("Enter")?;
    terminal.shows("broken: motor")?;
    terminal.text("u")?;
    terminal.hides("broken: motor jammed")?;
    terminal.text("s")?;
    terminal.shows("save as a scenario")?;
    terminal.key("Enter")?;
    terminal.shows("replayed them, passed")?;
    terminal.text("q")?;
    terminal.shows("ended with 0")?;
    let path = terminal.path("played.json");
    let text = fs::read_to_string(&path)?;
    if text.contains(&pin) || !text.contains("${unit_1}#") {
        return Err(format!("digits where a name should be:\n{text}").into());
    }
    run(&path)
}

fn mouse() -> Outcome {
    let terminal = Terminal::open(80, 24)?;
    terminal.locksim("")?;
    // The key 5, then R held for long enough to be seen.
    terminal.mouse(0, 8, 3, true)?;
    terminal.mouse(0, 8, 3, false)?;
    terminal.shows("typed 5")?;
    terminal.mouse(0, 22, 6, true)?;
    terminal.shows("holding R")?;
    terminal.mouse(0, 22, 6, false)?;
    terminal.hides("holding R")?;
    // The log, and the wheel over it.
    terminal.mouse(0, 60, 20, true)?;
    terminal.mouse(0, 60, 20, false)?;
    terminal.shows("▸ log")?;
    // More than the pane has room for.
    terminal.text(&"pp".repeat(12))?;
    terminal.shows("the lock started")?;
    terminal.mouse(64, 60, 20, true)?;
    terminal.shows("newer below")?;
    Ok(())
}

fn replay() -> Outcome {
    let terminal = Terminal::open(80, 24)?;
    let file = scenarios().join("custom-pin/a-new-one-replaces-the-old.json");
    terminal.locksim(&format!("--replay {} --speed 600x", file.display()))?;
    terminal.shows("passed")?;
    Ok(())
}

fn too_small() -> Outcome {
    let terminal = Terminal::open(80, 24)?;
    terminal.locksim("")?;
    terminal.resize(50, 15)?;
    terminal.shows("needs 60 x 20")?;
    terminal.resize(200, 60)?;
    terminal.shows("all keys")?;
    terminal.shows("╭───╮ ╭───╮ ╭───╮")?;
    Ok(())
}

fn suspend() -> Outcome {
    let terminal = Terminal::open(80, 24)?;
    terminal.locksim("")?;
    terminal.key("C-z")?;
    terminal.hides("all keys")?;
    terminal.line("echo the shell $((40 + 2))")?;
    terminal.shows("the shell 42")?;
    terminal.line("fg")?;
    terminal.shows("all keys")?;
    terminal.text("q")?;
    // Until it has gone, what is typed is the program's.
    terminal.hides("all keys")?;
    terminal.line("echo the shell $((40 + 3))")?;
    terminal.shows("the shell 43")?;
    Ok(())
}

fn signal() -> Outcome {
    let terminal = Terminal::open(80, 24)?;
    let state = terminal.path("lock");
    terminal.locksim(&format!("--state {}", state.display()))?;
    terminal.text("a")?;
    terminal.key("Tab")?;
    terminal.key("Tab")?;
    terminal.text("+4d")?;
    terminal.key("Enter")?;
    terminal.shows("Unit 1's PIN is")?;
    terminal.kill("-TERM")?;
    terminal.shows("ended with 0")?;
    terminal.line("clear; stty -a | grep -c ' echo '")?;
    terminal.shows("1")?;
    terminal.locksim(&format!("--state {}", state.display()))?;
    terminal.shows("Unit 1")?;
    Ok(())
}

fn refused() -> Outcome {
    let terminal = Terminal::open(100, 30)?;
    let state = terminal.path("lock");
    terminal.locksim(&format!("--state {}", state.display()))?;
    let again = |folder: &Path, expected: &str| -> Outcome {
        let other = Terminal::open(150, 10)?;
        other.line(&format!(
            "{PROGRAM} --state {}; echo ended with $?",
            folder.display()
        ))?;
        other.shows("ended with 2")?;
        other.shows(expected).map(drop)
    };
    again(&state, "is in use by another locksim")?;
    terminal.text("q")?;
    terminal.shows("ended with 0")?;
    let file = state.join("locksim.state");
    let whole = fs::read(&file)?;
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&file, &damaged)?;
    again(&state, "is damaged")?;
    if fs::read(&file)? != damaged {
        return Err("the damaged file was touched".into());
    }
    fs::write(&file, "somebody else's")?;
    again(&state, "holds no lock of this program's")?;
    let strange = terminal.path("strange");
    fs::create_dir(&strange)?;
    fs::write(strange.join("letters.txt"), "dear")?;
    again(&strange, "there is letters.txt")?;
    let left: Vec<_> = fs::read_dir(&strange)?.collect();
    if left.len() != 1 {
        return Err("something was written into a folder that isn't ours".into());
    }
    fs::write(&file, &whole)?;
    terminal.line("clear")?;
    terminal.locksim(&format!("--state {}", state.display()))
}

fn killed() -> Outcome {
    let folder = tempfile::tempdir()?;
    let state = folder.path().join("lock");
    for round in 1..=4_u64 {
        let terminal = Terminal::open(80, 24)?;
        terminal.locksim(&format!("--state {}", state.display()))?;
        terminal.text("a")?;
        terminal.key("Tab")?;
        terminal.key("Tab")?;
        terminal.text(&format!("+{}d", round + 1))?;
        terminal.key("Enter")?;
        terminal.shows(&format!("Unit {round}'s PIN is"))?;
        // It is kept within some seconds; then the program dies without a word.
        let guest = format!("\"unit_{round}\"");
        let kept = || {
            let text = fs::read_to_string(state.join("locksim.state"));
            text.is_ok_and(|text| text.contains(&guest))
        };
        let begun = Instant::now();
        while !kept() {
            if begun.elapsed() > PATIENCE {
                return Err("the lock isn't kept while somebody plays".into());
            }
            sleep(Duration::from_millis(7 * round));
        }
        terminal.kill("-KILL")?;
        terminal.shows("ended with 137")?;
    }
    let terminal = Terminal::open(80, 24)?;
    terminal.locksim(&format!("--state {}", state.display()))?;
    terminal.shows("Unit 4").map(drop)
}
