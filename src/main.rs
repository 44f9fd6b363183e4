//! The `formwright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    formwright::cli::run()
}
