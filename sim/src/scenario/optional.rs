//! `optional` belongs beside a fault's name, and is understood within the object that describes the fault, too.

use super::json::{Member, Node, NodeKind};

/// The key.
const OPTIONAL: &str = "optional";

/// Moves every `optional` out of a fault's description to where [`super::model`] expects it. Where it stands in both
/// places, the inner one stays, and is refused as a field that a description doesn't have.
pub(super) fn lift(node: &mut Node) {
    match &mut node.kind {
        NodeKind::List(items) => items.iter_mut().for_each(lift),
        NodeKind::Object(members) => {
            for member in members {
                if member.key == "fault" {
                    lift_from_fault(&mut member.value);
                }
                lift(&mut member.value);
            }
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => {}
    }
}

fn lift_from_fault(fault: &mut Node) {
    let NodeKind::Object(members) = &mut fault.kind else {
        return;
    };
    if members.iter().any(|member| member.key == OPTIONAL) {
        return;
    }
    let inner = members.iter_mut().find_map(take);
    members.extend(inner);
}

/// Takes `optional` out of one description.
fn take(member: &mut Member) -> Option<Member> {
    let NodeKind::Object(fields) = &mut member.value.kind else {
        return None;
    };
    let at = fields.iter().position(|field| field.key == OPTIONAL)?;
    Some(fields.remove(at))
}

#[cfg(test)]
mod tests {
    use super::super::load::read;

    fn problems(fault: &str) -> usize {
        let text = format!(
            r#"{{ "name": "n", "start": "2026-12-01T14:00", "steps": [
                {{ "fault": {fault} }}, {{ "expect": {{ "bolt": "locked" }} }} ] }}"#
        );
        read("n.json", text.as_bytes()).map_or_else(|invalid| invalid.problems.len(), |_| 0)
    }

    #[test]
    fn either_place_is_understood_and_both_at_once_are_not() {
        let cut = |inner: &str, outer: &str| {
            format!(
                r#"{{ "power_cut": {{ "at_flash_operation": 3, "for": "2s"{inner} }}{outer} }}"#
            )
        };
        let optional = r#", "optional": true"#;
        assert_eq!(problems(&cut("", "")), 0);
        assert_eq!(problems(&cut(optional, "")), 0);
        assert_eq!(problems(&cut("", optional)), 0);
        assert_eq!(problems(&cut(optional, optional)), 1);
        assert_eq!(problems(r#"{ "motor": "jammed", "optional": true }"#), 0);
    }
}
