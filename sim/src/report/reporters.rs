//! Who reads what a run tells, and the one place where all of them are told.

use std::io;

use crate::run::event::RunEvent;

/// Makes something of the events of a run, or of a sweep: text, files, a progress line.
pub trait Reporter<E = RunEvent> {
    /// Takes the next event.
    ///
    /// # Errors
    ///
    /// Something could not be written. The events that follow are told all the same.
    fn take(&mut self, event: &E) -> io::Result<()>;
}

/// All reporters of a run. Each is told every event, in the order in which they were added.
pub struct Reporters<'a, E = RunEvent> {
    all: Vec<Box<dyn Reporter<E> + 'a>>,
    failures: Vec<io::Error>,
}

impl<E> Default for Reporters<'_, E> {
    /// Nobody.
    fn default() -> Self {
        Self {
            all: Vec::new(),
            failures: Vec::new(),
        }
    }
}

impl<'a, E> Reporters<'a, E> {
    /// Adds one.
    pub fn add(&mut self, reporter: impl Reporter<E> + 'a) {
        self.all.push(Box::new(reporter));
    }

    /// Tells all of them of an event, whoever of them fails.
    pub fn take(&mut self, event: &E) {
        let outcomes = self.all.iter_mut().map(|reporter| reporter.take(event));
        self.failures.extend(outcomes.filter_map(Result::err));
    }

    /// What could not be written, in the order in which it failed.
    #[must_use]
    pub fn end(self) -> Vec<io::Error> {
        self.failures
    }
}

/// Makes text of events.
pub trait Format<E = RunEvent> {
    /// The lines that an event adds, with their ends; often none.
    ///
    /// # Errors
    ///
    /// The event can't be put into words of this format.
    fn text(&mut self, event: &E) -> io::Result<String>;
}

/// Reports in a format: hands the text of each event to `print`, as soon as the event is told.
pub struct Printer<F, P> {
    format: F,
    print: P,
}

impl<F, P: FnMut(&str) -> io::Result<()>> Printer<F, P> {
    /// In this format, to wherever `print` writes.
    pub fn new(format: F, print: P) -> Self {
        Self { format, print }
    }
}

impl<E, F: Format<E>, P: FnMut(&str) -> io::Result<()>> Reporter<E> for Printer<F, P> {
    fn take(&mut self, event: &E) -> io::Result<()> {
        let text = self.format.text(event)?;
        if text.is_empty() {
            return Ok(());
        }
        (self.print)(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::json::JsonLines;
    use crate::run::event::Totals;

    /// Fails at each event.
    struct Full;

    impl Reporter for Full {
        fn take(&mut self, _: &RunEvent) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn one_that_fails_keeps_nothing_from_the_others() {
        let mut text = String::new();
        let mut reporters = Reporters::default();
        reporters.add(Full);
        reporters.add(Printer::new(JsonLines, |lines: &str| {
            text.push_str(lines);
            Ok(())
        }));
        let started = RunEvent::RunStarted {
            tests: 0,
            left_out: 2,
        };
        reporters.take(&started);
        reporters.take(&RunEvent::RunFinished(Totals::default()));
        assert_eq!(reporters.end().len(), 2);
        assert_eq!(
            text,
            "{\"event\":\"run_started\",\"tests\":0,\"left_out\":2}\n\
             {\"event\":\"run_finished\",\"passed\":0,\"failed\":0,\"broken\":0,\"not_run\":0}\n"
        );
    }

    #[test]
    fn a_test_that_begins_is_no_line_of_json() {
        let started = RunEvent::TestStarted {
            file: "a.json".to_owned(),
            name: "a".to_owned(),
        };
        assert_eq!(JsonLines.text(&started).expect("a line"), "");
    }
}
