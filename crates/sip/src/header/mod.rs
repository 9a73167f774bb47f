//! Header fields: the table of their names and the types of their values.
//!
//! Headers that share a grammar share a file, called for it; a header with a grammar of its own has
//! a file of its own. Most values are parts that stand elsewhere too, one behind the other: a
//! token, an address, parameters. How such a part is read, judged and printed stands
//! once, with its type, and the header is declared by its parts. Each header has the same things
//! in the same order: what it is for, grammar and section, its fields, its accessors. A header
//! without a type here is kept as it stands.

mod addresses;
mod authentication;
mod call_id;
mod check;
mod contact;
mod cseq;
mod date;
mod identity;
pub(crate) mod index;
mod media_types;
pub mod name;
mod numbers;
mod p_access_network_info;
mod p_charging_function_addresses;
mod p_charging_vector;
mod p_visited_network_id;
pub(crate) mod part;
mod privacy;
mod rack;
mod retry_after;
mod session_id;
mod set;
mod texts;
mod timestamp;
mod tokens;
mod tokens_with_params;
mod uris;
mod user_to_user;
pub(crate) mod value;
mod via;
mod warning;

pub use addresses::{
    Diversion, From, HistoryInfo, PAssertedIdentity, PAssociatedUri, PCalledPartyId,
    PPreferredIdentity, PServedUser, Path, RecordRoute, ReferTo, ReferredBy, RemotePartyId,
    ReplyTo, Route, ServiceRoute, To,
};
pub use authentication::{
    AuthenticationInfo, Authorization, ProxyAuthenticate, ProxyAuthorization, WwwAuthenticate,
};
pub use call_id::{CallId, InReplyTo, Join, Replaces, TargetDialog};
pub(crate) use check::{check, shape};
pub use contact::{Contact, ContactAddress};
pub use cseq::CSeq;
pub use date::Date;
pub use identity::Identity;
pub use media_types::{Accept, ContentType, MediaType};
pub use name::HeaderName;
pub use numbers::{
    ContentLength, Expires, FlowTimer, MaxBreadth, MaxForwards, MinExpires, MinSe, RSeq, Refresher,
    SessionExpires,
};
pub use p_access_network_info::{AccessInfo, PAccessNetworkInfo};
pub use p_charging_function_addresses::PChargingFunctionAddresses;
pub use p_charging_vector::PChargingVector;
pub use p_visited_network_id::PVisitedNetworkId;
pub use privacy::Privacy;
pub use rack::RAck;
pub use retry_after::RetryAfter;
pub use session_id::SessionId;
pub use set::HeaderSet;
pub use texts::{Organization, Server, Subject, UserAgent};
pub use timestamp::Timestamp;
pub use tokens::{
    AcceptResourcePriority, Allow, AllowEvents, ContentEncoding, ContentLanguage, MimeVersion,
    Priority, ProxyRequire, RequestDisposition, Require, ResourcePriority, SipEtag, SipIfMatch,
    Supported, SuppressIfMatch, Unsupported,
};
pub use tokens_with_params::{
    AcceptContact, AcceptEncoding, AcceptLanguage, ContentDisposition, Event, FeatureCaps,
    InfoPackage, Reason, RecvInfo, ReferSub, RejectContact, SecurityClient, SecurityServer,
    SecurityVerify, SubscriptionState,
};
pub use uris::{AlertInfo, CallInfo, ErrorInfo, Geolocation};
pub use user_to_user::UserToUser;
pub use value::{HeaderValue, Shape};
pub use via::{Rport, Via};
pub use warning::Warning;
