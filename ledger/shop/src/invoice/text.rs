//! Documents as people read them, in Japanese: everything that 消費税法 57-4 asks, one thing a line.

use ledger_types::Yen;

use crate::invoice::{
    BorneBy, Invoice, Line, Prices, RateTotal, ReturnInvoice, Rounding, Sale, TaxKind,
};

/// Marks what is taxed at the reduced rate.
const REDUCED: &str = "※";

impl Invoice {
    /// The document's text.
    #[must_use]
    pub fn text(&self) -> String {
        let (sale, totals) = (self.sale(), self.totals());
        let title = if self.is_full() { "適格請求書" } else { "適格簡易請求書" };
        let mut lines = vec![title.to_owned()];
        lines.extend(sale.recipient.as_ref().map(|name| format!("{name} 様")));
        lines.extend(issuer(sale));
        lines.push(format!("番号 {}", sale.number));
        lines.push(match sale.from {
            Some(from) => format!("取引期間 {} から {}", from.shown(), sale.date.shown()),
            None => format!("取引日 {}", sale.date.shown()),
        });
        lines.push(String::new());
        lines.extend(sale.lines.iter().map(sold));
        for discount in sale.discounts.iter().filter(|it| it.borne_by == BorneBy::Shop) {
            lines.push(format!("{} -{}", discount.name, yen(discount.amount)));
        }
        lines.push(String::new());
        lines.extend(totals.rates.iter().map(|rate| counted(rate, sale.prices)));
        lines.push(format!("合計 {}", yen(totals.total)));
        for discount in sale.discounts.iter().filter(|it| it.borne_by == BorneBy::Other) {
            lines.push(format!("{} -{}", discount.name, yen(discount.amount)));
        }
        lines.push(format!("お支払い {}", yen(totals.to_pay)));
        lines.push(String::new());
        lines.extend(notes(sale, &sale.lines, &totals.rates));
        lines.join("\n")
    }
}

impl ReturnInvoice {
    /// The document's text.
    #[must_use]
    pub fn text(&self) -> String {
        let returned = self.returned();
        let mut lines = vec!["適格返還請求書（返金）".to_owned()];
        lines.extend(self.sale.recipient.as_ref().map(|name| format!("{name} 様")));
        lines.extend(issuer(&self.sale));
        lines.push(format!("番号 {}", returned.number));
        lines.push(format!("返金日 {}", returned.date.shown()));
        let of_date = returned.of_date.shown();
        lines.push(format!("もとの取引 {of_date} 番号 {}", returned.of_number));
        lines.push(String::new());
        lines.extend(returned.lines.iter().map(sold));
        lines.push(String::new());
        lines.extend(self.rates().iter().map(|rate| counted(rate, self.sale.prices)));
        lines.push(format!("返金の合計 {}", yen(self.total())));
        lines.push(String::new());
        lines.extend(notes(&self.sale, &returned.lines, self.rates()));
        lines.join("\n")
    }
}

fn issuer(sale: &Sale) -> [String; 2] {
    [sale.issuer.name.clone(), format!("登録番号 {}", sale.issuer.number)]
}

fn sold(line: &Line) -> String {
    let mark = if line.tax == TaxKind::Reduced { REDUCED } else { "" };
    let amount = Yen::new(line.amount().unwrap_or_default());
    let (price, name) = (yen(line.unit_price), &line.name);
    format!("{name}{mark} {price} × {} = {}", line.quantity, yen(amount))
}

fn counted(rate: &RateTotal, prices: Prices) -> String {
    let name = match rate.tax {
        TaxKind::Standard => format!("{}%対象", rate.percent),
        TaxKind::Reduced => format!("{}%対象{REDUCED}", rate.percent),
        TaxKind::Zero => "0%対象（免税）".to_owned(),
        TaxKind::Exempt => "非課税".to_owned(),
    };
    let (said, amount) = match prices {
        Prices::Included => ("税込", rate.gross),
        Prices::Excluded => ("税抜", rate.net),
    };
    match rate.tax {
        TaxKind::Standard | TaxKind::Reduced => {
            format!("{name}（{said}） {}  消費税 {}", yen(amount), yen(rate.tax_yen))
        }
        TaxKind::Zero | TaxKind::Exempt => format!("{name} {}", yen(amount)),
    }
}

fn notes(sale: &Sale, lines: &[Line], rates: &[RateTotal]) -> Vec<String> {
    let prices = match sale.prices {
        Prices::Included => "品物のねだんは、消費税をふくみます。",
        Prices::Excluded => "品物のねだんは、消費税をふくみません。",
    };
    let rounding = match sale.rounding {
        Rounding::Floor => "切り捨て",
        Rounding::Nearest => "四捨五入し",
        Rounding::Ceiling => "切り上げ",
    };
    let mut notes = vec![prices.to_owned()];
    notes.push(format!("消費税の1円未満は、税率ごとに1回、{rounding}ています。"));
    let reduced = rates.iter().find(|rate| rate.tax == TaxKind::Reduced);
    if let Some(rate) = reduced.filter(|_| lines.iter().any(|line| line.tax == TaxKind::Reduced)) {
        notes.push(format!("{REDUCED}は、軽減税率（{}%）の対象です。", rate.percent));
    }
    notes
}

/// `1,200円`.
fn yen(amount: Yen) -> String {
    let digits = amount.get().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "円"
}
