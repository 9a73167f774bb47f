//! Dialogs as the two ends know them (RFC 3261 section 12).

use super::Play;
use crate::host::HostIdx;
use crate::message::{Message, tag, with_tag};
use crate::script::Line;

#[derive(Debug, Clone)]
pub(super) struct Dialog {
    pub(super) caller: HostIdx,
    pub(super) callee: HostIdx,
    /// From and To of the request that began the dialog, with both tags.
    from: String,
    to: String,
    caller_target: String,
    callee_target: String,
    /// Record-Route of the response, top first.
    record_route: Vec<String>,
    confirmed: bool,
}

/// What one end puts into its requests (RFC 3261 section 12.2.1.1).
#[derive(Debug, Clone)]
pub(super) struct Side {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) target: String,
    pub(super) routes: Vec<String>,
}

impl Dialog {
    pub(super) fn side(&self, host: HostIdx) -> Side {
        if host == self.callee {
            Side {
                from: self.to.clone(),
                to: self.from.clone(),
                target: self.caller_target.clone(),
                routes: self.record_route.clone(),
            }
        } else {
            Side {
                from: self.from.clone(),
                to: self.to.clone(),
                target: self.callee_target.clone(),
                routes: self.record_route.iter().rev().cloned().collect(),
            }
        }
    }

    fn has_tags(&self, one: Option<&str>, other: Option<&str>) -> bool {
        let own = (tag(&self.from), tag(&self.to));
        own == (one, other) || own == (other, one)
    }
}

impl Play<'_> {
    /// The dialog in which the line's source sends a request: the one with the wanted callee tag,
    /// rather with the line's destination, rather confirmed, rather the latest.
    pub(super) fn dialog(&mut self, line: &Line) -> Dialog {
        let wanted = line.values.tag.as_deref();
        let known = self
            .call(line)
            .dialogs
            .iter()
            .enumerate()
            .filter(|(_, dialog)| dialog.caller == line.src || dialog.callee == line.src);
        let best = known.max_by_key(|(at, dialog)| {
            let peer = if dialog.caller == line.src {
                dialog.callee
            } else {
                dialog.caller
            };
            let tagged = wanted.is_some() && tag(&dialog.to) == wanted;
            (tagged, peer == line.dst, dialog.confirmed, *at)
        });
        let mut dialog = match best {
            Some((_, dialog)) => dialog.clone(),
            None => self.unseen_dialog(line),
        };
        if let Some(wanted) = wanted {
            dialog.to = with_tag(&dialog.to, wanted);
        }
        dialog
    }

    /// The dialog with these two tags.
    pub(super) fn dialog_of(&mut self, line: &Line, message: &Message) -> Option<&Dialog> {
        let (from, to) = (message.first("From").and_then(tag), message.to_tag());
        self.call(line)
            .dialogs
            .iter()
            .rev()
            .find(|dialog| dialog.has_tags(from, to))
    }

    /// A dialog that began before the capture.
    fn unseen_dialog(&mut self, line: &Line) -> Dialog {
        let call = self.call(line);
        let (from, to) = (call.from.clone(), call.to.clone());
        let caller = call.caller;
        let callee = if caller == line.src {
            line.dst
        } else {
            line.src
        };
        let (caller_tag, callee_tag) = (self.tag(line, caller), self.tag(line, callee));
        let transport = self.transport(line);
        Dialog {
            caller,
            callee,
            from: with_tag(&from, &caller_tag),
            to: with_tag(&to, &callee_tag),
            caller_target: self.contact_uri(caller, transport),
            callee_target: self.contact_uri(callee, transport),
            record_route: Vec::new(),
            confirmed: false,
        }
    }

    /// Remembers the dialog that a response begins, and a new remote target in a dialog.
    pub(super) fn learn(
        &mut self,
        line: &Line,
        message: &Message,
        answers: Option<usize>,
        forwards: Option<usize>,
    ) {
        if forwards.is_some() {
            return;
        }
        match (message.status(), answers) {
            (Some(101..=299), Some(answered)) => self.learn_dialog(line, message, answered),
            (Some(_), _) => {}
            (None, _) => {
                if self.log.iter().all(|sent| sent.call != line.call) {
                    self.adopt(line, message);
                }
                self.learn_target(line, message);
            }
        }
    }

    fn learn_dialog(&mut self, line: &Line, response: &Message, answered: usize) {
        let Some(request) = self.log[answered].message().cloned() else {
            return;
        };
        let begins = ["INVITE", "SUBSCRIBE", "REFER"].contains(&response.cseq_method());
        let (Some(from), Some(to)) = (response.first("From"), response.first("To")) else {
            return;
        };
        if !begins || request.to_tag().is_some() || response.to_tag().is_none() {
            return;
        }
        let transport = self.transport(line);
        let caller = self.origin(answered);
        let target = |message: &Message, host| {
            message
                .contact_uri()
                .map_or_else(|| self.contact_uri(host, transport), str::to_owned)
        };
        let dialog = Dialog {
            caller,
            callee: line.src,
            from: from.to_owned(),
            to: to.to_owned(),
            caller_target: target(&request, caller),
            callee_target: target(response, line.src),
            record_route: response.all("Record-Route").map(str::to_owned).collect(),
            confirmed: response.status() >= Some(200),
        };
        let dialogs = &mut self.call(line).dialogs;
        dialogs.retain(|old| !old.has_tags(tag(&dialog.from), tag(&dialog.to)));
        dialogs.push(dialog);
    }

    /// A target refresh request changes where its sender is reached (RFC 3261 section 12.2).
    fn learn_target(&mut self, line: &Line, request: &Message) {
        let (from, to) = (request.first("From").and_then(tag), request.to_tag());
        let (Some(contact), Some(_)) = (request.contact_uri(), to) else {
            return;
        };
        let dialogs = &mut self.call(line).dialogs;
        let Some(dialog) = dialogs.iter_mut().find(|dialog| dialog.has_tags(from, to)) else {
            return;
        };
        if dialog.caller == line.src {
            dialog.caller_target = contact.to_owned();
        } else if dialog.callee == line.src {
            dialog.callee_target = contact.to_owned();
        }
    }

    /// The host that made the request which this entry is or sends on.
    fn origin(&self, entry: usize) -> HostIdx {
        let mut entry = entry;
        while let Some(received) = self.log[entry].forwards {
            entry = received;
        }
        self.log[entry].src
    }
}
