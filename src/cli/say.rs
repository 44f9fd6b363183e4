//! The sentences of the command line, in English and Chinese.

use crate::diag::{Lang, fill};

/// A sentence in both languages; `{name}` stands for an argument.
#[derive(Debug)]
pub struct Say {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl Say {
    /// The sentence with its arguments, still in both languages.
    pub fn with(&self, args: &[(&str, &str)]) -> Words {
        Words { en: fill(self.en, args), zh: fill(self.zh, args) }
    }

    /// The sentence in one language.
    pub fn text(&self, lang: Lang, args: &[(&str, &str)]) -> String {
        self.with(args).text(lang).to_owned()
    }
}

/// What is said, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Words {
    /// In one language.
    pub fn text(&self, lang: Lang) -> &str {
        if lang == Lang::Zh { &self.zh } else { &self.en }
    }

    /// Behind a place, as `file:1:2: …`.
    pub fn at(self, place: &str) -> Words {
        Words { en: format!("{place}: {}", self.en), zh: format!("{place}：{}", self.zh) }
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Words { en: text.clone(), zh: text }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Words::from(text.to_owned())
    }
}

fn fill(template: &str, args: &[(&str, &str)]) -> String {
    fill::fill(template, |name| Some(args.iter().find(|a| a.0 == name).map_or("", |a| a.1)))
}

/// How far a run over returns is; `total` 0: it is not known how many bytes there are.
pub fn returns(lang: Lang, done: u64, bytes: u64, total: u64) -> String {
    let percent = match (bytes * 100).checked_div(total) {
        Some(percent) => format!(" · {}%", percent.min(100)),
        None => format!(" · {} MB", bytes >> 20),
    };
    PROGRESS.text(lang, &[("done", &done.to_string()), ("percent", &percent)])
}

macro_rules! sentences {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(#[doc = $en] pub const $name: Say = Say { en: $en, zh: $zh };)*
        /// Every sentence by name, for the test that both languages take the same arguments.
        #[cfg(test)]
        const ALL: &[(&str, Say)] = &[$((stringify!($name), $name)),*];
    };
}

sentences! {
    DEAD_LINK: "it is a link that leads nowhere", "它是无处可通的链接";
    NO_PLAIN_FILE: "it is a device or pipe, not a file", "它是设备或管道，不是文件";
    NO_NEW_FILE: "nothing can be made in it", "其中不能新建内容";
    WRITE_PROTECTED: "the file is read-only", "文件只读";
    NO_FOLDER: "it is not a folder", "它不是文件夹";
    SYSTEM: "the system says: {reason}", "系统报告：{reason}";
    NO_SURVEY_IN: "there is no survey.yaml in {path}", "{path} 中没有 survey.yaml";
    NO_SURVEYS: "there is no survey under schemas/ (a folder with a survey.yaml); name one, or run this where schemas/ is", "schemas/ 下没有调查（含 survey.yaml 的文件夹）；请指明调查，或在 schemas/ 所在的文件夹运行";
    OUTSIDE: "{path} is a link that leads out of {root}; a survey reads nothing outside its schemas/ folder", "{path} 是指向 {root} 之外的链接；调查不读取 schemas/ 文件夹之外的文件";
    SOURCE_SIZE: "{path} has {size} bytes; the limit of a source file is {limit} bytes", "{path} 有 {size} 字节；源文件的限制是 {limit} 字节";
    SURVEY_ERRORS: "{path} has errors ({count}); nothing was done", "{path} 有 {count} 个错误；未执行";
    RETURN_SIZE: "over the limit of {limit} bytes for one return", "超出限制：一份报送最多 {limit} 字节";
    LINE_SIZE: "the line is over the limit of {limit} bytes", "该行超出限制：最多 {limit} 字节";
    NOT_HERE: "a file of this kind is not read here; give .json, .jsonl or .ndjson", "此处不读取这类文件；请给出 .json、.jsonl 或 .ndjson";
    NO_RETURNS: "there is no .json, .jsonl or .ndjson file in it", "其中没有 .json、.jsonl 或 .ndjson 文件";
    TOO_DEEP: "over the limit of {limit} folders within each other", "超出限制：文件夹最多嵌套 {limit} 层";
    WHICH_SURVEY: "it names no survey of these: {known}; say --survey", "其中的 survey 不是以下任何一个：{known}；请用 --survey 指明";
    NO_PREVIOUS: "the survey declares no previous return `{name}`", "调查没有声明上期报表“{name}”";
    PREVIOUS_GIVEN: "--previous {name}: this previous return has been given already", "--previous {name}：该上期报表已给出";
    PREVIOUS_TWICE: "the previous return of “{id}” stands in line {line} already", "“{id}”的上期报送已在第 {line} 行";
    PREVIOUS_TWICE_ALL: "a previous return without a respondent, which is that of all, stands in line {line} already", "第 {line} 行已有一份未写填报单位、供全体使用的上期报送";
    CONTEXT_WRONG: "{path}{pointer}: {problem}", "{path}{pointer}：{problem}";
    CHECKED: "{path}: errors {errors}, warnings {warnings}", "{path}：错误 {errors}，警告 {warnings}";
    NO_TARGET: "there is no target `{name}`; there are {known}", "没有目标“{name}”；现有：{known}";
    BAD_DENY: "--deny takes `warnings`, `weaker:TARGET` or `absent:TARGET`, not `{value}`", "--deny 可为 warnings、weaker:目标 或 absent:目标，不能是“{value}”";
    CARRIED: "{rule} is carried {status} by {target}", "{target} 对 {rule} 的表达为 {status}";
    STALE_CHANGED: "stale: {path} (differs)", "已过期：{path}（内容不同）";
    STALE_MISSING: "stale: {path} (missing)", "已过期：{path}（缺少）";
    STALE_EXTRA: "stale: {path} (not made by this source)", "已过期：{path}（不是由本源文件生成的）";
    STALE_CUT: "stale: {path} (a build was interrupted here; the files may be of two builds until the next one completes it)", "已过期：{path}（此处曾有 build 被中断；在下一次 build 补完之前，文件可能分属两次生成）";
    COMPLETED: "{path}: an earlier build was interrupted while it put its files in place ({done} of {all}); that has been completed", "{path}：之前的 build 在放置文件时被中断（{done}/{all}），已补完";
    BUILT: "{files} {files:file|files}, {changed} changed, {removed} removed: {path}", "共 {files} 个文件，更改 {changed}，删除 {removed}：{path}";
    FRESH: "{files} {files:file is|files are} up to date: {path}", "{files} 个文件均为最新：{path}";
    FOREIGN: "{path} holds files that formwright did not write, such as {file}; nothing was written: choose another --out, or move them away", "{path} 中有不是 formwright 写的文件，例如 {file}；未写入任何内容：请更换 --out 或移走这些文件";
    LINK: "{path} is a link; nothing is written through links", "{path} 是链接；不通过链接写入";
    NOT_FILE: "{path} is in the way: it is not a file", "{path} 挡住了写入：它不是文件";
    LOCKED: "another build is writing to {path}", "另一个 build 正在写入 {path}";
    WAITING: "waiting for another build that is writing to {path}", "等待另一个正在写入 {path} 的 build";
    STDOUT: "standard output: {reason}", "标准输出：{reason}";
    STDIN: "standard input: {reason}", "标准输入：{reason}";
    BAD_INPUT: "--input: {problem}", "--input：{problem}";
    NO_CODE: "there is no code `{code}`{hint}", "没有诊断代码“{code}”{hint}";
    HINT: "; did you mean {names}?", "；是否指 {names}？";
    MIGRATED: "{from} to {to}, changes {changed}", "{from} → {to}：更改 {changed} 处";
    LEFT: "not part of version {to}, kept as it was", "不属于版本 {to}，原样保留";
    NOT_FOUND: "there is no such file", "没有这个文件";
    DENIED: "permission denied", "没有权限";
    FULL: "the disk is full", "磁盘已满";
    READ_ONLY: "the file system is read-only", "文件系统只读";
    IS_FOLDER: "it is a folder", "它是文件夹";
    LONG_NAME: "the name or path is too long", "文件名或路径过长";
    STDIN_TWICE: "standard input can be read once only; it is named twice", "标准输入只能读取一次，却指定了两次";
    SAME_ID: "{first} and {second} are both the survey `{id}`; give one of them another id", "{first} 与 {second} 都是调查“{id}”；请修改其中一个的 survey";
    NOT_FOLDER: "a part of the path is not a folder", "路径中有一部分不是文件夹";
    ACCEPTED: "accepted", "可以接收";
    REFUSED: "not accepted", "不予接收";
    FINAL: "final", "定稿";
    DRAFT: "draft", "草稿";
    HEADER: "{survey} {version} (source {fingerprint}){period}; {context}", "{survey} {version}（源 {fingerprint}）{period}；{context}";
    PERIOD: ", {from} to {to}", "，{from} 至 {to}";
    NO_CONTEXT: "without context", "无外部数据";
    CONTEXT: "context: {keys}", "外部数据：{keys}";
    VERDICT: "  {verdict} (errors {errors}, warnings {warnings}, notices {notices}, settled {settled}, undecided {unknown})", "  {verdict}（错误 {errors}，警告 {warnings}，提示 {notices}，已说明或确认 {settled}，待定 {unknown}）";
    MORE: "  … the list is cut after {listed} findings; {count} more {count:is|are} counted and not listed", "  …… 清单只列前 {listed} 条；另有 {count} 条已计数，未列出";
    UNUSED: "  notice: answer {n} under `responses` counts for no finding (rule, place or values have changed)", "  提示：responses 中第 {n} 个答复不对应任何结果（规则、位置或数值已变）";
    TOTALS: "{returns} {returns:return|returns}: accepted {accepted}, not accepted {refused}, unreadable {unreadable}", "共 {returns} 份：可以接收 {accepted}，不予接收 {refused}，无法读取 {unreadable}";
    ROW: " row {n}", "第{n}行";
    TEST_MISSING: "expected, not found: {what}", "应有而没有：{what}";
    TEST_UNEXPECTED: "found, not expected: {what}: {message}", "不应有而有：{what}：{message}";
    TEST_UNREADABLE: "the test cannot be read: {problem}{pointer}", "测试无法读取：{problem}{pointer}";
    TESTS: "{path}: tests {tests}, failed {failed}; {broken} of {rules} rules fail in a test", "{path}：测试 {tests} 个，失败 {failed} 个；{rules} 条规则中有 {broken} 条在测试中被违反";
    UNTESTED: "  no test breaks {rule}", "  没有测试违反 {rule}";
    PASSES: "{rule} is fulfilled", "满足 {rule}";
    BREAKS: "{rule} is broken", "违反 {rule}";
    UNDECIDED: "{rule} is undecided", "{rule} 待定";
    SUGGESTED: "# tests of {path}", "# 测试：{path}";
    NOT_SUGGESTED: "  # no test found: {what}", "  # 未找到测试：{what}";
    NO_RULE: "there is no rule `{rule}`{hint}", "没有规则“{rule}”{hint}";
    PROGRESS: "{done} {done:return|returns}{percent}", "已处理 {done} 份{percent}";
    COMPILING: "compiling {path} ({n} of {all})", "正在编译 {path}（{n}/{all}）";
    WRITING: "writing {path} ({n} of {all})", "正在写入 {path}（{n}/{all}）";
    TESTING: "testing {path}: {n} of {all}", "正在测试 {path}：{n}/{all}";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(template: &str) -> Vec<&str> {
        let inside = template.split('{').skip(1).filter_map(|t| t.split_once('}'));
        let mut names: Vec<&str> = inside.map(|t| fill::split(t.0).0).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_take_the_same_arguments() {
        for (name, say) in ALL {
            assert_eq!(names(say.en), names(say.zh), "{name}");
            assert!(!say.en.is_empty() && !say.zh.is_empty(), "{name}");
        }
    }
}
