/** Reads the server's own description: which paths there are, what each takes and answers. Types only. */
import type { paths } from './schema';

/** Paths as the page writes them, without the prefix that all of them share. */
export type Routes = { [P in keyof paths as P extends `/api/v1${infer Rest}` ? Rest : never]: paths[P] };
export type Method = 'get' | 'post' | 'put' | 'delete';
export type PathOf<M extends Method> = { [P in keyof Routes]: Routes[P][M] extends { responses: unknown } ? P : never }[keyof Routes] & string;

/** The names between braces; an empty object where there are none. */
export type Places<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? { [K in Name]: string } & Places<Rest> : unknown;

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : unknown;
export type Answer<P extends keyof Routes, M extends Method> = Routes[P][M] extends { responses: infer R } ? Json<R[keyof R & (200 | 201)]> : never;
export type Body<P extends keyof Routes, M extends Method> = Routes[P][M] extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;

type Value = string | number | boolean | null | undefined;
/** The names that may stand after the "?"; all values are text on the way. */
export type Query<P extends keyof Routes> = Routes[P]['get'] extends { parameters: { query?: infer Q } } ? { [K in keyof NonNullable<Q>]?: Value } : never;
