//! `formwright completions`

use super::{FINE, Outcome};
use clap::CommandFactory;

/// Print completions for a shell
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  formwright completions bash > ~/.local/share/bash-completion/completions/formwright"
)]
pub struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub fn run(args: &Args) -> Outcome {
    let mut buffer = Vec::new();
    clap_complete::generate(args.shell, &mut super::Args::command(), "formwright", &mut buffer);
    super::out(&String::from_utf8_lossy(&buffer));
    Ok(FINE)
}
