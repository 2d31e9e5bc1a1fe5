/** Which emails of a long conversation are left out until somebody asks: those between its beginning and what is read now. */
const AT_BEGINNING = 1;
const BEFORE_OPEN = 3;
const FEWEST = 4; // fewer than this take no more room than the words that stand for them

export function foldedOf(ids: string[], openId: string): { from: number; count: number } | null {
  const count = ids.indexOf(openId) - BEFORE_OPEN - AT_BEGINNING;
  return count < FEWEST ? null : { from: AT_BEGINNING, count };
}
