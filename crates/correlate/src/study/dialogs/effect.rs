//! What a failed request inside a dialog does to the usages of the dialog (RFC 5057 5).

use siptriage_sip::codes::{self, DialogEffect};
use siptriage_sip::{Method, StatusCode};

/// What a final response ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The transaction only.
    Transaction,
    /// The usage that the request belongs to.
    Usage,
    /// The dialog with all usages.
    Dialog,
}

/// What a final response to a request of a method ends (RFC 5057 5.1, 5.3).
pub(super) fn of(method: Method, status: StatusCode) -> Effect {
    let effect = codes::lookup(status).map_or(DialogEffect::Transaction, |code| code.dialog_effect);
    match effect {
        DialogEffect::Nothing
        | DialogEffect::EarlyDialog
        | DialogEffect::Creates
        | DialogEffect::Transaction => Effect::Transaction,
        DialogEffect::Usage if is_about_usage(method, status) => Effect::Usage,
        DialogEffect::AsTimeout if silence_ends(method) => Effect::Usage,
        DialogEffect::Usage | DialogEffect::AsTimeout => Effect::Transaction,
        DialogEffect::Dialog => Effect::Dialog,
    }
}

/// Whether nobody answering a request of a method ends its usage. A SUBSCRIBE that is not answered
/// leaves the subscription as it was (RFC 6665 4.1.2.2), a NOTIFY does not (RFC 6665 4.2.2).
pub(super) fn silence_ends(method: Method) -> bool {
    matches!(
        method,
        Method::Invite | Method::Update | Method::Info | Method::Prack | Method::Notify
    )
}

/// Whether a code that can end a usage says something about the usage, not about the request.
fn is_about_usage(method: Method, status: StatusCode) -> bool {
    match method {
        Method::Invite | Method::Notify | Method::Subscribe => true,
        // A method that the usage can do without (RFC 5057 5.1 note 3).
        Method::Update | Method::Info => !matches!(status.0, 405 | 489 | 501),
        // 481 says that no reliable response waits for it (RFC 3262 3).
        Method::Prack => status.0 == 480,
        // A REFER asks for a usage of its own, a BYE has ended its usage already, and the others
        // belong to none (RFC 5057 5.3). CANCEL: RFC 5057 5.1 note 8.
        Method::Ack
        | Method::Bye
        | Method::Cancel
        | Method::Options
        | Method::Register
        | Method::Refer
        | Method::Message
        | Method::Publish
        | Method::Extension => false,
    }
}
