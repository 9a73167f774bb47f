//! What a site says about its peers: their names, and how their responses count.
//!
//! A profile is data. Reading the file is the command line's task; metrics, links and the rules on
//! routing look things up here.

use std::collections::BTreeMap;

use serde::Deserialize;
use siptriage_capture::Endpoint;
use siptriage_sip::StatusCode;
use siptriage_sip::codes::{self, FaultDomain, RouteAdvance};

use crate::metrics::Class;

mod address;

pub use address::AddressRange;

/// What a site says about its peers. The default says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    peers: Vec<Peer>,
    treatments: Treatments,
    link_headers: Vec<String>,
}

/// A host or network that calls come from and go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name in every output.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<AddressRange>,
    /// What it is there for.
    pub role: PeerRole,
    treatments: Treatments,
}

/// What a peer is there for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PeerRole {
    /// It takes and sends calls.
    #[default]
    Trunk,
    /// It scores or redirects calls and never answers one.
    Scoring,
    /// Its attempts are none: a scanner, a probe of the monitoring.
    Ignored,
}

/// How a response counts, as far as a profile says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Treatment {
    /// The class that ratios count it in.
    pub counts: Option<Class>,
    /// Whose doing it is.
    pub fault: Option<FaultDomain>,
    /// Whether the next route is to be tried.
    pub advance: Option<RouteAdvance>,
}

type Treatments = BTreeMap<u16, Treatment>;

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// It is no TOML, or has names or words that profiles do not know.
    #[error("{0}")]
    Syntax(#[from] toml::de::Error),
    /// An address is none.
    #[error(
        "peer `{peer}`: `{address}` is no address; write 192.0.2.1, 192.0.2.0/24, 192.0.2.1:5060 \
         or [2001:db8::1]:5060"
    )]
    Address {
        /// The peer.
        peer: String,
        /// What stands there.
        address: String,
    },
    /// A peer has no address.
    #[error("peer `{peer}` has no address; add `addresses = [\"192.0.2.1\"]`")]
    NoAddress {
        /// The peer.
        peer: String,
    },
    /// Two peers have one name.
    #[error("two peers are called `{peer}`; one peer may have several addresses")]
    SameName {
        /// The name.
        peer: String,
    },
    /// A code is none that refuses a call.
    #[error("`{code}` is no final response that can be overridden; write a number from 300 to 699")]
    Code {
        /// What stands there.
        code: String,
    },
    /// A name of a header is none.
    #[error("`{name}` is no name of a header")]
    Header {
        /// What stands there.
        name: String,
    },
}

impl Profile {
    /// Reads a profile in TOML.
    ///
    /// # Errors
    /// When it is no profile. Nothing is passed over silently.
    pub fn parse(text: &str) -> Result<Profile, ProfileError> {
        let document: Document = toml::from_str(text)?;
        let mut profile = Profile {
            peers: Vec::with_capacity(document.peer.len()),
            treatments: treatments(document.codes)?,
            link_headers: document.link.headers,
        };
        if let Some(name) = profile.link_headers.iter().find(|name| !is_token(name)) {
            return Err(ProfileError::Header { name: name.clone() });
        }
        for entry in document.peer {
            if profile.peers.iter().any(|peer| peer.name == entry.name) {
                return Err(ProfileError::SameName { peer: entry.name });
            }
            profile.peers.push(entry.into_peer()?);
        }
        Ok(profile)
    }

    /// The peers in the order of the profile.
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }

    /// The peer at an address: the first one that has it.
    pub fn peer(&self, endpoint: Endpoint) -> Option<&Peer> {
        self.peers.iter().find(|peer| peer.is_at(endpoint))
    }

    /// Whether the attempts of an address are none.
    pub fn ignores(&self, endpoint: Endpoint) -> bool {
        self.peer(endpoint)
            .is_some_and(|peer| peer.role == PeerRole::Ignored)
    }

    /// How a response of a peer counts: what the profile says of the peer, and for the rest what it
    /// says of all peers.
    pub fn treatment(&self, sender: Endpoint, status: StatusCode) -> Treatment {
        let general = self.treatments.get(&status.0).copied().unwrap_or_default();
        let own = self
            .peer(sender)
            .and_then(|peer| peer.treatments.get(&status.0).copied())
            .unwrap_or_default();
        Treatment {
            counts: own.counts.or(general.counts),
            fault: own.fault.or(general.fault),
            advance: own.advance.or(general.advance),
        }
    }

    /// Whether the next route is to be tried after a response of a peer: by the profile, or by the
    /// reference of codes.
    pub fn advance(&self, sender: Endpoint, status: StatusCode) -> RouteAdvance {
        let known = codes::lookup(status);
        self.treatment(sender, status)
            .advance
            .or(known.map(|code| code.route_advance))
            .unwrap_or(RouteAdvance::ByPolicy)
    }

    /// Names of further headers whose equal values make two legs one call.
    pub fn link_headers(&self) -> &[String] {
        &self.link_headers
    }
}

impl Peer {
    /// Whether an address is one of the peer's.
    pub fn is_at(&self, endpoint: Endpoint) -> bool {
        self.addresses.iter().any(|range| range.contains(endpoint))
    }
}

impl Treatment {
    /// The class of a call that would count as `class`.
    pub fn class(&self, class: Class) -> Class {
        self.counts.unwrap_or(class)
    }
}

/// A profile as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    peer: Vec<PeerEntry>,
    #[serde(default)]
    codes: BTreeMap<String, CodeEntry>,
    #[serde(default)]
    link: LinkEntry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeerEntry {
    name: String,
    addresses: Vec<String>,
    #[serde(default)]
    role: RoleWord,
    #[serde(default)]
    codes: BTreeMap<String, CodeEntry>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoleWord {
    #[default]
    Trunk,
    Scoring,
    Ignored,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeEntry {
    counts: Option<ClassWord>,
    fault: Option<FaultWord>,
    advance: Option<bool>,
}

/// The classes that a refusal can be counted in.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ClassWord {
    Busy,
    NoAnswer,
    Declined,
    Unavailable,
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FaultWord {
    Caller,
    Callee,
    Network,
    Policy,
    Protocol,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    #[serde(default)]
    headers: Vec<String>,
}

impl PeerEntry {
    fn into_peer(self) -> Result<Peer, ProfileError> {
        if self.addresses.is_empty() {
            return Err(ProfileError::NoAddress { peer: self.name });
        }
        let mut addresses = Vec::with_capacity(self.addresses.len());
        for address in self.addresses {
            match AddressRange::parse(&address) {
                Some(range) => addresses.push(range),
                None => {
                    let peer = self.name;
                    return Err(ProfileError::Address { peer, address });
                }
            }
        }
        Ok(Peer {
            name: self.name,
            addresses,
            role: match self.role {
                RoleWord::Trunk => PeerRole::Trunk,
                RoleWord::Scoring => PeerRole::Scoring,
                RoleWord::Ignored => PeerRole::Ignored,
            },
            treatments: treatments(self.codes)?,
        })
    }
}

fn treatments(entries: BTreeMap<String, CodeEntry>) -> Result<Treatments, ProfileError> {
    let mut treatments = Treatments::new();
    for (code, entry) in entries {
        match code.parse() {
            Ok(status @ 300..=699) => treatments.insert(status, entry.into_treatment()),
            Ok(_) | Err(_) => return Err(ProfileError::Code { code }),
        };
    }
    Ok(treatments)
}

impl CodeEntry {
    fn into_treatment(self) -> Treatment {
        Treatment {
            counts: self.counts.map(|word| match word {
                ClassWord::Busy => Class::Busy,
                ClassWord::NoAnswer => Class::NoAnswer,
                ClassWord::Declined => Class::Declined,
                ClassWord::Unavailable => Class::Unavailable,
                ClassWord::Failed => Class::Failed,
            }),
            fault: self.fault.map(|word| match word {
                FaultWord::Caller => FaultDomain::Caller,
                FaultWord::Callee => FaultDomain::Callee,
                FaultWord::Network => FaultDomain::Network,
                FaultWord::Policy => FaultDomain::Policy,
                FaultWord::Protocol => FaultDomain::Protocol,
            }),
            advance: self.advance.map(|advance| match advance {
                true => RouteAdvance::Next,
                false => RouteAdvance::Stop,
            }),
        }
    }
}

/// A token of RFC 3261 25.1.
fn is_token(name: &str) -> bool {
    let of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte);
    !name.is_empty() && name.bytes().all(of_token)
}

#[cfg(test)]
mod tests;
