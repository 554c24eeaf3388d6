//! What was played as files, and another program that counts them again.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use kyojo_tests::network::binaries;
use ledger_types::operation::MerchantClass;
use node_api::body::{ProgrammeBody, SupplyBody};
use node_api::query::ByRead;
use node_client::Reader;
use serde_json::{Value, json};

use super::letters::Letters;
use super::town::{PROGRAMME, Town};

/// What `format` of the journal says.
const FORMAT: &str = "kyojo/programme-log/1";

impl Town {
    /// Exports a drawn round as anybody does, with the published lists.
    pub(crate) fn export(&self, letters: &Letters, out: &Path) -> anyhow::Result<Vec<PathBuf>> {
        let (lists, home) = (letters.publish(out)?, tempfile::tempdir()?);
        let mut files = Vec::new();
        for round in 1..=2_u16 {
            let file = out.join(format!("round-{round}.json"));
            let mut command = Command::new(binaries()?.join("kyojo"));
            command.args(["lottery", "export", &PROGRAMME.to_string(), &round.to_string()]);
            for list in &lists {
                command.arg("--list").arg(list);
            }
            let output = command
                .arg("--out")
                .arg(&file)
                .args(["--json", "--node", &self.network.url(1)])
                .env("HOME", home.path())
                .env("XDG_CONFIG_HOME", home.path())
                .env("XDG_DATA_HOME", home.path())
                .output()
                .context("kyojo does not start")?;
            ensure!(
                output.status.success(),
                "kyojo lottery export: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            files.push(file);
        }
        Ok(files)
    }

    /// Writes what everybody did, and what the ledger says of it.
    pub(crate) async fn write_journal(
        &self,
        file: &Path,
        programme: &ProgrammeBody,
        supply: (&SupplyBody, &SupplyBody),
    ) -> anyhow::Result<()> {
        let shop =
            |shop: &super::books::Shop| json!({"holder": shop.holder, "class": shop.class.name()});
        let shops: Vec<Value> = self.books.shops.iter().map(shop).collect();
        let coin = self.coin_of_shops().await?;
        let journal = json!({
            "format": FORMAT,
            "genesis": self.genesis(),
            "shops": shops,
            "classes": MerchantClass::ALL.iter().map(|class| class.name()).collect::<Vec<_>>(),
            "events": self.books.journal,
            "stated": {"programme": programme, "before": supply.0, "after": supply.1, "coin": coin},
        });
        Ok(std::fs::write(file, serde_json::to_string(&journal)?)?)
    }
}

impl Town {
    /// What each shop has in the zone, read by its own key.
    async fn coin_of_shops(&self) -> anyhow::Result<Vec<u64>> {
        let mut coin = Vec::with_capacity(self.books.shops.len());
        for shop in &self.books.shops {
            let holder = &self.books.holders[shop.holder];
            let key = holder.keys.first().context("a shop has a key")?.clone();
            let address = holder.account.to_address(&self.document.address_prefix);
            let reader = Reader { address: address.clone(), key };
            let body = self.engine.first().account(&address, &ByRead::default(), &reader).await?;
            let money = body.money.context("a shop has an account")?;
            coin.push(money.zones.iter().map(|zone| zone.balance.get()).sum());
        }
        Ok(coin)
    }
}

/// How many differences another program finds in the rounds and in the journal, each a line.
pub(crate) fn recount(journal: &Path, rounds: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for round in rounds {
        found.extend(run("lottery.py", std::slice::from_ref(round))?);
    }
    let all = [&[journal.to_owned()], rounds].concat();
    found.extend(run("programme.py", &all)?);
    Ok(found)
}

fn run(script: &str, files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify").join(script);
    let output = Command::new("python3").arg(&script).args(files).output();
    let output = output.context("python3 does not start")?;
    let lines: Vec<String> =
        String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    match output.status.code() {
        Some(0) if lines.is_empty() => Ok(lines),
        Some(1) if !lines.is_empty() => Ok(lines),
        code => bail!("{}: {code:?} {}", script.display(), String::from_utf8_lossy(&output.stderr)),
    }
}
