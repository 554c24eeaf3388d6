//! What was played as files, and another program that counts them again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail, ensure};
use kyojo_tests::network::binaries;
use ledger_types::Height;
use ledger_types::operation::MerchantClass;
use node_api::body::{ProgrammeBody, SupplyBody};
use node_api::query::ByRead;
use node_client::Reader;
use serde_json::{Value, json};

use super::books::Shop;
use super::founding::ZONE;
use super::letters::Letters;
use super::noted::Fees;
use super::town::{PROGRAMME, Town};

/// What `format` of the journal says.
const FORMAT: &str = "kyojo/programme-log/2";

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

    /// Writes what everybody did, and what the ledger says of it: of the programme before and after it was
    /// closed, of the supply before and after all of it, of the zone, and of what each knows of itself.
    pub(crate) async fn write_journal(
        &self,
        file: &Path,
        [open, closed]: [&ProgrammeBody; 2],
        (before, after): (&SupplyBody, &SupplyBody),
    ) -> anyhow::Result<()> {
        let shop = |shop: &Shop| json!({"holder": shop.holder, "class": shop.class.name()});
        let shops: Vec<Value> = self.books.shops.iter().map(shop).collect();
        let mut coin = Vec::with_capacity(self.books.shops.len());
        for shop in &self.books.shops {
            coin.push(self.coin_of(shop.holder).await?);
        }
        let (mut recipients, mut shared) = (BTreeMap::new(), BTreeMap::new());
        for holder in self.books.fees.iter().flat_map(Fees::recipients) {
            recipients.insert(self.reader(holder)?.address, holder);
            shared.insert(holder.to_string(), self.coin_of(holder).await?);
        }
        let zone = self.engine.first().zone(ZONE).await?;
        let journal = json!({
            "format": FORMAT,
            "genesis": self.genesis(),
            "shops": shops,
            "classes": MerchantClass::ALL.iter().map(|class| class.name()).collect::<Vec<_>>(),
            "recipients": recipients,
            "funded": self.books.funded,
            "ends": {"use": closed.use_until.get().as_millis(), "refunds": closed.refund_until.get().as_millis()},
            "times": self.times().await?,
            "events": self.books.journal,
            "stated": {
                "programme": closed, "open": open, "before": before, "after": after, "zone": zone,
                "coin": coin, "shared": shared, "payments": self.given_back().await?,
            },
        });
        Ok(std::fs::write(file, serde_json::to_string(&journal)?)?)
    }

    /// How somebody reads what is its own.
    fn reader(&self, holder: usize) -> anyhow::Result<Reader> {
        let holder = &self.books.holders[holder];
        let key = holder.keys.first().context("everybody has a key")?.clone();
        Ok(Reader { address: holder.account.to_address(&self.document.address_prefix), key })
    }

    /// What somebody has in the zone, read by its own key.
    async fn coin_of(&self, holder: usize) -> anyhow::Result<u64> {
        let reader = self.reader(holder)?;
        let address = reader.address.clone();
        let body = self.engine.first().account(&address, &ByRead::default(), &reader).await?;
        let money = body.money.context("it has an account")?;
        Ok(money.zones.iter().map(|zone| zone.balance.get()).sum())
    }

    /// The payments of which something was given back, as the ledger tells their shops.
    async fn given_back(&self) -> anyhow::Result<Vec<Value>> {
        let mut payments = Vec::new();
        for sale in &self.books.sales {
            if sale.payment.left() < sale.payment.amount {
                let reader = self.reader(self.books.shops[sale.shop].holder)?;
                let payment = self.engine.first().payment(&sale.number, &reader).await?;
                let time = payment.time.get().as_millis();
                payments.push(json!({"time": time, "payment": payment}));
            }
        }
        Ok(payments)
    }

    /// The times of the blocks in which something was given back.
    async fn times(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        let gives_back = |event: &&Value| event["kind"] == "refund" || event["kind"] == "void";
        let events = self.books.journal.iter().filter(gives_back);
        let heights: BTreeSet<u64> = events.filter_map(|event| event["height"].as_u64()).collect();
        let mut times = BTreeMap::new();
        for height in heights {
            let block = self.engine.first().block(Height::new(height)).await?;
            times.insert(height.to_string(), block.time.get().as_millis());
        }
        Ok(times)
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
