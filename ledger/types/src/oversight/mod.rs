//! Emergencies and oversight: broken glass, audit views, reads of logs, and dues.

mod access_log;
mod audit_view;
mod break_glass;
mod due;
mod emergency;

pub use access_log::{AccessLogRead, LogRead, ReadAccessLog, ReadRight};
pub use audit_view::{
    AuditScope, AuditView, AuditViewEnded, AuditViewGranted, EndAuditView, GrantAuditView,
};
pub use break_glass::{
    BreakGlass, Finding, Glass, GlassBroken, GlassReviewed, NotifySubject, Review,
    ReviewBreakGlass, SubjectNotified,
};
pub use due::{Due, Duty, DutyKind, Overdue, Owed};
pub use emergency::{
    DeclareEmergency, Emergency, EmergencyEnded, EmergencyEndorsed, EndEmergency, Endorsement,
};
