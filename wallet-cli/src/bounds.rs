//! Limits of an account as people are told them: what each is, what is left of it, and when it begins
//! anew.

use ledger_types::Yen;
use node_api::body::LimitsBody;
use node_api::query::ByRead;
use serde_json::json;

use crate::client::{Client, Reader};
use crate::failure::Failure;
use crate::i18n::Lang;
use crate::output::Problem;
use crate::{amount, calendar};

/// One limit: the keys of its label and of what is said where a payment passes it, how much it is,
/// how much of it is used, and when it begins anew.
struct Bound {
    label: &'static str,
    note: &'static str,
    limit: Option<Yen>,
    used: Yen,
    again: Option<node_api::Time>,
}

impl Bound {
    fn left(&self, limit: Yen) -> Yen {
        limit.checked_sub(self.used).unwrap_or(Yen::ZERO)
    }

    /// The line that says it; none where it is not set.
    fn line(&self, lang: Lang) -> Option<(String, String)> {
        let limit = self.limit?;
        let shown = amount::show(limit);
        let value = self.again.map_or_else(
            || shown.clone(),
            |again| {
                let (left, again) = (amount::show(self.left(limit)), calendar::show(again.get()));
                let variables = [("limit", shown.as_str()), ("left", &left), ("again", &again)];
                lang.text("label-limit-left", &variables)
            },
        );
        Some((lang.text(self.label, &[]), value))
    }

    /// What is said beside a payment that passes it.
    fn problem(&self, lang: Lang) -> Option<Problem> {
        let limit = self.limit?;
        let left = self.left(limit);
        let again = self.again.map(|again| calendar::show(again.get())).unwrap_or_default();
        let (shown, shown_left) = (amount::show(limit), amount::show(left));
        let variables = [("limit", shown.as_str()), ("left", &shown_left), ("again", &again)];
        Some(Problem {
            code: self.note.trim_start_matches("note-").to_owned(),
            message: lang.text(self.note, &variables),
            details: json!({ "limit": limit, "left": left, "again": self.again }),
        })
    }
}

/// Every limit with the rejection that it brings.
fn bounds(body: &LimitsBody) -> [(u16, Bound); 6] {
    let of = |label, note, limit, used, again| Bound { label, note, limit, used, again };
    let (day, month) = (Some(body.day_ends), Some(body.month_ends));
    let (today, this_month) = (body.spent_today, body.spent_this_month);
    let sent = body.sent_this_month;
    let none = Yen::ZERO;
    [
        (2051, of("label-limit-payment", "note-limit-payment", body.per_payment, none, None)),
        (2052, of("label-limit-day", "note-limit-day", body.per_day, today, day)),
        (2053, of("label-limit-month", "note-limit-month", body.per_month, this_month, month)),
        (2054, of("label-limit-holding", "note-limit-holding", body.holding, none, None)),
        (2055, of("label-limit-send", "note-limit-send", body.send, none, None)),
        (2056, of("label-limit-send-month", "note-limit-send-month", body.send_month, sent, month)),
    ]
}

/// The lines that say an account's limits.
pub(crate) fn lines(lang: Lang, body: &LimitsBody) -> Vec<(String, String)> {
    bounds(body).iter().filter_map(|(_, bound)| bound.line(lang)).collect()
}

/// Says beside a payment that was refused which of the payer's limits it passes and what is left of it,
/// where that can be read; the refusal stays what it is.
pub(crate) async fn explained(
    failure: Failure,
    lang: Lang,
    client: &Client,
    reader: &Reader,
) -> Failure {
    // What the payee may hold is told to nobody but the payee.
    let Some(number) = failure.number().filter(|number| *number != 2054) else { return failure };
    if !(2051..=2056).contains(&number) {
        return failure;
    }
    let account = client.account(&reader.address, &ByRead::default(), reader).await.ok();
    let limits = account.and_then(|body| body.money?.limits);
    let passed = limits.as_ref().map(bounds).into_iter().flatten().find(|(one, _)| *one == number);
    let said = passed.and_then(|(_, bound)| bound.problem(lang));
    failure.warned(said.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use node_api::Time;

    use super::*;

    fn body() -> LimitsBody {
        let at = |text: &str| text.parse::<Time>().unwrap();
        LimitsBody {
            per_payment: Some(Yen::new(5_000)),
            per_day: Some(Yen::new(10_000)),
            per_month: None,
            holding: Some(Yen::new(300_000)),
            send: None,
            send_month: None,
            spent_today: Yen::new(7_000),
            spent_this_month: Yen::new(17_000),
            sent_this_month: Yen::ZERO,
            day_ends: at("2026-11-22T15:00:00.000Z"),
            month_ends: at("2026-11-30T15:00:00.000Z"),
        }
    }

    #[test]
    fn limits_are_said_with_what_is_left_and_when_they_begin_anew() {
        let lines = lines(Lang::Ja, &body());
        let values: Vec<&str> = lines.iter().map(|(_, value)| value.as_str()).collect();
        let day = "10,000円（あと 3,000円。2026/11/23 00:00 から、また数え直します）";
        assert_eq!(values, ["5,000円", day, "300,000円"]);
    }

    #[test]
    fn a_payment_that_passes_a_limit_is_told_which_and_what_is_left() {
        let bounds = bounds(&body());
        let said = |number| {
            let found = bounds.iter().find(|(one, _)| *one == number);
            found.and_then(|(_, bound)| bound.problem(Lang::Ja))
        };
        let day = said(2052).unwrap();
        assert_eq!(day.code, "limit-day");
        for part in ["10,000円", "3,000円", "2026/11/23 00:00"] {
            assert!(day.message.contains(part), "{}", day.message);
        }
        assert_eq!(day.details["left"], json!("3000"));
        assert!(said(2051).unwrap().message.contains("5,000円"));
        // What is not set is passed by nothing.
        assert!(said(2053).is_none());
    }

    #[test]
    fn what_was_spent_before_a_lower_limit_leaves_nothing() {
        let limits = LimitsBody { per_day: Some(Yen::new(6_000)), ..body() };
        let (_, day) = &bounds(&limits)[1];
        assert_eq!(day.left(Yen::new(6_000)), Yen::ZERO);
    }
}
