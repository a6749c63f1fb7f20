// Names of keys that contain secrets.

const SECRET =
  /pass(?:word|wd|phrase|code)|(?:^|[^a-z])(?:pass|pwd)(?:$|[^a-z])|secret|token|credential|(?:private|api|access|encryption|encrypt|signing|account|shared|master|license|auth|session|cookie|hmac|jwt|ssh)[-_. ]?key/i;

/** Related keys without a secret: where one is kept, what it is called, how long it lasts. */
const BESIDE =
  /(?:name|ref|file|path|dir|directory|url|uri|endpoint|policy|type|kind|ttl|expiry|expiration|lifetime|seconds|length|size|enabled?|create|namespace|class|store|provider|issuer|audiences?|header|prefix|suffix|algorithm|version|mount|volume|interval|annotations?|labels?|count|field|format|mode|method|rotation|hint|user|email|host|port|database|bucket|region)s?$/i;

/** Whether a value with this key must not be shown. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name) && !isBesideSecrets(name);
}

/** Whether a key inside of a secret's map contains no secret itself. */
export function isBesideSecrets(name: string): boolean {
  return BESIDE.test(name) || /^existing/i.test(name);
}
