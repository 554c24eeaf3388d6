//! Pictures that cameras read: QR codes of characters, for a terminal, and as a PNG to print.

use std::io::IsTerminal as _;

use qrcode::render::unicode::Dense1x2;
use qrcode::{Color, EcLevel, QrCode};

use crate::settings;

/// White on black whatever the terminal's colours, so that cameras read it.
const WHITE_ON_BLACK: &str = "\u{1b}[97;40m";
const PLAIN: &str = "\u{1b}[0m";
/// White squares around a code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;
/// The most bytes that a picture has in memory: 32 million dots of two bytes.
const DECODED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Dots of a square's side in a picture to print.
const DOTS: usize = 12;

/// A code as a picture of characters, light on dark; none where it cannot be drawn.
pub(crate) fn of(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let mut drawn = code.render::<Dense1x2>();
    drawn.dark_color(Dense1x2::Light).light_color(Dense1x2::Dark);
    Some(drawn.build())
}

/// A picture as it is printed: in its own colours where a terminal shows it.
pub(crate) fn drawn(picture: &str) -> String {
    if settings::no_color() || !std::io::stdout().is_terminal() {
        return picture.to_owned();
    }
    let lines: Vec<String> =
        picture.lines().map(|line| format!("{WHITE_ON_BLACK}{line}{PLAIN}")).collect();
    lines.join("\n")
}

/// A code as a PNG, black on white with a white edge; none where it cannot be drawn.
///
/// PNG (W3C, third edition): one bit a dot, no filter, in deflate blocks that are stored as they
/// are (RFC 1951): a code has a few kilobytes.
pub(crate) fn png(text: &str) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let squares = code.width();
    let side = (squares + 2 * QUIET) * DOTS;
    let is_white = |x: usize, y: usize| {
        let place = |dot: usize| (dot / DOTS).checked_sub(QUIET).filter(|at| *at < squares);
        match (place(x), place(y)) {
            (Some(x), Some(y)) => code[(x, y)] == Color::Light,
            _ => true,
        }
    };
    let mut dots = Vec::with_capacity((side.div_ceil(8) + 1) * side);
    for y in 0..side {
        dots.push(0);
        for from in (0..side).step_by(8) {
            let bit = |at: usize| u8::from(at < side && is_white(at, y)) << (7 - (at - from));
            dots.push((from..from + 8).map(bit).sum());
        }
    }
    let size = u32::try_from(side).ok()?.to_be_bytes();
    // One bit a dot, grey; deflate, no filter, not interlaced.
    let header = [size.as_slice(), &size, &[1, 0, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", stored(&dots)), (b"IEND", Vec::new())] {
        let body = [kind.as_slice(), &data].concat();
        file.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    Some(file)
}

/// The text of the code in a PNG; none where it is no PNG, or has no code or several.
pub(crate) fn read(file: &[u8]) -> Option<String> {
    let limits = png::Limits { bytes: DECODED_BYTES_MAX };
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(file), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let size = reader.output_buffer_size().filter(|size| *size <= DECODED_BYTES_MAX)?;
    let mut dots = vec![0; size];
    let frame = reader.next_frame(&mut dots).ok()?;
    let (width, height) = (usize::try_from(frame.width).ok()?, usize::try_from(frame.height).ok()?);
    let colours = frame.color_type.samples();
    let line = frame.line_size;
    let grey = |x: usize, y: usize| {
        let dot = dots.get(y * line + x * colours..).and_then(|rest| rest.get(..colours));
        dot.map_or(u8::MAX, lightness)
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let grids = image.detect_grids();
    let mut texts = grids.iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text);
    let text = texts.next()?;
    texts.all(|other| other == text).then_some(text)
}

/// How light a dot is, on white where it lets through what is behind.
fn lightness(dot: &[u8]) -> u8 {
    let (colours, opaque) = match dot {
        [grey] => ([*grey; 3], u8::MAX),
        [grey, alpha] => ([*grey; 3], *alpha),
        [red, green, blue] => ([*red, *green, *blue], u8::MAX),
        [red, green, blue, alpha] => ([*red, *green, *blue], *alpha),
        _ => return u8::MAX,
    };
    let [red, green, blue] = colours.map(u32::from);
    // Rec. 601, in thousandths.
    let light = (299 * red + 587 * green + 114 * blue) / 1000;
    let (full, opaque) = (u32::from(u8::MAX), u32::from(opaque));
    u8::try_from((light * opaque + full * (full - opaque)) / full).unwrap_or(u8::MAX)
}

/// Bytes in the form of zlib (RFC 1950), stored as they are.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    // The window of 32 kilobytes that everybody names, and the fitting check.
    let mut all = vec![0x78, 0x01];
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        all.push(u8::from(blocks.peek().is_none()));
        all.extend(length.to_le_bytes());
        all.extend((!length).to_le_bytes());
        all.extend(block);
    }
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    all.extend((high << 16 | low).to_be_bytes());
    all
}

/// The check of a PNG's chunks (CRC-32 of ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            let half = crc >> 1;
            if crc & 1 == 0 { half } else { half ^ 0xEDB8_8320 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(stored(b"Wikipedia")[..7], [0x78, 0x01, 1, 9, 0, 0xF6, 0xFF]);
        assert_eq!(stored(b"Wikipedia")[16..], 0x11E6_0398_u32.to_be_bytes());
    }

    #[test]
    fn a_picture_to_print_has_a_white_edge_and_its_size() {
        let file = png("KYOJO").unwrap();
        // A code of 21 squares with four white ones on each side.
        let side = (21_u32 + 8) * 12;
        assert_eq!(file[..8], *b"\x89PNG\r\n\x1a\n");
        assert_eq!(file[16..24], [side.to_be_bytes(), side.to_be_bytes()].concat());
        let width = usize::try_from(side).unwrap().div_ceil(8) + 1;
        let dots = &file[33 + 8 + 7..];
        assert_eq!(dots[..2], [0, 0xFF]);
        // The corner of the first square: six bytes of white, then black.
        let line = &dots[48 * width..49 * width];
        assert_eq!(line[..8], [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0]);
    }
}
