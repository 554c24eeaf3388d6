//! `party emergency`: emergencies in an area, by members.

use ledger_types::operation::{DeclareEmergency, EndEmergency};

use crate::commands::prelude::*;

/// `party emergency`.
#[derive(Debug, Subcommand)]
pub(crate) enum EmergencyCommand {
    /// Endorses an emergency; two members, one of them the city, put it in force.
    Declare(EmergencyDeclareArgs),
    /// Ends an emergency; by the city.
    End(EmergencyEndArgs),
}

/// `party emergency declare`.
#[derive(Debug, Args)]
pub(crate) struct EmergencyDeclareArgs {
    /// The area.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) area: u32,
    /// The last day, which counts.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
    /// File with the ground; only a salted hash of it is sent.
    #[arg(long, value_name = "FILE")]
    pub(crate) ground: PathBuf,
}

/// `party emergency end`.
#[derive(Debug, Args)]
pub(crate) struct EmergencyEndArgs {
    /// The area.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) area: u32,
}

pub(crate) async fn run(app: &App, command: EmergencyCommand) -> Result<Reply, Failure> {
    match command {
        EmergencyCommand::Declare(args) => {
            let ground = Evidence::of_file("ground", &args.ground)?;
            let until = calendar::read_until(&args.until)?;
            let area = args.area;
            let declared = DeclareEmergency { area, until, ground: ground.commitment };
            let session = Session::begin(app).await?;
            Act::new("label-act-declare", Operation::DeclareEmergency(declared))
                .line("label-disaster-area", area)
                .line("label-until", calendar::show_end(app.output.lang, until))
                .data(json!({ "area": area }))
                .evidence(None, ground)
                .by_account(app, &session)
                .await
        }
        EmergencyCommand::End(args) => {
            let area = args.area;
            let session = Session::begin(app).await?;
            Act::new("label-act-end-emergency", Operation::EndEmergency(EndEmergency { area }))
                .line("label-disaster-area", area)
                .data(json!({ "area": area }))
                .by_account(app, &session)
                .await
        }
    }
}
