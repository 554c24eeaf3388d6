//! A consent from the notice to the withdrawal, between a citizen and a clinic on two machines.

use kyojo_genesis::actors::ActorRole;
use serde_json::{Value, json};

use super::person::{Person, text};
use crate::town::Town;

pub(crate) const NOTICE: &str = "あなたのお薬手帳を、会津の薬局に見せます。\n";
const TERMS: &str = r#"[
  {"category": "お薬手帳", "purpose": "地域医療連携", "recipients": [{"type": "party", "party": 3}],
   "operations": ["consult"], "retention_days": 30, "region": "JP-07-202", "sensitive": true},
  {"category": "移動の記録", "purpose": "移動・交通", "recipients": [{"type": "party", "party": 2}],
   "operations": ["use", "analyse"], "retention_days": 7, "region": "JP-07"}
]"#;
/// The institutions' public names.
pub(crate) const DIRECTORY: &str = r#"[
  {"party": 2, "name": {"ja": "会津ひがし病院", "en": "Aizu East Hospital"},
   "address": {"ja": "会津若松市", "en": "Aizu-Wakamatsu"}, "telephone": "0242-11-1111",
   "email": "info@hospital.example", "url": "https://hospital.example/"},
  {"party": 3, "name": {"ja": "追手町薬局", "en": "Otemachi Pharmacy"},
   "address": {"ja": "会津若松市", "en": "Aizu-Wakamatsu"}, "telephone": "0242-22-2222",
   "email": "info@pharmacy.example", "url": "https://pharmacy.example/"}
]"#;

/// A citizen with a notice in hand that a clinic has published.
pub(crate) struct Visit {
    pub(crate) citizen: Person,
    pub(crate) clinic: Person,
    pub(crate) party: String,
}

impl Visit {
    pub(crate) fn begin(town: &Town) -> anyhow::Result<Self> {
        let clinic_name = "party-clinic";
        let actors = &town.actors.actors;
        let actor = actors.iter().find(|a| a.role == ActorRole::Party && a.name == clinic_name);
        let party = actor.and_then(|actor| actor.party).expect("the town has a clinic");
        let clinic = Person::actor(town, clinic_name)?;
        clinic.write("notice.ja.txt", NOTICE)?;
        let publish =
            ["consent", "publish", "--notice", "7", "--text", "ja=notice.ja.txt", "--yes"];
        assert_eq!(clinic.does(&publish)?["version"], 1);
        let citizen = Person::actor(town, "citizen-0001")?;
        citizen.write("notice.txt", NOTICE)?;
        citizen.write("terms.json", TERMS)?;
        citizen.write("institutions.json", DIRECTORY)?;
        citizen.does(&["consent", "directory", "institutions.json"])?;
        Ok(Self { citizen, clinic, party: party.to_string() })
    }

    /// The arguments of `consent grant` for the notice.
    pub(crate) fn grant<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let of_notice = ["consent", "grant", "--party", &self.party, "--notice", "7"];
        let files = ["--notice-file", "notice.txt", "--terms", "terms.json"];
        let language = ["--notice-language", "ja", "--yes"];
        [&of_notice[..], &files, &language, more].concat()
    }

    /// The citizen's first consent, signed by both on their own machines.
    pub(crate) fn first(&self) -> anyhow::Result<String> {
        let made = self.citizen.does(&self.grant(&["--out", "consent.kyojo"]))?;
        let file = std::fs::read_to_string(self.citizen.path("consent.kyojo"))?;
        self.clinic.write("consent.kyojo", &file)?;
        self.clinic.does(&["consent", "cosign", "consent.kyojo", "--yes"])?;
        text(&made, "consent")
    }

    /// How the ledger says that a consent of the citizen stands.
    pub(crate) fn standing(&self, consent: &str) -> anyhow::Result<String> {
        let listed = self.listed()?;
        let found = listed.iter().find(|entry| entry["consent"] == *consent);
        text(found.unwrap_or(&Value::Null), "standing")
    }

    fn listed(&self) -> anyhow::Result<Vec<Value>> {
        let listed = self.citizen.does(&["consent", "ls"])?;
        Ok(listed["consents"].as_array().cloned().unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_given_seen_and_withdrawn_by_its_subject() -> anyhow::Result<()> {
    let town = Town::start(66).await?;
    let visit = Visit::begin(&town)?;
    let (citizen, clinic) = (&visit.citizen, &visit.clinic);
    assert_eq!(visit.listed()?, Vec::<Value>::new());
    citizen.fails(&visit.grant(&[]), 2, "cosignature-needed")?;
    citizen.write("notice.txt", "Something else.\n")?;
    citizen.fails(&visit.grant(&["--out", "consent.kyojo"]), 10, "notice-differs")?;
    citizen.write("notice.txt", NOTICE)?;

    // The first consent goes to the clinic as a file and comes to the ledger with two signatures.
    let made = citizen.does(&visit.grant(&["--out", "consent.kyojo"]))?;
    let first = text(&made, "consent")?;
    let file = std::fs::read_to_string(citizen.path("consent.kyojo"))?;
    clinic.write("consent.kyojo", &file)?;
    citizen.fails(&["consent", "cosign", "consent.kyojo", "--yes"], 3, "not-the-controller")?;
    clinic.write("forged.kyojo", &file.replacen("\"nonce\": 0", "\"nonce\": 1", 1))?;
    clinic.fails(&["consent", "cosign", "forged.kyojo", "--yes"], 10, "bad-consent-file")?;
    clinic.does(&["consent", "cosign", "consent.kyojo", "--yes"])?;

    // From the second on the citizen's signature is enough.
    let second = text(&citizen.does(&visit.grant(&["--days", "30"]))?, "consent")?;
    let standings = |listed: &[Value], consent: &str| -> Option<String> {
        let found = listed.iter().find(|entry| entry["consent"] == *consent)?;
        found["standing"].as_str().map(str::to_owned)
    };
    let listed = visit.listed()?;
    for consent in [&first, &second] {
        assert_eq!(standings(&listed, consent).as_deref(), Some("given"), "{listed:?}");
    }
    let shown = citizen.does(&["consent", "show", &first])?;
    assert_eq!(shown["consent"]["standing"], "given");
    assert_eq!(shown["processes"][0]["purpose"], "kyojo:RegionalMedicalCoordination");

    citizen.does(&["consent", "revoke", &first])?;
    citizen.fails(&["consent", "revoke", &first], 6, "code-4014")?;
    let listed = visit.listed()?;
    assert_eq!(standings(&listed, &first).as_deref(), Some("withdrawn"));
    assert_eq!(standings(&listed, &second).as_deref(), Some("given"));
    let said = citizen.says_in_japanese(&["consent", "ls"])?;
    let parts =
        ["番号", "だれが", "使う情報", "期限", "有効", "取りやめ済み", "いつでもやめられます"];
    for part in
        [&parts[..], &["会津ひがし病院（2番）", "お薬手帳、移動の記録", &first[..8]]].concat()
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = citizen.says_in_japanese(&["consent", "show", &second])?;
    for part in
        ["状態: 有効", "何のために:地域医療連携", "追手町薬局", "いつでもやめることができます"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    let none = Person::actor(&town, "citizen-0002")?;
    assert_eq!(none.does(&["consent", "ls"])?["consents"], json!([]));
    Ok(())
}
