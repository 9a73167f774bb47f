//! Responses: which request they answer, and what they copy from it.

use super::{Play, Sent};
use crate::error::Error;
use crate::message::{Message, with_tag};
use crate::phrases::phrase;
use crate::script::{Flag, Line};

impl Play<'_> {
    /// The entry of the request that a response of the line answers.
    pub(super) fn answered(
        &self,
        line: &Line,
        status: u16,
        of: Option<&str>,
    ) -> Result<usize, Error> {
        let fits = |sent: &Sent| {
            let method = sent.message().and_then(Message::method);
            sent.call == line.call
                && sent.src == line.dst
                && match of {
                    Some(of) => method == Some(of),
                    None => method.is_some_and(|method| method != "ACK"),
                }
        };
        let here = |entry: &usize| self.log[*entry].dst == line.src;
        let all: Vec<usize> = (0..self.log.len())
            .filter(|entry| fits(&self.log[*entry]))
            .collect();
        let direct: Vec<usize> = all.iter().copied().filter(here).collect();
        // A fork that the capture does not show answers a request sent to somebody else.
        let candidates = if direct.is_empty() { all } else { direct };
        let open: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|entry| !self.is_answered(line, *entry))
            .collect();
        let prefers_invite = !(200..300).contains(&status);
        let is_invite = |entry: &&usize| {
            self.log[**entry].message().and_then(Message::method) == Some("INVITE")
        };
        let open_invite = open.iter().rev().find(is_invite).filter(|_| prefers_invite);
        let found = open_invite.or(open.last()).or(candidates.last()).copied();
        found.ok_or_else(|| self.error(line, "an earlier request that this response can answer"))
    }

    /// Whether the line's source has sent a final response to the request.
    fn is_answered(&self, line: &Line, request: usize) -> bool {
        self.log.iter().any(|sent| {
            let status = sent.message().and_then(Message::status);
            sent.answers == Some(request) && sent.src == line.src && status >= Some(200)
        })
    }

    /// The response to a request, and the entry of the response that a proxy sends on as this one.
    pub(super) fn response(
        &mut self,
        line: &Line,
        status: u16,
        answered: usize,
    ) -> (Message, Option<usize>) {
        let received = self.received_below(line, status, answered);
        let below = received.and_then(|entry| self.log[entry].message().cloned());
        if let Some(mut message) = below {
            message.remove_first("Via");
            return (message, received);
        }
        (self.own_response(line, status, answered), None)
    }

    /// The latest response of that status that came back to a proxy for a request it sent on;
    /// never a 100, which goes one hop (RFC 3261 section 16.7 step 5).
    fn received_below(&self, line: &Line, status: u16, answered: usize) -> Option<usize> {
        self.log.iter().rposition(|sent| {
            let below = sent.answers.is_some_and(|request| {
                let request = &self.log[request];
                request.src == line.src && request.forwards == Some(answered)
            });
            let message = sent.message();
            let tag = line.values.tag.as_deref();
            below
                && status != 100
                && message.and_then(Message::status) == Some(status)
                && tag.is_none_or(|tag| message.and_then(Message::to_tag) == Some(tag))
        })
    }

    /// RFC 3261 section 8.2.6.
    fn own_response(&mut self, line: &Line, status: u16, answered: usize) -> Message {
        let words = match &line.values.phrase {
            Some(words) => words.clone(),
            None => phrase(status).as_bytes().to_vec(),
        };
        let mut response = Message::response(status, &words);
        let Some(request) = self.log[answered].message().cloned() else {
            return response;
        };
        response.copy(&request, "Via");
        if (101..300).contains(&status) {
            response.copy(&request, "Record-Route");
        }
        response.copy(&request, "From");
        let to = request.first("To").unwrap_or_default();
        response.push(
            "To",
            self.answered_to(line, status, to, request.to_tag().is_some()),
        );
        response.copy(&request, "Call-ID");
        response.copy(&request, "CSeq");
        self.add_contact(line, status, &request, &mut response);
        if line.has(Flag::Reliable) {
            response.push("Require", "100rel");
            response.push("RSeq", self.next_rseq(line).to_string());
        }
        response
    }

    fn answered_to(&mut self, line: &Line, status: u16, to: &str, tagged: bool) -> String {
        match &line.values.tag {
            Some(tag) => with_tag(to, tag),
            None if tagged || status == 100 => to.to_owned(),
            None => with_tag(to, &self.tag(line, line.src)),
        }
    }

    fn add_contact(&self, line: &Line, status: u16, request: &Message, response: &mut Message) {
        match (request.method().unwrap_or_default(), status) {
            ("INVITE", 101..=299) | ("SUBSCRIBE" | "REFER" | "UPDATE", 200..=299) => {
                response.push("Contact", self.contact(line.src, self.transport(line)));
            }
            ("REGISTER", 200..=299) => add_bindings(request, response),
            _ => {}
        }
        if request.method() == Some("SUBSCRIBE") && (200..300).contains(&status) {
            response.copy(request, "Expires");
        }
    }
}

/// The bindings of a registration with the time they last (RFC 3261 section 10.3 step 8).
fn add_bindings(request: &Message, response: &mut Message) {
    let expires = request.first("Expires").unwrap_or("3600").trim();
    for contact in request.all("Contact") {
        if contact.contains(";expires=") {
            response.push("Contact", contact);
        } else if contact.trim() != "*" && expires != "0" {
            response.push("Contact", format!("{contact};expires={expires}"));
        }
    }
}
