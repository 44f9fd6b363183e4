//! What the checks find in rules that are each understood (07).

super::codes! {
    NEVER_DECIDED = "W0701" "never-decided" Warning {
        en "the rule {rule} can never be decided: where its `when` holds, {cells} must be blank"
        zh "规则 {rule} 永远无法判定：when 成立时，{cells} 必须为空"
        why "Where a place does not apply it must be blank, and a rule that compares a blank is undecided. Turn the `when` round, or read another place."
        why_zh "不适用的位置必须为空，与空比较的规则无从判定。请把 when 的条件反过来，或改读别的位置。"
        wrong "table: t01
title: A
fields:
  - opened: {label: Opened, type: yes_no}
  - calls: {label: Calls, type: count, applies: opened}
rules:
  - some: {check: calls >= 10, when: not(opened)}"
        right "table: t01
title: A
fields:
  - opened: {label: Opened, type: yes_no}
  - calls: {label: Calls, type: count, applies: opened}
rules:
  - some: {check: calls >= 10, when: opened}"
    }
    BOTH_SIDES = "W0702" "both-sides" Warning {
        en "`{name}` stands on both sides of `{sign}` and takes no part in the comparison"
        zh "“{name}”同时出现在 {sign} 的两边，对比较没有作用"
        why "What is added on both sides falls out: `a + b = a` asks that b is 0, and `a = a` asks nothing. Usually another name is meant on one side."
        why_zh "两边都加的项会抵消：a + b = a 等于要求 b 为 0，a = a 则什么也没有要求。多半有一边应写别的名称。"
        wrong "check: manual + automatic = manual"
        right "check: manual + automatic = calls"
    }
    TWO_SUMS = "W0703" "two-sums" Warning {
        en "`{whole}` is compared with another sum by {rule}: {so}"
        zh "{rule} 已将“{whole}”与另一个合计比较：{so_zh}"
        why "Two sums of the same figure have some terms in common and differ in others, so what they differ in is forced to a value. Usually a term is missing in one of them. Sums that share no term (classifications of one whole) are not reported."
        why_zh "同一个数等于两个合计，其中一部分项相同、一部分不同，不同的项就被迫取某个值。多半是其中一个合计漏了一项。没有共同项的合计（同一总数的不同分类）不报告。"
        wrong "table: t01
title: A
rows: [{cities: {label: Cities, repeat: true}}]
columns: [{calls: {label: Calls, type: count}}, {manual: {label: M, type: count}}, {automatic: {label: A, type: count}}, {abandoned: {label: B, type: count}}]
rules:
  - answered: {check: manual + automatic = calls}
  - adds_up: {check: manual + automatic + abandoned = calls}"
        right "table: t01
title: A
rows: [{cities: {label: Cities, repeat: true}}]
columns: [{calls: {label: Calls, type: count}}, {manual: {label: M, type: count}}, {automatic: {label: A, type: count}}, {abandoned: {label: B, type: count}}]
rules:
  - answered: {check: manual + automatic <= calls}
  - adds_up: {check: manual + automatic + abandoned = calls}"
    }
    ODD_TERM = "W0704" "odd-term" Warning {
        en "`{name}` leaves the row or column of the other terms"
        zh "“{name}”与其他各项不在同一行或同一列"
        why "All other terms of this sum lie in one row or one column, or the sums of its series do. It is usually a line that was copied and not changed to the end. If it is meant, accept it with the reason: `accept: {odd-term: …}`."
        why_zh "本合计的其他各项（或同一系列的其他合计）都在同一行或同一列。多半是复制后没有改全。如果本来如此，请用 accept: {odd-term: …} 说明原因。"
        wrong "table: t01
title: A
rows: [{north: North}, {south: South}, {west: West}, {all: All}]
columns:
  - calls: {label: Calls, type: count}
  - staff: {label: Staff, type: count}
rules:
  - adds_up: {check: north.calls + south.calls + west.staff = all.calls}"
        right "table: t01
title: A
rows: [{north: North}, {south: South}, {west: West}, {all: All}]
columns:
  - calls: {label: Calls, type: count}
  - staff: {label: Staff, type: count}
rules:
  - adds_up: {check: north.calls + south.calls + west.calls = all.calls}"
    }
    FAILS_EMPTY = "W0705" "fails-empty" Warning {
        en "the rule {rule} is broken by {what}"
        zh "规则 {rule} 在{what_zh}中就不成立"
        why "An error that stands there before anything is filled in, or where everything is 0, stops every return of that kind. Say with `when` where the rule is meant, write `<=` for `<`, require the place instead (`required: true`), or accept it with the reason: `accept: {fails-empty: …}`."
        why_zh "什么都没填或全为 0 时就出现的错误，会挡住所有这样的报表。请用 when 写明规则适用的情形，把 < 改为 <=，或改用 required: true；如果本来如此，请用 accept: {fails-empty: …} 说明原因。"
        wrong "table: t01
title: A
fields:
  - staff: {label: Staff, type: count}
  - advisers: {label: Advisers, type: count}
rules:
  - not_all: {check: advisers < staff}"
        right "table: t01
title: A
fields:
  - staff: {label: Staff, type: count}
  - advisers: {label: Advisers, type: count}
rules:
  - not_all: {check: advisers < staff, when: staff > 0}"
    }
    UNKNOWN_RULE = "E0706" "unknown-rule" Error {
        en "there is no rule or fact `{name}`"
        zh "没有名为“{name}”的规则或事实"
        why "A test expects findings by the id of a rule of its table, or of a fact: `calls_add_up`, `calls.required`, and with the table before it in tests of the whole survey."
        why_zh "测试按规则的标识写明应有的结果：本表规则写 calls_add_up，事实写 calls.required；整个调查的测试还要在前面加表名。"
        wrong "table: t01
title: A
fields: [{a: {label: A, type: count, max: 5}}]
tests:
  - name: too many
    given: {a: 6}
    expect: [{rule: a.maximum}]"
        right "table: t01
title: A
fields: [{a: {label: A, type: count, max: 5}}]
tests:
  - name: too many
    given: {a: 6}
    expect: [{rule: a.max}]"
    }
    NEVER_TRUE = "W0707" "never-true" Warning {
        en "the rule {rule} can never be fulfilled: {why}"
        zh "规则 {rule} 永远无法满足：{why_zh}"
        why "No return fulfils it where it applies, by the types and bounds of what it reads: whoever fills the form breaks it. Usually a sign is turned round, a bound is wrong, or two parts of the condition exclude each other."
        why_zh "按所读各项的类型和取值范围，规则适用时没有任何报表能满足它，谁填都会出错。多半是比较符号写反、界限有误，或条件的两部分互相排斥。"
        wrong "check: calls < 0"
        right "check: calls > 0"
    }
    NEVER_FALSE = "W0708" "never-false" Warning {
        en "the rule {rule} can never be broken: {why}"
        zh "规则 {rule} 永远不会被违反：{why_zh}"
        why "No return breaks it, by the types and bounds of what it reads, so it says nothing. Either the fact that is written beside the place says it already and the rule can go, or another comparison is meant."
        why_zh "按所读各项的类型和取值范围，没有任何报表会违反它，规则等于没写。要么该位置上的事实已经说明，可以删去；要么本想写别的比较。"
        wrong "check: calls >= 0"
        right "check: calls >= 1"
    }
    CONTRADICTION = "W0709" "contradiction" Warning {
        en "the rules {rule} and {other} can never both be fulfilled: {why}"
        zh "规则 {rule} 与 {other} 永远不能同时满足：{why_zh}"
        why "Each of the two can be fulfilled, but no return fulfils both where both apply, so one of them is always broken. Say with `when` where each is meant, or correct one of them."
        why_zh "两条规则各自可以满足，但同时适用时没有报表能满足两条，总有一条被违反。请用 when 写明各自适用的情形，或改正其中一条。"
        wrong "table: t01
title: A
fields:
  - calls: {label: Calls, type: count}
  - manual: {label: Answered, type: count}
rules:
  - few: {check: manual + calls <= 9}
  - many: {check: calls >= 10}"
        right "table: t01
title: A
fields:
  - calls: {label: Calls, type: count}
  - manual: {label: Answered, type: count}
rules:
  - few: {check: manual + calls <= 9}
  - many: {check: calls >= 5}"
    }
}
