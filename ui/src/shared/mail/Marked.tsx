const BEGINS = '\u0002';
const ENDS = '\u0003';

/** Words that were found, marked. The server puts control characters around them; what is between is plain text. */
export function Marked({ text }: { text: string }) {
  const [before, ...found] = text.split(BEGINS);
  return <>{before}{found.map((piece, index) => {
    const [marked, after] = piece.split(ENDS);
    return <span key={index}><mark>{marked}</mark>{after}</span>;
  })}</>;
}
