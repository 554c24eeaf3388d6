//! The operators of four companies: from `init` to voting, twenty mistakes, and what becomes of a network
//! whose machines are lost, copied, or down.
//!
//! Everything is typed as an operator types it, into the programs that operators have; where a mistake is
//! one of a text editor or of a shell, it is made in the file. What counts as named has its place, its
//! reason and its remedy in one message of the program, and the exit code that the manual says.

mod bench;
mod bodies;
mod disk;
mod drills;
mod founders;
mod running;

use std::time::Instant;

use kyojo_tests::founding::COMPANIES;
use serde::Serialize;

use bench::{Bench, Mistake};

/// What came of it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    scenario: &'static str,
    companies: usize,
    /// Commands that were typed until all companies voted.
    steps: usize,
    /// Until then, in seconds.
    voting_after: f64,
    /// Until then; peers are written by `kyojo-node join` too.
    files_edited_by_hand: usize,
    mistakes: usize,
    named: usize,
    list: Vec<Mistake>,
    /// What is none: a configuration as another system's editor saves it.
    byte_order_mark_and_crlf_understood: bool,
    restore: drills::Restore,
    duplicate_key: Vec<drills::Duplicate>,
    two_down: drills::TwoDown,
    all_down: drills::AllDown,
    seconds: f64,
}

pub(crate) async fn play() -> anyhow::Result<Report> {
    let began = Instant::now();
    let mut bench = Bench::new()?;
    let mut list = founders::mistakes(&bench)?;
    let steps = bench.found().await?;
    bench.stop_ours().await?;
    let backed_up_at = drills::back_up(&bench).await?;
    list.extend(bodies::mistakes(&bench)?);
    list.extend(disk::mistakes(&bench)?);
    list.extend(running::mistakes(&bench).await?);
    let understood = bodies::is_understood_as_others_save_it(&bench)?;
    let restore = drills::restore(&mut bench, backed_up_at).await?;
    let duplicate_key = drills::duplicate_keys(&mut bench).await?;
    let two_down = drills::two_down(&mut bench).await?;
    let all_down = drills::all_down(&mut bench).await?;
    Ok(Report {
        scenario: "operator",
        companies: COMPANIES.len(),
        steps: steps.typed,
        voting_after: steps.seconds,
        files_edited_by_hand: steps.edited,
        mistakes: list.len(),
        named: list.iter().filter(|mistake| mistake.named).count(),
        list,
        byte_order_mark_and_crlf_understood: understood,
        restore,
        duplicate_key,
        two_down,
        all_down,
        seconds: began.elapsed().as_secs_f64(),
    })
}

impl Report {
    pub(crate) fn holds(&self) -> bool {
        self.mistakes == self.named
            && self.files_edited_by_hand == 0
            && self.byte_order_mark_and_crlf_understood
            && self.restore.holds()
            && self.duplicate_key.iter().all(drills::Duplicate::holds)
            && self.two_down.holds()
            && self.all_down.holds()
    }

    pub(crate) fn text(&self) -> String {
        let founded = format!(
            "{} companies from init to voting: {} commands, {:.1} s, {} files edited by hand",
            self.companies, self.steps, self.voting_after, self.files_edited_by_hand
        );
        let named = format!("mistakes: {}, named: {}", self.mistakes, self.named);
        let mut lines = vec![founded, named];
        lines.extend(self.list.iter().map(Mistake::text));
        lines.push(self.restore.text());
        lines.extend(self.duplicate_key.iter().map(drills::Duplicate::text));
        lines.extend([self.two_down.text(), self.all_down.text()]);
        lines.push(format!("{:.0} s in all", self.seconds));
        lines.join("\n")
    }
}
