//! The devices on their wires, and what they do to each other through them.

use embedded_hal::i2c::{ErrorKind, NoAcknowledgeSource, Operation};
use embedded_storage::nor_flash::{NorFlash, ReadNorFlash};
use link::message::{Input, Inputs};
use serde::{Deserialize, Serialize};

use super::BenchSetup;
use crate::devices::bolt::STALL_CURRENT;
use crate::devices::flash::FlashError;
use crate::devices::keypad::KeypadLevels;
use crate::devices::supply::SupplyState;
use crate::devices::{
    Bolt, BoltState, Drive, Ds3231, Keypad, Lamp, Level, Line, MotorState, NorChip, SerialPort,
    Supply,
};
use crate::fault::{Cut, Fault, FaultName, Half, PowerCut};
use crate::key::Key;
use crate::rng::{Random, Stream};
use crate::stimulus::{Power, Stimulus};
use crate::time::{Lapse, Time, earliest};
use crate::trace::{AuditEntry, Direction, Edge, FaultState, Rule, Trace, TraceEvent, TraceKind};

/// Sectors of the board's flash: 128 KiB.
pub const FLASH_SECTORS: usize = 32;

/// Whether a trace tells digits and the installer's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Secrets {
    /// It doesn't.
    #[default]
    Hidden,
    /// It does.
    Shown,
}

/// A fault that was injected, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultStatus {
    /// Which.
    pub fault: Fault,
    /// When it was injected, or armed.
    pub injected: Time,
    /// When the device under test felt it first.
    pub fired: Option<Time>,
    /// When it was repaired, or disarmed.
    pub repaired: Option<Time>,
}

/// How far the drive of a wire reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// No device does anything by itself because of it.
    Wire,
    /// A device follows it, with whatever consequences.
    Device,
}

/// All devices, their wires, and the trace.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bench {
    pub(super) now: Time,
    #[serde(skip)]
    pub(super) trace: Trace,
    pub(super) faults: Vec<FaultStatus>,
    pub(super) bolt: Bolt,
    pub(super) lamp: Lamp,
    #[serde(skip)]
    pub(super) port: SerialPort,
    pub(super) flash: NorChip,
    keypad: Keypad,
    clock: Ds3231,
    supply: Supply,
    pub(super) secrets: Secrets,
    /// A bit for each line: what the firmware drives, and how its inputs were told last.
    levels: u32,
    /// How these were told last.
    told: (SupplyState, BoltState, MotorState),
}

impl Bench {
    /// A bench at its first moment, with power.
    pub(super) fn new(setup: &BenchSetup) -> Self {
        let mut clock = Ds3231::new(Random::new(setup.seed, Stream::Clock));
        clock.set(setup.start.as_second(), Time::START);
        let high = Line::INPUTS
            .into_iter()
            .filter(|line| line.at_start().is_high());
        let told = (SupplyState::On, BoltState::Locked, MotorState::Idle);
        let mut bench = Self {
            now: Time::START,
            trace: Trace::default(),
            faults: Vec::new(),
            bolt: Bolt::default(),
            lamp: Lamp::default(),
            port: SerialPort::default(),
            flash: setup.flash.clone(),
            keypad: Keypad::new(Random::new(setup.seed, Stream::Keypad)),
            clock,
            supply: Supply::default(),
            secrets: setup.secrets,
            levels: high.fold(0, |levels, line| levels | line.bit()),
            told,
        };
        bench.tell(TraceKind::Power { supply: told.0 });
        bench.tell(TraceKind::Bolt { state: told.1 });
        bench.tell(TraceKind::Motor { state: told.2 });
        bench
    }

    pub(super) fn tell(&mut self, kind: TraceKind) {
        self.trace.push(TraceEvent { at: self.now, kind });
    }

    pub(super) fn is_powered(&self) -> bool {
        self.supply.state() == SupplyState::On
    }

    pub(super) fn next(&self) -> Option<Time> {
        earliest([self.keypad.next(), self.bolt.next(), self.supply.next()])
    }

    pub(super) fn advance(&mut self, now: Time) {
        self.now = now;
        self.keypad.advance(now);
        self.bolt.advance(now);
        self.supply.advance(now);
        self.settle_all();
    }

    /// The level of a wire now.
    pub(super) fn level(&self, line: Line) -> Level {
        match line {
            Line::Row1 => self.keypad().row(0),
            Line::Row2 => self.keypad().row(1),
            Line::Row3 => self.keypad().row(2),
            Line::Row4 => self.keypad().row(3),
            Line::Button => self.keypad().button(),
            Line::Reset => self.keypad().reset(),
            Line::Thrown => self.bolt.thrown(),
            Line::Withdrawn => self.bolt.withdrawn(),
            Line::Stall => self.bolt.stall(),
            Line::Column1
            | Line::Column2
            | Line::Column3
            | Line::Green
            | Line::Red
            | Line::Buzzer
            | Line::Throw
            | Line::Withdraw => self.driven(line),
        }
    }

    /// The levels of all inputs at once, a bit for each line.
    pub(super) fn inputs(&self) -> u32 {
        let keypad = self.keypad();
        let high = |line: Line, level: Level| if level.is_high() { line.bit() } else { 0 };
        high(Line::Row1, keypad.row(0))
            | high(Line::Row2, keypad.row(1))
            | high(Line::Row3, keypad.row(2))
            | high(Line::Row4, keypad.row(3))
            | high(Line::Button, keypad.button())
            | high(Line::Reset, keypad.reset())
            | high(Line::Thrown, self.bolt.thrown())
            | high(Line::Withdrawn, self.bolt.withdrawn())
            | high(Line::Stall, self.bolt.stall())
    }

    fn keypad(&self) -> KeypadLevels {
        let columns = Line::COLUMNS.map(|column| self.driven(column));
        self.keypad.levels(columns)
    }

    pub(super) fn apply(&mut self, stimulus: Stimulus) {
        match stimulus {
            Stimulus::KeyDown { key, label } => {
                self.tell_key(Edge::Down, key, label);
                self.keypad.press(key, self.now);
            }
            Stimulus::KeyUp { key, label } => {
                self.tell_key(Edge::Up, key, label);
                self.keypad.release(key, self.now);
            }
            Stimulus::Power(power) => self.supply.switch(power),
            Stimulus::Inject(fault) => self.inject(fault),
            Stimulus::Repair(name) => self.repair(name),
            Stimulus::Port(bytes) => self.deliver(&bytes.0),
        }
        self.settle_all();
    }

    /// The firmware drives a wire. Driven as it is already, it changes nothing.
    pub(super) fn write(&mut self, line: Line, level: Level) {
        if self.driven(line) == level || !self.is_powered() {
            return;
        }
        if self.drive(line, level) == Reach::Device {
            self.settle();
        }
    }

    /// The levels of all inputs, of rows for every way to drive the columns. Without power they are as they are.
    pub(super) fn all_inputs(&self) -> Inputs {
        let mut inputs = Inputs::default();
        let is_active = |line: Line| self.level(line) != line.rest();
        for input in Input::ALL {
            let active = match input {
                Input::Button => is_active(Line::Button),
                Input::Reset => is_active(Line::Reset),
                Input::Thrown => is_active(Line::Thrown),
                Input::Withdrawn => is_active(Line::Withdrawn),
                Input::Stall => is_active(Line::Stall),
                Input::Port => self.port.is_waiting(),
            };
            inputs.active |= if active { input.bit() } else { 0 };
        }
        for columns in 0..8 {
            let driven = if self.is_powered() { columns } else { 0 };
            let levels = [0, 1, 2].map(|column| Level::high_if(driven >> column & 1 != 0));
            let keypad = self.keypad.levels(levels);
            for row in 0..4 {
                if !keypad.row(usize::from(row)).is_high() {
                    inputs.set_low(row, columns);
                }
            }
        }
        inputs
    }

    /// A transaction on the bus.
    pub(super) fn transact(
        &mut self,
        address: u8,
        operations: &mut [Operation<'_>],
    ) -> Result<(), ErrorKind> {
        if !self.is_powered() {
            return Err(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
        }
        let result = self.clock.transaction(address, operations, self.now);
        let (mut write, mut read) = (String::new(), String::new());
        for operation in operations {
            match operation {
                Operation::Write(bytes) => push_hex(&mut write, bytes),
                Operation::Read(bytes) if result.is_ok() => push_hex(&mut read, bytes),
                Operation::Read(_) => {}
            }
        }
        self.tell(TraceKind::I2c {
            address,
            write,
            read,
            ack: result.is_ok(),
        });
        self.settle();
        result
    }

    pub(super) fn read_flash(&mut self, address: u32, bytes: &mut [u8]) -> Result<(), FlashError> {
        self.flash.read(address, bytes)
    }

    pub(super) fn write_flash(&mut self, address: u32, bytes: &[u8]) -> Result<(), FlashError> {
        let result = self.flash.write(address, bytes);
        self.tell_flash(result)
    }

    pub(super) fn erase_flash(&mut self, from: u32, to: u32) -> Result<(), FlashError> {
        let result = self.flash.erase(from, to);
        self.tell_flash(result)
    }

    /// The battery's thousandths of a volt.
    pub(super) fn gauge(&mut self) -> u16 {
        let millivolts = self.supply.read(self.bolt.current());
        self.settle();
        millivolts
    }

    pub(super) fn send(&mut self, bytes: &[u8]) {
        if self.is_powered() && !bytes.is_empty() {
            self.tell_port(Direction::Out, bytes);
            self.port.send(bytes);
        }
    }

    pub(super) fn audited(&mut self, entry: AuditEntry) {
        if self.is_powered() {
            self.tell(TraceKind::Audit(entry));
        }
    }

    fn driven(&self, line: Line) -> Level {
        Level::high_if(self.levels & line.bit() != 0)
    }

    fn drive(&mut self, line: Line, level: Level) -> Reach {
        if self.driven(line) == level {
            return Reach::Wire;
        }
        self.set(line, level);
        match line {
            Line::Green => self.lamp.drive(Half::Green, level),
            Line::Red => self.lamp.drive(Half::Red, level),
            Line::Throw | Line::Withdraw => self.drive_bridge(),
            _ => return Reach::Wire,
        }
        Reach::Device
    }

    fn drive_bridge(&mut self) {
        let drive = Drive::of(self.driven(Line::Throw), self.driven(Line::Withdraw));
        if drive == Drive::Both {
            self.tell(TraceKind::Violation {
                rule: Rule::BridgeShorted,
            });
        }
        self.bolt.drive(drive, self.now);
        if self.bolt.motor() != MotorState::Idle {
            // Every motor draws its stall current while it starts.
            self.supply.load(STALL_CURRENT, self.now);
        }
    }

    /// Notes a wire's new level.
    fn set(&mut self, line: Line, level: Level) {
        self.levels = if level.is_high() {
            self.levels | line.bit()
        } else {
            self.levels & !line.bit()
        };
        let is_told = match line {
            Line::Column1 | Line::Column2 | Line::Column3 => false,
            _ => self.secrets == Secrets::Shown || !line.tells_keys(),
        };
        if is_told {
            self.tell(TraceKind::Pin { pin: line, level });
        }
    }

    /// Draws the consequences of whatever has changed, and tells of them.
    fn settle(&mut self) {
        if let Some(lasting) = self.flash.take_cut() {
            self.cut_power(lasting);
        }
        self.tell_faults();
        self.follow_supply();
    }

    /// Tells of the inputs, too. Rows change while firmware scans them; they are told between polls alone.
    fn settle_all(&mut self) {
        self.settle();
        let inputs = self.inputs();
        let changed = (self.levels & Line::INPUT_BITS) ^ inputs;
        if changed == 0 {
            return;
        }
        for line in Line::INPUTS {
            if changed & line.bit() != 0 {
                self.set(line, Level::high_if(inputs & line.bit() != 0));
            }
        }
    }

    /// Tells where bolt and motor are once all of an instant has happened: a motor that the firmware stops as it arrives
    /// has not stalled.
    pub(super) fn tell_mechanism(&mut self) {
        let (bolt, motor) = (self.bolt.state(), self.bolt.motor());
        if self.told.1 != bolt {
            self.told.1 = bolt;
            self.tell(TraceKind::Bolt { state: bolt });
        }
        if self.told.2 != motor {
            self.told.2 = motor;
            self.tell(TraceKind::Motor { state: motor });
        }
    }

    fn follow_supply(&mut self) {
        let (before, supply) = (self.told.0, self.supply.state());
        if before == supply {
            return;
        }
        self.told.0 = supply;
        self.tell(TraceKind::Power { supply });
        if supply == SupplyState::On {
            self.flash.supply(true);
            self.clock.main_power(Power::On, self.now);
        } else if before == SupplyState::On {
            self.go_dark();
        }
        self.tell_faults();
    }

    /// Without a supply no output drives anything.
    fn go_dark(&mut self) {
        self.flash.supply(false);
        self.clock.main_power(Power::Off, self.now);
        self.port.drop_incoming();
        for line in Line::OUTPUTS {
            self.drive(line, Level::Low);
        }
    }

    fn cut_power(&mut self, lasting: Lapse) {
        self.supply.cut(self.now + lasting.duration());
        let armed = |status: &&FaultStatus| {
            status.fault.name() == FaultName::PowerCut && status.is_pending()
        };
        if let Some(fault) = self
            .faults
            .iter()
            .rev()
            .find(armed)
            .map(|status| status.fault)
        {
            self.fire(fault);
        }
    }

    fn inject(&mut self, fault: Fault) {
        let now = self.now;
        self.faults.push(FaultStatus {
            fault,
            injected: now,
            fired: None,
            repaired: None,
        });
        self.tell(TraceKind::Fault {
            fault,
            state: FaultState::Injected,
        });
        match fault {
            Fault::PowerCut(PowerCut {
                at: Cut::Now,
                lasting,
                ..
            }) => self.cut_power(lasting),
            Fault::PowerCut(cut) => self.flash.arm(cut),
            Fault::Motor(fault) => self.bolt.inject(fault, now),
            Fault::Battery(cells) => {
                self.supply.inject(cells);
                self.supply.load(self.bolt.current(), now);
            }
            Fault::Rtc(fault) => self.clock.inject(fault, now),
            Fault::BackupCell(fault) => self.clock.inject_backup(fault, now),
            Fault::Key(fault) => self.keypad.inject(fault),
            Fault::Flash(fault) => self.flash.inject(fault),
            Fault::Led(fault) => self.lamp.inject(fault),
        }
    }

    fn repair(&mut self, name: FaultName) {
        let now = self.now;
        match name {
            FaultName::PowerCut => {
                self.flash.disarm();
                self.supply.mend_cut();
            }
            FaultName::Motor => self.bolt.repair(now),
            FaultName::Battery => self.supply.repair(),
            FaultName::Rtc => self.clock.repair(now),
            FaultName::BackupCell => self.clock.repair_backup(now),
            FaultName::Key => self.keypad.repair(),
            FaultName::Flash => self.flash.repair(),
            FaultName::Led => self.lamp.repair(),
        }
        let gone =
            |status: &&mut FaultStatus| status.fault.name() == name && status.repaired.is_none();
        for status in self.faults.iter_mut().filter(gone) {
            status.repaired = Some(now);
            let kind = TraceKind::Fault {
                fault: status.fault,
                state: FaultState::Repaired,
            };
            self.trace.push(TraceEvent { at: now, kind });
        }
    }

    fn tell_faults(&mut self) {
        if !self.has_felt_any() {
            return;
        }
        let felt = (self.bolt.take_felt().into_iter().map(Fault::Motor))
            .chain(self.supply.take_felt().map(Fault::Battery))
            .chain(self.clock.take_felt().into_iter().map(Fault::Rtc))
            .chain(self.clock.take_backup_felt().map(Fault::BackupCell))
            .chain(self.keypad.take_felt().into_iter().map(Fault::Key))
            .chain(self.flash.take_felt().into_iter().map(Fault::Flash))
            .chain(self.lamp.take_felt().into_iter().map(Fault::Led));
        for fault in felt {
            fire(&mut self.faults, &mut self.trace, fault, self.now);
        }
    }

    /// Whether any device has felt a fault that hasn't been told.
    fn has_felt_any(&self) -> bool {
        self.bolt.has_felt()
            || self.supply.has_felt()
            || self.clock.has_felt()
            || self.keypad.has_felt()
            || self.flash.has_felt()
            || self.lamp.has_felt()
    }

    fn fire(&mut self, fault: Fault) {
        fire(&mut self.faults, &mut self.trace, fault, self.now);
    }

    fn tell_key(&mut self, edge: Edge, key: Key, label: Option<String>) {
        let is_told = self.secrets == Secrets::Shown || !key.is_digit();
        let label = label.unwrap_or_else(|| {
            if key.is_digit() {
                "digit".into()
            } else {
                key.to_string()
            }
        });
        self.tell(TraceKind::Key {
            edge,
            label,
            key: is_told.then_some(key),
        });
    }

    fn tell_flash(&mut self, result: Result<(), FlashError>) -> Result<(), FlashError> {
        for record in self.flash.take_records() {
            let kind = TraceKind::Flash {
                operation: record.operation,
                number: record.number,
                address: record.address,
                bytes: record.bytes,
                outcome: record.outcome,
            };
            self.trace.push(TraceEvent { at: self.now, kind });
        }
        if result.is_err_and(FlashError::is_misuse) {
            self.tell(TraceKind::Violation {
                rule: Rule::FlashMisused,
            });
        }
        self.settle();
        result
    }

    fn deliver(&mut self, bytes: &[u8]) {
        if self.is_powered() {
            self.tell_port(Direction::In, bytes);
            self.port.deliver(bytes);
        }
    }

    fn tell_port(&mut self, direction: Direction, bytes: &[u8]) {
        let text =
            (self.secrets == Secrets::Shown).then(|| String::from_utf8_lossy(bytes).into_owned());
        self.tell(TraceKind::Port {
            direction,
            bytes: bytes.len(),
            text,
        });
    }
}

impl FaultStatus {
    fn is_pending(&self) -> bool {
        self.fired.is_none() && self.repaired.is_none()
    }
}

fn fire(faults: &mut [FaultStatus], trace: &mut Trace, fault: Fault, now: Time) {
    for status in faults
        .iter_mut()
        .filter(|status| status.fault == fault && status.is_pending())
    {
        status.fired = Some(now);
        trace.push(TraceEvent {
            at: now,
            kind: TraceKind::Fault {
                fault,
                state: FaultState::Fired,
            },
        });
    }
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    for byte in bytes {
        text.extend([
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 0x0f)],
        ]);
    }
}
