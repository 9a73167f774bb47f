//! What the formats of a medium mean (RFC 8866 6.6, RFC 3551 6).

/// A codec that a description offers (RFC 8866 6.6).
#[derive(Clone, Copy, Debug)]
pub struct Codec<'a> {
    /// The payload type, 0 to 127.
    pub payload_type: u8,
    /// The encoding name.
    pub name: &'a [u8],
    /// RTP clock rate in Hz.
    pub clock_rate: u32,
    /// Audio channels; 1 if not said.
    pub channels: u8,
    /// What `a=fmtp` adds.
    pub format: Option<&'a [u8]>,
}

impl<'a> Codec<'a> {
    /// Reads `<encoding name>/<clock rate>[/<channels>]` of `a=rtpmap`.
    pub(super) fn from_map(payload_type: u8, value: &'a [u8]) -> Option<Codec<'a>> {
        let mut parts = value.split(|byte| *byte == b'/');
        let name = parts.next().filter(|name| !name.is_empty())?;
        let rate = parts.next().and_then(super::read::number);
        let channels = parts.next().and_then(super::read::number);
        Some(Codec {
            payload_type,
            name,
            clock_rate: u32::try_from(rate?).ok()?,
            channels: channels
                .and_then(|count| u8::try_from(count).ok())
                .unwrap_or(1),
            format: None,
        })
    }

    /// A codec whose payload type is fixed (RFC 3551 6, tables 4 and 5).
    pub(super) fn fixed(payload_type: u8) -> Option<Codec<'static>> {
        let (name, clock_rate, channels): (&'static [u8], u32, u8) = match payload_type {
            0 => (b"PCMU", 8000, 1),
            3 => (b"GSM", 8000, 1),
            4 => (b"G723", 8000, 1),
            5 => (b"DVI4", 8000, 1),
            6 => (b"DVI4", 16000, 1),
            7 => (b"LPC", 8000, 1),
            8 => (b"PCMA", 8000, 1),
            9 => (b"G722", 8000, 1),
            10 => (b"L16", 44100, 2),
            11 => (b"L16", 44100, 1),
            12 => (b"QCELP", 8000, 1),
            13 => (b"CN", 8000, 1),
            14 => (b"MPA", 90000, 1),
            15 => (b"G728", 8000, 1),
            16 => (b"DVI4", 11025, 1),
            17 => (b"DVI4", 22050, 1),
            18 => (b"G729", 8000, 1),
            25 => (b"CelB", 90000, 1),
            26 => (b"JPEG", 90000, 1),
            28 => (b"nv", 90000, 1),
            31 => (b"H261", 90000, 1),
            32 => (b"MPV", 90000, 1),
            33 => (b"MP2T", 90000, 1),
            34 => (b"H263", 90000, 1),
            _ => return None,
        };
        Some(Codec {
            payload_type,
            name,
            clock_rate,
            channels,
            format: None,
        })
    }

    /// Whether both are the same codec whatever their payload types (RFC 3264 6.1).
    pub fn is_same(&self, other: &Codec<'_>) -> bool {
        self.name.eq_ignore_ascii_case(other.name)
            && self.clock_rate == other.clock_rate
            && self.channels == other.channels
    }

    /// Whether it carries no speech or picture of its own: DTMF (RFC 4733), comfort noise
    /// (RFC 3389), redundancy or retransmission.
    pub fn is_auxiliary(&self) -> bool {
        const AUXILIARY: [&[u8]; 6] = [
            b"telephone-event",
            b"CN",
            b"red",
            b"rtx",
            b"ulpfec",
            b"tone",
        ];
        AUXILIARY
            .iter()
            .any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

impl PartialEq for Codec<'_> {
    fn eq(&self, other: &Codec<'_>) -> bool {
        self.payload_type == other.payload_type
            && self.is_same(other)
            && self.format == other.format
    }
}

impl Eq for Codec<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_channels_default_to_one() {
        let opus = Codec::from_map(96, b"opus/48000/2").expect("parses");
        let other = Codec::from_map(111, b"OPUS/48000/2").expect("parses");
        assert!(opus.is_same(&other));
        assert!(!opus.is_same(&Codec::from_map(96, b"opus/48000").expect("parses")));
        let pcmu = Codec::from_map(100, b"pcmu/8000/1").expect("parses");
        assert!(Codec::fixed(0).is_some_and(|fixed| fixed.is_same(&pcmu)));
        assert!(Codec::from_map(96, b"opus").is_none());
    }
}
