//! A scenario that is open: its steps, how far it has come, and what came out.

use std::collections::VecDeque;
use std::path::Path;

use sim::course::Origin;
use sim::key::Key;
use sim::play::Play;
use sim::play::record::Record;
use sim::scenario::load::Source;
use sim::scenario::model::step::{Step, Verb};
use sim::scenario::plan::{Leaf, Root};
use sim::stage::{Applied, Stage, StepError};
use sim::stimulus::Stimulus;
use sim::time::{Time, earliest};
use sim::world::Secrets;

/// Steps shown in a list are told in so many characters at most.
const LONGEST: usize = 2_000;

/// A scenario on its way.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) lines: Vec<ScriptLine>,
    /// The step that is next, or under way.
    pub(crate) at: usize,
    pub(crate) mode: Mode,
    /// Why it stopped before its end.
    pub(crate) failed: Option<StepError>,
    /// The step that somebody looks at, where it isn't the one that is next.
    pub(crate) looked_at: Option<usize>,
    under_way: Option<UnderWay>,
}

/// A step of the way that was chosen through the scenario.
#[derive(Clone)]
pub(crate) struct ScriptLine {
    step: std::sync::Arc<Step>,
    /// As the file has it, in one line.
    pub(crate) text: String,
    /// Its line in the file.
    pub(crate) number: usize,
}

impl ScriptLine {
    pub(crate) fn expects(&self) -> bool {
        matches!(self.step.verb, Verb::Expect(_))
    }
}

/// Whether a scenario goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Stopped,
    /// At the pace of the clock.
    Running,
}

/// A step was done ahead of time on a copy of the stage; its stimuli come to this stage one by one, each in its time.
#[derive(Clone)]
struct UnderWay {
    ahead: Stage,
    cues: VecDeque<Applied>,
    outcome: Result<(), StepError>,
    down: Option<Key>,
}

impl Script {
    /// Opens one test of a scenario: its lock hangs on the door, and nothing was done yet.
    ///
    /// # Errors
    ///
    /// What the checks of the file would have found.
    pub(crate) fn open(root: &Root, test: usize) -> Result<(Self, Play, Origin), String> {
        let scenario = &root.scenario;
        let origin = Origin::of(scenario);
        let stage = origin.stage(Secrets::Shown)?;
        let line = |leaf: Leaf| ScriptLine {
            text: text(leaf.step, &root.source),
            number: root.source.place(leaf.step.span).line,
            step: std::sync::Arc::new(leaf.step.clone()),
        };
        let lines = root.way(test).into_iter().map(line).collect();
        let script = Self {
            file: root.source.path.clone(),
            name: root
                .tests
                .get(test)
                .map_or_else(|| scenario.name.value.clone(), |test| test.name.clone()),
            lines,
            at: 0,
            mode: Mode::Stopped,
            failed: None,
            looked_at: None,
            under_way: None,
        };
        Ok((script, Play::new(stage, Record::default()), origin))
    }

    /// The file's name without its folders.
    pub(crate) fn file_name(&self) -> &str {
        Path::new(&self.file)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(&self.file)
    }

    /// The step that is to be seen.
    pub(crate) fn shown(&self) -> usize {
        self.looked_at.unwrap_or(self.at)
    }

    /// Whether all its steps are done.
    pub(crate) fn is_over(&self) -> bool {
        self.at >= self.lines.len() && self.under_way.is_none()
    }

    /// Whether a step is under way.
    pub(crate) fn is_busy(&self) -> bool {
        self.under_way.is_some()
    }

    /// Whether its hands are on the lock: it goes on by itself, or a step is under way.
    pub(crate) fn has_the_lock(&self) -> bool {
        self.is_busy() || self.mode == Mode::Running
    }

    /// The key that the step under way holds down.
    pub(crate) fn down(&self) -> Option<Key> {
        self.under_way.as_ref().and_then(|step| step.down)
    }

    /// When the step under way does something next, or is over.
    pub(crate) fn due(&self) -> Option<Time> {
        let step = self.under_way.as_ref()?;
        let cue = step.cues.front().map(|cue| cue.at);
        earliest([cue, Some(step.ahead.world.now())])
    }

    /// When the step under way will be over.
    pub(crate) fn ends(&self) -> Option<Time> {
        self.under_way.as_ref().map(|step| step.ahead.world.now())
    }

    /// Does the next step, or what is left of the one under way, at once.
    pub(crate) fn step(&mut self, play: &mut Play) {
        if self.under_way.is_none() {
            self.begin(play);
        }
        self.finish(play);
    }

    /// The step that is next, or under way; none once the scenario is over.
    pub(crate) fn next_line(&self) -> Option<&ScriptLine> {
        self.lines.get(self.at).filter(|_| self.failed.is_none())
    }

    /// Begins the next step.
    pub(crate) fn begin(&mut self, play: &mut Play) {
        let Some(line) = self.next_line() else {
            self.mode = Mode::Stopped;
            return;
        };
        let step = &line.step;
        let mut ahead = play.stage.clone();
        let before = ahead.applied().len();
        let outcome = ahead.take(step);
        play.record.follow(play.now(), (**step).clone());
        play.stage.begin(&step.verb);
        self.looked_at = None;
        self.under_way = Some(UnderWay {
            cues: ahead.applied()[before..].iter().cloned().collect(),
            ahead,
            outcome,
            down: None,
        });
    }

    /// Does what is due by `to`, and lets time pass until then.
    pub(crate) fn advance(&mut self, play: &mut Play, to: Time) {
        while let Some(step) = &mut self.under_way {
            match step.cues.front() {
                Some(cue) if cue.at <= to => {
                    play.follow(cue.at, cue.stimulus.clone());
                    step.heed();
                }
                None if step.ahead.world.now() <= to => self.finish(play),
                _ => {
                    play.follow_to(to);
                    return;
                }
            }
        }
    }

    fn finish(&mut self, play: &mut Play) {
        let Some(step) = self.under_way.take() else {
            return;
        };
        play.replace_stage(step.ahead);
        self.at += 1;
        if let Err(failed) = step.outcome {
            self.at -= 1;
            self.failed = Some(failed);
            self.mode = Mode::Stopped;
        } else if self.is_over() {
            self.mode = Mode::Stopped;
        }
    }
}

impl UnderWay {
    fn heed(&mut self) {
        match self.cues.pop_front().map(|cue| cue.stimulus) {
            Some(Stimulus::KeyDown { key, .. }) => self.down = Some(key),
            Some(Stimulus::KeyUp { .. }) => self.down = None,
            _ => {}
        }
    }
}

fn text(step: &Step, source: &Source) -> String {
    let written = source.in_one_line(step.span);
    written.chars().take(LONGEST).collect()
}
