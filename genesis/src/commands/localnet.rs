//! `localnet`: a whole network for one machine.

use kyojo_cli::{Failure, Problem, Reply};
use kyojo_genesis::actors::NOTICE;
use kyojo_genesis::keys::DevelopmentSeed;
use kyojo_genesis::lab;
use kyojo_genesis::localnet::{LaidOut, Localnet};
use kyojo_genesis::scenario::Plan;
use network_clock::Clock;
use serde_json::json;

use crate::args;

/// Runs the command.
pub(crate) fn run(arguments: &args::Localnet) -> Result<Reply, Failure> {
    let out = std::path::absolute(&arguments.out).unwrap_or_else(|_| arguments.out.clone());
    let now = Clock::real().now();
    let lab = lab::section(arguments.lab.lab_rate, arguments.lab.lab_start_ms, now);
    let localnet = Localnet {
        plan: Plan {
            seed: DevelopmentSeed::new(arguments.seed),
            validators: arguments.validators,
            banks: arguments.banks,
            citizens: arguments.citizens,
            merchants: arguments.merchants,
            issue_allowance: arguments.issue_allowance,
            net_debit_cap: arguments.net_debit_cap,
            allowances_times: arguments.allowances_times.get(),
            lab,
            lotteries: arguments.lab.lotteries(),
        },
        out,
        base_port: arguments.base_port,
        further_accounts: arguments.accounts_file_count,
    };
    let laid_out = localnet.write()?;
    Ok(Reply {
        data: data(&laid_out),
        text: text(&laid_out),
        warnings: vec![Problem::new("development-only", NOTICE)],
        next: laid_out
            .nodes
            .iter()
            .take(1)
            .map(|node| format!("kyojo-node start --home {}", node.home.display()))
            .collect(),
    })
}

fn data(laid_out: &LaidOut) -> serde_json::Value {
    let nodes: Vec<_> = laid_out
        .nodes
        .iter()
        .map(|node| {
            json!({
                "home": node.home,
                "consensus_port": node.ports.consensus,
                "gossip_port": node.ports.gossip,
                "api_port": node.ports.api,
                "api": format!("http://127.0.0.1:{}", node.ports.api),
            })
        })
        .collect();
    json!({
        "genesis_hash": laid_out.genesis_hash,
        "accounts": laid_out.accounts,
        "supply": laid_out.supply,
        "nodes": nodes,
    })
}

fn text(laid_out: &LaidOut) -> String {
    let mut lines = vec![laid_out.genesis_hash.to_string()];
    for node in &laid_out.nodes {
        lines.push(format!("{} http://127.0.0.1:{}", node.home.display(), node.ports.api));
    }
    lines.join("\n")
}
