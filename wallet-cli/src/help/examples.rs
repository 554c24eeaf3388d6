//! Examples of commands, as help shows them; a test parses every one.

/// Examples by command path; they need no translation.
pub(super) const EXAMPLES: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "kyojo wallet import --actors devnet/actors.json --name citizen-0001",
            "kyojo balance",
            "kyojo send citizen-0002 1,200",
        ],
    ),
    ("init", &["kyojo init", "kyojo init --node https://node.example:26602"]),
    ("wallet-new", &["kyojo wallet new hanako", "kyojo wallet new hanako --words ja"]),
    (
        "wallet-import",
        &[
            "kyojo wallet import hanako",
            "kyojo wallet import --actors devnet/actors.json --name citizen-0001",
        ],
    ),
    ("wallet-ls", &["kyojo wallet ls --json"]),
    ("wallet-show", &["kyojo wallet show hanako"]),
    ("wallet-code", &["kyojo wallet code", "kyojo wallet code hanako"]),
    ("wallet-find", &["kyojo wallet find"]),
    ("wallet-use", &["kyojo wallet use hanako"]),
    ("wallet-attach", &["kyojo wallet attach aizu1… --wallet hanako", "kyojo wallet attach"]),
    ("wallet-backup", &["kyojo wallet backup hanako --out words.txt"]),
    ("wallet-close", &["kyojo wallet close --wallet hanako"]),
    ("wallet-rotate", &["kyojo wallet rotate", "kyojo wallet rotate --new-words"]),
    ("balance", &["kyojo balance", "kyojo balance --json"]),
    (
        "send",
        &[
            "kyojo send aizu1… 1200",
            "kyojo send taro 1,200円 --reference 'INV-17' --yes",
            "kyojo send --file rows.csv --batch 2026-11",
        ],
    ),
    (
        "pay",
        &[
            "kyojo pay みそ屋 850",
            "kyojo pay aizu1… 850 --zone 1",
            "kyojo pay '000201…' 850",
            "kyojo pay --qr code.png --cash 300",
        ],
    ),
    ("voucher-ls", &["kyojo voucher ls", "kyojo voucher ls --json"]),
    (
        "voucher-apply",
        &[
            "kyojo voucher apply 7 --letter letter.json",
            "kyojo voucher apply 7 --letter hanako.json --letter taro.json --sets 2",
        ],
    ),
    ("voucher-buy", &["kyojo voucher buy 7", "kyojo voucher buy 7 --sets 2"]),
    ("redeem", &["kyojo redeem 5000", "kyojo redeem --cancel 3f9a…"]),
    ("history", &["kyojo history --limit 50"]),
    ("receipt", &["kyojo receipt 3f9a…", "kyojo receipt 3f9a… --proof receipt.json"]),
    (
        "consent-grant",
        &[
            "kyojo consent grant --party 1 --notice 1 --notice-file notice.txt --terms terms.json \
             --out consent.kyojo",
            "kyojo consent grant --party 1 --notice 1 --notice-file notice.txt --category お薬手帳 \
             --purpose 地域医療連携 --recipient 3 --operation consult --sensitive",
        ],
    ),
    ("consent-cosign", &["kyojo consent cosign consent.kyojo --wallet clinic"]),
    (
        "consent-ls",
        &["kyojo consent ls", "kyojo consent ls --party 1", "kyojo consent ls --search"],
    ),
    ("consent-show", &["kyojo consent show 3f9a", "kyojo consent show 3f9a --proof proof.json"]),
    (
        "consent-publish",
        &["kyojo consent publish --notice 1 --text ja=notice.ja.txt --text en=notice.en.txt"],
    ),
    ("consent-revoke", &["kyojo consent revoke 3f9a"]),
    (
        "consent-amend",
        &["kyojo consent amend 3f9a --take-out 2 --recipient 1=emergency --until 2027-03-31"],
    ),
    ("consent-renew", &["kyojo consent renew 3f9a --notice-file notice.txt"]),
    ("consent-suspend", &["kyojo consent suspend 3f9a"]),
    ("consent-history", &["kyojo consent history 3f9a"]),
    ("consent-who-used", &["kyojo consent who-used", "kyojo consent who-used 3f9a"]),
    (
        "consent-reconsent-answer",
        &[
            "kyojo consent reconsent answer 51bc… --accept 3f9a --refuse 77d0 --notice-file notice.txt",
        ],
    ),
    (
        "consent-export",
        &[
            "kyojo consent export 3f9a --format fhir",
            "kyojo consent export 3f9a --proof --out c.json",
        ],
    ),
    ("consent-disclose", &["kyojo consent disclose 3f9a --process 1 --out process.json"]),
    ("consent-address", &["kyojo consent address --party 1"]),
    ("consent-words", &["kyojo consent words 薬"]),
    ("consent-request-erase", &["kyojo consent request erase --party 1 --file request.txt"]),
    (
        "counter-grant",
        &["kyojo counter grant --party 1 --notice 1 --notice-file notice.txt --terms terms.json \
           --form form.pdf --slip slip.html"],
    ),
    ("counter-withdraw", &["kyojo counter withdraw 3f9a… --evidence identity.pdf"]),
    (
        "counter-register",
        &["kyojo counter register --subject aizu1… --form form.pdf --until 2027-03-31"],
    ),
    ("counter-hasten", &["kyojo counter hasten 3f9a… --evidence surgery.pdf"]),
    ("counter-recover-veto", &["kyojo counter recover veto --subject aizu1…"]),
    (
        "counter-stop-opt-out",
        &["kyojo counter stop-opt-out --party 1 --scheme 1 --person 3f9a… --evidence kinship.pdf"],
    ),
    (
        "counter-delegate",
        &["kyojo counter delegate --subject-key ed25519:… --guardian aizu1… --power grant \
           --power withdraw --until 2034-04-01 --evidence register.pdf"],
    ),
    (
        "counter-recover-propose",
        &["kyojo counter recover propose --subject aizu1… --key ed25519:… --evidence identity.pdf"],
    ),
    (
        "party-update",
        &["kyojo party update --party 2 --role controller --role counter --wallet registrar"],
    ),
    ("party-duties", &["kyojo party duties --wallet clinic"]),
    (
        "party-access-consent",
        &["kyojo party access consent process.json --holder 2 --wallet pharmacy"],
    ),
    (
        "party-acknowledge",
        &["kyojo party acknowledge 3f9a… --stopped 2026-11-22 --deleted --told 3"],
    ),
    (
        "party-record-use",
        &["kyojo party record use access.json --disclosure 77d0… --wallet clinic"],
    ),
    (
        "party-record-hourly",
        &[
            "kyojo party record hourly disclosed.txt --half holder --with 3 --hour 2026-11-22T17:00 \
           --access access.json",
        ],
    ),
    ("party-name-holder", &["kyojo party name-holder access.json --wallet pharmacy"]),
    (
        "party-break-glass",
        &["kyojo party break-glass --person person.json --scope scope.txt --ground ground.txt"],
    ),
    (
        "party-dividend",
        &["kyojo party dividend rows.csv --party 1 --terms 1 --month 2026-11 --wallet city"],
    ),
    (
        "party-emergency-declare",
        &["kyojo party emergency declare --area 7 --until 2026-11-30 --ground warning.txt"],
    ),
    (
        "audit-view-grant",
        &[
            "kyojo audit view grant --auditor 6 --controller 2 --until 2027-03-31 --ground ground.txt",
        ],
    ),
    ("audit-account", &["kyojo audit account aizu1… --view 51bc…"]),
    ("audit-consent", &["kyojo audit consent 3f9a… --subject aizu1… --view 51bc…"]),
    ("audit-prove", &["kyojo audit prove --transaction 3f9a… --out proof.json"]),
    ("audit-report", &["kyojo audit report --party 2 --from 2026-11-01 --to 2026-11-30"]),
    (
        "bank-account-open",
        &[
            "kyojo bank account open --wallet bank --code code.txt --holder-file holder.json",
            "kyojo bank account open --wallet bank --key ed25519:… --holder-file holder.json",
        ],
    ),
    (
        "bank-issue",
        &[
            "kyojo bank issue aizu1… 10000 --core-ref 2026-11-22/17 --wallet bank",
            "kyojo bank issue aizu1… 10000 --core-ref 2026-11-22/17 --wallet maker --checker checker",
            "kyojo bank issue --file issues.csv --batch 2026-11-22 --wallet bank",
        ],
    ),
    ("bank-reference", &["kyojo bank reference 2026-11-22/17 --wallet bank"]),
    (
        "bank-freeze",
        &["kyojo bank freeze aizu1… --direction out --basis attachment --evidence order.pdf \
           --until 2027-03-31 --wallet bank"],
    ),
    (
        "bank-limits-set",
        &[
            "kyojo bank limits set aizu1… --per-day 100000 --per-month 300000 --wallet bank",
            "kyojo bank limits set aizu1… --as-level --wallet bank",
        ],
    ),
    ("bank-limits-show", &["kyojo bank limits show aizu1… --wallet bank"]),
    ("bank-account-close", &["kyojo bank account close aizu1… --wallet bank"]),
    ("bank-deceased-mark", &["kyojo bank deceased mark aizu1… --evidence death.pdf --wallet bank"]),
    (
        "bank-deceased-correct",
        &["kyojo bank deceased correct aizu1… --evidence alive.pdf --wallet bank"],
    ),
    (
        "bank-estate",
        &["kyojo bank estate aizu1… aizu1… 120000 --evidence heirs.pdf --wallet maker \
           --checker checker"],
    ),
    (
        "bank-recover-propose",
        &[
            "kyojo bank recover propose aizu1… --key ed25519:… --evidence identity.pdf --wallet bank",
        ],
    ),
    (
        "bank-allowance",
        &["kyojo bank allowance aizu1… --burst 4000 --per-minute 600 --until 2026-12-31 \
           --wallet bank"],
    ),
    ("bank-redeem-ls", &["kyojo bank redeem ls --wallet bank"]),
    (
        "bank-redeem-claim",
        &[
            "kyojo bank redeem claim 3f9a… --wallet bank",
            "kyojo bank redeem claim 3f9a… --until 2027/3/31 --wallet bank",
        ],
    ),
    ("bank-redeem-settle", &["kyojo bank redeem settle 3f9a… --wallet bank"]),
    ("bank-cycle-ls", &["kyojo bank cycle ls"]),
    ("bank-cycle-show", &["kyojo bank cycle show", "kyojo bank cycle show 3 --json"]),
    ("bank-cycle-confirm", &["kyojo bank cycle confirm 3 --reference 20261130-0017 --wallet bank"]),
    (
        "operator-cycle-close",
        &["kyojo operator cycle close --wallet operator", "kyojo operator cycle close 4 --yes"],
    ),
    (
        "operator-cycle-fail",
        &["kyojo operator cycle fail 3 --cause unpaid --evidence minutes.pdf --wallet operator"],
    ),
    ("merchant-register", &["kyojo merchant register aizu1… --zone 1 --class local"]),
    ("merchant-qr", &["kyojo merchant qr", "kyojo merchant qr --latin MISOYA --png code.png"]),
    (
        "merchant-terminal-add",
        &[
            "kyojo merchant terminal add 1",
            "kyojo merchant terminal add 2 --rights request,void,refund --per-refund 5000 \
             --per-day 20000",
        ],
    ),
    ("merchant-terminal-ls", &["kyojo merchant terminal ls"]),
    ("merchant-terminal-export", &["kyojo merchant terminal export 1 --file till-1.json"]),
    ("merchant-terminal-import", &["kyojo merchant terminal import till-1.json"]),
    ("merchant-terminal-end", &["kyojo merchant terminal end 1"]),
    (
        "merchant-request",
        &[
            "kyojo merchant request 850 --terminal 1",
            "kyojo merchant request 1200 --terminal 1 --eligible 1000 --except 2=600 --takes-cash",
            "kyojo merchant request 1080 --terminal 1 --receipt receipt.json --png code.png",
        ],
    ),
    ("merchant-cancel", &["kyojo merchant cancel '000201…' --terminal 1"]),
    (
        "merchant-refund",
        &["kyojo merchant refund 0f3a 300", "kyojo merchant refund 0f3a 300 --terminal 2"],
    ),
    ("merchant-void", &["kyojo merchant void 0f3a", "kyojo merchant void 0f3a --terminal 2"]),
    ("merchant-payments", &["kyojo merchant payments --last 0f3a"]),
    ("book", &["kyojo book add 山田 aizu1…", "kyojo send 山田 500"]),
    ("book-add", &["kyojo book add 山田 aizu1…"]),
    ("directory-fetch", &["kyojo directory fetch"]),
    ("directory-import", &["kyojo directory import directory.json --genesis genesis.json"]),
    ("directory-ls", &["kyojo directory ls", "kyojo directory ls みそ"]),
    ("directory-check", &["kyojo directory check names.csv"]),
    ("directory-sign", &["kyojo directory sign names.csv --out directory.json --wallet city"]),
    ("zone-charge", &["kyojo zone charge 3000", "kyojo zone charge 3000 --zone 1"]),
    ("audit-supply", &["kyojo audit supply --json"]),
    ("audit-log", &["kyojo audit log log/"]),
    ("verify", &["kyojo verify receipt.json --genesis genesis.json"]),
    ("trust", &["kyojo trust --genesis genesis.json --out trust.json"]),
    (
        "zone-instrument-define",
        &["kyojo zone instrument define 3 --issuer aizu1… --class short-prepaid --most 200000000 \
           --months 6 --terms-file terms.pdf"],
    ),
    ("programme-show", &["kyojo programme show 7"]),
    ("programme-create", &["kyojo programme create programme.toml --dry-run"]),
    (
        "programme-fund",
        &["kyojo programme fund 7 25,000,000円", "kyojo programme fund 7 5000000 --escrow aizu1…"],
    ),
    ("programme-pledge", &["kyojo programme pledge 7 --wallet escrow"]),
    (
        "programme-open-round",
        &[
            "kyojo programme open-round 7 --sets 12000 --sale-from 2026-12-01 \
             --sale-until 2026-12-25",
            "kyojo programme open-round 7 --sets 12000 --apply-from 2026-10-01 \
             --apply-until 2026-10-31 --sale-from 2026-11-10 --sale-until 2026-12-25",
        ],
    ),
    (
        "programme-letters-make",
        &["kyojo programme letters make people.csv --programme 7 --out letters-of-7"],
    ),
    ("programme-list-check", &["kyojo programme list-check 7 --list list.txt"]),
    ("programme-revoke-leaf", &["kyojo programme revoke-leaf 7 --index 77 --reason lost"]),
    ("lottery-key-new", &["kyojo lottery key new 7"]),
    ("lottery-open", &["kyojo lottery open 7 1 --of 2"]),
    ("lottery-export", &["kyojo lottery export 7 1 --list list.txt --out lottery.json"]),
];
