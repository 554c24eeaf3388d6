//! A guardian consents for a child until the age boundary; a lost key is not taken over in silence.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::consent::{NOTICE, Visit};
use super::counter::counter;
use super::life::now;
use super::person::{Person, text};
use crate::town::Town;

/// The day of the child's birthday, so that the test sees both sides of it.
const UNTIL_THE_BOUNDARY: Duration = Duration::from_secs(25);
const WAIT: Duration = Duration::from_secs(60);

/// Someone with a new wallet and no account at a bank; their address and key towards a party.
fn newcomer(town: &Town, party: &str) -> anyhow::Result<(Person, Value)> {
    let person = Person::new(town)?;
    person.does(&["wallet", "new", "me", "--yes", "--words", "ja"])?;
    let towards = person.does(&["consent", "address", "--party", party])?;
    Ok((person, towards))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_acts_until_the_age_boundary_and_no_longer() -> anyhow::Result<()> {
    let town = Town::start(152).await?;
    let visit = Visit::begin(&town)?;
    let counter = counter(&town)?;
    let party = visit.party.as_str();
    let (child, of_child) = newcomer(&town, party)?;
    // The parent has consented to the clinic before, so the ledger knows the parent's key.
    visit.first()?;
    let parent = &visit.citizen;
    let guardian = text(&parent.does(&["consent", "address", "--party", party])?, "address")?;
    let (key, subject) = (text(&of_child, "public_key")?, text(&of_child, "address")?);
    let japan = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    let until = (now() + UNTIL_THE_BOUNDARY).to_zoned(japan);
    let until = until.strftime("%Y/%m/%d %H:%M:%S%.3f").to_string();
    let delegate = ["counter", "delegate", "--subject-key", &key, "--guardian", &guardian];
    let powers = ["--power", "grant", "--power", "withdraw", "--until", &until];
    let evidence = ["--evidence", "identity.txt", "--yes"];
    counter.does(&[&delegate[..], &powers, &evidence].concat())?;
    let on_behalf = visit.grant(&["--on-behalf-of", &subject]);
    let mistaken = text(&parent.does(&on_behalf)?, "consent")?;
    parent.write("proof.txt", "戸籍")?;
    parent.does(&["consent", "revoke", &mistaken, "--as-guardian", "proof.txt"])?;
    let consent = text(&parent.does(&on_behalf)?, "consent")?;
    let standing = |person: &Person| -> anyhow::Result<String> {
        let listed = person.does(&["consent", "ls", "--party", party])?;
        let entries = listed["consents"].as_array().cloned().unwrap_or_default();
        let found = entries.iter().find(|entry| entry["consent"] == consent.as_str()).cloned();
        text(&found.unwrap_or_default(), "standing")
    };
    assert_eq!(standing(&child)?, "given");

    let deadline = Instant::now() + WAIT;
    while standing(&child)? == "given" {
        anyhow::ensure!(Instant::now() < deadline, "the boundary never came");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(standing(&child)?, "renewal_due");
    parent.fails(&on_behalf, 6, "code-4050")?;
    // Of age, the child decides alone: again, and then no more.
    child.write("notice.txt", NOTICE)?;
    let renew = ["consent", "renew", &consent, "--party", party, "--notice-file", "notice.txt"];
    child.does(&[&renew[..], &["--notice-language", "ja", "--yes"]].concat())?;
    assert_eq!(standing(&child)?, "renewed");
    child.does(&["consent", "revoke", &consent, "--party", party])?;
    assert_eq!(standing(&child)?, "withdrawn");
    recovery(&counter, &child, &subject, &key, party)
}

/// A new key waits three days, and whoever still has the old one says so in one step.
fn recovery(
    counter: &Person,
    child: &Person,
    subject: &str,
    key: &str,
    party: &str,
) -> anyhow::Result<()> {
    let propose = ["counter", "recover", "propose", "--subject", subject, "--key", key];
    let propose = [&propose[..], &["--evidence", "identity.txt", "--yes"]].concat();
    counter.does(&propose)?;
    counter.fails(&propose, 6, "code-4073")?;
    let execute = ["counter", "recover", "execute", "--subject", subject, "--yes"];
    counter.fails(&execute, 6, "code-4076")?;
    // Whatever the child does, it is told so, and how to refuse.
    let any = ["consent", "address", "--party", party];
    let warning = &child.json(&any)?.1["warnings"][0];
    assert_eq!(warning["code"], "recovery-of-subject", "{warning}");
    let refusal = text(&warning["details"], "refuse_with")?;
    let refusal: Vec<&str> = refusal.split(' ').skip(1).collect();
    assert_eq!(refusal[..4], ["consent", "recover", "veto", "--party"]);
    child.does(&refusal)?;
    assert_eq!(child.json(&any)?.1["warnings"], serde_json::json!([]));
    counter.fails(&execute, 6, "code-4074")?;
    Ok(())
}
