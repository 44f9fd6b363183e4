use super::support::{document, mini};
use super::*;
use crate::ir::{Rename, Renamed, Root, Survey};
use formwright_engine::Value;
use formwright_engine::write::Style;

fn read(table: &str) -> Submission {
    let survey = mini();
    read_return(&survey, &Layout::new(&survey), document(table).as_bytes()).unwrap()
}

fn problems(table: &str) -> Vec<(String, RawProblem)> {
    read(table).problems.into_iter().map(|p| (p.pointer, p.problem)).collect()
}

fn only(table: &str) -> RawProblem {
    let found = problems(table);
    assert_eq!(found.len(), 1, "{table}: {found:?}");
    found.into_iter().next().unwrap().1
}

#[test]
fn values_stand_at_their_slots_and_rows_keep_their_indexes() {
    let found = read(
        r#"{"cities": [{"city": "甲市", "staff": 3}, {}, {"city": "丙市"}],
        "groups": [{"systems": [{}]}, {"systems": [{"name": "x"}]}]}"#,
    );
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(found.respondent.as_deref(), Some("99"));
    let rows = found.records.top.rows(0);
    let empty: Vec<bool> = rows.iter().map(|row| row.empty).collect();
    assert_eq!(empty, [false, true, false]);
    assert_eq!(rows[0].value(2), &Value::int(3));
    let groups = found.records.top.rows(1);
    assert!(groups[0].empty && !groups[1].empty);
    assert_eq!(groups[1].rows(0)[0].value(0), &Value::text("x"));
}

#[test]
fn each_wrong_value_is_one_finding() {
    use RawProblem as P;
    let city = |rest: &str| format!(r#"{{"cities": [{{"city": "甲", {rest}}}]}}"#);
    assert_eq!(only(&city(r#""staff": "3""#)), P::NumberAsText);
    assert_eq!(only(&city(r#""staff": 1e2"#)), P::Exponent);
    assert_eq!(only(&city(r#""staff": 1.5"#)), P::NotCount);
    assert_eq!(only(&city(r#""staff": -1"#)), P::NotCount);
    assert_eq!(only(&city(r#""opened": "是""#)), P::WrongType);
    assert_eq!(only(&city(r#""stuff": 3"#)), P::Unexpected("stuff".into(), Some("staff".into())));
    assert_eq!(only(&city(r#""remark": " x""#)), P::NotCanonical("x".into()));
    assert_eq!(only(&city(r#""remark": "３个""#)), P::NotCanonical("3个".into()));
    assert_eq!(only(r#"{"area": 1.005}"#), P::Scale(2));
    assert_eq!(only(r#"{"area": 12345678901234}"#), P::Digits(12));
    assert_eq!(only(r#"{"area": "abc"}"#), P::WrongType);
    assert_eq!(only(r#"{"day": "2015-02-30"}"#), P::NotDate);
    assert_eq!(only(r#"{"month": "2015-06-01"}"#), P::NotDate);
    assert_eq!(only(r#"{"year": "15"}"#), P::NotDate);
    assert_eq!(only(r#"{"mail": "a.b"}"#), P::NotAddress);
    assert_eq!(only(r#"{"site": "x"}"#), P::UnknownCode("x".into(), None));
    assert_eq!(only(r#"{"site": "odl"}"#), P::UnknownCode("odl".into(), Some("old".into())));
    assert_eq!(only(r#"{"site": "old"}"#), P::Retired("old".into()));
    assert_eq!(only(r#"{"scope": ["a", "a"]}"#), P::DuplicateCode("a".into()));
    assert_eq!(only(r#"{"scope": ["a", "n"]}"#), P::Exclusive("n".into()));
    assert_eq!(only(r#"{"scope": ["x", "old", "y", "a", "a", "n"]}"#), P::UnknownCode("x".into(), None));
    assert_eq!(only(r#"{"scope_specify": {"a": "x"}}"#), P::Unexpected("a".into(), None));
    assert_eq!(only(r#"{"site": "a", "site": "b"}"#), P::Duplicate("site".into()));
    assert_eq!(only(r#"{"gone": null}"#), P::Unexpected("gone".into(), None));
    assert_eq!(only(r#"{"site": "  "}"#), P::UnknownCode("  ".into(), None));
    assert_eq!(only(r#"{"area": ""}"#), P::WrongType);
}

#[test]
fn what_is_allowed_is_no_finding() {
    for table in [
        r#"{"cities": [{"city": "甲", "staff": 1.0, "remark": "两行\n字", "opened": null}]}"#,
        r#"{"area": 1.50, "day": "2015-06-30", "month": "2015-06", "year": "2015", "mail": "a@b.cn"}"#,
        r#"{"area": ":"}"#,
        r#"{"site": "z", "scope": ["z", "a"], "scope_specify": {"z": "其他"}}"#,
        r#"{"site": "", "month": "", "scope": [], "mail": " \u3000"}"#,
    ] {
        assert_eq!(problems(table), [], "{table}");
    }
}

#[test]
fn marks_read_as_they_are_declared_and_codes_are_a_set() {
    let area = |table: &str| {
        let found = read(table);
        let survey = mini();
        let cell = survey.cells.iter().find(|c| c.id == "area").unwrap();
        found.records.top.value(cell.home.slot).clone()
    };
    assert_eq!(area(r#"{"area": ":"}"#), Value::Unknown);
    assert_eq!(area(r#"{"area": "-"}"#), Value::int(0));
    assert_eq!(area(r#"{"area": "."}"#), Value::Null);
    assert_eq!(read(r#"{"scope": ["z", "a"]}"#).records, read(r#"{"scope": ["a", "z"]}"#).records);
}

#[test]
fn a_foreign_header_is_refused_with_its_place() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let kind = |text: &str| read_return(&survey, &layout, text.as_bytes()).map(|_| ()).unwrap_err();
    assert_eq!(kind(r#"{"version": "1"}"#).kind, ReadErrorKind::Missing("survey"));
    let other = kind(r#"{"survey": "other", "version": "1"}"#);
    assert_eq!((other.pointer.as_str(), other.offset), ("/survey", 11));
    assert!(matches!(kind(r#"{"survey": "mini", "version": "2"}"#).kind, ReadErrorKind::OtherVersion(..)));
    assert!(matches!(kind("[]").kind, ReadErrorKind::NotObject));
    assert!(matches!(kind(r#"{"survey": "#).kind, ReadErrorKind::Json(_)));
    let state = kind(r#"{"survey": "mini", "version": "1", "state": "done"}"#);
    assert_eq!(state.kind, ReadErrorKind::State("done".into()));
    assert!(matches!(kind(&"[".repeat(100)).kind, ReadErrorKind::Json(_)));
}

#[test]
fn each_line_is_a_return() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let text = format!("{}\n\n{{}}\n", document("{}"));
    let lines: Vec<_> = read_lines(&survey, &layout, text.as_bytes()).map(|(n, r)| (n, r.is_ok())).collect();
    assert_eq!(lines, [(1, true), (3, false)]);
}

#[test]
fn writing_is_canonical_and_reading_it_gives_the_same() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let table = r#"{"area": 1.5, "scope": ["z", "a"], "scope_specify": {"z": "其他"}, "site": null,
        "cities": [{"staff": 3.0, "city": "甲市"}, {}, {"city": "丙市", "staff": "abc", "share": 12.5}], "total": {"calls": 7}}"#;
    let first = read(table);
    let text = write_return(&survey, &layout, &first);
    let again = read_return(&survey, &layout, text.as_bytes()).unwrap();
    assert_eq!(again.records, first.records);
    assert_eq!(write_return(&survey, &layout, &again), text);
    for part in ["\"area\": 1.50", "\"staff\": 3\n", "\"staff\": \"abc\"", "\"share\": 12.50", "{},\n"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("site"), "{text}");
    let order = ["respondent", "cities", "\"city\"", "\"staff\"", "total", "\"scope\"", "area"];
    let at: Vec<usize> = order.iter().map(|part| text.find(part).unwrap()).collect();
    assert!(at.is_sorted(), "{at:?}: {text}");
}

#[test]
fn responses_are_kept() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let text = r#"{"survey": "mini", "version": "1", "responses": [{"rule": "t09.x", "place": {"table": "t09"}, "response": "confirm", "text": null}]}"#;
    let found = read_return(&survey, &layout, text.as_bytes()).unwrap();
    assert_eq!(found.responses.len(), 1);
    let written = write_return(&survey, &layout, &found);
    let again = read_return(&survey, &layout, written.as_bytes()).unwrap();
    assert_eq!(again.responses[0].rule, "t09.x");
    assert_eq!(write_return(&survey, &layout, &again), written);
}

#[test]
fn a_context_is_the_fields_of_its_section() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let (records, problems) = read_context(&survey, &layout, br#"{"most": 5, "x": 1}"#).unwrap();
    assert_eq!(records.root, Root::Context);
    assert_eq!(records.top.value(0), &Value::int(5));
    assert_eq!(problems.len(), 1);
    assert_eq!(write_record(&survey, &layout, &records), "{\n  \"most\": 5\n}\n");
}

fn renamed(what: Renamed, from: &str, to: &str, until: Option<&str>) -> Rename {
    Rename { what, from: from.into(), to: to.into(), until: until.map(str::to_owned) }
}

fn member(path: &str, from: &str, to: &str, until: Option<&str>) -> Rename {
    renamed(Renamed::Member(path.split('/').map(str::to_owned).collect()), from, to, until)
}

fn migrated(renames: Vec<Rename>, version: &str, tables: &str) -> Migrated {
    let survey = Survey { renames, version: "3".into(), ..mini() };
    let text = format!(r#"{{"survey": "mini", "version": "{version}", "tables": {tables}}}"#);
    migrate(&survey, &Layout::new(&survey), text.as_bytes(), Style::Compact).unwrap()
}

#[test]
fn migration_follows_the_declared_renames() {
    let renames = vec![
        member("tables", "t8", "t09", None),
        member("tables/t09/cities/*", "people", "staff", None),
        renamed(Renamed::Code(crate::ir::ListId(0)), "first", "a", None),
    ];
    let old = r#"{"t8": {"site": "first", "scope": ["first", "b"], "cities": [{"people": 4}, {"people": 5, "staff": 6}]}}"#;
    let new = migrated(renames, "1", old);
    assert!(new.text.contains(r#""t09": {"site": "a", "scope": ["a", "b"], "cities": [{"staff": 4}, {"people": 5, "staff": 6}]}"#), "{}", new.text);
    assert!(new.text.contains(r#""version": "3""#), "{}", new.text);
    assert_eq!((new.changed, new.left), (4, vec!["/tables/t09/cities/1/people".to_owned()]));
}

#[test]
fn swapped_and_reused_names_come_out_right() {
    let path = "tables/t09";
    let swapped = vec![member(path, "area", "day", None), member(path, "day", "area", None)];
    let new = migrated(swapped, "1", r#"{"t09": {"area": "2015-06-30", "day": 1}}"#);
    assert!(new.text.contains(r#"{"day": "2015-06-30", "area": 1}"#), "{}", new.text);
    let chain = || vec![member(path, "size", "area", Some("1")), member(path, "extent", "area", Some("2"))];
    for (version, name, same) in
        [("1", "size", false), ("2", "extent", false), ("1", "extent", true), ("3", "size", true)]
    {
        let new = migrated(chain(), version, &format!(r#"{{"t09": {{"{name}": 1}}}}"#));
        assert_eq!(new.changed == 0, same, "{version} {name}: {}", new.text);
        assert_eq!(new.left.is_empty(), !same);
    }
}

#[test]
fn answers_follow_their_rules_and_places() {
    let survey = Survey {
        renames: vec![
            renamed(Renamed::Table, "t8", "t09", None),
            renamed(Renamed::Rule("t09".into()), "sum", "adds_up", None),
            renamed(Renamed::Place("t09".into()), "towns", "cities", None),
        ],
        version: "3".into(),
        ..mini()
    };
    let old = r#"{"survey": "mini", "version": "1", "responses": [{"rule": "t8.sum", "place": {"table": "t8", "block": "towns"}}]}"#;
    let new = migrate(&survey, &Layout::new(&survey), old.as_bytes(), Style::Compact).unwrap();
    assert!(
        new.text.contains(r#"{"rule": "t09.adds_up", "place": {"table": "t09", "block": "cities"}}"#),
        "{}",
        new.text
    );
}

#[test]
fn only_earlier_versions_of_the_same_survey_are_carried_over() {
    let survey = mini();
    let layout = Layout::new(&survey);
    let kind = |text: &str| migrate(&survey, &layout, text.as_bytes(), Style::Compact).unwrap_err().kind;
    assert!(matches!(kind("[]"), ReadErrorKind::NotObject));
    assert!(matches!(kind(r#"{"survey": "mini", "version": "2"}"#), ReadErrorKind::OtherVersion(..)));
    assert!(matches!(kind(r#"{"survey": "maxi", "version": "1"}"#), ReadErrorKind::OtherSurvey(..)));
    assert!(matches!(kind(r#"{"survey": "mini"}"#), ReadErrorKind::Missing("version")));
}

/// Codes of one cell by the ten thousand, and cells that cannot be read: none is compared with all others.
#[test]
fn many_codes_of_one_cell_are_one_problem() {
    let all: Vec<String> = (0..50_000).map(|n| format!(r#""c{n}""#)).collect();
    let found = read(&format!(r#"{{"scope": [{}, "a", "c7"], "area": "x"}}"#, all.join(",")));
    let told: Vec<&str> = found.problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(told, ["/tables/t09/scope", "/tables/t09/area"]);
    assert!(found.beyond.is_empty());
    let scope = found.records.top.values.iter().find_map(|v| match v {
        Value::List(codes) => Some(codes.len()),
        _ => None,
    });
    assert_eq!(scope, Some(50_001));
}

/// Rows are found again by their keys within the row they lie in, and the first of one key counts.
#[test]
fn an_earlier_row_is_the_first_with_the_key() {
    let (survey, found) = (
        mini(),
        read(
            r#"{"cities": [{}, {"city": "甲", "staff": 1}, {"city": "乙", "staff": 2}, {"city": "甲", "staff": 3}]}"#,
        ),
    );
    let cities = Layout::new(&survey).chain(survey.cells.iter().find_map(|c| c.home.block)).to_vec();
    let earlier = Earlier::new(&survey, found.records.clone());
    let staff = |key: &str| {
        let asked = read(&format!(r#"{{"cities": [{{{key}}}]}}"#));
        let row = asked.records.top.rows(0).first().cloned().unwrap();
        earlier.same(&survey, &cities, |_| Some(&row)).map(|r| r.value(2).to_string())
    };
    assert_eq!(staff(r#""city": "甲", "staff": 9"#).as_deref(), Some("1"));
    assert_eq!(staff(r#""city": "乙""#).as_deref(), Some("2"));
    assert_eq!(staff(r#""city": "丙""#), None);
    assert_eq!(staff(r#""staff": 9"#), None);
    assert_eq!(earlier.same(&survey, &[], |_| None), Some(&found.records.top));
}
