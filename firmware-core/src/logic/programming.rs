//! Programming at the keypad: a function number, its arguments, and what they ask for.

use chrono::NaiveDate;
use heapless::Vec;
use smartpin::{Generation, Pin};
use subtle::ConstantTimeEq;

use crate::civil::CivilTime;
use crate::code::Code;
use crate::logic::form;
use crate::settings::SettingName;

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
        /// One of [`SettingName::AutoLockSeconds`]' values.
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

/// What an argument of a function has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A new programming code.
    ProgrammingCode,
    /// The number of a slot for a local code.
    Slot,
    /// A new local code.
    LocalCode,
    /// The ten digits of a SmartPIN.
    Pin,
    /// A generation.
    Generation,
    /// A delay of [`SettingName::AutoLockSeconds`].
    Seconds,
    /// A civil time as `YYMMDDhhmm`, of the years 2000 to 2099.
    Civil,
    /// The argument before it once more, digit by digit.
    Again,
}

/// A programming function: the number that the owner types, the arguments that it takes, and what it becomes.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Three digits.
    pub number: u16,
    /// In the order in which they are typed.
    arguments: [Option<Argument>; 2],
    /// What the first and the last argument ask for, if it has any.
    command: fn(&Code, &Code) -> Option<Command>,
}

/// Every function, by its number.
pub static FUNCTIONS: [Function; 14] = {
    use Argument::{Again, Civil, Generation, LocalCode, Pin, ProgrammingCode, Seconds, Slot};
    use Switch::{Off, On};
    [
        function(100, &[ProgrammingCode, Again], |code, _| {
            Some(Command::ChangeProgrammingCode(code.clone()))
        }),
        function(110, &[Slot, LocalCode], |place, code| {
            Some(Command::SetLocalCode {
                slot: slot(place)?,
                code: code.clone(),
            })
        }),
        function(111, &[Slot], |place, _| {
            slot(place).map(Command::DeleteLocalCode)
        }),
        function(120, &[], |_, _| Some(Command::Smartpins(Off))),
        function(121, &[], |_, _| Some(Command::Smartpins(On))),
        function(127, &[Pin], |digits, _| pin(digits).map(Command::Unblock)),
        function(128, &[Pin], |digits, _| pin(digits).map(Command::Block)),
        function(129, &[Generation, Again], |to, _| {
            number(to)
                .map(smartpin::Generation)
                .map(Command::RaiseGeneration)
        }),
        function(130, &[Seconds], |delay, _| {
            seconds(delay).map(|seconds| Command::AutoLock { seconds })
        }),
        function(140, &[Civil], |time, _| {
            civil(time.digits()).map(Command::SetClock)
        }),
        function(150, &[], |_, _| Some(Command::PassageMode(Off))),
        function(151, &[], |_, _| Some(Command::PassageMode(On))),
        function(160, &[], |_, _| Some(Command::Beeps(Off))),
        function(161, &[], |_, _| Some(Command::Beeps(On))),
    ]
};

const fn function(
    number: u16,
    arguments: &[Argument],
    command: fn(&Code, &Code) -> Option<Command>,
) -> Function {
    assert!(number >= 100 && number <= 999, "three digits");
    let arguments = match *arguments {
        [] => [None, None],
        [only] => [Some(only), None],
        [first, last] => [Some(first), Some(last)],
        _ => panic!("only the first is kept until the last comes"),
    };
    Function {
        number,
        arguments,
        command,
    }
}

impl Function {
    /// What it takes, in the order in which it is typed.
    pub fn arguments(&self) -> impl Iterator<Item = Argument> {
        self.arguments.into_iter().flatten()
    }
}

impl Argument {
    /// Whether `code` can be this argument, behind the one before it.
    fn is(self, code: &Code, before: &Code) -> bool {
        let digits = code.digits();
        match self {
            Self::ProgrammingCode => form::check(digits, &form::PROGRAMMING_CODE).is_ok(),
            Self::Slot => slot(code).is_some(),
            Self::LocalCode => form::check(digits, &form::LOCAL_CODE).is_ok(),
            Self::Generation => number(code).is_some(),
            Self::Again => code.ct_eq(before).into(),
            // Those come last alone, and are judged as they become a command.
            Self::Pin | Self::Seconds | Self::Civil => true,
        }
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
    function: Option<&'static Function>,
    first: Option<Code>,
}

impl Programming {
    /// Takes one entry: the number of a function, or an argument, which is judged at once.
    pub fn enter(&mut self, code: &Code) -> Progress {
        let Some(function) = self.function else {
            return self.choose(code);
        };
        let [argument, next] = match (&self.first, function.arguments) {
            (None, arguments) => arguments,
            (Some(_), [_, last]) => [last, None],
        };
        let first = self.first.as_ref().unwrap_or(code);
        if !argument.is_some_and(|argument| argument.is(code, first)) {
            return Progress::Wrong;
        }
        if next.is_none() {
            return run(function, first, code);
        }
        self.first = Some(code.clone());
        Progress::Step
    }

    fn choose(&mut self, code: &Code) -> Progress {
        let number = number(code).filter(|_| code.digits().len() == 3);
        let mut functions = FUNCTIONS.iter();
        let function = functions.find(|function| Some(u32::from(function.number)) == number);
        match function {
            None => Progress::Wrong,
            Some(function) if function.arguments == [None, None] => run(function, code, code),
            Some(_) => {
                self.function = function;
                Progress::Step
            }
        }
    }
}

fn run(function: &Function, first: &Code, last: &Code) -> Progress {
    (function.command)(first, last).map_or(Progress::Wrong, Progress::Run)
}

fn pin(code: &Code) -> Option<Pin> {
    Pin::from_digits(code.digits())
}

fn slot(code: &Code) -> Option<Slot> {
    Slot::new(u8::try_from(number(code)?).ok()?)
}

fn seconds(code: &Code) -> Option<u8> {
    let seconds = u8::try_from(number(code)?).ok()?;
    let values = SettingName::AutoLockSeconds.values();
    values.contain(seconds.into()).then_some(seconds)
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
    fn the_manual_lists_these_functions() {
        let manual = include_str!("../../../docs/lock.md");
        let (_, table) = manual.split_once("| function |").expect("its table");
        let (table, _) = table.split_once("\n\n").expect("it ends");
        let rows = table.lines().skip(2);
        let numbers = rows.flat_map(|row| {
            let cell = row.split('|').nth(1).unwrap_or_default();
            cell.split(',').map(|number| number.trim().parse())
        });
        assert!(numbers.eq(FUNCTIONS.iter().map(|function| Ok(function.number))));
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
