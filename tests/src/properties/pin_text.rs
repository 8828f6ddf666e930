//! Text that should be a PIN, a serial number or a key.

use smartpin::{
    DailyHours, Generation, Grant, Index, LockKey, Openness, Pin, PinError, SerialNumber, SiteKey,
    Window, WindowKind,
};

const KEY: [u8; 16] = [7; 16];

/// The input is text.
///
/// A PIN is its ten digits, whatever blanks and hyphens stand between them; what is printed is read again. The index that
/// a PIN deciphers to is enciphered to the same PIN, in this generation and in no other by the same number. An index below
/// 10^10 is reserved, or it and what it grants stand for each other; so do a window's number and what it is made of.
///
/// # Panics
///
/// Where that doesn't hold.
pub fn holds(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match (text.parse::<Pin>(), digits_of(&text)) {
        (Ok(pin), Ok(digits)) => {
            assert_eq!(pin.digits().as_slice(), digits);
            pin_holds(&pin);
        }
        (Err(error), Err(expected)) => assert_eq!(error, expected),
        (parsed, expected) => panic!("{parsed:?}, expected {expected:?}"),
    }
    serial_holds(&text);
    key_holds(&text);
}

/// The digits of a PIN, read in another way.
fn digits_of(text: &str) -> Result<Vec<u8>, PinError> {
    let kept: Vec<char> = text
        .chars()
        .filter(|letter| !" -".contains(*letter))
        .collect();
    if let Some(wrong) = kept.iter().find(|letter| !letter.is_ascii_digit()) {
        return Err(PinError::NotADigit(*wrong));
    }
    if kept.len() != Pin::LENGTH {
        return Err(PinError::Length(kept.len()));
    }
    Ok(kept.iter().map(|digit| *digit as u8 - b'0').collect())
}

fn pin_holds(pin: &Pin) {
    let printed = pin.grouped().to_string();
    let again: Pin = printed.parse().expect("what was printed");
    assert_eq!(again.digits(), pin.digits(), "{printed}");
    assert_eq!(
        Pin::from_digits(&pin.digits()).map(|pin| pin.digits()),
        Some(pin.digits())
    );

    let key = LockKey::from_bytes(KEY).pin_key();
    let number = pin
        .digits()
        .iter()
        .fold(0_u64, |number, digit| number * 10 + u64::from(*digit));
    let generation = Generation((number % 1_000) as u32);
    if let Ok(index) = key.read(pin, generation) {
        assert_eq!(key.issue(index, generation).digits(), pin.digits());
        index_holds(index.number());
        let voided = key.read(pin, Generation(generation.0 + 1));
        assert_ne!(voided, Ok(index), "a PIN of the generation before");
    }
    index_holds(number);
    match Window::from_number((number % u64::from(u32::MAX)) as u32) {
        Some(window) => window_holds(window),
        None => assert!(number % u64::from(u32::MAX) >= u64::from(smartpin::WINDOWS)),
    }
}

/// The first number that grants no stay.
const RESERVED: u64 = 6_366_252_640;

/// For the number that ten digits are, enciphered or not.
fn index_holds(number: u64) {
    let Some(index) = Index::from_number(number) else {
        assert!((RESERVED..Pin::COUNT).contains(&number));
        return;
    };
    assert!(number < RESERVED);
    assert_eq!(index.number(), number);
    assert_eq!(Index::from_bytes(index.to_bytes()), Some(index));
    let grant = index.grant();
    assert_eq!(grant.index(), index);
    assert!(grant.siblings().any(|sibling| sibling == grant));
    let Grant::Stay(stay) = grant;
    let windows = u64::from(smartpin::WINDOWS);
    assert_eq!(u64::from(stay.variant.get()), number / windows);
    assert_eq!(u64::from(stay.window.number()), number % windows);
    window_holds(stay.window);
    let hours = DailyHours::default();
    let edges = [grant.opens_at(hours), grant.over_at(hours)];
    let openness = edges.map(|edge| grant.openness(hours, &edge.expect("a stay has both")));
    assert_eq!(openness, [Openness::Open, Openness::Over], "{grant}");
}

fn window_holds(window: Window) {
    let again = match window.kind() {
        WindowKind::Hourly { start, hours } => Window::hourly(start, hours),
        WindowKind::Daily { first, last } => Window::daily(
            first,
            u16::try_from((last - first).num_days()).expect("at most a year"),
        ),
    };
    assert_eq!(again, Ok(window));
    assert_eq!(Window::from_number(window.number()), Some(window));
    for hours in [(0, 0), (8, 20), (20, 8), (23, 23)] {
        let (start, end) =
            window.bounds(DailyHours::new(hours.0, hours.1).expect("hours of a day"));
        assert!(start < end, "{window:?}");
    }
}

fn serial_holds(text: &str) {
    let accepted = (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'-'));
    let serial = text.parse::<SerialNumber>();
    assert_eq!(
        serial.as_ref().map(SerialNumber::as_str).ok(),
        accepted.then_some(text)
    );
}

/// A key and its serial number make the same lock key each time.
fn key_holds(text: &str) {
    let accepted = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert_eq!(SiteKey::from_hex(text).is_ok(), accepted);
    if let (Ok(one), Ok(other)) = (
        SiteKey::from_hex(text),
        SiteKey::from_hex(&text.to_uppercase()),
    ) {
        let serial = "SL-000042".parse().expect("a serial number");
        let [one, other] = [one, other].map(|key| key.lock_key(&serial).programming_code());
        assert_eq!(one, other);
        assert!(one.iter().all(|digit| *digit < 10));
    }
}
