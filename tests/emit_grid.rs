//! Tables laid out as printed.
#![allow(
    clippy::needless_range_loop,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod made;

use formwright::emit::grid::{CellContent, HeadScope, HeadingItem, LineKind, Sheet, chinese_number, sheet};

/// A level of the head as `text@col+colspan/rowspan`.
fn head_line(sheet: &Sheet, level: usize) -> Vec<String> {
    let show = |c: &formwright::emit::grid::HeadCell| {
        format!("{}@{}+{}/{}", c.text.get(0), c.col, c.colspan, c.rowspan)
    };
    sheet.head[level].iter().map(show).collect()
}

/// A line of the body as `text@col+colspan/rowspan`.
fn line(sheet: &Sheet, at: usize) -> Vec<String> {
    let word = |c: &CellContent| match c {
        CellContent::Label(t) => t.get(0).to_owned(),
        CellContent::Number(n) => format!("#{n}"),
        CellContent::Unit(u) => format!("unit{}", u.0),
        CellContent::Constant(t) => format!("={}", t.get(0)),
        CellContent::NotApplicable => "——".to_owned(),
        CellContent::Answer(_) => "_".to_owned(),
        CellContent::Empty => String::new(),
        CellContent::GroupHeading(h) => h[0]
            .iter()
            .map(|i| match i {
                HeadingItem::Text(t) => t.clone(),
                HeadingItem::Answer(_) => "_".to_owned(),
            })
            .collect(),
    };
    let show = |c: &formwright::emit::grid::BodyCell| {
        format!("{}@{}+{}/{}", word(&c.content), c.col, c.colspan, c.rowspan)
    };
    sheet.body[at].cells.iter().map(show).collect()
}

/// No printed place is covered twice, none is left open.
fn tiled(sheet: &Sheet) {
    let width = sheet.columns.len();
    let levels = sheet.head.len();
    let mut head = vec![vec![0; width]; levels];
    for c in sheet.head.iter().flatten() {
        for r in c.row..c.row + c.rowspan {
            for x in c.col..c.col + c.colspan {
                head[r][x] += 1;
            }
        }
    }
    assert!(head.iter().flatten().all(|n| *n == 1), "head {head:?}");
    let mut body = vec![vec![0; width]; sheet.body.len()];
    for (r, c) in sheet.body.iter().enumerate().flat_map(|(r, l)| l.cells.iter().map(move |c| (r, c))) {
        for y in r..r + c.rowspan {
            for x in c.col..c.col + c.colspan {
                body[y][x] += 1;
            }
        }
    }
    assert!(body.iter().flatten().all(|n| *n == 1), "body {body:?}");
}

/// A table of `tests/made/`, laid out.
fn made(table: &str) -> Sheet {
    let survey = made::compiled(table);
    let sheet = sheet(&survey, made::grid(&survey));
    tiled(&sheet);
    sheet
}

#[test]
fn a_total_with_parts_prints_its_column_and_an_unlabelled_head() {
    let sheet = made(include_str!("made/parts.yaml"));
    assert_eq!(head_line(&sheet, 0), ["seq@0+1/3", "city@1+1/3", "group@2+3/1", "why@5+1/3"]);
    assert_eq!(head_line(&sheet, 1), ["all@2+1/2", "@3+2/1"]);
    assert_eq!(head_line(&sheet, 2), ["a@3+1/1", "b@4+1/1"]);
    assert_eq!(sheet.head[0][2].scope, HeadScope::Group);
}

#[test]
fn unlabelled_columns_print_under_one_head() {
    let sheet = made(include_str!("made/unlabelled.yaml"));
    assert_eq!(sheet.head.len(), 1);
    assert_eq!(head_line(&sheet, 0), ["项目@0+2/1", "完成@2+1/1"]);
}

#[test]
fn labels_take_as_many_columns_as_the_tree_is_deep() {
    let sheet = made(include_str!("made/stub.yaml"));
    assert_eq!(head_line(&sheet, 0)[1], "指标@1+2/1");
    assert_eq!(
        line(&sheet, 0),
        ["#1@0+1/2", "中心@1+1/2", "省级@2+1/1", "=100@3+1/1", "=约束@4+1/2", "_@5+1/1"]
    );
    assert_eq!(line(&sheet, 1), ["地市级@2+1/1", "=90@3+1/1", "_@5+1/1"]);
    assert_eq!(line(&sheet, 2), ["#2@0+1/1", "网络@1+2/1", "=80@3+1/1", "=预期@4+1/1", "_@5+1/1"]);
    assert_eq!(line(&sheet, 3), ["合计@0+3/1", "——@3+1/1", "——@4+1/1", "_@5+1/1"]);
}

#[test]
fn a_branch_with_cells_prints_a_line_of_its_own() {
    let sheet = made(include_str!("made/branch.yaml"));
    assert_eq!(sheet.columns.len(), 4);
    assert_eq!(line(&sheet, 0), ["#1@0+1/1", "中心@1+1/1", "@2+1/1", "_@3+1/1"]);
    assert_eq!(line(&sheet, 1)[0], "#1.1@0+1/1");
    assert_eq!((sheet.body[0].level, sheet.body[1].level), (0, 1));
}

#[test]
fn repeated_rows_print_numbered_and_fixed_ones_are_counted_on() {
    let sheet = made(include_str!("made/cities.yaml"));
    assert_eq!(line(&sheet, 1), ["#2@0+1/1", "_@1+1/1", "_@2+1/1"]);
    assert_eq!(line(&sheet, 2), ["#3@0+1/1", "省本级@1+1/1", "_@2+1/1"]);
    assert_eq!(line(&sheet, 3), ["合计@0+2/1", "_@2+1/1"]);
    assert!(matches!(sheet.body[1].kind, LineKind::Repeated { index: 1, .. }));
}

#[test]
fn a_dash_in_the_key_column_stands_alone() {
    let dashed = include_str!("made/cities.yaml").replace("total: true", "total: true, na: [city]");
    assert_eq!(line(&made(&dashed), 3), ["合计@0+1/1", "——@1+1/1", "_@2+1/1"]);
}

#[test]
fn groups_have_headings_and_count_their_rows_anew() {
    let sheet = made(include_str!("made/groups.yaml"));
    assert_eq!(line(&sheet, 0), ["一、地市1—_@0+3/1"]);
    assert_eq!(line(&sheet, 3), ["二、地市2—_@0+3/1"]);
    assert_eq!(line(&sheet, 5)[0], "#2-2@0+1/1");
    assert_eq!(line(&sheet, 6), ["N、地市n—省本级@0+3/1"]);
    assert_eq!(sheet.body[5].group, Some(("cities".to_owned(), Some(1))));
}

#[test]
fn chinese_numbers_count_on_past_ten() {
    let words: Vec<String> = [1, 9, 10, 11, 20, 21, 99, 100].map(chinese_number).to_vec();
    assert_eq!(words, ["一", "九", "十", "十一", "二十", "二十一", "九十九", "100"]);
}
