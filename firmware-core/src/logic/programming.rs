//! Programming at the keypad: a function number, its arguments, and what they ask for.

use chrono::NaiveDate;
use heapless::Vec;
use smartpin::{Generation, Pin};

use crate::civil::CivilTime;
use crate::code::Code;
use crate::logic::form;

/// What a complete function asks for. Its form is right; whether the lock can do it is another matter.
#[derive(Clone, Debug)]
pub enum Command {
    /// 100
    ChangeProgrammingCode(Code),
    /// 110
    SetLocalCode {
        /// Where.
        slot: Slot,
        /// What.
        code: Code,
    },
    /// 111
    DeleteLocalCode(Slot),
    /// 120 and 121
    Smartpins(Switch),
    /// 127
    Unblock(Pin),
    /// 128
    Block(Pin),
    /// 129
    RaiseGeneration(Generation),
    /// 130
    AutoLock {
        /// 0, or 2 to 99.
        seconds: u8,
    },
    /// 140
    SetClock(CivilTime),
    /// 150 and 151
    PassageMode(Switch),
    /// 160 and 161
    Beeps(Switch),
}

/// A setting of two states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Off.
    Off,
    /// On.
    On,
}

impl Switch {
    /// The setting's value.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// One of the ten places for local codes, 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(u8);

impl Slot {
    /// How many there are.
    pub const COUNT: u8 = 10;

    /// None outside 1 to 10.
    #[must_use]
    pub fn new(number: u8) -> Option<Self> {
        (1..=Self::COUNT).contains(&number).then_some(Self(number))
    }

    /// 1 to 10.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

/// What an entry in programming leads to.
#[derive(Clone, Debug)]
pub enum Progress {
    /// An argument is still missing.
    Step,
    /// The last argument is there.
    Run(Command),
    /// No such function, or not an argument for it.
    Wrong,
}

/// Programming as far as it has come.
#[derive(Clone, Debug, Default)]
pub struct Programming {
    function: Option<Function>,
    first: Option<Code>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    ChangeCode,
    SetLocal,
    DeleteLocal,
    Unblock,
    Block,
    RaiseGeneration,
    AutoLock,
    SetClock,
}

impl Programming {
    /// Takes one entry.
    pub fn enter(&mut self, code: &Code) -> Progress {
        let Some(function) = self.function else {
            return self.choose(code);
        };
        let command = match (function, &self.first) {
            (Function::ChangeCode | Function::SetLocal | Function::RaiseGeneration, None) => {
                return self.keep_first(function, code);
            }
            (Function::ChangeCode, Some(first)) => {
                same(first, code).map(Command::ChangeProgrammingCode)
            }
            (Function::RaiseGeneration, Some(first)) => same(first, code)
                .and_then(|code| number(&code))
                .map(|to| Command::RaiseGeneration(Generation(to))),
            (Function::SetLocal, Some(first)) => set_local(first, code),
            (Function::DeleteLocal, _) => slot(code).map(Command::DeleteLocalCode),
            (Function::Unblock, _) => Pin::from_digits(code.digits()).map(Command::Unblock),
            (Function::Block, _) => Pin::from_digits(code.digits()).map(Command::Block),
            (Function::AutoLock, _) => auto_lock(code),
            (Function::SetClock, _) => civil(code.digits()).map(Command::SetClock),
        };
        command.map_or(Progress::Wrong, Progress::Run)
    }

    fn choose(&mut self, code: &Code) -> Progress {
        use Switch::{Off, On};
        let function = match code.digits() {
            [1, 0, 0] => Function::ChangeCode,
            [1, 1, 0] => Function::SetLocal,
            [1, 1, 1] => Function::DeleteLocal,
            [1, 2, 0] => return Progress::Run(Command::Smartpins(Off)),
            [1, 2, 1] => return Progress::Run(Command::Smartpins(On)),
            [1, 2, 7] => Function::Unblock,
            [1, 2, 8] => Function::Block,
            [1, 2, 9] => Function::RaiseGeneration,
            [1, 3, 0] => Function::AutoLock,
            [1, 4, 0] => Function::SetClock,
            [1, 5, 0] => return Progress::Run(Command::PassageMode(Off)),
            [1, 5, 1] => return Progress::Run(Command::PassageMode(On)),
            [1, 6, 0] => return Progress::Run(Command::Beeps(Off)),
            [1, 6, 1] => return Progress::Run(Command::Beeps(On)),
            _ => return Progress::Wrong,
        };
        self.function = Some(function);
        Progress::Step
    }

    /// The first of two arguments is refused at once where it can't be right.
    fn keep_first(&mut self, function: Function, code: &Code) -> Progress {
        let fits = match function {
            Function::ChangeCode => form::check(code.digits(), &form::PROGRAMMING_CODE).is_ok(),
            Function::SetLocal => slot(code).is_some(),
            _ => number(code).is_some(),
        };
        if !fits {
            return Progress::Wrong;
        }
        self.first = Some(code.clone());
        Progress::Step
    }
}

fn set_local(first: &Code, code: &Code) -> Option<Command> {
    form::check(code.digits(), &form::LOCAL_CODE).ok()?;
    Some(Command::SetLocalCode {
        slot: slot(first)?,
        code: code.clone(),
    })
}

fn same(first: &Code, code: &Code) -> Option<Code> {
    bool::from(subtle::ConstantTimeEq::ct_eq(first, code)).then(|| code.clone())
}

fn slot(code: &Code) -> Option<Slot> {
    Slot::new(u8::try_from(number(code)?).ok()?)
}

fn auto_lock(code: &Code) -> Option<Command> {
    let seconds = u8::try_from(number(code)?).ok()?;
    matches!(seconds, 0 | 2..=99).then_some(Command::AutoLock { seconds })
}

/// The digits as a decimal number.
fn number(code: &Code) -> Option<u32> {
    code.digits().iter().try_fold(0_u32, |number, digit| {
        number.checked_mul(10)?.checked_add(u32::from(*digit))
    })
}

/// `YYMMDDhhmm` of the years 2000 to 2099.
fn civil(digits: &[u8]) -> Option<CivilTime> {
    let digits: &[u8; 10] = digits.try_into().ok()?;
    let mut pairs: Vec<u32, 5> = Vec::new();
    for pair in digits.chunks_exact(2) {
        if let [tens, ones] = pair {
            pairs.push(u32::from(*tens) * 10 + u32::from(*ones)).ok()?;
        }
    }
    let [year, month, day, hour, minute] = pairs.into_array().ok()?;
    NaiveDate::from_ymd_opt(2000 + i32::try_from(year).ok()?, month, day)?
        .and_hms_opt(hour, minute, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::fmt::Write;

    fn code(text: &str) -> Code {
        Code::from_digits(
            &text
                .bytes()
                .map(|byte| byte - b'0')
                .collect::<Vec<u8, 10>>(),
        )
        .expect("1 to 10 digits")
    }

    /// What each entry leads to: `+` a step, `-` wrong, else the command's name.
    fn enter(entries: &str) -> heapless::String<64> {
        let mut programming = Programming::default();
        let mut said = heapless::String::new();
        for entry in entries.split(' ') {
            match programming.enter(&code(entry)) {
                Progress::Step => said.push('+').expect("short"),
                Progress::Wrong => said.push('-').expect("short"),
                Progress::Run(command) => {
                    let name = match command {
                        Command::ChangeProgrammingCode(_) => "programming code",
                        Command::SetLocalCode { .. } => "local code",
                        Command::DeleteLocalCode(_) => "delete",
                        Command::Smartpins(_) => "smartpins",
                        Command::Unblock(_) => "unblock",
                        Command::Block(_) => "block",
                        Command::RaiseGeneration(_) => "generation",
                        Command::AutoLock { .. } => "auto-lock",
                        Command::SetClock(_) => "clock",
                        Command::PassageMode(_) => "passage",
                        Command::Beeps(_) => "beeps",
                    };
                    write!(said, "{name}").expect("short");
                }
            }
        }
        said
    }

    #[test]
    fn functions_and_their_arguments() {
        let table = [
            ("100 246813 246813", "++programming code"),
            ("100 246813 246814", "++-"),
            ("100 24681", "+-"),
            ("100 123456", "+-"),
            ("110 1 2580", "++local code"),
            ("110 10 258013579", "++local code"),
            ("110 11", "+-"),
            ("110 0", "+-"),
            ("110 1 258", "++-"),
            ("110 1 2580135790", "++-"),
            ("110 1 4321", "++-"),
            ("111 3", "+delete"),
            ("120", "smartpins"),
            ("121", "smartpins"),
            ("127 0123456789", "+unblock"),
            ("127 123456789", "+-"),
            ("128 0123456789", "+block"),
            ("129 1 1", "++generation"),
            ("129 1 2", "++-"),
            ("129 4294967296", "+-"),
            ("130 0", "+auto-lock"),
            ("130 1", "+-"),
            ("130 2", "+auto-lock"),
            ("130 99", "+auto-lock"),
            ("130 100", "+-"),
            ("140 2612011400", "+clock"),
            ("140 2613011400", "+-"),
            ("140 2602291200", "+-"),
            ("140 2802291200", "+clock"),
            ("140 261201140", "+-"),
            ("150", "passage"),
            ("151", "passage"),
            ("160", "beeps"),
            ("161", "beeps"),
            ("170", "-"),
            ("1000", "-"),
            ("2", "-"),
        ];
        for (entries, expected) in table {
            assert_eq!(enter(entries).as_str(), expected, "{entries}");
        }
    }
}
