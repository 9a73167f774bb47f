//! Requests: outside and inside a dialog, sent on by a proxy, and CANCEL.

use super::dialog::Side;
use super::{Play, Sent};
use crate::error::Error;
use crate::message::{Message, uri, with_tag};
use crate::script::{Flag, Line};

impl Play<'_> {
    /// The request of a line, and the entry of the request that a proxy sends on as this one.
    pub(super) fn request(
        &mut self,
        line: &Line,
        method: &str,
    ) -> Result<(Message, Option<usize>), Error> {
        self.call(line);
        if line.has(Flag::Forward) {
            let (message, received) = self.forwarded(line, method)?;
            return Ok((message, Some(received)));
        }
        let message = match method {
            "CANCEL" => self.cancel(line)?,
            "ACK" => self.ack(line),
            "PRACK" => self.prack(line),
            "BYE" | "UPDATE" | "INFO" | "NOTIFY" if !line.has(Flag::OutOfDialog) => {
                self.in_dialog(line, method)
            }
            _ if line.has(Flag::InDialog) => self.in_dialog(line, method),
            _ => self.out_of_dialog(line, method),
        };
        Ok((message, None))
    }

    /// What a proxy does to the request it received last (RFC 3261 section 16.6).
    fn forwarded(&mut self, line: &Line, method: &str) -> Result<(Message, usize), Error> {
        let received = self.latest(|sent| {
            sent.call == line.call
                && sent.dst == line.src
                && sent.message().and_then(Message::method) == Some(method)
        });
        let received = received.ok_or_else(|| {
            self.error(
                line,
                "before `forward`, a request of the method that SRC received",
            )
        })?;
        let missing = || self.error(line, "a message to forward");
        let mut message = self.log[received].message().cloned().ok_or_else(missing)?;
        let own = self.address(line.src).to_string();
        if message
            .first("Route")
            .is_some_and(|route| uri(route).contains(&own))
        {
            message.remove_first("Route");
        }
        let hops: Option<u32> = message
            .first("Max-Forwards")
            .and_then(|hops| hops.parse().ok());
        if let Some(hops) = hops {
            message.set("Max-Forwards", hops.saturating_sub(1).to_string());
        }
        if line.has(Flag::RecordRoute) {
            message.push_above("Record-Route", format!("<sip:{own};lr>"));
        }
        message.push_above("Via", self.via(line));
        if let Some(wanted) = self.wanted_uri(line) {
            message.set_uri(wanted);
        }
        Ok((message, received))
    }

    /// RFC 3261 section 9.1: all that identifies the INVITE, and one Via.
    fn cancel(&mut self, line: &Line) -> Result<Message, Error> {
        let invite = self.latest_invite(line).ok_or_else(|| {
            self.error(
                line,
                "an earlier INVITE from SRC to DST that CANCEL can end",
            )
        })?;
        Ok(self.of_invite(line, "CANCEL", &invite, &invite))
    }

    /// A request of the transaction of `invite`, with the To of `other`.
    pub(super) fn of_invite(
        &mut self,
        line: &Line,
        method: &str,
        invite: &Message,
        other: &Message,
    ) -> Message {
        let target = self.wanted_uri(line);
        let target = target.as_deref().or(invite.uri()).unwrap_or_default();
        let mut message = Message::request(method, target);
        let via = if line.values.branch.is_some() {
            self.via(line)
        } else {
            invite.first("Via").unwrap_or_default().to_owned()
        };
        message.push("Via", via);
        message.push("Max-Forwards", "70");
        message.copy(invite, "Route");
        message.copy(invite, "From");
        message.copy(other, "To");
        message.copy(invite, "Call-ID");
        let number = line.values.cseq.unwrap_or(invite.cseq_number());
        message.push("CSeq", format!("{number} {method}"));
        message
    }

    fn in_dialog(&mut self, line: &Line, method: &str) -> Message {
        let number = self.next_cseq(line);
        let side = self.dialog(line).side(line.src);
        let mut message = self.on_side(line, method, &side, number, None);
        self.add_usual(line, method, &mut message);
        message
    }

    /// RFC 3261 section 8.1.1.
    fn out_of_dialog(&mut self, line: &Line, method: &str) -> Message {
        let earlier = self
            .latest_from(line, method)
            .map(|message| message.cseq_number());
        let number = match earlier {
            Some(number) if line.has(Flag::SameCseq) => line.values.cseq.unwrap_or(number),
            Some(_) | None => self.next_cseq(line),
        };
        let tag = self.tag(line, line.src);
        let own = format!("<sip:{}@example.com>", self.hosts.name(line.src));
        let other = format!("<sip:{}@example.com>", self.hosts.name(line.dst));
        let call = self.call(line);
        let call_id = call.call_id.clone();
        let (from, to) = if call.caller == line.src {
            (call.from.clone(), call.to.clone())
        } else {
            (own, other)
        };
        let (to, target) = match method {
            "REGISTER" => (from.clone(), "sip:example.com".to_owned()),
            _ => (to.clone(), uri(&to).to_owned()),
        };
        let target = self.wanted_uri(line).unwrap_or(target);
        let mut message = Message::request(method, &target);
        message.push("Via", self.via(line));
        message.push("Max-Forwards", "70");
        message.push("From", with_tag(&from, &tag));
        message.push("To", to);
        message.push("Call-ID", call_id);
        message.push("CSeq", format!("{number} {method}"));
        self.add_usual(line, method, &mut message);
        message
    }

    /// A request with what one end of a dialog knows (RFC 3261 section 12.2.1.1).
    pub(super) fn on_side(
        &mut self,
        line: &Line,
        method: &str,
        side: &Side,
        number: u32,
        call_id: Option<String>,
    ) -> Message {
        let target = self.wanted_uri(line).unwrap_or_else(|| side.target.clone());
        let mut message = Message::request(method, &target);
        message.push("Via", self.via(line));
        message.push("Max-Forwards", "70");
        for route in &side.routes {
            message.push("Route", route);
        }
        message.push("From", &side.from);
        message.push("To", &side.to);
        let call_id = call_id.unwrap_or_else(|| self.call(line).call_id.clone());
        message.push("Call-ID", call_id);
        message.push("CSeq", format!("{number} {method}"));
        message
    }

    /// The headers that a request of the method has to have.
    fn add_usual(&self, line: &Line, method: &str, message: &mut Message) {
        let targets = [
            "INVITE",
            "UPDATE",
            "SUBSCRIBE",
            "REFER",
            "NOTIFY",
            "REGISTER",
        ];
        if targets.contains(&method) {
            message.push("Contact", self.contact(line.src, self.transport(line)));
        }
        let usual: &[(&str, &str)] = match method {
            "INVITE" => &[("Supported", "100rel")],
            "REGISTER" => &[("Expires", "3600")],
            "SUBSCRIBE" | "PUBLISH" => &[("Event", "presence"), ("Expires", "3600")],
            "NOTIFY" => &[("Event", "presence"), ("Subscription-State", "active")],
            "REFER" => &[("Refer-To", "<sip:carol@example.com>")],
            _ => &[],
        };
        for (name, value) in usual {
            message.push(name, *value);
        }
    }

    pub(super) fn via(&mut self, line: &Line) -> String {
        let branch = self.next_branch(line);
        let parameter = if branch.is_empty() { "" } else { ";branch=" };
        let transport = self.transport(line).in_via();
        format!(
            "SIP/2.0/{transport} {}{parameter}{branch}",
            self.address(line.src)
        )
    }

    pub(super) fn wanted_uri(&self, line: &Line) -> Option<String> {
        line.values
            .uri
            .as_deref()
            .map(|uri| self.hosts.expand(uri, self.setting.family))
    }

    pub(super) fn latest(&self, fits: impl Fn(&Sent) -> bool) -> Option<usize> {
        self.log.iter().rposition(fits)
    }

    /// The latest request of the method that SRC has made in the call.
    fn latest_from(&self, line: &Line, method: &str) -> Option<&Message> {
        let entry = self.latest(|sent| {
            sent.call == line.call
                && sent.src == line.src
                && sent.message().and_then(Message::method) == Some(method)
        });
        self.log[entry?].message()
    }

    /// The latest INVITE from SRC to DST, else the latest from SRC.
    fn latest_invite(&self, line: &Line) -> Option<Message> {
        let to_dst = self.latest(|sent| {
            sent.call == line.call
                && (sent.src, sent.dst) == (line.src, line.dst)
                && sent.message().and_then(Message::method) == Some("INVITE")
        });
        match to_dst {
            Some(entry) => self.log[entry].message().cloned(),
            None => self.latest_from(line, "INVITE").cloned(),
        }
    }
}
