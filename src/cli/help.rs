//! The help in Chinese: what clap prints, with its texts exchanged.

use crate::diag::Lang;
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::ffi::OsString;

/// A command: its name, what it does, and what its arguments are.
type Texts = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What each command does, and its arguments.
const TEXTS: &[Texts] = &[
    ("", "声明式表单编译器：一份源文件，一个结论", &[("lang", "消息语言：en 或 zh（默认按系统语言）")]),
    (
        "build",
        "将调查编译到 generated/<调查>/",
        &[
            ("survey", "调查的文件夹或 survey.yaml（默认：schemas/ 下的全部调查）"),
            ("target", "只生成这个目标（可多次给出）"),
            ("out", "生成到哪里"),
            ("check", "不写入；逐一指出过期的文件，退出码为 1"),
            ("deny", "遇到 warnings、weaker:目标 或 absent:目标 时失败（可多次给出）"),
            ("quiet", "只报告问题"),
        ],
    ),
    (
        "check",
        "一次报告源文件的全部问题",
        &[
            ("survey", "调查的文件夹或 survey.yaml（默认：schemas/ 下的全部调查）"),
            ("format", "问题的写法"),
            ("deny", "warnings：有警告时退出码也为 1"),
        ],
    ),
    (
        "validate",
        "按全部规则审核报送",
        &[
            ("files", "报送：.json，或每行一份的 .jsonl；也可给文件夹；`-` 为标准输入"),
            ("survey", "调查（默认：报送中写明、位于 schemas/ 下的那个）"),
            ("draft", "一律按草稿审核：未填不算问题"),
            ("context", "外部数据，JSON 文件"),
            ("previous", "上期报送，或每行一个填报单位的 JSON Lines；调查声明多个时写 名称=文件"),
            ("format", "结果的写法"),
            ("deny", "warnings：有警告时退出码也为 1"),
            ("lines", "不论文件名，一律按 JSON Lines 读取"),
        ],
    ),
    (
        "migrate",
        "按调查声明的改名（was:）转换旧版本的报送",
        &[
            ("files", "报送：.json，或每行一份的 .jsonl；也可给文件夹；`-` 为标准输入"),
            ("survey", "调查（默认：报送中写明、位于 schemas/ 下的那个）"),
            ("out", "结果写到哪里（默认：标准输出）；多份报送时每行写一份"),
            ("lines", "不论文件名，一律按 JSON Lines 读取"),
        ],
    ),
    (
        "test",
        "运行设计者自己的测试，并指出没有测试触及的规则",
        &[
            ("survey", "调查的文件夹或 survey.yaml（默认：schemas/ 下的全部调查）"),
            (
                "suggest",
                "打印可粘贴到表旁的测试：对没有测试违反的每条规则（或指定的规则），各给一份满足、违反、待定的报表",
            ),
        ],
    ),
    (
        "eval",
        "计算规则语言的表达式",
        &[
            ("expr", "表达式"),
            (
                "input",
                "按名称给出的输入，带类型：null、true、{\"number\": \"1.50\"}、{\"string\": \"x\"}、{\"date\": \"2015-06-30\"}、列表、{\"context\": {…}}",
            ),
            ("batch", "从标准输入读取 JSON Lines {\"expr\", \"inputs\"}，每行输出一个结果"),
        ],
    ),
    ("explain", "解释一个诊断代码，附错误与正确的例子", &[("code", "代码或名称；不给则列出全部")]),
    ("schema", "输出 YAML 源文件的 JSON Schema，供编辑器使用", &[]),
    (
        "targets",
        "列出目标，以及各目标能表达多少规则",
        &[("survey", "调查的文件夹或 survey.yaml（默认：schemas/ 下的全部调查）")],
    ),
    (
        "dump",
        "显示编译器的某个阶段",
        &[("stage", "阶段"), ("survey", "调查的文件夹或 survey.yaml（默认：schemas/ 下的全部调查）")],
    ),
    ("completions", "输出 shell 的补全脚本", &[("shell", "哪种 shell")]),
];

/// The command line with its help in a language.
pub fn command(lang: Lang) -> Command {
    let command = super::Args::command();
    if lang == Lang::En {
        return command;
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let version = flag("version", 'V', "显示版本").action(ArgAction::Version);
    let command = translated(command, "").subcommand_help_heading("命令").disable_help_subcommand(true);
    let command = command.disable_version_flag(true).arg(version);
    let command = command.subcommand(Command::new("help").about("显示帮助，或某个命令的帮助"));
    names.iter().fold(command, |command, name| command.mut_subcommand(name, |c| translated(c, name)))
}

/// The arguments with `help COMMAND` as `COMMAND --help` in Chinese: clap's own `help` cannot be put in other words.
pub fn arguments(lang: Lang, given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut all: Vec<OsString> = given.collect();
    let is_value = |at: usize| all.get(at.wrapping_sub(1)).is_some_and(|a| a == "--lang");
    let first = (1..all.len())
        .find(|at| !is_value(*at) && all.get(*at).is_some_and(|a| !a.to_string_lossy().starts_with('-')));
    if let Some(at) = first.filter(|at| lang == Lang::Zh && all.get(*at).is_some_and(|a| a == "help")) {
        all.remove(at);
        all.push("--help".into());
    }
    all
}

fn flag(name: &'static str, short: char, help: &'static str) -> Arg {
    Arg::new(name).short(short).long(name).help(help).help_heading("选项")
}

fn translated(command: Command, name: &str) -> Command {
    let Some((_, about, args)) = TEXTS.iter().find(|t| t.0 == name) else { return command };
    let examples = command.get_after_help().map(|h| {
        let text = h.to_string().replace("Examples:", "例：").replace("Example:", "例：");
        let indented = |line: &str| line.starts_with("  ") && !line.starts_with("   ");
        let prose = |line: &&str| line.is_empty() || indented(line) || line.starts_with("例：");
        text.lines().filter(prose).collect::<Vec<_>>().join("\n")
    });
    let mut command =
        command.about(*about).help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}");
    if let Some(examples) = examples {
        command = command.after_help(examples.trim_end().to_owned());
    }
    command = command.disable_help_flag(true).arg(flag("help", 'h', "显示帮助").action(ArgAction::Help));
    command.mut_args(|arg| {
        let heading = if arg.is_positional() { "参数" } else { "选项" };
        let help = args.iter().find(|a| a.0 == arg.get_id().as_str()).map(|a| a.1);
        let arg = arg.help_heading(heading);
        match help {
            Some(help) => arg.help(help),
            None => arg,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_its_chinese() {
        let command = crate::cli::Args::command();
        for one in std::iter::once(&command).chain(command.get_subcommands()) {
            let name = if one.get_name() == "formwright" { "" } else { one.get_name() };
            let (_, about, args) = TEXTS.iter().find(|t| t.0 == name).unwrap_or_else(|| panic!("{name}"));
            assert!(!about.is_empty());
            for arg in one.get_arguments().map(|a| a.get_id().as_str()) {
                assert!(args.iter().any(|a| a.0 == arg), "{name} {arg}");
            }
            assert!(one.get_after_help().is_some(), "{name} has no examples");
        }
    }
}
