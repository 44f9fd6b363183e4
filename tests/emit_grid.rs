//! Tables laid out as printed.
#![allow(
    clippy::needless_range_loop,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod emit_fixture;

use emit_fixture::*;
use formwright::emit::grid::{CellContent, HeadScope, HeadingItem, LineKind, Sheet, chinese_number, sheet};
use formwright::engine::Value;
use formwright::ir::table::{Content, Grid, HeadingPart, RowKind, Slot};
use formwright::ir::{Head, Row, Survey, Text, Type};

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

#[test]
fn a_total_with_parts_prints_its_column_and_an_unlabelled_head() {
    let columns = ["seq", "city", "all", "a", "b", "why"].map(|c| column(c, Content::Value)).to_vec();
    let parts = vec![head("a", Some(3), vec![]), head("b", Some(4), vec![])];
    let heads = vec![
        head("seq", Some(0), vec![]),
        head("city", Some(1), vec![]),
        head("group", None, vec![head("all", Some(2), parts)]),
        head("why", Some(5), vec![]),
    ];
    let sheet = sheet(&Survey::default(), &Grid { heads, columns, rows: vec![] });
    assert_eq!(head_line(&sheet, 0), ["seq@0+1/3", "city@1+1/3", "group@2+3/1", "why@5+1/3"]);
    assert_eq!(head_line(&sheet, 1), ["all@2+1/2", "@3+2/1"]);
    assert_eq!(head_line(&sheet, 2), ["a@3+1/1", "b@4+1/1"]);
    assert_eq!(sheet.head[0][2].scope, HeadScope::Group);
    tiled(&sheet);
}

#[test]
fn unlabelled_columns_print_under_one_head() {
    let mut seq = head("seq", Some(0), vec![]);
    let mut name = head("name", Some(1), vec![]);
    seq.label = Text::default();
    name.label = Text::default();
    let item: Head = head("项目", None, vec![seq, name]);
    let columns = vec![column("seq", Content::Number), column("name", Content::Label)];
    let sheet = sheet(&Survey::default(), &Grid { heads: vec![item], columns, rows: vec![] });
    assert_eq!(sheet.head.len(), 1);
    assert_eq!(head_line(&sheet, 0), ["项目@0+2/1"]);
}

fn stub() -> (Survey, Grid) {
    let mut s = Survey::default();
    let cells: Vec<_> = (0..4).map(|i| cell(&mut s, &["t", &format!("r{i}")], None, Type::Count)).collect();
    let shown = || Slot::Shown;
    let constant = |t: &str| Slot::Constant(Value::text(t), text(t));
    let leaf = |id: &str, i: usize, target: &str, kind: Slot| {
        row(id, RowKind::Fixed, vec![shown(), shown(), constant(target), kind, Slot::Cell(cells[i])])
    };
    let mut branch = row(
        "中心",
        RowKind::Branch,
        vec![shown(), shown(), Slot::Empty, Slot::Merged(Value::text("约束"), text("约束")), Slot::Empty],
    );
    branch.rows = vec![leaf("省级", 0, "100", Slot::Empty), leaf("地市级", 1, "90", Slot::Empty)];
    let total = row(
        "合计",
        RowKind::Total,
        vec![shown(), shown(), Slot::NotApplicable, Slot::NotApplicable, Slot::Cell(cells[3])],
    );
    let rows = vec![branch, leaf("网络", 2, "80", constant("预期")), total];
    let columns = vec![
        column("序号", Content::Number),
        column("指标", Content::Label),
        column("目标", Content::Constant),
        column("属性", Content::Constant),
        column("完成", Content::Value),
    ];
    let heads = (0..5).map(|i| head(&columns[i].id, Some(i), vec![])).collect();
    (s, Grid { heads, columns, rows })
}

#[test]
fn labels_take_as_many_columns_as_the_tree_is_deep() {
    let (s, grid) = stub();
    let sheet = sheet(&s, &grid);
    assert_eq!(head_line(&sheet, 0)[1], "指标@1+2/1");
    assert_eq!(
        line(&sheet, 0),
        ["#1@0+1/2", "中心@1+1/2", "省级@2+1/1", "=100@3+1/1", "=约束@4+1/2", "_@5+1/1"]
    );
    assert_eq!(line(&sheet, 1), ["地市级@2+1/1", "=90@3+1/1", "_@5+1/1"]);
    assert_eq!(line(&sheet, 2), ["#2@0+1/1", "网络@1+2/1", "=80@3+1/1", "=预期@4+1/1", "_@5+1/1"]);
    assert_eq!(line(&sheet, 3), ["合计@0+3/1", "——@3+1/1", "——@4+1/1", "_@5+1/1"]);
    tiled(&sheet);
}

#[test]
fn a_branch_with_cells_prints_a_line_of_its_own() {
    let (s, mut grid) = stub();
    grid.rows[0].slots[4] = grid.rows[1].slots[4].clone();
    grid.rows[0].slots[3] = Slot::Empty;
    grid.rows[0].number = Some("1".into());
    grid.rows[0].rows[0].number = Some("1.1".into());
    let sheet = sheet(&s, &grid);
    assert_eq!(sheet.columns.len(), 5);
    assert_eq!(line(&sheet, 0), ["#1@0+1/1", "中心@1+1/1", "@2+1/1", "@3+1/1", "_@4+1/1"]);
    assert_eq!(line(&sheet, 1)[0], "#1.1@0+1/1");
    assert_eq!((sheet.body[0].level, sheet.body[1].level), (0, 1));
    tiled(&sheet);
}

fn cities(na_key: bool) -> (Survey, Grid) {
    let (s, c) = hotline();
    let columns =
        vec![column("seq", Content::Number), column("city", Content::Value), column("staff", Content::Value)];
    let heads = (0..3).map(|i| head(&columns[i].id, Some(i), vec![])).collect();
    let repeat =
        row("cities", RowKind::Repeat(c.cities), vec![Slot::Shown, Slot::Cell(c.city), Slot::Cell(c.staff)]);
    let own = row("省本级", RowKind::Fixed, vec![Slot::Shown, Slot::Empty, Slot::Cell(c.area)]);
    let key = if na_key { Slot::NotApplicable } else { Slot::Empty };
    let total = row("合计", RowKind::Total, vec![Slot::Shown, key, Slot::Cell(c.area)]);
    (s, Grid { heads, columns, rows: vec![repeat, own, total] })
}

#[test]
fn repeated_rows_print_numbered_and_fixed_ones_are_counted_on() {
    let (s, grid) = cities(false);
    let sheet = sheet(&s, &grid);
    assert_eq!(line(&sheet, 1), ["#2@0+1/1", "_@1+1/1", "_@2+1/1"]);
    assert_eq!(line(&sheet, 2), ["#3@0+1/1", "省本级@1+1/1", "_@2+1/1"]);
    assert_eq!(line(&sheet, 3), ["合计@0+2/1", "_@2+1/1"]);
    assert!(matches!(sheet.body[1].kind, LineKind::Repeated { index: 1, .. }));
    tiled(&sheet);
}

#[test]
fn a_dash_in_the_key_column_stands_alone() {
    let (s, grid) = cities(true);
    let sheet = sheet(&s, &grid);
    assert_eq!(line(&sheet, 3), ["合计@0+1/1", "——@1+1/1", "_@2+1/1"]);
    tiled(&sheet);
}

#[test]
fn groups_have_headings_and_count_their_rows_anew() {
    let (s, mut grid) = cities(false);
    let (_, c) = hotline();
    let mut inner: Row = grid.rows[0].clone();
    inner.number = Some("{group.n}-{n}".into());
    let mut groups = row("cities", RowKind::GroupRepeat(c.cities), vec![]);
    groups.heading = heading(vec![
        HeadingPart::NumberZh,
        HeadingPart::Text("、地市".into()),
        HeadingPart::Number,
        HeadingPart::Text("—".into()),
        HeadingPart::Value(c.city),
    ]);
    groups.rows = vec![inner];
    let mut last = groups.clone();
    last.id = "province".into();
    last.kind = RowKind::GroupFixed;
    last.label = text("省本级");
    last.heading[0].pop();
    last.heading[0].push(HeadingPart::Text("省本级".into()));
    grid.rows = vec![groups, last];
    let sheet = sheet(&s, &grid);
    assert_eq!(line(&sheet, 0), ["一、地市1—_@0+3/1"]);
    assert_eq!(line(&sheet, 3), ["二、地市2—_@0+3/1"]);
    assert_eq!(line(&sheet, 5)[0], "#2-2@0+1/1");
    assert_eq!(line(&sheet, 6), ["N、地市n—省本级@0+3/1"]);
    assert_eq!(sheet.body[5].group, Some(("cities".to_owned(), Some(1))));
    tiled(&sheet);
}

#[test]
fn chinese_numbers_count_on_past_ten() {
    let words: Vec<String> = [1, 9, 10, 11, 20, 21, 99, 100].map(chinese_number).to_vec();
    assert_eq!(words, ["一", "九", "十", "十一", "二十", "二十一", "九十九", "100"]);
}
