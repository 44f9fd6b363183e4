//! What is wrong with the arguments, in Chinese: clap says it in English only.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The whole message; `None` where clap has nothing to complain of (help, the version).
pub fn chinese(error: &clap::Error) -> Option<String> {
    let mut text = format!("错误：{}\n", complaint(error)?);
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    if let Some(meant) = suggested.into_iter().find_map(|kind| error.get(kind)) {
        text += &format!("\n  是否指{}？\n", quoted(meant));
    }
    if let Some(usage) = error.get(ContextKind::Usage) {
        text += &format!("\n{}\n", usage.to_string().replace("Usage: ", "用法："));
    }
    Some(text + "\n更多说明请用 --help\n")
}

fn complaint(error: &clap::Error) -> Option<String> {
    let of = |kind| error.get(kind).map_or_else(String::new, quoted);
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("没有选项或参数{arg}"),
        ErrorKind::InvalidSubcommand => format!("没有命令{}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value == quoted_text("") => format!("{arg}缺少值{}", choices(error)),
        ErrorKind::InvalidValue => format!("{arg}的值不能是{value}{}", choices(error)),
        ErrorKind::ValueValidation => format!("{arg}的值{value}不对{}", cause(error)),
        ErrorKind::MissingRequiredArgument => format!("缺少{arg}"),
        ErrorKind::MissingSubcommand => "请指明命令".to_owned(),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            prior if prior.is_empty() || prior == arg => format!("{arg}只能给出一次"),
            prior => format!("{arg}不能与{prior}同用"),
        },
        ErrorKind::NoEquals => format!("{arg}要用等号给值"),
        ErrorKind::TooManyValues => format!("{arg}多给了值{value}"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{arg}的值的个数不对"),
        ErrorKind::InvalidUtf8 => "参数不是有效的 UTF-8 文字".to_owned(),
        _ => return None,
    })
}

/// The values that may be given.
fn choices(error: &clap::Error) -> String {
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(all)) if !all.is_empty() => format!("；可用的值：{}", all.join("、")),
        _ => String::new(),
    }
}

fn cause(error: &clap::Error) -> String {
    std::error::Error::source(error).map_or_else(String::new, |source| format!("：{source}"))
}

fn quoted(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.iter().map(|s| quoted_text(s)).collect::<Vec<_>>().join("、"),
        other => quoted_text(&other.to_string()),
    }
}

fn quoted_text(text: &str) -> String {
    format!("“{text}”")
}
