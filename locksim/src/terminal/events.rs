//! The loop: terminal, signals and time, until somebody quits. The host's clock is read here and nowhere else.

use std::env;
use std::fmt;
use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt as _;
use ratatui::layout::{Position, Rect};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::crossterm_input;
use super::disk::Disk;
use super::environment;
use super::screen::{Screen, restore};
use super::state::{StateError, StateFolder};
use crate::exit::Exit;
use front::app::{App, End};
use front::draw;
use front::speed::Speed;
use front::theme::{Role, Theme};
use sim::moment::Moment;
use sim::zones::Zone;

/// A new lock's first moment, and where it hangs.
const START: &str = "2026-12-01T15:00";
const ZONE: &str = "America/Denver";
/// The lock is kept so often while somebody plays.
const KEEP: Duration = Duration::from_secs(2);
/// Simulated work in one frame, at most.
const BUDGET: Duration = Duration::from_millis(12);

/// How the front-end begins.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// When a new lock is powered up, and where it hangs.
    pub(crate) start: Option<Moment>,
    pub(crate) zone: Option<Zone>,
    /// A folder that keeps the lock between runs.
    pub(crate) state: Option<PathBuf>,
    /// A scenario that is played at once.
    pub(crate) replay: Option<PathBuf>,
    pub(crate) speed: Option<Speed>,
    /// Colour or none, where that was asked for.
    pub(crate) coloured: Option<bool>,
    /// No glyphs beyond ASCII.
    pub(crate) ascii: bool,
}

/// Why the front-end could not be opened, or ended before its time.
#[derive(Debug)]
pub(crate) enum FrontError {
    /// Nobody would see it.
    NoTerminal,
    /// The folder that should keep the lock is refused.
    State(StateError),
    /// The lock can't be kept.
    Keep(String),
    /// A start or a zone is given for a lock that was kept.
    AlreadyKept,
    /// The start that was asked for doesn't exist.
    Start(String),
    /// The scenario that was to be played can't be found.
    Replay(PathBuf, io::Error),
    /// The terminal failed.
    Terminal(io::Error),
}

impl fmt::Display for FrontError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTerminal => formatter.write_str(
                "the front-end needs a terminal; `locksim run` plays scenarios without one",
            ),
            Self::State(error) => error.fmt(formatter),
            Self::Keep(why) | Self::Start(why) => formatter.write_str(why),
            Self::AlreadyKept => formatter.write_str(
                "--start and --timezone only apply to a new lock; the folder of --state already holds one",
            ),
            Self::Replay(path, error) => write!(formatter, "{}: {error}", path.display()),
            Self::Terminal(error) => write!(formatter, "the terminal failed: {error}"),
        }
    }
}

impl FrontError {
    /// How the program ends.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoTerminal
            | Self::State(_)
            | Self::Keep(_)
            | Self::AlreadyKept
            | Self::Start(_)
            | Self::Replay(..) => Exit::Usage,
            Self::Terminal(_) => Exit::Broken,
        }
    }
}

impl From<io::Error> for FrontError {
    fn from(error: io::Error) -> Self {
        Self::Terminal(error)
    }
}

/// Opens the front-end and lets somebody play.
///
/// # Errors
///
/// Where it can't be opened, or the terminal fails.
pub(crate) fn run(options: &Options) -> Result<(), FrontError> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(FrontError::NoTerminal);
    }
    let mut app = open(options)?;
    if let Some(speed) = options.speed {
        app.set_speed(speed);
    }
    if let Some(path) = &options.replay {
        fs::metadata(path).map_err(|error| FrontError::Replay(path.clone(), error))?;
        app.replay(path);
    }
    let theme = environment::theme(options.coloured, options.ascii);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(play_on(app, theme))
}

/// A new lock, or the one that was kept.
fn open(options: &Options) -> Result<App, FrontError> {
    let disk = Disk::new(env::current_dir()?);
    let fresh = || {
        let start = options.start.map_or_else(|| START.parse(), Ok);
        let zone = options.zone.clone().map_or_else(|| ZONE.parse(), Ok);
        let zone = zone.map_err(|error| FrontError::Start(error.to_string()))?;
        let start = start.map_err(FrontError::Start)?;
        App::fresh(start, zone).map_err(FrontError::Start)
    };
    let Some(state) = &options.state else {
        let (play, origin) = fresh()?;
        return Ok(App::new(play, origin, Box::new(disk)));
    };
    let (state, kept) = StateFolder::open(state).map_err(FrontError::State)?;
    let is_kept = kept.is_some();
    let (play, origin) = match kept {
        Some(_) if options.start.is_some() || options.zone.is_some() => {
            return Err(FrontError::AlreadyKept);
        }
        Some(kept) => kept,
        None => fresh()?,
    };
    let mut app = App::new(play, origin, Box::new(disk.keeping(state)));
    if is_kept {
        let text = "the lock that was kept here is back; its batteries were out for a second";
        app.say(Role::Text, text);
    }
    Ok(app)
}

async fn play_on(mut app: App, theme: Theme) -> Result<(), FrontError> {
    let mut screen = Screen::open()?;
    let mut terminal_events = EventStream::new();
    let mut signals = Signals::new()?;
    let mut pacer = Pacer::new();
    loop {
        match app.take_end() {
            Some(End::Quit) => break,
            Some(End::Suspend) => {
                suspend(&mut screen)?;
                pacer.lap();
                app.redraw();
            }
            None => {}
        }
        if app.take_dirty() {
            screen.terminal.draw(|frame| draw(frame, &app, theme))?;
        }
        let frame = app.next_frame();
        tokio::select! {
            event = terminal_events.next() => match event {
                Some(Ok(event)) => {
                    let size = screen.terminal.size()?;
                    tick(&mut app, &mut pacer);
                    if let Some(input) = crossterm_input::input(event) {
                        app.handle(&input, Rect::from((Position::ORIGIN, size)));
                    }
                }
                Some(Err(error)) => return Err(error.into()),
                None => app.leave(End::Quit),
            },
            end = signals.next() => app.leave(end),
            () = sleep(frame), if frame.is_some() => {}
        }
        tick(&mut app, &mut pacer);
        app.keep_now_and_then(KEEP);
    }
    drop(screen);
    app.keep().map_err(FrontError::Keep)
}

async fn sleep(span: Option<Duration>) {
    tokio::time::sleep(span.unwrap_or_default()).await;
}

fn tick(app: &mut App, pacer: &mut Pacer) {
    let elapsed = pacer.lap();
    app.tick(elapsed, &mut || pacer.has_time());
}

/// The host's time, for pacing.
struct Pacer {
    last: tokio::time::Instant,
}

#[expect(
    clippy::disallowed_methods,
    reason = "virtual time passes at the pace of the host's, for whoever looks on"
)]
impl Pacer {
    fn new() -> Self {
        Self {
            last: tokio::time::Instant::now(),
        }
    }

    /// How long since the last lap.
    fn lap(&mut self) -> Duration {
        let now = tokio::time::Instant::now();
        now - std::mem::replace(&mut self.last, now)
    }

    /// Whether this lap's budget isn't spent.
    fn has_time(&self) -> bool {
        self.last.elapsed() < BUDGET
    }
}

/// Signals that end the program or suspend it.
struct Signals {
    terminate: Signal,
    hang_up: Signal,
    interrupt: Signal,
    stop: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            stop: signal(SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()))?,
        })
    }

    async fn next(&mut self) -> End {
        tokio::select! {
            _ = self.terminate.recv() => End::Quit,
            _ = self.hang_up.recv() => End::Quit,
            _ = self.interrupt.recv() => End::Quit,
            _ = self.stop.recv() => End::Suspend,
        }
    }
}

/// Gives the terminal back to the shell and sleeps until the shell wakes us.
fn suspend(screen: &mut Screen) -> io::Result<()> {
    restore();
    rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
    screen.take_back()
}
