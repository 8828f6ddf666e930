//! Every scenario file is a test, and so is every file that must be refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};

use acceptance::{files_below, scenario_files, scenarios, test_name};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials: Vec<_> = scenario_files().into_iter().map(must_pass).collect();
    trials.extend(refused_files().into_iter().map(must_be_refused));
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A text without its scenario, or a scenario without its text, is a test that fails.
fn refused_files() -> Vec<PathBuf> {
    let folder = scenarios().join("invalid");
    let texts = files_below(&folder, "txt").into_iter();
    let mut files: Vec<_> = texts.map(|path| path.with_extension("json")).collect();
    files.extend(files_below(&folder, "json"));
    files.sort();
    files.dedup();
    files
}

fn must_pass(path: PathBuf) -> Trial {
    Trial::test(test_name(&path, &scenarios()), move || {
        let output = locksim(&["run", "--jobs", "1"], &path)?;
        expect_code(&output, 0)
    })
}

fn must_be_refused(path: PathBuf) -> Trial {
    Trial::test(test_name(&path, &scenarios()), move || {
        let fragments = fs::read_to_string(path.with_extension("txt"))?;
        for command in ["check", "run"] {
            let output = locksim(&[command], &path)?;
            expect_code(&output, 2)?;
            expect_fragments(&output, &fragments)?;
        }
        Ok(())
    })
}

fn locksim(arguments: &[&str], path: &Path) -> std::io::Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_locksim-under-test"))
        .args(arguments)
        .arg(path)
        .env("NO_COLOR", "1")
        .output()
}

fn expect_code(output: &Output, code: i32) -> Result<(), Failed> {
    if output.status.code() == Some(code) {
        return Ok(());
    }
    Err(format!("{}, expected {code}\n{}", output.status, told(output)).into())
}

fn expect_fragments(output: &Output, fragments: &str) -> Result<(), Failed> {
    let diagnostics = String::from_utf8_lossy(&output.stderr);
    let missing: Vec<_> = fragments
        .lines()
        .filter(|fragment| !diagnostics.contains(fragment))
        .collect();
    if missing.is_empty() && fragments.lines().count() > 0 && output.stdout.is_empty() {
        return Ok(());
    }
    Err(format!("not told: {missing:?}\n{}", told(output)).into())
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}
