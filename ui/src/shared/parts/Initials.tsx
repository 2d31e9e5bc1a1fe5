import classes from './parts.module.css';

const TONES = 7;
const letters = (name: string) => {
  const words = name.replace(/@.*/, '').split(/[\s._-]+/).filter(Boolean);
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? words.at(-1)![0] : '')).toUpperCase();
};
const tone = (name: string) => [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 997, 7) % TONES;

/** A person or company as a small round sign; the name stands beside it, so it is hidden from screen readers. */
export function Initials({ name, size = 32 }: { name: string; size?: number }) {
  return <span className={classes.initials} data-tone={tone(name)} style={{ width: size, height: size, fontSize: size * 0.38 }} aria-hidden>{letters(name)}</span>;
}
