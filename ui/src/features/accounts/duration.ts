const UNITS = [['hour', 3600], ['minute', 60], ['second', 1]] as const;

/** "about" as one unit: 95 seconds are 2 minutes. An estimate with two units would promise too much. */
export function duration(seconds: number, language: string): string {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each * 1.5) ?? UNITS[2];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.max(1, Math.round(seconds / size)));
}
