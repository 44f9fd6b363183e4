use super::*;
use crate::data::support::{document, mini};
use crate::data::{Earlier, read_context, read_loose, read_return};
use crate::ir::{Expect, Test};
use formwright_engine::finding::Answer;

/// The findings as `rule state row`, for a final return.
fn check(table: &str) -> Vec<String> {
    brief(&report(&document(table), None, &Options::default()))
}

fn report(text: &str, context: Option<&str>, options: &Options) -> Report {
    let survey = mini();
    let layout = Layout::new(&survey);
    let document = read_return(&survey, &layout, text.as_bytes()).unwrap();
    let context = context.map(|text| read_context(&survey, &layout, text.as_bytes()).unwrap().0);
    let beside = Beside { context: context.as_ref(), previous: &[] };
    validate(&survey, &layout, &document, &beside, options)
}

fn brief(report: &Report) -> Vec<String> {
    let line = |f: &Finding| format!("{} {} {}", f.rule, f.state, f.place.row.as_deref().unwrap_or("-"));
    let absent = ["t09.few_calls unknown -", "t09.not_falling unknown"];
    report.findings.iter().map(line).filter(|l| !absent.iter().any(|a| l.starts_with(a))).collect()
}

/// A row of the city with these other members.
fn city(rest: &str) -> String {
    format!(r#"{{"cities": [{{"city": "甲市", {rest}}}]}}"#)
}

const SOUND: &str = r#""opened": true, "staff": 9, "agents": 3, "calls": 5, "manual": 4, "automatic": 1"#;

#[test]
fn a_sound_row_has_no_finding() {
    assert_eq!(check(&city(SOUND)), Vec::<String>::new());
}

#[test]
fn a_failing_comparison_names_its_sides_cells_and_place() {
    let row = r#""opened": true, "staff": 3, "agents": 5, "calls": 5, "manual": 4, "automatic": 1"#;
    let found = report(&document(&city(row)), None, &Options::default());
    let one = found.findings.iter().find(|f| f.rule == "t09.agents_within_staff").unwrap();
    assert_eq!((one.state, one.blocks), (State::Fail, true));
    let values = [&one.values.left, &one.values.right, &one.values.diff, &one.values.tolerance];
    assert_eq!(values.map(|v| v.as_deref().unwrap()), ["5", "3", "2", "0"]);
    assert_eq!(one.cells.target, ["/tables/t09/cities/0/agents"]);
    assert_eq!(one.cells.source, ["/tables/t09/cities/0/staff"]);
    assert_eq!((one.place.row.as_deref(), one.place.index), (Some("甲市"), Some(0)));
    assert_eq!(one.place.label[0], ("zh".into(), "甲市".into()));
    assert_eq!(one.message[0].1, "“agents”5 大于“staff”3，请核对");
    assert_eq!(one.message[1].1, "“agents” (5) is more than “staff” (3); please check");
    assert_eq!(one.response.allowed, [Answer::Correct]);
    assert!(found.blocks);
    assert_eq!(found.counts.of(State::Fail, Severity::Error), 1);
}

#[test]
fn an_unreadable_cell_is_one_finding_and_leaves_rules_open() {
    let row = r#""opened": true, "staff": "abc", "agents": 5, "calls": 5, "manual": 4, "automatic": 1"#;
    assert_eq!(check(&city(row)), ["t09.staff.type fail 甲市"]);
}

#[test]
fn a_total_of_an_unreadable_cell_shares_its_blame() {
    let row = r#""opened": true, "staff": 5, "agents": 5, "calls": "x", "manual": 4, "automatic": 1"#;
    let found = report(&document(&city(row)), Some(r#"{"most": 4}"#), &Options::default());
    assert_eq!(brief(&found), ["t09.calls.type fail 甲市"]);
    assert!(found.findings.iter().all(|f| f.rule != "t09.few_calls"), "{:?}", found.findings);
}

#[test]
fn a_missing_value_is_said_once_and_not_in_a_draft() {
    let row = r#""opened": true, "agents": 5, "calls": 5, "manual": 4, "automatic": 1"#;
    assert_eq!(check(&city(row)), ["t09.staff.required fail 甲市"]);
    let draft = Options { is_final: Some(false), ..Options::default() };
    assert_eq!(brief(&report(&document(&city(row)), None, &draft)), Vec::<String>::new());
    let unasked = r#""agents": 5, "calls": 5, "manual": 4, "automatic": 1"#;
    assert_eq!(check(&city(unasked)), ["t09.agents_within_staff unknown 甲市"]);
}

#[test]
fn what_does_not_apply_must_be_blank() {
    let found = check(&city(r#""opened": false, "staff": 3"#));
    assert!(found.contains(&"t09.staff.applies fail 甲市".to_owned()), "{found:?}");
}

#[test]
fn a_field_explains_and_an_error_without_one_blocks() {
    let wrong = SOUND.replace("\"automatic\": 1", "\"automatic\": 2");
    assert_eq!(check(&city(&wrong)), ["t09.calls_add_up fail 甲市"]);
    let told = format!(r#"{wrong}, "remark": "转接""#);
    let found = report(&document(&city(&told)), None, &Options::default());
    assert_eq!(brief(&found), ["t09.calls_add_up explained 甲市"]);
    assert!(!found.blocks);
    assert_eq!(
        found.findings.iter().find_map(|f| f.response.at.as_deref()),
        Some("/tables/t09/cities/0/remark")
    );
}

#[test]
fn calculated_cells_are_computed_and_compared() {
    assert_eq!(check(&city(&format!(r#"{SOUND}, "share": 80"#))), Vec::<String>::new());
    let wrong = report(&document(&city(&format!(r#"{SOUND}, "share": 79.99"#))), None, &Options::default());
    let one = wrong.findings.iter().find(|f| f.rule == "t09.share.calculated").unwrap();
    assert_eq!((one.values.left.as_deref(), one.values.right.as_deref()), (Some("79.99"), Some("80.00")));
    assert!(one.message[0].1.contains("应为 80.00"), "{:?}", one.message);
    let table = format!(r#"{{"cities": [{{"city": "甲", {SOUND}}}], "total": {{"calls": 6}}}}"#);
    assert_eq!(check(&table), ["t09.calls.calculated fail total"]);
}

#[test]
fn keys_are_filled_and_unique_and_empty_rows_are_none() {
    let rows = |keys: &[&str]| {
        let rows: Vec<String> = keys.iter().map(|k| format!(r#"{{{k}}}"#)).collect();
        format!(r#"{{"cities": [{}]}}"#, rows.join(","))
    };
    let (a, b) = (r#""city": "甲", "opened": false"#, r#""city": "乙", "opened": false"#);
    let keys = |table: &str| -> Vec<String> {
        check(table).into_iter().filter(|l| l.contains("key") || l.contains("rows")).collect()
    };
    assert_eq!(keys(&rows(&[a, "", b])), Vec::<String>::new());
    assert_eq!(keys(&rows(&[a, b, a])), ["t09.cities.key fail 甲"]);
    assert_eq!(keys(&rows(&[r#""opened": false"#])), ["t09.cities.key fail -"]);
    let c = |n: &str| format!(r#""city": "{n}""#);
    let many = [c("1"), c("2"), c("3"), c("4")];
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(keys(&rows(&many)), ["t09.cities.max_rows fail -"]);
    assert_eq!(keys(&rows(&["", many[0], many[1], many[2]])), Vec::<String>::new());
}

#[test]
fn a_row_inside_a_group_is_named_with_its_group() {
    let group = |key: &str, names: &str| format!(r#"{{"group": "{key}", "systems": [{names}]}}"#);
    let twice = r#"{"name": "x"}, {"name": "y"}, {"name": "x"}"#;
    let table = format!(r#"{{"groups": [{}, {}]}}"#, group("甲", r#"{"name": "x"}"#), group("乙", twice));
    let found = report(&document(&table), None, &Options::default());
    let keys: Vec<_> = found.findings.iter().filter(|f| f.rule == "t09.systems.key").collect();
    assert_eq!(keys.len(), 1);
    let place = &keys[0].place;
    assert_eq!((place.group.as_deref(), place.row.as_deref(), place.index), (Some("乙"), Some("x"), Some(2)));
    assert_eq!(keys[0].cells.target, ["/tables/t09/groups/1/systems/2/name"]);
}

#[test]
fn an_absent_context_is_unknown_and_a_given_one_decides() {
    let text = document(&city(SOUND));
    let state = |context: Option<&str>| {
        let found = report(&text, context, &Options::default());
        found.findings.into_iter().find(|f| f.rule == "t09.few_calls").map(|f| f.state)
    };
    assert_eq!(state(None), Some(State::Unknown));
    assert_eq!(state(Some(r#"{"most": 4}"#)), Some(State::Fail));
    assert_eq!(state(Some(r#"{"most": 5}"#)), None);
}

#[test]
fn a_previous_row_is_found_again_by_its_key() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let read = |table: &str| read_loose(&survey, &layout, document(table).as_bytes()).unwrap();
    let before = read(r#"{"cities": [{"city": "乙", "staff": 1}, {"city": "甲市", "staff": 12}]}"#);
    let before = Earlier::new(&survey, before.records);
    let beside = Beside { context: None, previous: &[Some(&before)] };
    let found = validate(&survey, &layout, &read(&city(SOUND)), &beside, &Options::default());
    let one = found.findings.iter().find(|f| f.rule == "t09.not_falling").unwrap();
    assert_eq!((one.state, one.values.right.as_deref()), (State::Fail, Some("12")));
}

#[test]
fn a_confirmation_counts_only_for_the_values_it_was_given_for() {
    let with = |left: &str| {
        let answer = format!(
            r#"[{{"rule": "t09.few_calls", "place": {{"table": "t09"}}, "response": "confirm", "values": {{"left": "{left}", "right": "4"}}}}]"#
        );
        let text = document(&city(SOUND)).replacen('{', &format!(r#"{{"responses": {answer}, "#), 1);
        report(&text, Some(r#"{"most": 4}"#), &Options::default())
    };
    let found = with("5");
    assert_eq!(
        (found.counts.state(State::Confirmed), found.blocks, found.unused_responses.len()),
        (1, false, 0)
    );
    let stale = with("6");
    assert_eq!(
        (stale.counts.state(State::Confirmed), stale.blocks, stale.unused_responses.len()),
        (0, true, 1)
    );
}

#[test]
fn rules_hold_within_their_life_only() {
    let mut survey = mini();
    let layout = Layout::new(&survey);
    let text = document(&city(&SOUND.replace("\"agents\": 3", "\"agents\": 30")));
    let ix = survey.rules.iter().position(|r| r.id == "t09.agents_within_staff").unwrap();
    let mut fails = |since: Option<&str>, until: Option<&str>, withdrawn: bool| {
        let rule = &mut survey.rules[ix];
        (rule.since, rule.until) = (since.and_then(Date::parse), until.and_then(Date::parse));
        rule.reference = Date::parse("2015-01-01");
        rule.withdrawn = withdrawn;
        let document = read_return(&survey, &layout, text.as_bytes()).unwrap();
        let found = validate(&survey, &layout, &document, &Beside::default(), &Options::default());
        found.counts.of(State::Fail, Severity::Error) == 1
    };
    assert!(fails(None, None, false));
    assert!(fails(Some("2015-01-01"), Some("2015-01-01"), false));
    assert!(!fails(Some("2015-01-02"), None, false));
    assert!(!fails(None, Some("2014-12-31"), false));
    assert!(!fails(None, None, true));
}

#[test]
fn findings_are_capped_with_the_full_count() {
    let options = Options { most: 1, ..Options::default() };
    let table = r#"{"site": "x", "area": 1.005, "day": "y"}"#;
    let found = report(&document(table), None, &options);
    assert_eq!(found.findings.len(), 1);
    assert!(found.total >= 3);
    assert_eq!(found.counts.of(State::Fail, Severity::Error), 3);
}

#[test]
fn unexpected_members_belong_to_their_table() {
    let found = report(&document(r#"{"sites": "a"}"#), None, &Options::default());
    let one = found.findings.iter().find(|f| f.rule == "t09.unexpected").unwrap();
    assert_eq!(one.cells.target, ["/tables/t09/sites"]);
    assert!(one.message[0].1.contains("是否为“site”"), "{:?}", one.message);
}

#[test]
fn designers_tests_compare_what_is_found() {
    let survey = mini();
    let expect =
        |rule: &str, row: &str| Expect { rule: rule.into(), row: Some(row.into()), ..Expect::default() };
    let test = |expect: Vec<Expect>| Test {
        table: Some(0),
        name: "x".into(),
        submission: format!(
            r#"{{"tables": {{"t09": {}}}}}"#,
            city(r#""opened": true, "staff": 3, "agents": 5"#)
        ),
        context: None,
        previous: None,
        expect,
        span: crate::source::Span::default(),
    };
    let right = run_test(&survey, &test(vec![expect("agents_within_staff", "cities 1")]));
    assert!(right.passed, "{:?}", right.unexpected);
    assert_eq!(right.failed_rules.len(), 1);
    let none = run_test(&survey, &test(vec![]));
    assert_eq!((none.passed, none.unexpected.len()), (false, 1));
    let other = run_test(&survey, &test(vec![expect("agents_within_staff", "cities 2")]));
    assert_eq!((other.passed, other.missing.len(), other.unexpected.len()), (false, 1, 1));
    let named = vec![expect("agents_within_staff", "甲市"), expect("staff.required", "cities 1")];
    assert_eq!(run_test(&survey, &test(named)).missing.len(), 1);
    let missed = coverage(&survey, &[right]).missing;
    assert!(missed.iter().all(|id| survey.rules[id.ix()].id != "t09.agents_within_staff"));
    assert_eq!(missed.len(), 3);
}
