//! What the program owes for each kind of call the generator makes.

use super::truth::Scenario;

/// How the generated messages travel; over TCP the generator repeats 2xx responses only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Every message may be repeated.
    Udp,
    /// Only a 2xx to an INVITE is repeated (RFC 3261 13.3.1.4).
    Tcp,
}

/// What the program must print about one Call-ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The outcomes that the call may have; none where the Call-ID is no call.
    pub outcomes: &'static [&'static str],
    /// For each fault, the rules one of which must be found (or be named as incomplete).
    pub owed: Vec<&'static [&'static str]>,
}

impl Expected {
    /// Whether a finding of this rule is right for the call.
    #[must_use]
    pub fn allows(&self, rule: &str) -> bool {
        self.owed.iter().any(|rules| rules.contains(&rule))
    }
}

/// What the program owes for a scenario; `None` for one that this table does not know.
#[must_use]
pub fn expected(scenario: &Scenario, transport: Transport) -> Option<Expected> {
    let mut outcomes: &[&str] = match scenario.outcome.as_str() {
        "registered" | "register_refused" | "options_ok" | "scan_options" | "scan_register" => &[],
        // Refused with 403 or 404.
        "scan_invite" => &["rejected", "not-found"],
        "answered" => &["answered"],
        "busy_486" => &["busy"],
        "cancelled_487" | "cancelled_no_final" => &["abandoned"],
        "declined_603" => &["declined"],
        "error_500" => &["server-error"],
        "no_answer_480" => &["no-answer"],
        "not_acceptable_488" => &["media-mismatch"],
        "not_found_404" => &["not-found"],
        "timeout_no_response" => &["unreachable"],
        _ => return None,
    };
    let mut owed: Vec<&'static [&'static str]> = Vec::new();
    for anomaly in &scenario.anomalies {
        let rules: &[&str] = match (anomaly.as_str(), transport) {
            // Nobody confirmed the call, so it was never up.
            ("missing_ack", _) => {
                outcomes = &["answered-dropped"];
                &["DLG-002"]
            }
            // The caller had given up: released within two seconds.
            ("cancel_race_200", _) => {
                outcomes = &["abandoned"];
                &["TXN-010"]
            }
            ("invite_no_response", Transport::Udp) => &["TXN-001"],
            ("invite_retransmitted_no_100", Transport::Udp) => &["TXN-002"],
            ("failure_not_acked", Transport::Udp) => &["TXN-007"],
            // One send over TCP is no evidence that the next hop was asked again.
            ("invite_no_response" | "invite_retransmitted_no_100", Transport::Tcp) => &[],
            ("failure_not_acked", Transport::Tcp) => &[],
            ("cancel_without_487", _) => &["TXN-008"],
            ("bye_no_response", _) => &["DLG-006", "TXN-012"],
            ("bye_481", _) => &["DLG-007"],
            ("cseq_went_back", _) => &["TXN-019"],
            ("long_post_dial_delay", _) => &["OUT-010"],
            // Media and the sender's other calls tell, not this one's signalling.
            ("one_way_rtp" | "rtp_loss", _) => &[],
            ("scanner_options" | "scanner_register" | "scanner_invite", _) => &[],
            // One copy of a 2xx before its ACK, a challenge that was met, a failover that
            // worked, a call still up at the end: nothing is wrong.
            ("2xx_retransmitted" | "challenged_407" | "failover_503" | "no_bye", _) => &[],
            _ => return None,
        };
        if !rules.is_empty() {
            owed.push(rules);
        }
    }
    Some(Expected { outcomes, owed })
}
