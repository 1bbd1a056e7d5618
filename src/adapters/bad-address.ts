/** What cannot be the address of a server. The message never repeats the address: it may hold a password. */
export class BadAddress extends Error {
  override readonly name = 'BadAddress';
}
