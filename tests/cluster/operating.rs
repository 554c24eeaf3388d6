//! The operators' manual, each of its steps run as it stands.

use anyhow::{Context as _, ensure};
use kyojo_tests::manual::{Machines, steps};
use kyojo_tests::network::binaries;
use ledger_types::SigningKey;

/// The machines of the manual, with the company of each and the last part of its address.
const MACHINES: [(&str, &str, u8); 5] = [
    ("alpha", "Company A", 1),
    ("beta", "Company B", 2),
    ("gamma", "Company C", 3),
    ("delta", "Company D", 4),
    ("epsilon", "Company D", 5),
];

fn key(seed: u8) -> String {
    SigningKey::from_seed(&[seed; 32]).public_key().to_string()
}

#[test]
fn every_step_of_the_manual_does_what_it_says() -> anyhow::Result<()> {
    let manual = steps(include_str!("../../node/OPERATING.md"))?;
    let machines = Machines::new(binaries()?)?;
    let own = |machine: &str| {
        let known = MACHINES.iter().find(|(name, _, _)| *name == machine);
        let (company, last) = known.map_or(("", 0), |(_, company, last)| (*company, *last));
        vec![
            ("COMPANY", company.to_owned()),
            ("ADDRESS", machines.address(last)),
            ("BANK_KEY", key(1)),
            ("OFFICE_KEY", key(2)),
        ]
    };
    let mut headings = Vec::new();
    for step in &manual {
        machines.run(step, own).with_context(|| step.heading.clone())?;
        headings.push(step.heading.as_str());
    }
    headings.dedup();
    let expected = [
        "Found a network",
        "Start and stop",
        "Back up",
        "Restore",
        "Replace a machine",
        "Make room",
    ];
    ensure!(headings == expected, "{headings:?}");
    Ok(())
}
