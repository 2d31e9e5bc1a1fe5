/** What the server refused, in the words a person reads. */
export class ApiError extends Error {
  readonly status: number;
  /** Field name, dots for nesting, to the server's sentence about it. */
  readonly fields: Readonly<Record<string, string>>;
  /** What a person has to do first, in the server's word for it. */
  readonly remedy: string;

  constructor(status: number, message: string, fields: Record<string, string> = {}, remedy = '') {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.fields = fields;
    this.remedy = remedy;
  }

  get isOffline(): boolean { return this.status === 0; }
  get isSignedOut(): boolean { return this.status === 401; }
}

/** Reads both error shapes: `{"errors": [...], "field-errors": {...}}` and `{"error": "..."}`. */
export function toApiError(status: number, body: unknown): ApiError {
  if (typeof body !== 'object' || body === null) return new ApiError(status, '');
  const { error, errors, remedy, 'field-errors': fieldErrors } = body as Record<string, unknown>;
  const fields = flattenFields(fieldErrors);
  const sentences = Array.isArray(errors) ? errors.map(String) : [];
  const message = typeof error === 'string' ? error : sentences.join(' ') || Object.values(fields).join(' ');
  return new ApiError(status, message, fields, typeof remedy === 'string' ? remedy : '');
}

function flattenFields(value: unknown, prefix = ''): Record<string, string> {
  if (typeof value === 'string' || typeof value === 'number') return { [prefix]: String(value) };
  if (Array.isArray(value)) {
    const texts = value.filter((v) => typeof v === 'string');
    if (texts.length) return { [prefix]: texts.join(' ') };
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => flattenFields(inner, prefix ? `${prefix}.${key}` : key)));
}
