const BEGINS = '\u0002';
const ENDS = '\u0003';

const MOST_BEFORE = 24;

/** A row shows one line: what was found must stand in it, so only a few words go before. */
function lastWords(text: string): string {
  if (text.length <= MOST_BEFORE) return text;
  const end = text.slice(-MOST_BEFORE);
  return `… ${end.slice(end.indexOf(' ') + 1)}`;
}

/** Words that were found, marked. The server puts control characters around them; what is between is plain text. */
export function Marked({ text }: { text: string }) {
  const [before = '', ...found] = text.split(BEGINS);
  return <>{found.length ? lastWords(before) : before}{found.map((piece, index) => {
    const [marked, after] = piece.split(ENDS);
    return <span key={index}><mark>{marked}</mark>{after}</span>;
  })}</>;
}
