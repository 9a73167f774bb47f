//! ACK and PRACK: requests that answer a response.

use super::Play;
use super::dialog::Side;
use crate::message::{Message, with_tag};
use crate::script::Line;

impl Play<'_> {
    /// The ACK to the latest final response to an INVITE that reached SRC.
    pub(super) fn ack(&mut self, line: &Line) -> Message {
        let wanted = line.values.tag.as_deref();
        let found = self.latest_answer(line, |message| {
            message.cseq_method() == "INVITE" && message.status() >= Some(200)
        });
        let Some((mut response, answered)) = found else {
            return self.ack_unseen(line);
        };
        if let (Some(wanted), Some(to)) = (wanted, response.first("To").map(str::to_owned)) {
            response.set("To", with_tag(&to, wanted));
        }
        let invite = answered.and_then(|entry| self.log[entry].message().cloned());
        match invite {
            Some(invite) if response.status() >= Some(300) => {
                self.ack_to_failure(line, &response, &invite)
            }
            Some(_) | None => self.ack_to_success(line, &response),
        }
    }

    /// RFC 3261 section 17.1.1.3: part of the transaction of the INVITE.
    fn ack_to_failure(&mut self, line: &Line, response: &Message, invite: &Message) -> Message {
        self.of_invite(line, "ACK", invite, response)
    }

    /// RFC 3261 section 13.2.2.4: a request of the dialog with the number of the INVITE.
    fn ack_to_success(&mut self, line: &Line, response: &Message) -> Message {
        let side = self.side_of(line, response);
        let number = line.values.cseq.unwrap_or(response.cseq_number());
        let call_id = response.first("Call-ID").map(str::to_owned);
        self.on_side(line, "ACK", &side, number, call_id)
    }

    /// The ACK to a 2xx that the capture does not hold.
    fn ack_unseen(&mut self, line: &Line) -> Message {
        let invite = self.latest(|sent| {
            sent.call == line.call
                && sent.src == line.src
                && sent.message().and_then(Message::method) == Some("INVITE")
        });
        let number = invite
            .and_then(|entry| self.log[entry].message())
            .map(Message::cseq_number);
        let number = line.values.cseq.or(number).unwrap_or(1);
        let side = self.dialog(line).side(line.src);
        self.on_side(line, "ACK", &side, number, None)
    }

    /// RFC 3262 section 7.2.
    pub(super) fn prack(&mut self, line: &Line) -> Message {
        let found = self.latest_answer(line, |message| message.has("RSeq"));
        let number = self.next_cseq(line);
        let (mut message, acknowledged) = match found {
            Some((response, _)) => {
                let side = self.side_of(line, &response);
                let call_id = response.first("Call-ID").map(str::to_owned);
                let message = self.on_side(line, "PRACK", &side, number, call_id);
                let rseq = response.first("RSeq").unwrap_or_default();
                (
                    message,
                    format!("{rseq} {}", response.first("CSeq").unwrap_or_default()),
                )
            }
            None => {
                let side = self.dialog(line).side(line.src);
                (
                    self.on_side(line, "PRACK", &side, number, None),
                    "1 1 INVITE".to_owned(),
                )
            }
        };
        message.push("RAck", line.values.rack.clone().unwrap_or(acknowledged));
        message
    }

    /// What the receiver of a response knows of the dialog.
    fn side_of(&mut self, line: &Line, response: &Message) -> Side {
        let known = self
            .dialog_of(line, response)
            .map(|dialog| dialog.side(line.src));
        let transport = self.transport(line);
        let value = |name| response.first(name).unwrap_or_default().to_owned();
        let target = match (response.contact_uri(), &known) {
            (Some(contact), _) => contact.to_owned(),
            (None, Some(side)) => side.target.clone(),
            (None, None) => self.contact_uri(line.dst, transport),
        };
        let routes = match known {
            Some(side) => side.routes,
            None => response
                .all("Record-Route")
                .rev()
                .map(str::to_owned)
                .collect(),
        };
        Side {
            from: value("From"),
            to: value("To"),
            target,
            routes,
        }
    }

    /// The latest response to SRC that fits, with the request it answers: rather one with the
    /// wanted To tag, rather one that came from DST.
    fn latest_answer(
        &self,
        line: &Line,
        fits: impl Fn(&Message) -> bool,
    ) -> Option<(Message, Option<usize>)> {
        let wanted = line.values.tag.as_deref();
        let entries = self.log.iter().enumerate().filter_map(|(at, sent)| {
            let message = sent
                .message()
                .filter(|message| message.status().is_some())?;
            let here = sent.call == line.call && sent.dst == line.src && fits(message);
            here.then_some((at, sent, message))
        });
        let best = entries.max_by_key(|(at, sent, message)| {
            let tagged = wanted.is_some() && message.to_tag() == wanted;
            (tagged, sent.src == line.dst, *at)
        });
        best.map(|(_, sent, message)| (message.clone(), sent.answers))
    }
}
