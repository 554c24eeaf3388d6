//! `merchant refund` and `merchant void`: a payment is given back to where it came from.
//!
//! The payment is read first: who gives back is shown what goes where, and the ledger is told how much was
//! refunded before, so that one refund is made once whoever else refunds meanwhile.

use ledger_types::operation::{Refund, Void};
use ledger_types::programme::{Lot, TenderLine};
use ledger_types::zone::MerchantClass;
use ledger_types::{AccountId, SigningKey, Timestamp, Yen};
use node_api::body::{PaymentBody, SpentBody};

use crate::acting::vouchers::{self, Vouchers};
use crate::acting::{numbers, tills};
use crate::app::Unlocked;
use crate::commands::prelude::*;

/// `merchant refund`.
#[derive(Debug, Args)]
pub(crate) struct RefundArgs {
    /// The payment: its number, or its last 4 digits or more.
    pub(crate) payment: String,
    /// How much, such as 1200 or 1,200円.
    pub(crate) amount: String,
    /// The terminal whose key alone signs; by default the merchant's own key does.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terminal: Option<u16>,
}

/// `merchant void`.
#[derive(Debug, Args)]
pub(crate) struct VoidArgs {
    /// The payment: its number, or its last 4 digits or more.
    pub(crate) payment: String,
    /// The terminal whose key alone signs; by default the merchant's own key does.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) terminal: Option<u16>,
}

/// A payment to the wallet's own shop, with what gives it back.
struct Found {
    session: Session,
    opened: Unlocked,
    payment: PaymentBody,
    signer: Option<SigningKey>,
    now: Timestamp,
}

/// What goes back, to where.
struct Back {
    /// Vouchers that the payer has again.
    again: Vec<TenderLine>,
    /// What had ended, which the programme's sponsor gets.
    ended: Vec<TenderLine>,
    coin: Yen,
}

impl Found {
    async fn read(app: &App, said: &str, terminal: Option<u16>) -> Result<Self, Failure> {
        let session = Session::begin(app).await?;
        let opened = app.unlock(&session.wallet)?;
        let reader = opened.reader();
        let number = numbers::find(app, &session, &reader, said).await?;
        let payment = session.client.payment(&number, &reader).await?;
        if payment.merchant.as_str() != session.attached.address {
            return Err(Failure::new(Exit::NotFound, "code-6226"));
        }
        let signer = tills::signer(app, &session, &opened, (payment.zone, terminal)).await?;
        let now = session.client.network().clock.now();
        Ok(Self { session, opened, payment, signer, now })
    }

    /// What goes back when so much is given back; none where so much is not left.
    fn back(&self, amount: Yen) -> Option<Back> {
        let paid = self.remembered();
        if amount > paid.left() {
            return None;
        }
        let (lots, coin) = paid.returned(amount)?;
        let mut back = Back { again: Vec::new(), ended: Vec::new(), coin };
        for lot in lots {
            let Lot { programme, bucket, kind, remaining: amount, .. } = lot;
            let lines = if lot.expires > self.now { &mut back.again } else { &mut back.ended };
            lines.push(TenderLine { programme, bucket, kind, amount });
        }
        Some(back)
    }

    /// The payment as the ledger counts it, as far as that decides what goes back.
    fn remembered(&self) -> ledger_types::record::Payment {
        let body = &self.payment;
        let lot = |one: &SpentBody| Lot {
            programme: one.programme,
            round: one.round,
            leaf: None,
            bucket: one.bucket,
            kind: one.kind,
            expires: one.expires.get(),
            remaining: one.amount,
        };
        ledger_types::record::Payment {
            zone: body.zone,
            payer: AccountId::new([0; 20]),
            merchant: self.session.attached.account,
            class: MerchantClass::Local,
            terminal: body.terminal,
            time: body.time.get(),
            amount: body.amount,
            coin: body.coin,
            lots: body.vouchers.iter().map(lot).collect(),
            fee: None,
            refunded: body.refunded,
            voided: body.voided,
        }
    }

    /// Shows what it was and what goes back, asks, and sends.
    async fn send(
        self,
        app: &App,
        act: Act,
        (amount, back): (Yen, Option<Back>),
        in_vain: Option<Failure>,
    ) -> Result<Reply, Failure> {
        let payment = &self.payment;
        let mut act = act
            .line("label-payment-number", numbers::shown(&payment.payment))
            .line("label-paid-at", calendar::show(payment.time.get()))
            .line("label-amount-paid", amount::show(payment.amount));
        if !payment.refunded.is_zero() {
            act = act.line("label-refunded-before", amount::show(payment.refunded));
        }
        act = act.line("label-give-back", amount::show(amount));
        let mut data = json!({
            "payment": payment.payment, "zone": payment.zone, "amount": amount,
            "before": payment.refunded,
        });
        if let Some(Back { again, ended, coin }) = &back {
            let named = again.iter().chain(ended).map(|line| line.programme);
            let names = Vouchers::naming(&self.session.client, named).await?;
            for line in again {
                act = act.line("label-back-voucher", names.line(app, line));
            }
            for line in ended {
                act = act.line("label-back-ended", names.line(app, line));
            }
            if !coin.is_zero() {
                act = act.line("label-back-coin", amount::show(*coin));
            }
            data["back"] = json!({
                "vouchers": vouchers::data(again), "ended": vouchers::data(ended), "coin": coin,
            });
        }
        act.data(data)
            .next("kyojo merchant payments")
            .in_vain(in_vain)
            .signed_by(self.signer)
            .by_opened(app, &self.session, Some(&self.opened))
            .await
    }
}

pub(crate) async fn refund(app: &App, args: RefundArgs) -> Result<Reply, Failure> {
    let amount = reading::read_amount(&args.amount)?;
    let found = Found::read(app, &args.payment, args.terminal).await?;
    let body = &found.payment;
    let refund = Refund {
        zone: body.zone,
        payment: body.payment,
        amount,
        before: body.refunded,
        terminal: args.terminal,
        reference: None,
    };
    let back = found.back(amount);
    let in_vain = if body.voided {
        Some(Failure::new(Exit::Refused, "code-3102"))
    } else if back.is_none() {
        let past = Failure::new(Exit::Refused, "err-refund-past");
        Some(past.with("left", amount::show(body.left)).details(json!({ "left": body.left })))
    } else {
        None
    };
    let mut act = Act::ending(Operation::Refund(refund), "done-refunded");
    if let Some(terminal) = args.terminal {
        act = act.line("label-terminal", terminal);
    }
    found.send(app, act, (amount, back), in_vain).await
}

pub(crate) async fn void(app: &App, args: VoidArgs) -> Result<Reply, Failure> {
    let found = Found::read(app, &args.payment, args.terminal).await?;
    let body = &found.payment;
    let void = Void { zone: body.zone, payment: body.payment, terminal: args.terminal };
    let (amount, back) = (body.amount, found.back(body.amount));
    let day = ledger_types::japan::JapanDay::of;
    let in_vain = if body.voided {
        Some(Failure::new(Exit::Refused, "code-3102"))
    } else if !body.refunded.is_zero() || day(body.time.get()) != day(found.now) {
        Some(Failure::new(Exit::Refused, "code-3105"))
    } else {
        None
    };
    let mut act = Act::ending(Operation::Void(void), "done-voided");
    if let Some(terminal) = args.terminal {
        act = act.line("label-terminal", terminal);
    }
    found.send(app, act, (amount, back), in_vain).await
}
