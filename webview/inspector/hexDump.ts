const BYTES_PER_LINE = 16;

/** Lines of offset, bytes and readable characters, as hex editors write them. */
export function hexDump(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const lines: string[] = [];
  for (let at = start; at < end; at += BYTES_PER_LINE) {
    const line = bytes.subarray(at, Math.min(end, at + BYTES_PER_LINE));
    const hex = Array.from(line, (byte) => byte.toString(16).padStart(2, '0'));
    const chars = Array.from(line, (byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    );
    lines.push(
      `${at.toString(16).padStart(8, '0')}  ${hex.join(' ').padEnd(BYTES_PER_LINE * 3 - 1)}  ${chars.join('')}`,
    );
  }
  return lines.join('\n');
}
